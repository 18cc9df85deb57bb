"""``aiwatch digest``: look at a digest before it goes out, send one now, see when the next ones come."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from aiwatch import app, issuing, publish
from aiwatch.cli import asked, output
from aiwatch.config.assembly import somebody
from aiwatch.digest import mail, payload, standalone
from aiwatch.digest.render import Message
from aiwatch.errors import Busy, Unclear
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import Receipt, Verdict
from aiwatch.notify import Sender
from aiwatch.ports import Store
from aiwatch.settings import Channel, Config, Recipient, Subscription
from aiwatch.store.connection import absent
from aiwatch.store.lock import DaemonLock, sending


@click.group("digest")
def command() -> None:
    """Preview, send, and see when the next one comes."""


@command.command("preview")
@click.argument("name")
@click.option("--since", help="Everything found since then (7d, 2024-02-15), told or not, instead of what waits to be told.")
@click.option(
    "--to", "recipient_id", metavar="RECIPIENT", help="As that recipient would get it; the digest's first one by default."
)
@click.option("--lang", type=click.Choice(["en", "ko"]), help="In this language.")
@click.option("--html", "as_html", is_flag=True, help="The HTML of the mail.")
@click.option("--open", "in_browser", is_flag=True, help="The HTML of the mail in a browser.")
@click.option("--json", "as_json", is_flag=True, help="The JSON that a webhook would get.")
@click.pass_obj
def preview(  # noqa: PLR0913, PLR0917 - a command takes its options one by one
    obj: dict[str, str | None],
    name: str,
    since: str | None,
    recipient_id: str | None,
    lang: str | None,
    as_html: bool,
    in_browser: bool,
    as_json: bool,
) -> None:
    """What digest NAME would say if it came now. Nothing is sent and nothing is claimed."""
    config = asked.reading(obj)
    asked.subscription(config, name)
    with app.looking_store(config) as store:
        made = _made(_round(store, config), name, since)
    recipient = _reader(config, made.subscription, recipient_id)
    if lang:
        recipient = replace(recipient, lang=lang)
    if as_json:
        click.echo(encoded(payload.payload(made.edition, made.subscription, recipient), indent=2))
    elif as_html or in_browser:
        _show_html(made.rendered(_as_mail(recipient))[0], in_browser=in_browser)
    elif recipient.channel is Channel.EMAIL or recipient_id is None:
        (message,) = made.rendered(_as_mail(recipient))
        click.echo(f"{message.subject}\n\n{message.body['text']}", nl=False)
    else:
        for message in made.rendered(recipient):
            click.echo(message.body.get("text") or _indented(message.body["content"]))
    if not made.edition.watch.polled:
        output.note(f"Nothing has been polled yet; {_first_poll(config)}.")
    elif made.empty and not since:
        output.note(f"Nothing waits to be told. `aiwatch digest preview {name} --since 7d` shows what a week would have held.")


@command.command("send", short_help="Send a digest now, or a sample of it to somebody else.")
@click.argument("name")
@click.option(
    "--to", "addresses", multiple=True, metavar="ADDRESS", help="A mail address or URL; may be given again. Claims nothing."
)
@click.option("--since", help="With --to: everything found since then, told or not.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent, and to whom.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each that is sent.")
@click.pass_obj
def send(
    obj: dict[str, str | None], name: str, addresses: tuple[str, ...], since: str | None, dry_run: bool, as_json: bool
) -> None:
    """Send digest NAME now: to its recipients, claiming what waits, or with --to as a sample to somebody else."""
    if since and not addresses:
        raise click.UsageError("--since tells again what was told; that goes with --to only")
    config = asked.configuration(obj)
    asked.subscription(config, name)
    with app.looking_store(config) if dry_run else app.existing_store(config) as store:
        round_ = _round(store, config)
        made = _made(round_, name, since)
        if made.empty and not (addresses or made.subscription.send_empty):
            click.echo(f"digest {name}: nothing waits to be told; nothing {'would be' if dry_run else 'was'} sent", err=as_json)
            return
        recipients = [_somebody(address) for address in addresses] or _reached(store, made)
        if dry_run:
            for recipient in recipients:
                for message in made.rendered(recipient):
                    _say("would send to", recipient, {"subject": message.subject}, as_json=as_json)
            return
        if addresses:
            failed = asyncio.run(_send_samples(made, recipients, as_json=as_json))
        else:
            with _undisturbed(config.database):
                failed = asyncio.run(_issue(round_, made, as_json=as_json))
    if failed:
        raise SystemExit(1)


@command.command("next", short_help="When digests come, and what waits for them.")
@click.argument("names", nargs=-1)
@click.option("--count", type=click.IntRange(1, 100), default=3, show_default=True, help="Coming times of each digest.")
@output.options
@click.pass_obj
def coming(obj: dict[str, str | None], names: tuple[str, ...], count: int, form: str | None) -> None:
    """When digests come, in their own time zones, and what waits for them.

    Before there is a database nothing waits, and their times are those that they will have.
    """
    config = asked.reading(obj)
    now = app.now()
    chosen = [asked.subscription(config, name) for name in names] or list(config.subscriptions)
    there = app.has_database(config)
    with app.looking_store(config) if there else nullcontext() as store:
        lines = [issuing.coming(store, one, now, count) for one in chosen]
    output.show(
        output.Sheet(
            columns=("digest", "comes", "timezone", "waiting", "schedule", "note"),
            rows=[row for line in lines for row in _times(line)],
            objects=[jsonable(one) for one in lines],
            empty="no digest is configured; `aiwatch init` shows how one looks",
            right=frozenset({"waiting"}),
            fluid=frozenset({"note"}),
            spare=("schedule",),
        ),
        form,
    )
    if lines and not there:
        output.note(str(absent(config.database)))


@command.command("templates", short_help="Write the shipped templates and wordings, to be changed.")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def templates(directory: Path) -> None:
    """Write the shipped templates and wordings into DIRECTORY, to be changed there; what is there already stays."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in mail.shipped().items():
        file = directory / name
        if file.exists():
            click.echo(f"{file}: is there already", err=True)
            continue
        file.write_text(text, "utf-8")
        click.echo(str(file))
    click.echo(f'Now set: templates = "{directory}" in aiwatch.toml. Delete the files that you leave as they are.')


