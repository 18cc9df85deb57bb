"""Everything that Apprise reaches (Telegram, ntfy, Matrix and a hundred more): https://github.com/caronc/apprise/wiki.

Apprise makes its own connections, so the guard can only look before it leaps: the hosts an address names are resolved and refused when
they are private and not allowed, for good where they are written so, for now where a name leads there (see ``webhook``).
Local channels (desktop notifications, syslog, other programs) are refused as well.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from functools import partial
from typing import Any

import apprise

from aiwatch.errors import DeliveryError
from aiwatch.fetch.guard import Refused, check_address, is_local, literal
from aiwatch.fetch.resolver import Names
from aiwatch.model import Delivery, Receipt, Verdict
from aiwatch.notify.redaction import pieces, without
from aiwatch.settings import Http, Recipient
from aiwatch.threads import apart

TIMEOUT = 60.0  # seconds for all that one address makes of a message
_LOCAL = {"dbus", "gnome", "glib", "kde", "macosx", "syslog", "windows", "qt", "file"}


async def send(delivery: Delivery, recipient: Recipient, http: Http, names: Names | None = None) -> Receipt:
    """Try once. Raises DeliveryError for an address that Apprise does not know, or that may not be reached."""
    address = recipient.address.reveal()
    service = await asyncio.to_thread(_service, address)  # the first call loads all of its plugins, which takes seconds
    if not recipient.allow_private and (away := await _check(address, service, http, names or Names())):
        return Receipt(verdict=Verdict.RETRY, answer=away)
    log = logging.getLogger("apprise")
    said = _Said(f"apprise {delivery.id}")
    log.setLevel(logging.WARNING)  # whatever the program's own log is set to: the reason is told nowhere else
    log.addHandler(said)
    try:
        async with asyncio.timeout(TIMEOUT):
            done = await apart(partial(_notify, service, delivery), name=said.thread)
    except TimeoutError:
        return Receipt(verdict=Verdict.RETRY, answer=f"no answer within {TIMEOUT:.0f} s")
    except Exception as error:  # plugins raise what they like; the address may be in the text, so only the kind of error is told
        return Receipt(verdict=Verdict.RETRY, answer=f"the plugin failed: {type(error).__name__}")
    finally:
        log.removeHandler(said)
    if done:
        return Receipt(verdict=Verdict.SENT, answer=f"accepted by {service.service_name}")
    return Receipt(verdict=Verdict.RETRY, answer=_masked(" / ".join(said.lines[-3:]) or "not accepted; no reason given", address))


def _service(address: str) -> Any:
    scheme = address.partition("://")[0].lower()
    if scheme in _LOCAL:
        raise DeliveryError(f"{scheme}:// speaks to this machine's own desktop or files; that is not a recipient")
    asset = apprise.AppriseAsset(app_id="aiwatch", app_desc="aiwatch", app_url="", async_mode=False, secure_logging=True)
    service = apprise.Apprise.instantiate(
        f"{address}{'&' if '?' in address else '?'}overflow=split", asset=asset, suppress_exceptions=True
    )
    if service is None:
        raise DeliveryError(f"Apprise knows no address that begins with {scheme[:20]}:// and reads like this one")
    return service


def _notify(service: Any, delivery: Delivery) -> bool:
    return bool(
        service.notify(title=delivery.body.get("title") or "", body=delivery.body["text"], body_format=apprise.NotifyFormat.TEXT)
    )


async def _check(address: str, service: Any, http: Http, names: Names) -> str | None:
    """Why a host is not reached now; None where it may be. Raises DeliveryError for one that is private as it is written.

    Only plugins with a ``{host}`` in their templates go to a host of the address; the others go to one public service, and what stands in
    the host's place is a token, which must not be asked of a name server.
    """
    host, port = getattr(service, "host", None), getattr(service, "port", None)
    to_host = any("{host}" in template for template in getattr(service, "templates", ()))
    if not to_host or not host or f"{host}:{port}" in http.allow_private:
        return None
    try:
        answers = await names(host, port or 443)
    except (OSError, UnicodeError):
        return None  # not a host but a token, or not known now: the attempt itself will tell
    for answer in answers:
        found = ipaddress.ip_address(answer[4][0])
        if why := check_address(found):
            allows = "allow_private = true for this recipient allows it"
            if _written_so(host):
                raise DeliveryError(_masked(f"{host} is {why}; {allows}", address))
            return _masked(f"{host} leads to {found}, {why}; {allows}", address)
    return None


def _written_so(host: str) -> bool:
    """Whether a host that is private says so by itself, and not by what it is looked up as."""
    try:
        return is_local(host) or literal(host) is not None
    except Refused:
        return True


def _masked(text: str, address: str) -> str:
    """No part of an address that could be a token: in Apprise's addresses one may stand in the host's place as well."""
    parts = pieces(address) | set(address.replace("?", "/").split("/"))
    return " ".join(without(text, parts).split())[:300]


class _Said(logging.Handler):
    """What Apprise logs while it sends: its only account of a failure. Not what it logs of other messages: their addresses are secrets."""

    def __init__(self, thread: str) -> None:
        super().__init__(logging.WARNING)
        self.thread = thread  # in which it sends
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.threadName == self.thread:
            self.lines.append(record.getMessage())
