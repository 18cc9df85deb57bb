"""What ``aiwatch doctor`` finds, and what it finds in the configuration alone: digests and recipients that say nothing to anybody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiwatch import app
from aiwatch.cli import hints
from aiwatch.digest import mail, trial
from aiwatch.digest.catalogue import LANGUAGES
from aiwatch.errors import ConfigError
from aiwatch.model import Kind
from aiwatch.settings import Channel, Config, Recipient, Secret
from aiwatch.web import auth

SHOWN = 5  # sources that a warning names


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. ``verdict``: ok, warn or fail; ``advice`` says what to do."""

    what: str
    verdict: str
    found: str
    advice: str = ""


def warn(what: str, found: str, advice: str) -> Finding:
    """Something that works and is hardly meant."""
    return Finding(what=what, verdict="warn", found=found, advice=advice)


def of_sources(config: Config) -> Iterator[Finding]:
    """A list that polls nothing, and one that polls an address twice."""
    enabled = [one for one in config.sources if one.enabled]
    if not enabled:
        yield warn(
            "sources", "none is polled", "`aiwatch sources add URL`, or `aiwatch sources import vendors` for a shipped pack"
        )
    asked: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in enabled:
        asked[one.url, one.kind.value, str(one.options)].append(one.id)
    for ids in asked.values():
        if len(ids) > 1:
            twice = ", ".join(ids)
            yield warn("sources", f"{twice} are one address", "`aiwatch sources remove` all but one: it is polled for each")


def of_contact(config: Config) -> Iterator[Finding]:
    """A client that names nobody."""
    if not config.http.contact:
        advice = "set http.contact to a mail address or URL: some sites refuse clients that name nobody"
        yield warn("contact", "none in the User-Agent", advice)


def of_recipients(config: Config) -> Iterator[Finding]:
    """Who is told nothing, and who cannot check what is told."""
    if not config.subscriptions:
        yield warn("digests", "none", "add [[recipient]] and [[digest]] to be told anything")
    elif not config.operators:
        found = "nobody hears of a source that is down, a delivery that failed, a disk that is full"
        yield warn("operators", found, 'set operators = ["id of a recipient"], above the first [table]')
    if any(one.channel is Channel.EMAIL for one in config.recipients) and config.smtp.host == "localhost":
        yield warn("mail", "smtp.host is localhost", "set [smtp] unless a mail server runs here")
    told = {name for one in config.subscriptions for name in one.recipients} | set(config.operators)
    for one in config.recipients:
        if one.id not in told:
            yield warn("recipient", f'"{one.id}" is in no digest', "name it in the recipients of a [[digest]], or in operators")
        if one.channel is Channel.WEBHOOK and not one.secrets:
            advice = f'give recipient "{one.id}" secrets = ["whsec_..."], so that the receiver can check who sent'
            yield warn("webhook", f'"{one.id}" is not signed', advice)


def of_digests(config: Config) -> Iterator[Finding]:
    """Filters that nothing can match: a typing error in them would be silent for ever."""
    filtered = [one for one in config.subscriptions if one.filter.vendors]
    vendors = app.load_rules(config).data.vendors if filtered else {}
    own = {one.vendor for one in config.sources if one.vendor}
    for one in filtered:
        for name in one.filter.vendors:
            if wrong := hints.wrong_vendor(name, vendors, own):
                yield warn(
                    "digest", f'"{one.id}": {wrong}', "mend its vendors: what they say is compared with the vendor's name alone"
                )


_NEWEST = "SELECT lang FROM documents WHERE source_id = :id ORDER BY seen_at DESC LIMIT 1"


def of_languages(config: Config) -> Iterator[Finding]:
    """Sources whose newest item has no language: a digest with ``langs`` gets nothing of them, and says so nowhere."""
    wanted = [one for one in config.subscriptions if one.filter.langs]
    asked = [
        one.id
        for one in config.sources
        if one.enabled and not one.lang and any(not digest.filter.sources or one.id in digest.filter.sources for digest in wanted)
    ]
    with app.open_library(config) as library:
        newest = {one: library.sql(_NEWEST, {"id": one}).rows for one in asked}
    silent = [one for one, rows in newest.items() if rows and rows[0][0] is None]
    if silent:
        told = ", ".join(silent[:SHOWN]) + (f" and {len(silent) - SHOWN} more" if len(silent) > SHOWN else "")
        yield warn(
            "languages",
            f"no language is known of {told}: what they report is in no digest with langs ({', '.join(one.id for one in wanted)})",
            'give each its lang in sources.toml, such as lang = "en"',
        )


def of_templates(config: Config) -> Iterator[Finding]:
    """A directory that is not there, a file of no known name, one with a mistake: each changes nothing, and nobody would hear of it."""
    if config.templates is None:
        return
    if not Path(config.templates).is_dir():
        yield warn("templates", f"{config.templates} is no directory", "`aiwatch digest templates DIRECTORY` writes one")
        return
    there = {path.name for path in Path(config.templates).glob("*.*") if path.is_file()}
    for name in sorted(there - mail.shipped().keys()):
        yield warn("templates", f"{name} is used by nothing", f"the names are {', '.join(sorted(mail.shipped()))}")
    reader = Recipient(id="doctor", channel=Channel.EMAIL, address=Secret("doctor@invalid"))
    try:
        templates = app.templates(config)
    except ConfigError as error:
        yield Finding(what="templates", verdict="fail", found=str(error), advice="until then the service does not start")
        return
    try:
        for lang in LANGUAGES:
            trial.message(reader, app.now(), lang, templates=templates)
    except ConfigError as error:
        advice = "mend it; until then the shipped one takes its place. `aiwatch digest preview NAME` shows a whole digest"
        yield warn("templates", str(error), advice)


def of_tokens(config: Config) -> Iterator[Finding]:
    """Sources that are asked without what they want."""
    for source in config.sources:
        if source.kind is Kind.X and source.enabled and "authorization" not in {name.lower() for name in source.headers}:
            header = 'headers = { authorization = { env = "X_AUTHORIZATION" } }'
            advice = f'{header} with "Bearer <token>" of an X API v2 project, or enabled = false'
            yield Finding(what="x", verdict="fail", found=f"source {source.id} has no token", advice=advice)


def of_certificates(config: Config) -> Iterator[Finding]:
    """Sources that anybody on the way could answer for."""
    for source in config.sources:
        if source.enabled and not source.tls_verify:
            advice = "have its owner mend it, or name its authority in http.ca_file; then remove tls_verify = false"
            yield warn("certificate", f"that of {source.id} is not checked", advice)


def of_pages(config: Config) -> Iterator[Finding]:
    """Pages that others can reach, or that would not start."""
    try:
        auth.check_bind(config.web)
    except ConfigError as error:
        advice = "set web.token_hash, or bind 127.0.0.1 behind a proxy that asks who it is"
        yield Finding(what="pages", verdict="fail", found=str(error), advice=advice)
