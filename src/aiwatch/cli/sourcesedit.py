"""``aiwatch sources add|remove|pause|resume|import|export``: the list of sources changed, its text and comments kept."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from aiwatch import app, sourcefile, trying
from aiwatch import config as configuration
from aiwatch.addresses import wrong_address
from aiwatch.cli import asked, output
from aiwatch.cli.rewriting import rewrite
from aiwatch.cli.sourceswatch import of_group
from aiwatch.config.shapes import YEAR
from aiwatch.errors import ConfigError, ParseError
from aiwatch.fetch import HttpFetch
from aiwatch.model import Fetched, Kind, Source, Tier
from aiwatch.parse import discover
from aiwatch.parse.opml import Outline, read_opml, write_opml
from aiwatch.ports import Request
from aiwatch.settings import Config
from aiwatch.trying import Check, why
from aiwatch.urls import origin, redact, shareable

PACKS = ("article", "vendors", "press", "korea", "japan", "china", "research", "community")
AFTERWARDS = "A running service takes it up when it starts next."


@click.command("add", short_help="Find out how a URL can be polled, try it, and list it.")
@click.argument("url")
@click.option("--id", "source_id", help="Its id for ever; default: made of its name.")
@click.option("--name", help="Its name; default: its own title.")
@click.option(
    "--tier",
    type=click.Choice([one.value for one in Tier]),
    help="primary: the vendor's own; default: primary with --vendor, else press, or community for Reddit.",
)
@click.option("--vendor", help="Whose own word it is.")
@click.option("--lang", help="Language of its texts, such as ko; default: as it says itself, or its titles show.")
@click.option("--group", "groups", multiple=True, help="A group it belongs to; may be given again.")
@click.option("--allow-private", is_flag=True, help="It is in your own network, such as a bridge on this machine.")
@click.option("--pick", type=click.IntRange(1), default=1, show_default=True, help="Which of several proposals.")
@click.option("--dry-run", is_flag=True, help="Show the entry; write nothing.")
@click.pass_obj
def add(obj: dict[str, str | None], /, url: str, pick: int, dry_run: bool, **given: Any) -> None:
    """Find out how URL can be polled, try it, and put an entry into sources.toml.

    URL may be a feed, a sitemap, a page that names its feed, or a page of GitHub, Hugging Face, YouTube, Reddit, Bluesky or X.
    """
    config = asked.reading(obj)
    url = url if "://" in url else f"https://{url}"  # as people write addresses
    if wrong := wrong_address(url):
        raise click.UsageError(f"{redact(url)}: {wrong}")
    found = asyncio.run(_discover(config, url, private=given["allow_private"]))
    for number, one in enumerate(found, 1):
        output.note(f"{'->' if number == pick else '  '} {number}  {one.kind.value:<12} {redact(one.url)}  {one.name}")
    if pick > len(found):
        raise click.UsageError(f"--pick {pick}: there are {len(found)} proposals")
    chosen = _asked_for(found[pick - 1], url, given, frozenset(one.id for one in config.sources))
    if chosen.kind is Kind.PAGE:
        raise click.ClickException(
            "this page names no feed: it needs selectors. Write its entry by hand (docs/sources.md, kind page) and try it with "
            "`aiwatch sources check ID`"
        )
    if chosen.enabled:
        tried = asyncio.run(_try(config, chosen))
        if not tried.ok:
            raise click.ClickException(f"{redact(chosen.url)} brings nothing: {tried.found}")
        output.note(f"brings {output.counted(tried.items, 'item')}; newest: {tried.title}")
        chosen = replace(chosen, lang=chosen.lang or tried.lang)
    if not chosen.lang:
        output.note("its language is not known, and digests with `langs` get nothing of it; --lang says it")
    where, made = _edited(obj, lambda text, where: sourcefile.append(text, [chosen], where))
    click.echo(sourcefile.entry(chosen), nl=False)
    if not dry_run:
        rewrite(where, made)
        output.note(f"added to {where.name}. {AFTERWARDS}")


def _asked_for(source: Source, url: str, given: dict[str, Any], taken: frozenset[str]) -> Source:
    """The proposal as the options have it. What may be private is the address that was typed, and no other that its page names."""
    name = given["name"] or source.name
    tier = Tier(given["tier"]) if given["tier"] else Tier.PRIMARY if given["vendor"] else source.tier
    wanted = given["source_id"] or discover.unique(discover.source_id(name), taken)
    lang = given["lang"] or source.lang
    groups, private = tuple(given["groups"]), given["allow_private"] and origin(source.url) == origin(url)
    return replace(
        source, id=wanted, name=name, tier=tier, vendor=given["vendor"], lang=lang, groups=groups, allow_private=private
    )


async def _discover(config: Config, url: str, *, private: bool) -> tuple[Source, ...]:
    """The host's own rule, or what the address itself answers."""
    if source := discover.known(url):
        return (source,)
    async with HttpFetch(config.http, app.now) as fetch:
        outcome = await fetch(Request(url=url, headers={}, robots=True, allow_private=private))
    if not isinstance(outcome, Fetched):
        how = "; --allow-private says so here" if "allow_private" in why(outcome) else ""
        raise click.ClickException(f"{redact(url)}: {why(outcome)}{how}")
    return discover.proposals(outcome)


