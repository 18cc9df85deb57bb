"""The message that ``aiwatch notify test`` sends: what a recipient would see, with nothing to tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aiwatch.digest import chat, mail, payload
from aiwatch.digest.catalogue import catalogue
from aiwatch.digest.render import Message
from aiwatch.digest.view import View
from aiwatch.model import EMPTY, Edition
from aiwatch.settings import Channel, Recipient, Subscription

DIGEST = "_test"


def message(
    recipient: Recipient, now: datetime, lang: str = "en", zone: str = "UTC", templates: Mapping[str, str] = EMPTY
) -> Message:
    """A test message for that recipient's channel, in the recipient's language where it has one."""
    words = catalogue(recipient.lang or lang, recipient.timezone or zone, templates)
    subject = words.say("subject.test")
    view = View(
        title="aiwatch",
        subject=subject,
        window=words.at(now),
        summary=words.say("test.text", recipient=recipient.id, channel=recipient.channel.value),
        late="",
        sections=(),
        brief=None,
        near=(),
        near_title="",
        notices=(),
        coverage=(),
        next="",
        more="",
        zone=words.say("head.zone", zone=words.zone.key),
        why="",
        page=None,
        lang=words.lang,
    )
    if recipient.channel is Channel.EMAIL:
        made = mail.make(view, words, templates=templates)
        return Message(
            subject=subject, body={"text": made.text, "html": made.html, "images": [], "list_id": "test", "list_name": "aiwatch"}
        )
    if recipient.channel is Channel.WEBHOOK:
        edition = Edition(id=f"test-{now:%Y%m%d%H%M%S}", digest_id=DIGEST, title="aiwatch", since=now, until=now)
        nothing = Subscription(id=DIGEST, title="aiwatch", schedule="immediate")
        values = payload.payload(edition, nothing, recipient) | {"type": "test"}
        return Message(subject=subject, body={"content": payload.encode(values), "event": "test"})
    return Message(subject=subject, body=chat.BODIES[recipient.channel](view, words)[0])
