"""A headline as the tests of detection judge it: by the shipped rules, or with an overlay over them."""

from __future__ import annotations

from aiwatch import rules
from aiwatch.detect import detect
from aiwatch.model import Detection, Item, Source, Tier

RULES = rules.load()


def item(title: str, summary: str = "", url: str | None = None) -> Item:
    """The item that ``judge`` makes of these."""
    return Item(id="i", source_id="s", key="i", url=url, title=title, summary=summary)


def judge(
    title: str,
    summary: str = "",
    tier: Tier = Tier.PRESS,
    vendor: str | None = None,
    *,
    source: str = "A paper",
    url: str | None = None,
    overlay: str | None = None,
) -> Detection:
    """What the rules say of a headline; ``source`` is the outlet's name, ``url`` the page's address, ``overlay`` a user's rules."""
    outlet = Source(id="s", url=url or "", name=source, tier=tier, vendor=vendor)
    return detect(item(title, summary, url), outlet, RULES if overlay is None else rules.load(overlay))
