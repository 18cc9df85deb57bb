"""The kinds of things, and how ids are made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

EMPTY: Mapping[str, Any] = MappingProxyType({})


def ident(*parts: object) -> str:
    """A stable 16-digit hexadecimal id of ``parts``; the same parts give the same id on every machine and at every time."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Stage(StrEnum):
    """A step in a model's life. Each step of a story is told once."""

    NONE = "none"
    RUMORED = "rumored"
    ANNOUNCED = "announced"
    PREVIEW = "preview"
    RELEASED = "released"
    OPEN_WEIGHTS = "open_weights"
    UPDATED = "updated"
    DEPRECATED = "deprecated"

    @property
    def beside_launch(self) -> bool:
        """A rumour or a retirement: a step that is told, and no announcement."""
        return self in {Stage.RUMORED, Stage.DEPRECATED}


class Modality(StrEnum):
    """What a model makes or takes."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    SPEECH = "speech"
    MUSIC = "music"
    CODE = "code"
    MULTIMODAL = "multimodal"
    THREE_D = "3d"
    EMBEDDING = "embedding"
    ROBOTICS = "robotics"
    WORLD = "world"
    OTHER = "other"


class Tier(StrEnum):
    """How near a source is to the vendor."""

    PRIMARY = "primary"
    PRESS = "press"
    COMMUNITY = "community"


class Kind(StrEnum):
    """What stands behind a source's address; each kind has one parser in ``parse``."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"
    GITHUB = "github"
    HUGGINGFACE = "huggingface"
    ARXIV = "arxiv"
    HACKERNEWS = "hackernews"
    YOUTUBE = "youtube"
    REDDIT = "reddit"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    X = "x"
    WEBHOOK = "webhook"


class Failure(StrEnum):
    """Why a poll brought nothing, by what is to be done about it."""

    HARD = "hard"  # the address is wrong or forbidden: 4xx, not a feed, TLS
    SOFT = "soft"  # the server is unwell: 5xx, malformed or truncated body
    TEMPORARY = "temporary"  # the way there is: DNS, refused, timeout, 429
    BLOCKED = "blocked"  # we refuse: private address, robots.txt, scheme
    GONE = "gone"  # 410: stop
