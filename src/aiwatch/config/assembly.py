"""From shapes to settings: secrets fetched, defaults filled in, and everything checked that one table alone cannot say."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiwatch import addresses, parse
from aiwatch.config.book import WHAT_IS_HIDDEN, Book
from aiwatch.config.shapes import (
    ConfigShape,
    DigestShape,
    Hidden,
    HttpShape,
    PollingShape,
    RecipientShape,
    SmtpShape,
    SourceShape,
    WebShape,
)
from aiwatch.digest import slots
from aiwatch.errors import Unclear
from aiwatch.model import Filter, Kind, Modality, Source, Stage, Tier
from aiwatch.settings import (
    Channel,
    Config,
    Http,
    Polling,
    Proxy,
    QuietHours,
    Recipient,
    Secret,
    Smtp,
    Subscription,
    Web,
)
from aiwatch.tomlplace import Path
from aiwatch.urls import redact

Reveal = Callable[[str, str], str | None]  # ("env" | "file", name) -> the secret, or None where there is none


def hidden(value: Hidden, path: Path, reveal: Reveal, book: Book) -> Secret:
    """A secret written plainly or kept in the environment or a file; an absent one is a problem."""
    if isinstance(value, str):
        return Secret(value)
    places_named = [(where, name) for where, name in (("env", value.env), ("file", value.file)) if name]
    if len(places_named) != 1:
        book.say(path, f"{path[-1]}: {WHAT_IS_HIDDEN}")
        return Secret("")
    where, name = places_named[0]
    text = reveal(where, name)
    if text is None:
        book.say(path, f"{path[-1]}: {_absent(where, name)}")
        return Secret("")
    return Secret(text.strip())


def _absent(where: str, name: str) -> str:
    if where == "env":
        return f"the environment variable {name} is not set"
    return f"the file {name} is not there, cannot be read, or is no text in UTF-8"


def source(shape: SourceShape, path: Path, reveal: Reveal, book: Book) -> Source:
    """A ``[[source]]`` table as a source; its options are checked against its kind."""
    check_zone(shape.timezone, (*path, "timezone"), book)
    allowed = parse.options_of(Kind(shape.kind)) if shape.options else frozenset()  # which loads that kind's parser
    for key in sorted(set(shape.options) - allowed):
        close = difflib.get_close_matches(key, allowed, 1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        book.say(
            (*path, "options", key), f'unknown option "{key}" of kind {shape.kind}; {hint}allowed: {", ".join(sorted(allowed))}'
        )
    for key, said in parse.option_problems(Kind(shape.kind), shape.options) if set(shape.options) <= allowed else ():
        book.say((*path, "options", key), f"{key or 'options'}: {said}")
    headers = _headers(shape.headers, path, reveal, book) if shape.enabled else {}
    return Source(
        id=shape.id,
        url=shape.url,
        name=shape.name or shape.id,
        kind=Kind(shape.kind),
        tier=Tier(shape.tier),
        vendor=shape.vendor,
        lang=shape.lang,
        timezone=shape.timezone,
        enabled=shape.enabled,
        reason=shape.reason,
        groups=tuple(shape.groups),
        interval=shape.interval,
        allow_private=shape.allow_private,
        tls_verify=shape.tls_verify,
        headers=headers,
        options=shape.options,
    )


def _headers(given: Mapping[str, Hidden], path: Path, reveal: Reveal, book: Book) -> dict[str, str]:
    """Headers of requests; what no request can have is said, and a value, which may be a secret, is not quoted."""
    found = {name: hidden(value, (*path, "headers", name), reveal, book).reveal() for name, value in given.items()}
    for name, value in found.items():
        if wrong := addresses.wrong_header(name, value):
            book.say((*path, "headers", name), f"headers.{name!r}: {wrong}")
    return found


def assemble(shape: ConfigShape, sources: tuple[Source, ...], base: str, reveal: Reveal, book: Book) -> Config:
    """All of it; relative paths stand on ``base``."""

    def absolute(path: str) -> str:
        return posixpath.normpath(posixpath.join(base, path))

    return Config(
        database=shape.database if shape.database == ":memory:" else absolute(shape.database),
        sources=sources,
        http=_http(shape.http, absolute, reveal, book),
        polling=_polling(shape.polling, book),
        smtp=_smtp(shape.smtp, reveal, book),
        web=_web(shape.web, reveal, book),
        subscriptions=tuple(_subscription(one, ("digest", index), book) for index, one in enumerate(shape.digest)),
        recipients=tuple(_recipient(one, ("recipient", index), reveal, book) for index, one in enumerate(shape.recipient)),
        operators=tuple(shape.operators),
        rules=absolute(shape.rules) if shape.rules else None,
        templates=absolute(shape.templates) if shape.templates else None,
        log_format=shape.log.format,
        log_level=shape.log.level,
    )


def _http(shape: HttpShape, absolute: Callable[[str], str], reveal: Reveal, book: Book) -> Http:
    for host in shape.no_proxy:
        if re.search(r"[\s/:*@]", host) or not host.strip("."):
            book.say(
                ("http", "no_proxy"), f'http.no_proxy: found "{host}"; it names hosts, such as "corp.example", and all below them'
            )
    for host in shape.allow_private:
        if wrong := addresses.wrong_pair(host):
            book.say(("http", "allow_private"), f'http.allow_private: found "{host}"; {wrong}')
    given = shape.model_dump(exclude={"proxy"})
    return Http(
        **{
            **given,
            "allow_private": tuple(shape.allow_private),
            "no_proxy": tuple(shape.no_proxy),
            "ca_file": absolute(shape.ca_file) if shape.ca_file else None,
        },
        proxy=_proxy(shape.proxy, reveal, book) if shape.proxy else None,
    )


def _proxy(value: Hidden, reveal: Reveal, book: Book) -> Proxy:
    """One that is kept elsewhere and is not to be had stays named: nothing may be asked past it."""
    text = hidden(value, ("http", "proxy"), reveal, book).reveal()
    if not text:
        return Proxy(url="")
    try:
        url, login = addresses.proxy(text)
    except ValueError as error:
        book.say(("http", "proxy"), f"http.proxy: {error}")
        return Proxy(url="")
    return Proxy(url=url, login=Secret(login) if login else None)


def _polling(shape: PollingShape, book: Book) -> Polling:
    if shape.min_interval > shape.max_interval:
        book.say(
            ("polling", "min_interval"), f"min_interval {shape.min_interval} is longer than max_interval {shape.max_interval}"
        )
    return Polling(
        min_interval=shape.min_interval,
        max_interval=shape.max_interval,
        budget=shape.budget,
        tick=shape.tick,
        lease=shape.lease,
        alert_window=round(shape.alert_window_hours * 3600),
        failing_notice=round(shape.failing_notice_hours * 3600),
        budget_per_host=shape.budget_per_host,
    )


def _smtp(shape: SmtpShape, reveal: Reveal, book: Book) -> Smtp:
    default_port = {"starttls": 587, "tls": 465, "none": 25}[shape.security]
    if wrong := addresses.wrong_mailbox(shape.sender):
        book.say(("smtp", "sender"), f"smtp.sender: found {shape.sender!r}; {wrong}")
    if not shape.host.strip():
        book.say(("smtp", "host"), "smtp.host: found ''; it is the name of a mail server")
    password = hidden(shape.password, ("smtp", "password"), reveal, book) if shape.password is not None else None
    return Smtp(
        host=shape.host,
        port=shape.port or default_port,
        security=shape.security,
        username=shape.username,
        password=password,
        sender=shape.sender,
        timeout=shape.timeout,
        verify=shape.verify,
    )


def _web(shape: WebShape, reveal: Reveal, book: Book) -> Web:
    token = hidden(shape.token_hash, ("web", "token_hash"), reveal, book) if shape.token_hash is not None else None
    return Web(host=shape.host, port=shape.port, base_url=shape.base_url, token_hash=token, proxy=shape.proxy)


def _recipient(shape: RecipientShape, path: Path, reveal: Reveal, book: Book) -> Recipient:
    given = [(channel, value) for channel in Channel if (value := getattr(shape, channel.value)) is not None]
    if len(given) != 1:
        names = ", ".join(channel.value for channel in Channel)
        book.say(path, f'recipient "{shape.id}" has {len(given)} channels; give exactly one of {names}')
        given = [(Channel.EMAIL, "nobody@invalid")]
    check_zone(shape.timezone, (*path, "timezone"), book)
    channel, value = given[0]
    address = hidden(value, (*path, channel.value), reveal, book)
    secrets = tuple(hidden(one, (*path, "secrets"), reveal, book) for one in shape.secrets)
    if address or value == "":  # one that is kept elsewhere and is not to be had is empty, and told already
        _check(channel.value, wrong_recipient(channel, address.reveal()), path, book)
    for secret in secrets if channel is Channel.WEBHOOK else ():
        _check("secrets", addresses.wrong_key(secret.reveal()) if secret else None, path, book)
    return Recipient(
        id=shape.id,
        channel=channel,
        address=address,
        secrets=secrets,
        allow_private=shape.allow_private,
        lang=shape.lang,
        timezone=shape.timezone,
        headers=_headers(shape.headers, path, reveal, book),
    )


def wrong_recipient(channel: Channel, text: str) -> str | None:
    """What is wrong with the address of a recipient on that channel, or None; it is not quoted, as it may be a secret."""
    if channel is Channel.EMAIL:
        return addresses.wrong_mailbox(text)
    if channel is not Channel.APPRISE:
        return addresses.wrong_address(text)
    if "://" not in text:
        return "this is no address of Apprise's; one is written scheme://..., as its wiki says for each service"
    return None


_BEGINNINGS = {  # of the addresses of each channel, in the order in which they are tried
    Channel.SLACK: "https://hooks.slack.com/",
    Channel.DISCORD: "https://discord.com/api/webhooks/",
    Channel.WEBHOOK: "http",
}


def somebody(address: str) -> Recipient:
    """A recipient that no file has, by an address alone: a mail address, an https URL, or one of Apprise's. Raises Unclear."""
    scheme, separator, _ = address.partition("://")
    if not separator and "@" not in address:
        raise Unclear(f"{address}: neither a mail address nor a URL")
    if not separator:
        channel = Channel.EMAIL
    elif scheme not in {"http", "https"}:
        channel = Channel.APPRISE
    else:
        channel = next(channel for channel, start in _BEGINNINGS.items() if address.startswith(start))
    if wrong := wrong_recipient(channel, address):
        raise Unclear(f"{redact(address)}: {wrong}")
    return Recipient(id="sample", channel=channel, address=Secret(address))