async def _try(config: Config, source: Source) -> Check:
    async with HttpFetch(config.http, app.now) as fetch:
        return await trying.tried(source, fetch, app.now)


@click.command("remove")
@click.argument("source_id")
@click.pass_obj
def remove(obj: dict[str, str | None], source_id: str) -> None:
    """Take a source out of sources.toml. What it brought stays in the database."""
    _write(obj, lambda text, where: sourcefile.remove(text, source_id, where))
    click.echo(f"removed: {source_id}. {AFTERWARDS}")


@click.command("pause")
@click.argument("source_id")
@click.option("--reason", default="paused by hand", show_default=True, help="Why, for whoever looks later.")
@click.pass_obj
def pause(obj: dict[str, str | None], source_id: str, reason: str) -> None:
    """Poll a source no more for now; the reason is kept and shown."""
    _write(obj, lambda text, where: sourcefile.switch(text, source_id, enabled=False, reason=reason, where=where))
    click.echo(f"paused: {source_id} ({reason}). {AFTERWARDS}")


@click.command("resume")
@click.argument("source_id")
@click.pass_obj
def resume(obj: dict[str, str | None], source_id: str) -> None:
    """Poll a source again that was paused or shipped as not enabled."""
    _write(obj, lambda text, where: sourcefile.switch(text, source_id, enabled=True, where=where))
    click.echo(f"polled again: {source_id}. {AFTERWARDS}")


# --- lists in and out ---------------------------------------------------------------------------------------------------------------


@click.command("import", short_help="Take in a shipped pack or an OPML file.")
@click.argument("what")
@click.option("--dry-run", is_flag=True, help="Show the entries; write nothing.")
@output.options
@click.pass_obj
def take_in(obj: dict[str, str | None], what: str, dry_run: bool, form: str | None) -> None:
    """Take in WHAT: a pack of the shipped list (article, vendors, press, korea, japan, china, research, community) or an OPML file.

    Sources that are there already, by id or address, stay as they are. A row that is no subscription is named on standard error; the rest
    goes on, and the exit status is 1.
    """
    config = asked.reading(obj)
    wrong: list[str] = []
    offered = _pack(what) if what in PACKS else _outlines(what, wrong.append)
    ids, urls = {one.id for one in config.sources}, {one.url for one in config.sources}
    fresh: list[Source] = []
    for one in offered:
        if one.url in urls or (what in PACKS and one.id in ids):
            continue
        made = replace(one, id=discover.unique(one.id, frozenset(ids)))
        ids.add(made.id)
        urls.add(made.url)
        fresh.append(made)
    rows = [(one.id, one.kind, redact(one.url)) for one in fresh]
    if rows or form:
        output.show(output.Sheet(columns=("id", "kind", "url"), rows=rows, fluid=frozenset({"url"})), form)
    if fresh and not dry_run:
        _write(obj, lambda text, where: sourcefile.append(text, fresh, where))
    for row in wrong:
        output.note(row)
    left = f"; left out: {output.counted(len(wrong), 'row')}" if wrong else ""
    output.note(f"{len(fresh)} of {len(offered)} sources {'are' if dry_run else 'were'} new{left}")
    if wrong:
        raise click.exceptions.Exit(1)


def _pack(name: str) -> list[Source]:
    shipped = app.packaged_sources()
    problems: list[str] = []
    sources = configuration.read_sources([shipped] if shipped else [], lambda _where, _name: None, problems)
    return [one for one in sources if name in one.groups]


