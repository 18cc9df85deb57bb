"""One-click unsubscribing (RFC 8058): the address a mail carries, and the check that it was made here.

The token is a keyed hash of digest, recipient and the recipient's own address, so it can be neither guessed nor used for another. It does
not run out: somebody may unsubscribe from a mail of last year.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote

from aiwatch.settings import Recipient


def link(base_url: str, digest_id: str, recipient: Recipient) -> str:
    """``{base_url}/unsubscribe/{digest}/{recipient}/{token}``: GET shows a page with a button, POST unsubscribes at once."""
    path = "/".join(quote(part, safe="") for part in (digest_id, recipient.id, token(digest_id, recipient)))
    return f"{base_url.rstrip('/')}/unsubscribe/{path}"


def token(digest_id: str, recipient: Recipient) -> str:
    """The token of that recipient for that digest, 32 hexadecimal digits."""
    key = hashlib.blake2b(recipient.address.reveal().encode("utf-8", "replace"), person=b"aiwatch-unsub").digest()
    return hmac.new(key, f"{digest_id}\n{recipient.id}".encode(), hashlib.sha256).hexdigest()[:32]


def verify(given: str, digest_id: str, recipient: Recipient) -> bool:
    """Whether ``given`` is that recipient's token for that digest; takes the same time for every answer."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token(digest_id, recipient).encode())
