"""Editions for chats: Slack blocks, Discord embeds, Teams adaptive cards, and plain text for everything that Apprise reaches.

Every channel has limits. A message that would pass one becomes several, split between entries; nothing is cut away. Other people's words
are escaped for the channel, so a title can mention nobody, link nowhere and set nothing in bold.

Limits: Slack blocks https://api.slack.com/reference/block-kit/blocks; Discord embeds https://discord.com/developers/docs/resources/message
(6,000 characters over all embeds, ten of them); Teams refuses payloads over 28 KB; Apprise's services differ, 3,500 characters suit most.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from aiwatch.digest import mail
from aiwatch.digest.catalogue import Catalogue
from aiwatch.digest.timeline import COLORS
from aiwatch.digest.view import Line, Link, View
from aiwatch.settings import Channel

Json = dict[str, Any]

SLACK_BLOCKS = 45  # of 50
SLACK_SECTION = 2900  # of 3,000
DISCORD_EMBEDS = 10
DISCORD_CHARS = 5800  # of 6,000 over all embeds of a message
DISCORD_DESCRIPTION = 3900  # of 4,096
TEAMS_BYTES = 24_000  # of 28 KB
APPRISE_CHARS = 3500


def _quoted(line: Line, marks: str = "“”") -> str:
    """What is new, in quotation marks where the channel does not set it apart; and whose words it is, where they are another's."""
    said = f" ({line.quote_source})" if line.quote_source else ""
    return f"{marks[:1]}{line.quote}{marks[1:]}{said}" if line.quote else ""


# --- Slack ----------------------------------------------------------------------------------------------------------------


def slack(view: View, words: Catalogue) -> list[Json]:
    """Messages of blocks. Text is mrkdwn with ``& < >`` escaped and ``verbatim``, so names and links in titles stay letters."""
    blocks = _slack_sections([f"*{_slack(view.title)}*", *_slack_pieces(" · ".join(_head(view)))])
    for kind, content in _parts(view):
        if kind == "heading":
            blocks.append({"type": "divider"})
            blocks += _slack_sections([f"*{_slack(str(content))}*"])
        elif isinstance(content, Line):
            blocks += _slack_sections(_slack_line(content, words))
        elif isinstance(content, _Near):
            blocks += _slack_sections([*_slack_link(content.link), *_slack_pieces(content.why)])
        else:
            blocks += _slack_sections(_slack_pieces(str(content)))
    blocks.extend({"type": "context", "elements": [_slack_text(piece)]} for piece in _slack_pieces("\n".join(_foot(view))))
    groups = [blocks[start : start + SLACK_BLOCKS] for start in range(0, len(blocks), SLACK_BLOCKS)]
    return [
        _content({"text": _slack(_numbered(view.subject, index, groups, words)), "blocks": group, "unfurl_links": False})
        for index, group in enumerate(groups)
    ]


def _slack_text(text: str) -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _slack_sections(rows: Sequence[str]) -> list[Json]:
    """The rows in as few sections as their limit allows."""
    groups = _packed(rows, lambda row: len(row) + 1, SLACK_SECTION, 1000)
    return [{"type": "section", "text": _slack_text("\n".join(group))} for group in groups]