def _check(key: str, wrong: str | None, path: Path, book: Book) -> None:
    """Note what is wrong with a value that may be a secret, and so is not quoted."""
    if wrong:
        book.say((*path, key), f"{key}: {wrong}")


def _subscription(shape: DigestShape, path: Path, book: Book) -> Subscription:
    check_zone(shape.timezone, (*path, "timezone"), book)
    subscription = Subscription(
        id=shape.id,
        title=shape.title or f"aiwatch: {shape.id}",
        schedule=shape.schedule,
        timezone=shape.timezone,
        filter=Filter(
            vendors=tuple(shape.vendors),
            modalities=tuple(Modality(one) for one in shape.modalities),
            stages=tuple(Stage(one) for one in shape.stages),
            langs=tuple(shape.langs),
            sources=tuple(shape.sources),
            tiers=tuple(Tier(one) for one in shape.tiers),
            min_score=shape.min_score,
        ),
        recipients=tuple(shape.recipients),
        lang=shape.lang,
        send_empty=shape.send_empty,
        rumors=shape.rumors,
        near_misses=shape.near_misses,
        quiet=QuietHours(start=shape.quiet.start, end=shape.quiet.end) if shape.quiet else None,
        limit=shape.limit,
    )
    _check_schedule(subscription, path, book)
    return subscription