# --- making ---------------------------------------------------------------------------------------------------------------------


def _round(store: Store, config: Config) -> publish.Round:
    return publish.Round(store=store, config=config, now=app.now(), templates=app.templates(config), muted=store.muted())


def _made(round_: publish.Round, name: str, since: str | None) -> issuing.Made:
    """The edition of digest ``name`` as it would be now: what waits to be told, or everything found since a time."""
    start = asked.time(since, round_.now) if since else None
    with app.open_library(round_.config) as library:
        return issuing.make(round_, library, asked.subscription(round_.config, name), start)


def _reader(config: Config, subscription: Subscription, recipient_id: str | None) -> Recipient:
    if recipient_id is None:
        return next(iter(_own(config, subscription)), _somebody("you@example.com"))
    return asked.recipient(config, recipient_id)


def _own(config: Config, subscription: Subscription) -> list[Recipient]:
    return [found for name in dict.fromkeys(subscription.recipients) if (found := config.recipient(name)) is not None]


def _as_mail(recipient: Recipient) -> Recipient:
    return recipient if recipient.channel is Channel.EMAIL else replace(recipient, channel=Channel.EMAIL)


def _somebody(address: str) -> Recipient:
    """A recipient for an address given on the command line. Raises UsageError."""
    try:
        return somebody(address)  # before a dry run too, which says what a real one would do
    except Unclear as error:
        raise click.UsageError(f"--to {error}") from error


def _reached(store: Store, made: issuing.Made) -> Sequence[Recipient]:
    """The digest's recipients that are written to; who is not is said. Raises ClickException where that is everybody."""
    reached, stopped = publish.recipients_of(made.config, store.muted(), made.subscription)
    for name, why in stopped.items():
        output.note(f"{name} is sent nothing: {why}")
    if not reached:
        raise click.ClickException(
            f"digest {made.subscription.id}: nobody is left to send it to; nothing was sent, and what waits goes on waiting"
        )
    return reached


