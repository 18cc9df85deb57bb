"""One-click unsubscribing (RFC 8058): the address a mail carries, and the check that it was made here.

The token is a keyed hash of digest, recipient and the recipient's own address, so it can be neither guessed nor used for another. The key
is random and kept in the database (``Store.secret(KEY)``). It does not run out: somebody may unsubscribe from a mail of last year.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import quote

from aiwatch.settings import Recipient

KEY = "unsubscribe"  # the name of the key in the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The pages that messages lead to. ``key`` signs the links to unsubscribe."""

    base_url: str
    key: str = ""


def link(base_url: str, digest_id: str, recipient: Recipient, key: str) -> str:
    """``{base_url}/unsubscribe/{digest}/{recipient}/{token}``: GET shows a page with a button, POST unsubscribes at once."""
    path = "/".join(quote(part, safe="") for part in (digest_id, recipient.id, token(digest_id, recipient, key)))
    return f"{base_url.rstrip('/')}/unsubscribe/{path}"


def token(digest_id: str, recipient: Recipient, key: str) -> str:
    """The token of that recipient for that digest, 32 hexadecimal digits."""
    named = f"{digest_id}\n{recipient.id}\n{recipient.address.reveal()}"
    return hmac.new(key.encode(), named.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def verify(given: str, digest_id: str, recipient: Recipient, key: str) -> bool:
    """Whether ``given`` is that recipient's token for that digest; takes the same time for every answer."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token(digest_id, recipient, key).encode())
