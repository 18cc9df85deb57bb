"""``Edition`` -> the messages that one recipient gets: the body is fixed here, so that every try sends the same bytes.

A channel with a size limit gets several messages, each a delivery of its own: a retry repeats the one that failed and no other.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiwatch.digest import chat, mail, payload, safe, slots, unsubscribe
from aiwatch.digest.catalogue import Catalogue, catalogue
from aiwatch.digest.compose import OPERATIONS, alert_id
from aiwatch.digest.unsubscribe import Site
from aiwatch.digest.view import view
from aiwatch.model import EMPTY, Edition, Stage, ident
from aiwatch.settings import Channel, Recipient, Subscription

HTML_BYTES = 95_000  # Gmail hides what is beyond 102 KB behind a link


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one delivery carries: a subject, and a JSON-able body that its channel understands."""

    subject: str
    body: Mapping[str, Any]


def render(
    edition: Edition,
    subscription: Subscription,
    recipient: Recipient,
    templates: Mapping[str, str] = EMPTY,
    site: Site | None = None,
) -> tuple[Message, ...]:
    """The edition for one recipient, in the recipient's language and zone; without a ``site`` it leads to none.

    Bodies: email ``{text, html, images, thread, list_id, unsubscribe}``; webhook ``{content, event}``; slack, discord and teams
    ``{content}``; apprise ``{title, text}``. Raises ConfigError where a template of the user's is wrong.
    """
    words = words_for(subscription, recipient, templates)
    words = replace(words, year=edition.until.astimezone(words.zone).year)
    if recipient.channel is Channel.EMAIL:
        return (_mail(edition, subscription, recipient, words, templates, site),)
    seen = view(edition, subscription, recipient, words, site.base_url if site else None)
    if recipient.channel is Channel.WEBHOOK:
        values = payload.payload(edition, subscription, recipient)
        return (Message(subject=seen.subject, body={"content": payload.encode(values), "event": values["type"]}),)
    return tuple(Message(subject=seen.subject, body=body) for body in chat.BODIES[recipient.channel](seen, words))


def words_for(subscription: Subscription, recipient: Recipient, templates: Mapping[str, str] = EMPTY) -> Catalogue:
    """The recipient's language and zone, else the digest's."""
    return catalogue(recipient.lang or subscription.lang, recipient.timezone or subscription.timezone, templates)


def _mail(
    edition: Edition,
    subscription: Subscription,
    recipient: Recipient,
    words: Catalogue,
    templates: Mapping[str, str],
    site: Site | None,
) -> Message:
    limit, base_url = subscription.limit, site.base_url if site else None
    leave = None
    if site and edition.digest_id != OPERATIONS:
        leave = unsubscribe.link(site.base_url, edition.digest_id, recipient, site.key)
    while True:
        seen = view(edition, replace(subscription, limit=limit), recipient, words, base_url)
        picture = mail.picture_of(seen, words, (edition.since, edition.until), f"timeline-{edition.id}")
        made = mail.make(seen, words, picture, leave, templates)
        size = len(made.html.encode())
        if size <= HTML_BYTES or limit == 1:
            break
        limit = max(1, min(limit, len(seen.lines)) * HTML_BYTES * 9 // (size * 10))  # the rest gets a line each
    images = [_image(picture)] if picture else []
    return Message(
        subject=seen.subject,
        body={
            "text": made.text,
            "html": made.html,
            "images": images,
            "thread": _thread(edition, recipient) if slots.is_immediate(subscription) else [],
            "list_id": edition.digest_id.strip("_"),
            "list_name": safe.header(edition.title, 60),
            "unsubscribe": leave,
        },
    )


def _image(picture: mail.Picture) -> dict[str, str]:
    return {"cid": picture.cid, "type": "image/png", "name": "timeline.png", "data": base64.b64encode(picture.png).decode()}


def _thread(edition: Edition, recipient: Recipient) -> list[str]:
    """The deliveries that this mail replies to, oldest first: the story's earlier steps as told to this recipient.

    Only an immediate edition with one announcement belongs to one story. Ids come from content, so the earlier mail's is known without
    asking: its edition is that of the digest and of the story's earlier announcement (``ident(story, stage)``).
    """
    told = (*edition.entries, *edition.rumors)
    if len(told) != 1:
        return []
    story, own = told[0].story, told[0].announcement
    before = sorted((step for step in story.stages if step.first_seen <= own.at), key=lambda step: step.first_seen)
    return [
        ident(alert_id(edition.digest_id, [ident(story.id, step.stage)]), recipient.id)
        for step in before
        if step.told and step.stage not in {own.stage, Stage.NONE}
    ]