# --- sending --------------------------------------------------------------------------------------------------------------------


async def _send_samples(made: issuing.Made, recipients: Sequence[Recipient], *, as_json: bool) -> int:
    """Send straight away, past the outbox; how many failed."""
    async with Sender(made.config.smtp, made.config.http) as sender:
        return await issuing.samples(sender, made, recipients, app.now(), partial(_report, as_json=as_json))


@contextmanager
def _undisturbed(database: str) -> Iterator[None]:
    """Under the daemon's lock, where it is free.

    A daemon, or a pass from cron, that began now would take what is being sent for a dead process's, and send it again. So would one that
    takes the place of the one at work.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(DaemonLock(database))
        except Busy:
            stack.enter_context(sending(database))
        yield


async def _issue(round_: publish.Round, made: issuing.Made, *, as_json: bool) -> int:
    """Publish what waits as an edition of its own and send it; how many deliveries did not arrive. The rest is the outbox's."""
    async with Sender(made.config.smtp, made.config.http) as sender:
        with app.open_library(made.config) as library:
            issued = await issuing.issue(round_, library, sender, made, app.now, partial(_report, as_json=as_json))
    if issued is None:
        click.echo("this edition was published by somebody else meanwhile", err=as_json)
        return 0
    if issued.waiting:
        click.echo(
            f"{issued.waiting} of {issued.deliveries} deliveries did not arrive yet; `aiwatch deliveries list` shows what becomes of them",
            err=as_json,
        )
    return issued.waiting


def _report(recipient: Recipient, receipt: Receipt, *, as_json: bool) -> None:
    sent = receipt.verdict is Verdict.SENT
    told = {"verdict": receipt.verdict.value, "answer": receipt.answer}
    _say("sent to" if sent else "NOT sent to", recipient, told, as_json=as_json, err=not sent)


def _say(what: str, recipient: Recipient, told: dict[str, str], *, as_json: bool, err: bool = False) -> None:
    """What happened to one recipient; the last of ``told`` is what a person wants to know of it."""
    if as_json:
        click.echo(encoded({"recipient": recipient.id, "channel": recipient.channel.value, **told}))
    else:
        click.echo(f"{what} {recipient.id} ({recipient.channel.value}): {[*told.values()][-1]}", err=err)


# --- showing --------------------------------------------------------------------------------------------------------------------


def _show_html(message: Message, *, in_browser: bool) -> None:
    page = standalone.document(message.body) or ""
    if not in_browser:
        click.echo(page)
        return
    with tempfile.NamedTemporaryFile("w", prefix="aiwatch-", suffix=".html", delete=False, encoding="utf-8") as file:
        file.write(page.replace("<head>", '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'))
    click.echo(file.name)
    click.launch(Path(file.name).as_uri())


def _first_poll(config: Config) -> str:
    """When the first poll comes: whatever was never polled is due."""
    if not any(source.enabled for source in config.sources):
        return "no source is enabled, `aiwatch sources add URL` adds one"
    if DaemonLock.holder(config.database) is not None:
        return "the first poll is under way"
    return "the first poll comes as soon as `aiwatch run` or `aiwatch once` is started"


def _indented(content: str) -> str:
    return encoded(json.loads(content), indent=2)


def _times(line: issuing.Coming) -> Iterator[tuple[output.Cell, ...]]:
    """A row for each coming time, on the digest's own clock; one that says why where none is known."""
    zone, quiet = ZoneInfo(line.timezone), line.quiet_until
    comes: list[tuple[datetime | None, str]] = [(slot.astimezone(zone), "") for slot in line.next]
    if not comes and line.immediate:
        comes = [(quiet.astimezone(zone), "quiet until then")] if quiet else [(None, "at once, as soon as something is found")]
    elif not comes:
        comes = [(None, "never: this schedule names no day that comes")]
    for at, note in comes:
        yield line.digest, at, line.timezone, line.waiting, line.schedule, note