def _outlines(file: str, wrong: Callable[[str], None]) -> list[Source]:
    try:
        body = Path(file).read_bytes()
    except OSError as error:
        raise click.UsageError(
            f"{file} is neither a pack ({', '.join(PACKS)}) nor a file that can be read: {error.strerror}"
        ) from error
    try:
        return [_of_outline(one) for one in read_opml(body, file, wrong)]
    except ParseError as error:
        raise ConfigError(str(error)) from error


def _of_outline(outline: Outline) -> Source:
    """A subscription as a source; our own settings ride along, unknown values of them are left out."""
    settings, name = outline.settings, outline.title or outline.url
    return Source(
        id=discover.source_id(settings.get("id") or name),
        name=name,
        url=outline.url.replace("%7Btoday%7D", "{today}"),
        kind=Kind(settings["kind"]) if settings.get("kind") in set(Kind) else Kind.FEED,
        tier=Tier(settings["tier"]) if settings.get("tier") in set(Tier) else Tier.PRESS,
        vendor=settings.get("vendor"),
        lang=settings.get("lang"),
        timezone=settings.get("timezone"),
        enabled=settings.get("enabled") != "false",
        reason=settings.get("reason"),
        interval=_interval(settings.get("interval", "")),
        groups=tuple(dict.fromkeys((*outline.path, *outline.categories))),
        options=_options(settings.get("options", "")),
    )


def _interval(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return number if 1 <= number <= YEAR else None


def _options(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@click.command("export", short_help="Give out the list, without headers, passwords and tokens.")
@click.option("--opml", is_flag=True, help="OPML, for feed readers; with our own settings in a namespace. Default: TOML.")
@click.option("--group", help="Only this group.")
@click.option("-o", "--output", "file", type=click.Path(dir_okay=False), help="File to write; default: standard output.")
@click.pass_obj
def export(obj: dict[str, str | None], opml: bool, group: str | None, file: str | None) -> None:
    """Give out the list of sources, without request headers, passwords and tokens; OPML also without allow_private and tls_verify."""
    listed = of_group(asked.reading(obj).sources, group)
    sources = [_public(one) for one in listed]
    if bare := [one.id for one, given in zip(listed, sources, strict=True) if given.url != one.url]:
        output.note(f"without the tokens of their addresses: {', '.join(bare)}; your own list is in sources.toml")
    if opml and (trusted := [one.id for one in listed if one.allow_private or not one.tls_verify]):
        output.note(f"without allow_private and tls_verify, which whoever imports it says anew: {', '.join(trusted)}")
    if opml:
        body = write_opml([_outline(one) for one in sources], title="aiwatch sources", created=app.now())
    else:
        body = "\n".join(sourcefile.entry(one) for one in sources).encode()
    if file:
        Path(file).write_bytes(body)
        output.note(f"{output.counted(len(sources), 'source')} written to {file}")
    else:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()


def _public(source: Source) -> Source:
    """What others may see of a source."""
    options = {key: shareable(one) if isinstance(one, str) and "://" in one else one for key, one in source.options.items()}
    return replace(source, url=shareable(source.url), options=options)


def _outline(source: Source) -> Outline:
    told = {"id": source.id, "kind": source.kind.value, "tier": source.tier.value}
    optional = {
        "vendor": source.vendor,
        "lang": source.lang,
        "timezone": source.timezone,
        "enabled": None if source.enabled else "false",
        "reason": source.reason,
        "interval": str(source.interval) if source.interval else None,
        "options": json.dumps(dict(source.options), ensure_ascii=False, sort_keys=True) if source.options else None,
    }
    settings = told | {key: value for key, value in optional.items() if value}
    return Outline(url=source.url, title=source.name or source.id, categories=source.groups, settings=settings)


# --- the file -----------------------------------------------------------------------------------------------------------------------


def _write(obj: dict[str, str | None], edit: Callable[[str, str], str]) -> None:
    rewrite(*_edited(obj, edit))


def _edited(obj: dict[str, str | None], edit: Callable[[str, str], str]) -> tuple[Path, str]:
    """The list's place and its new text, read again as the service would. Raises ConfigError where the edit makes a mistake."""
    where, text = app.sources_file(obj["config"] or "aiwatch.toml")
    made = edit(text, where.name)
    problems: list[str] = []
    configuration.read_sources([configuration.File(name=where.name, text=made)], lambda _where, _name: None, problems)
    before: list[str] = []
    configuration.read_sources([configuration.File(name=where.name, text=text)], lambda _where, _name: None, before)
    if len(problems) > len(before):
        raise ConfigError(problems)
    return where, made
