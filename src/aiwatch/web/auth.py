"""Who may look: nobody is asked on loopback; anywhere else a token is required.

The token itself is never kept: ``web.token_hash`` is ``scrypt$<n>$<r>$<p>$<salt>$<hash>`` (salt and hash in base64). A browser signs in
once and carries a signed cookie; programs send ``Authorization: Bearer``, feed readers ``Basic`` with the token as the password.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from aiwatch.errors import ConfigError
from aiwatch.settings import Web

COOKIE = "aiwatch_session"
SESSION_SECONDS = 30 * 24 * 3600
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_COST, _BLOCK, _LANES = 2**14, 8, 1  # OWASP's scrypt parameters for 16 MiB


def new_token() -> tuple[str, str]:
    """A fresh token, and the hash of it for the configuration."""
    token = secrets.token_urlsafe(32)
    return token, hash_token(token, secrets.token_bytes(16))


def hash_token(token: str, salt: bytes) -> str:
    """The text for ``web.token_hash``."""
    digest = hashlib.scrypt(token.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES)
    return "$".join(
        ("scrypt", str(_COST), str(_BLOCK), str(_LANES), base64.b64encode(salt).decode(), base64.b64encode(digest).decode())
    )


def check_bind(web: Web) -> None:
    """Refuse to listen beyond this machine without a token. Raises ConfigError."""
    if web.host not in LOOPBACK and not web.token_hash:
        raise ConfigError(
            f"web.host is {web.host}, which other machines can reach, and there is no web.token_hash; "
            "`aiwatch serve --new-token` makes one, or bind 127.0.0.1"
        )
    if web.token_hash:
        _parts(web.token_hash.reveal())


@dataclass(frozen=True, slots=True)
class Gate:
    """Answers whether a request may pass, and signs people in and out."""

    web: Web
    _known: set[bytes] = field(default_factory=set)  # digests of tokens that passed: a program must not pay scrypt at each call

    @property
    def closed(self) -> bool:
        """Whether anybody is asked at all."""
        return bool(self.web.token_hash)

    def admits(self, request: Request) -> bool:
        """Whether somebody may pass who sends no token: by cookie; everybody where there is no token."""
        return not self.closed or self.session(request) is not None

    def remembers(self, token: str) -> bool:
        """Whether that token may pass without being hashed: it was right before, or nobody is asked."""
        return not self.closed or _brief(token) in self._known

    def knows(self, token: str) -> bool:
        """Whether that is the token; the first time costs some 30 ms on purpose."""
        assert self.web.token_hash is not None  # noqa: S101  asked only where closed
        if self.remembers(token):
            return True
        cost, block, lanes, salt, digest = _parts(self.web.token_hash.reveal())
        made = hashlib.scrypt(token.encode("utf-8", "replace"), salt=salt, n=cost, r=block, p=lanes, dklen=len(digest))
        right = hmac.compare_digest(made, digest)
        if right:
            self._known.add(_brief(token))
        return right

    def session(self, request: Request) -> str | None:
        """The id of the browser's session, if its cookie is ours and not too old."""
        cookie = request.cookies.get(COOKIE)
        if not cookie or not self.closed:
            return None
        try:
            found = self._signer().loads(cookie, max_age=SESSION_SECONDS)
        except BadSignature:
            return None
        return found if isinstance(found, str) else None

    def sign_in(self, response: Response, *, secure: bool) -> None:
        """Give the browser a session."""
        signed = self._signer().dumps(secrets.token_urlsafe(16))
        response.set_cookie(COOKIE, signed, max_age=SESSION_SECONDS, httponly=True, samesite="lax", secure=secure, path="/")

    def sign_out(self, response: Response) -> None:
        """Take it back."""
        response.delete_cookie(COOKIE, path="/")

    def _signer(self) -> URLSafeTimedSerializer:
        key = self.web.token_hash.reveal() if self.web.token_hash else ""
        return URLSafeTimedSerializer(hashlib.sha256(b"session" + key.encode()).digest(), salt="aiwatch-session")


def _brief(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def given(request: Request) -> str | None:
    """The token that a program sends: bearer, or basic with the token as the password; None where there is none."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or None
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2] or None
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def _parts(text: str) -> tuple[int, int, int, bytes, bytes]:
    """The five parts of a hash. Raises ConfigError."""
    name, _, rest = text.partition("$")
    try:
        cost, block, lanes, salt, digest = rest.split("$") if name == "scrypt" else []
        return int(cost), int(block), int(lanes), base64.b64decode(salt), base64.b64decode(digest)
    except ValueError:
        raise ConfigError("web.token_hash is not a hash made by `aiwatch serve --new-token` (scrypt$...)") from None
