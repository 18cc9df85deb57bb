"""The files of a demo run: a database, a list of sources and a private configuration, as a user would write them.

They are left behind, so that every other command can be tried on them; the newsroom's address in them is dead after the run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiwatch.demo.articles import Outlet, World

SECRET = "whsec_ZGVtby1zZWNyZXQtb2YtdGhlLW5ld3NkZXNr"  # noqa: S105  of the demo's own webhook, on loopback
READER, CURIOUS, EDITOR, OPERATOR = "reader@example.org", "curious@example.org", "pd@example.org", "ops@example.org"
KINDS = {"page": "page", "sitemap": "sitemap", "news-sitemap": "sitemap"}

CONFIGURATION = """\
# Written by `aiwatch demo`. The newsroom, the mail server and the webhook lived on this machine only while it ran,
# so `list`, `show`, `search` and `explain` work with this file; polling and sending do not.
database = "{name}.db"
sources = "{name}-sources.toml"
operators = ["operator"]

[http]
contact = "https://example.org/aiwatch"
host_gap = 0
per_host = 10

[polling]
min_interval = 1500
max_interval = 10800
budget = 10

[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
sender = "aiwatch@example.org"

[[recipient]]
id = "reader"
email = "{reader}"

[[recipient]]
id = "curious"
email = "{curious}"

[[recipient]]
id = "pd"
email = "{editor}"

[[recipient]]
id = "operator"
email = "{operator}"

[[recipient]]
id = "newsdesk"
webhook = "{hook}"
secrets = ["{secret}"]
allow_private = true

# What most people want: what is new, once a day, without rumours.
[[digest]]
id = "daily"
title = "New AI models"
schedule = "0 9 * * *"
timezone = "Asia/Seoul"
recipients = ["reader"]

# A machine gets every announcement at once.
[[digest]]
id = "alerts"
title = "New AI models, at once"
schedule = "immediate"
recipients = ["newsdesk"]

# A Korean video editor gets video models alone, in Korean.
[[digest]]
id = "video"
title = "새 영상 AI 모델"
schedule = "30 8 * * *"
timezone = "Asia/Seoul"
lang = "ko"
modalities = ["video"]
recipients = ["pd"]

# Rumours go only to those who asked for them.
[[digest]]
id = "rumours"
title = "Rumours of the week"
schedule = "0 9 * * 1"
timezone = "Asia/Seoul"
stages = ["rumored"]
rumors = true
recipients = ["curious"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where a run's files are. ``directory`` exists."""

    directory: Path
    name: str = "demo"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / f"{self.name}.db"

    @property
    def configuration(self) -> Path:
        """The private configuration."""
        return self.directory / f"{self.name}.toml"

    @property
    def sources(self) -> Path:
        """The list of sources."""
        return self.directory / f"{self.name}-sources.toml"


def prepare(place: Workspace, world: World, *, newsroom: str, hook: str, smtp_port: int) -> None:
    """Remove what an earlier run left, and write the two files. ``newsroom`` is its base address, ``hook`` the webhook's whole one."""
    place.directory.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm", ".lock", ".sending"):
        place.database.with_name(place.database.name + suffix).unlink(missing_ok=True)
    place.sources.write_text("\n".join(_source(one, newsroom) for one in world.outlets), "utf-8")
    text = CONFIGURATION.format(
        name=place.name,
        smtp_port=smtp_port,
        reader=READER,
        curious=CURIOUS,
        editor=EDITOR,
        operator=OPERATOR,
        hook=hook,
        secret=SECRET,
    )
    place.configuration.write_text(text, "utf-8")


def _source(outlet: Outlet, newsroom: str) -> str:
    """An outlet as a table of ``sources.toml``."""
    table: dict[str, object] = {
        "id": outlet.id,
        "name": outlet.name,
        "url": newsroom + outlet.path,
        "kind": KINDS.get(outlet.format, "feed"),
        "tier": outlet.tier,
        "vendor": outlet.vendor,
        "lang": outlet.lang,
        "timezone": outlet.zone if outlet.naive_dates else None,
        "interval": outlet.interval,
        "allow_private": True,
    }
    options: Mapping[str, str] = outlet.options
    lines = [f"# {outlet.quirk}", "[[source]]"]
    lines += [f"{key} = {_toml(value)}" for key, value in table.items() if value is not None]
    if options:
        lines += ["[source.options]", *(f"{key} = {_toml(value)}" for key, value in options.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A TOML scalar; JSON's strings, numbers and booleans are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