def _slack_pieces(text: str) -> list[str]:
    """Text in rows that fit a section even if every character of it has to be escaped (``&amp;`` is five)."""
    return [_slack(piece) for piece in split(text, SLACK_SECTION // 5)]


def _slack_line(line: Line, words: Catalogue) -> list[str]:
    rows = [
        f"{line.number}. *{_slack(line.name)}*  {_slack(_facts(line))}",
        *_slack_link(line.headline),
        *(_slack_link(line.pair) if line.pair else ()),
        *(f">{piece}" for piece in _slack_pieces(_quoted(line, ""))),
        *_slack_pieces(_also(line, words)),
        *_slack_pieces(line.was),
        *_slack_pieces(line.seen),
    ]
    return [row for row in rows if row]


def _slack_link(link: Link) -> list[str]:
    """``<address|words>``; an address too long for that stands in a row of its own."""
    text = _slack(link.text)
    if not link.url:
        return [text]
    whole = f"<{link.url}|{text}>"
    return [whole] if len(whole) <= SLACK_SECTION else [text, f"<{link.url}>"]


def _slack(text: str) -> str:
    """Escaped as Slack asks (``& < >``); its formatting signs get a word joiner before them, which keeps them letters."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_~`|])", "\u2060\\1", escaped)


# --- Discord --------------------------------------------------------------------------------------------------------------


def discord(view: View, words: Catalogue) -> list[Json]:
    """Messages of embeds, an entry each, coloured by stage; mentions are switched off."""
    embeds: list[Json] = []
    for kind, content in _parts(view):
        if isinstance(content, Line):
            embeds.append(_discord_line(content, words))
        elif isinstance(content, _Near):
            embeds.append({"description": _discord_near(content)})
        elif kind == "heading":
            embeds.append({"description": f"**{_discord(str(content))}**"})
        else:
            embeds.extend({"description": _discord(piece)} for piece in split(str(content), DISCORD_DESCRIPTION // 2))
    embeds.extend({"description": _discord(piece)} for piece in split("\n".join(_foot(view)), DISCORD_DESCRIPTION // 2))
    groups = _packed(embeds, lambda embed: len(embed.get("title", "")) + len(embed["description"]), DISCORD_CHARS, DISCORD_EMBEDS)
    head = "\n".join([f"**{_discord(view.title)}**", *map(_discord, _head(view))])
    return [
        _content(
            {
                "content": head if not index else _discord(_numbered(view.title, index, groups, words)),
                "embeds": group,
                "allowed_mentions": {"parse": []},
            }
        )
        for index, group in enumerate(groups)
    ]


def _discord_line(line: Line, words: Catalogue) -> Json:
    """An embed for an entry. Its parts are cleaned and short (see ``view``): even with every sign escaped they keep within the limits."""
    rows = [
        _discord(_facts(line)),
        f"**{_discord(line.headline.text)}**",
        _discord(line.pair.text) if line.pair else "",
        f"> {_discord(_quoted(line, ''))}" if line.quote else "",
        _discord(_also(line, words)),
        _discord(line.was),
        _discord(line.seen),
    ]
    embed: Json = {
        "title": _discord(f"{line.number}. {line.name}"),
        "description": "\n".join(row for row in rows if row),
        "color": int(COLORS.get(line.stage_id, COLORS["none"])[1:], 16),
    }
    return embed | ({"url": line.headline.url} if line.headline.url else {})


def _discord_near(near: _Near) -> str:
    text, url = _discord(near.link.text), near.link.url
    linked = f"[{text}](<{url}>)" if url and len(url) <= DISCORD_DESCRIPTION // 4 else text
    return f"{linked}\n{_discord(near.why)}"


def _discord(text: str) -> str:
    """Markdown escaped; ``@everyone`` broken for readers too, though mentions are off; addresses in titles are not linked."""
    escaped = re.sub(r"([\\*_~`|>#\[\]()<-])", r"\\\1", text)
    return escaped.replace("@", "@\u2060").replace("://", ":\u2060//")


# --- Teams ----------------------------------------------------------------------------------------------------------------


def teams(view: View, words: Catalogue) -> list[Json]:
    """Messages of one adaptive card each (version 1.4), as the workflow "post to a channel when a webhook request is received" takes."""
    head = [_card_text(view.title, size="Large", weight="Bolder"), _card_text(" · ".join(_head(view)), isSubtle=True)]
    parts: list[Json] = []
    for kind, content in _parts(view):
        if isinstance(content, Line):
            parts.append(_teams_line(content, words))
        elif isinstance(content, _Near):
            parts.append({"type": "Container", "items": [_teams_link(content.link), _card_text(content.why, spacing="None")]})
        else:
            parts.append(_card_text(str(content), **({"weight": "Bolder", "separator": True} if kind == "heading" else {})))
    parts.extend(_card_text(line, isSubtle=True, size="Small") for line in _foot(view))
    groups = _packed(parts, lambda part: len(json.dumps(part)), TEAMS_BYTES - 1500, 100)
    return [
        _content(_card([*head, *group] if not index else [_card_text(_numbered(view.title, index, groups, words)), *group]))
        for index, group in enumerate(groups)
    ]


def _card(body: Sequence[Json]) -> Json:
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "msteams": {"width": "Full"},
                    "body": list(body),
                },
            }
        ],
    }


def _card_text(text: str, **more: Any) -> Json:
    return {"type": "TextBlock", "text": _teams(text), "wrap": True, **more}


def _teams_line(line: Line, words: Catalogue) -> Json:
    items = [
        _card_text(f"{line.number}. {line.name}", weight="Bolder", size="Medium"),
        _card_text(_facts(line), spacing="None", isSubtle=True),
        _teams_link(line.headline),
        *([_card_text(line.pair.text, spacing="Small")] if line.pair else []),
        *([_card_text(_quoted(line), spacing="Small")] if line.quote else []),
        *([_card_text(_also(line, words), spacing="Small", isSubtle=True)] if line.also else []),
        _card_text(f"{line.seen} {line.was}".strip(), spacing="Small", isSubtle=True, size="Small"),
    ]
    return {"type": "Container", "separator": True, "items": items}


def _teams_link(link: Link) -> Json:
    text = _teams(link.text)
    return {"type": "TextBlock", "wrap": True, "text": f"[{text}]({link.url})" if link.url else text}


def _teams(text: str) -> str:
    """Markdown of text blocks escaped; ``{{`` would be a date function of adaptive cards."""
    return re.sub(r"([\\*_~`\[\]()#<>])", r"\\\1", text).replace("{{", "{\u2060{")


# --- Apprise --------------------------------------------------------------------------------------------------------------


def apprise(view: View, words: Catalogue) -> list[Json]:
    """Plain texts of at most 3,500 characters; Apprise splits on for services with less room."""
    chunks = [" · ".join(_head(view))]
    for _, content in _parts(view):
        if isinstance(content, _Near):
            chunks.append("\n".join(filter(None, (content.link.text, content.why, content.link.url))))
        else:
            chunks.append(_plain_line(content, words) if isinstance(content, Line) else str(content))
    chunks.append("\n".join(_foot(view)))
    pieces = [piece for chunk in chunks for piece in split(chunk, APPRISE_CHARS)]
    groups = _packed(pieces, lambda piece: len(piece) + 2, APPRISE_CHARS, 10_000)
    return [
        {"title": _numbered(view.subject, index, groups, words), "text": "\n\n".join(group)} for index, group in enumerate(groups)
    ]


def _plain_line(line: Line, words: Catalogue) -> str:
    rows = [
        f"{line.number}. {line.name} · {_facts(line)}",
        line.headline.text,
        line.pair.text if line.pair else "",
        _quoted(line),
        line.headline.url or "",
        _also(line, words),
        line.seen,
        line.was,
    ]
    return "\n".join(row for row in rows if row)


# --- what all of them share -------------------------------------------------------------------------------------------------


def _head(view: View) -> list[str]:
    return [part for part in (view.window, "" if view.notices else view.summary, view.late) if part]


class _Near(NamedTuple):
    """What was just below the bar, and what it lacked."""

    link: Link
    why: str


def _parts(view: View) -> list[tuple[str, Line | _Near | str]]:
    """The edition in reading order: headings, entries, lines of text, what was just below the bar."""
    parts: list[tuple[str, Line | _Near | str]] = []
    for section in view.sections:
        if len(view.sections) > 1 or section.id != "news":
            parts.append(("heading", section.title))
        parts.extend(("entry", line) for line in section.lines)
    if view.brief:
        parts.append(("heading", view.brief.title))
        parts.extend(("text", piece) for piece in split("\n".join(_brief(line) for line in view.brief.lines), 2500))
    if view.more:
        parts.append(("text", view.more))
    parts.extend(("text", notice) for notice in view.notices)
    if view.near:
        parts.append(("heading", view.near_title))
        parts.extend(("near", _Near(link, why)) for link, why in view.near)
    return parts


def _facts(line: Line) -> str:
    return " · ".join(filter(None, (line.stage, line.vendor, line.modality)))


def _also(line: Line, words: Catalogue) -> str:
    """Who else told it; empty where nobody did."""
    return f"{words.say('entry.also')}: {mail.outlets(line)}" if line.also else ""


def _brief(line: Line) -> str:
    return f"{line.number}. {' · '.join(filter(None, (line.name, line.vendor, line.stage)))}"


def _foot(view: View) -> list[str]:
    return [part for part in (*view.coverage, view.next, view.zone) if part]


def _numbered(title: str, index: int, groups: Sequence[object], words: Catalogue) -> str:
    return title if len(groups) < 2 else f"{title} {words.say('tail.part', n=index + 1, total=len(groups))}"


def _content(values: Json) -> Json:
    return {"content": json.dumps(values, ensure_ascii=False, separators=(",", ":"))}


def split(text: str, limit: int) -> list[str]:
    """``text`` in pieces of at most ``limit`` characters, divided at a line's end, else at a space, else where it must be."""
    pieces: list[str] = []
    while len(text) > limit:
        at = max(text.rfind("\n", limit // 2, limit), 0) or max(text.rfind(" ", limit // 2, limit), 0) or limit
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*pieces, text] if text else pieces


def _packed(parts: Sequence[Any], size: Callable[[Any], int], room: int, most: int) -> list[list[Any]]:
    """``parts`` in order in as few groups as hold at most ``most`` of them and ``room`` in size."""
    groups: list[list[Any]] = [[]]
    used = 0
    for part in parts:
        if groups[-1] and (used + size(part) > room or len(groups[-1]) >= most):
            groups.append([])
            used = 0
        groups[-1].append(part)
        used += size(part)
    return groups


BODIES: Mapping[Channel, Callable[[View, Catalogue], list[Json]]] = {
    Channel.SLACK: slack,
    Channel.DISCORD: discord,
    Channel.TEAMS: teams,
    Channel.APPRISE: apprise,
}