def check_zone(name: str | None, path: Path, book: Book) -> None:
    """Note a name that is no IANA time zone."""
    if name is None:
        return
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        book.say(path, f'timezone: found "{name}"; allowed are IANA names such as "Asia/Seoul", "Europe/Berlin" or "UTC"')


def _check_schedule(subscription: Subscription, path: Path, book: Book) -> None:
    try:
        slots.next_slot(replace(subscription, timezone="UTC"), datetime(2024, 1, 1, tzinfo=UTC))
    except ValueError as error:
        book.say((*path, "schedule"), f'schedule: found "{subscription.schedule}"; {error}')


def check_references(config: Config, book: Book) -> None:
    """Ids that one table uses and another defines."""
    recipients = {one.id for one in config.recipients}
    sources = {one.id for one in config.sources}
    for index, subscription in enumerate(config.subscriptions):
        _check_known(subscription.recipients, recipients, ("digest", index, "recipients"), "recipient", book)
        _check_known(subscription.filter.sources, sources, ("digest", index, "sources"), "source", book)
    _check_known(config.operators, recipients, ("operators",), "recipient", book)
    for kind, table in (("digest", config.subscriptions), ("recipient", config.recipients)):
        ids = [one.id for one in table]
        for index, one in enumerate(ids):
            if one in ids[:index]:
                book.say((kind, index, "id"), f'id "{one}" is used by two {kind}s')


def _check_known(names: Sequence[str], known: set[str], path: Path, what: str, book: Book) -> None:
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f'did you mean "{close[0]}"?' if close else f"known: {', '.join(sorted(known)[:10]) or 'none'}"
            book.say(path, f'there is no {what} "{name}"; {hint}')
