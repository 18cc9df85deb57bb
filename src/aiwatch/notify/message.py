"""A delivery as the bytes of a mail. The same delivery gives the same bytes, at every try and on every machine.

Header fields are written here, one by one, from values that hold no line break; only the parts of the body are left to ``email``.
Python's own header folding would encode long addresses in List-Unsubscribe as words, which no mail client understands.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from aiwatch.addresses import Mailbox, mailbox
from aiwatch.errors import DeliveryError
from aiwatch.model import Delivery
from aiwatch.settings import Recipient, Smtp


def message_id(delivery_id: str, domain: str) -> str:
    """The Message-ID of a delivery: the same at every try, so a mailbox that has it can tell."""
    return f"<{delivery_id}@{domain}>"


def build(delivery: Delivery, recipient: Recipient, smtp: Smtp) -> tuple[Mailbox, Mailbox, bytes]:
    """(sender, receiver, message). Raises DeliveryError where an address is none."""
    sender, receiver = mailbox(smtp.sender), mailbox(recipient.address.reveal())
    head = "".join(f"{name}: {value}\r\n" for name, value in _head(delivery, sender, receiver))
    if re.search(r"\r\n(?![ \t\r]|[A-Za-z-]+: )", head.removesuffix("\r\n")) or not head.isascii():
        raise DeliveryError("a header of this mail cannot be written safely; it was not sent")
    return sender, receiver, head.encode("ascii") + _body(delivery).as_bytes()


def _head(delivery: Delivery, sender: Mailbox, receiver: Mailbox) -> Sequence[tuple[str, str]]:
    body, domain = delivery.body, sender.domain
    thread = [message_id(_token(one), domain) for one in body.get("thread", ())]
    fields = [
        ("From", str(sender)),
        ("To", str(receiver)),
        ("Subject", _words(delivery.subject, "Subject")),
        ("Date", format_datetime(delivery.created_at)),
        ("Message-ID", message_id(_token(delivery.id), domain)),
    ]
    if thread:
        fields += [("In-Reply-To", thread[-1]), ("References", "\r\n ".join(thread))]
    fields += _list_head(body, domain, sender)
    return [*fields, ("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")]


def _list_head(body: Mapping[str, Any], domain: str, sender: Mailbox) -> list[tuple[str, str]]:
    """RFC 2919, RFC 2369, and RFC 8058 where there is an https address that takes one click."""
    list_id, name = _token(body.get("list_id") or "aiwatch"), _words(body.get("list_name") or "", "List-Id")
    by_mail = f"<mailto:{sender.address}?subject=unsubscribe%20{list_id}>"
    link = body.get("unsubscribe")
    fields = [("List-Id", f"{name} <{list_id}.aiwatch.{domain}>".strip())]
    if not link or not re.fullmatch(r"https?://[!-;=?-~]+", link):
        return [*fields, ("List-Unsubscribe", by_mail)]
    fields.append(("List-Unsubscribe", f"<{link}>,\r\n {by_mail}"))
    return [*fields, ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if link.startswith("https:") else fields


def _words(text: str, name: str) -> str:
    """Free text for a header: one line, folded, other scripts as encoded words (RFC 2047)."""
    line = " ".join(text.split())
    printable = line.isascii() and line.isprintable()
    if name == "List-Id" and printable:
        quoted = re.sub(r'(["\\])', r"\\\1", line)
        return f'"{quoted}"' if line else ""
    line = "".join(char for char in line if char.isprintable()).encode("utf-8", "replace").decode("utf-8")
    return Header(line, "us-ascii" if printable else "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", text)[:120]


def _body(delivery: Delivery) -> EmailMessage:
    """multipart/alternative: text, and HTML together with the pictures it shows. Boundaries come from the delivery's id."""
    body = delivery.body
    message = EmailMessage(policy=policy.SMTP)
    message.set_content(_lines(body["text"]), cte=_encoding(body["text"]))
    if body.get("html"):
        message.add_alternative(_lines(body["html"]), subtype="html", cte=_encoding(body["html"]))
        part = message.get_payload(1)
        assert isinstance(part, EmailMessage)  # noqa: S101 - two alternatives were just made
        for image in body.get("images", ()):
            maintype, _, subtype = image["type"].partition("/")
            part.add_related(
                base64.b64decode(image["data"]),
                maintype=maintype,
                subtype=subtype,
                cid=f"<{_token(image['cid'])}>",
                filename=_token(image["name"]),
                disposition="inline",
            )
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{_token(delivery.id)}_{number}")
    return message


def _lines(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _encoding(text: str) -> str:
    """Whichever is shorter; Korean in quoted-printable takes three times its size."""
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return "base64" if foreign * 4 > len(text) else "quoted-printable"
