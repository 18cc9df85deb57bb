"""What others say of a delivery, without our secrets: servers and plugins repeat addresses and headers in their accounts of an error."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import unquote

from aiwatch.settings import Proxy, Recipient, Smtp

SHORTEST = 8  # characters; what is shorter is no secret, and would be found in any text
HIDDEN = "…"
_SEPARATORS = re.compile(r"[/?&=#@:;,\s]+")


def veiled(text: str, recipient: Recipient) -> str:
    """``text`` without any part of the recipient's address beyond its host, of its headers, and of its signing keys."""
    parts = pieces(recipient.address.reveal())
    for value in (*recipient.headers.values(), *[secret.reveal() for secret in recipient.secrets]):
        parts |= {value, *_SEPARATORS.split(value)}
    return without(text, parts)


def without(text: str, parts: Iterable[str]) -> str:
    """``text`` with each of the parts hidden that is long enough to be a secret, the longest first."""
    for part in sorted((part for part in parts if len(part) >= SHORTEST), key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    return text


def pieces(address: str) -> set[str]:
    """What of an address could be a token: everything but scheme, host and port, each as written and decoded."""
    _, _, rest = address.partition("://")
    place, mark, path = rest.partition("/")
    login, _, _ = place.rpartition("@")
    found = set(_SEPARATORS.split(f"{login}/{path}")) | ({path} if mark else set())
    return found | {unquote(one) for one in found}


def login_veiled(text: str, smtp: Smtp) -> str:
    """``text`` without the password, as it is written and as the logins of RFC 4616 (PLAIN) and LOGIN send it."""
    password = smtp.password.reveal() if smtp.password else ""
    if not password:
        return text
    plain = f"\0{smtp.username or ''}\0{password}".encode()
    for part in (b64encode(plain).decode(), b64encode(password.encode()).decode(), password):
        text = text.replace(part, HIDDEN)
    return text


def passage_veiled(text: str, proxy: Proxy | None) -> str:
    """``text`` without the proxy's login, as it is written and as it is sent (RFC 7617)."""
    login = proxy.login.reveal() if proxy and proxy.login else ""
    if not login:
        return text
    for part in (b64encode(login.encode()).decode(), login, login.partition(":")[2]):
        text = text.replace(part, HIDDEN) if part else text
    return text
