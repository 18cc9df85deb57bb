"""``aiwatch deliveries``: what was sent to whom, what was not and why; send again or give up."""

from __future__ import annotations

from collections.abc import Sequence

import click

from aiwatch import app, settling
from aiwatch.cli import asked, output
from aiwatch.cli.output import counted, flat
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import DeliveryState
from aiwatch.settings import Config
from aiwatch.settling import FAILED, Settled
from aiwatch.stories.story import titled
from aiwatch.views import DeliveryLine, DeliveryView

LATE = (DeliveryState.READY, DeliveryState.SENDING)


@click.group("deliveries")
def command() -> None:
    """What was sent to whom; send again, or give up."""


@command.command("list")
@click.option("--failed", is_flag=True, help="Only what was refused or given up, and what is being tried again after a failure.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([one.value for one in DeliveryState]), help="Only in this state."
)
@click.option("--digest", "digest_id", help="Only of this digest.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@output.options
@click.pass_obj
def listed(
    obj: dict[str, str | None], failed: bool, states: tuple[str, ...], digest_id: str | None, limit: int, form: str | None
) -> None:
    """List deliveries, newest first."""
    wanted = tuple(DeliveryState(one) for one in states) or ((*FAILED, *LATE) if failed else ())
    with asked.library(obj) as library:
        found = library.deliveries(wanted, limit=limit, digest_id=digest_id)
    if failed:
        found = [one for one in found if one.state in FAILED or one.attempts]
    output.show(sheet(found), form)


def sheet(found: Sequence[DeliveryLine]) -> output.Sheet:
    """Deliveries as a list to show; ``answer`` is what the recipient's side said last."""
    return output.Sheet(
        columns=("id", "composed", "state", "digest", "recipient", "tries", "next try", "subject", "answer"),
        rows=[
            (
                one.id,
                one.created_at,
                one.state,
                one.digest_id,
                one.recipient_id,
                one.attempts,
                one.next_try_at if one.state in LATE and one.attempts else None,
                one.subject,
                one.receipt if one.state is DeliveryState.SENT else one.last_answer,
            )
            for one in found
        ],
        objects=found,
        empty="no delivery matches",
        right=frozenset({"tries"}),
        fluid=frozenset({"subject", "answer"}),
        spare=("tries", "next try", "composed", "digest"),
    )


@command.command("show")
@click.argument("delivery_id")
@click.option("--body", is_flag=True, help="Also what was sent, as text.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the body.")
@click.pass_obj
def show(obj: dict[str, str | None], delivery_id: str, body: bool, as_json: bool) -> None:
    """One delivery with all its tries. DELIVERY_ID may be the beginning of an id."""
    config = asked.reading(obj)
    with app.open_library(config) as library:
        found = settling.one(library, delivery_id)
    if as_json:
        values = jsonable(found)
        values["delivery"]["body"] = jsonable(dict(found.delivery.body))
        click.echo(encoded(values))
        return
    click.echo(_told(found))
    if body:
        click.echo("\n" + str(found.delivery.body.get("text") or found.delivery.body.get("content") or ""))


@command.command("resend", short_help="Send again, from the first try on.")
@click.argument("delivery_ids", nargs=-1)
@click.option("--failed", is_flag=True, help="Everything that was refused or given up.")
@click.option("--recipient", "recipient_id", help="With --failed: only to this recipient.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent again.")
@click.option("--json", "as_json", is_flag=True, help="What became of each, as one JSON list.")
@click.pass_obj
def resend(
    obj: dict[str, str | None],
    delivery_ids: tuple[str, ...],
    failed: bool,
    recipient_id: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send again, from the first try on; the daemon, or the next `aiwatch once`, does it. An address that said "gone" is believed again."""
    config = asked.configuration(obj)
    chosen = _chosen(config, delivery_ids, failed=failed, recipient_id=recipient_id, again=True)
    if dry_run:
        _tell([Settled(id=one.id, said=f"would send again: {_line(one)}") for one in chosen], as_json=as_json, dry_run=True)
        return
    with app.open_store(config) as store:
        settled = settling.resend(store, config, chosen, app.now())
    _tell(settled, as_json=as_json)


@command.command("drop")
@click.argument("delivery_ids", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@click.option("--json", "as_json", is_flag=True, help="What became of each, as one JSON list.")
@click.pass_obj
def drop(obj: dict[str, str | None], delivery_ids: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Give up on deliveries. They stay in the list, as dropped; one that was sent stays sent, and the exit status is 1."""
    config = asked.reading(obj)
    chosen = _chosen(config, delivery_ids)
    if dry_run:
        would = [settling.refusal(one) or Settled(id=one.id, said=f"would drop: {_line(one)}") for one in chosen]
        _tell(would, as_json=as_json, dry_run=True)
        return
    with app.open_store(config) as store:
        settled = settling.drop(store, chosen, app.now())
    _tell(settled, as_json=as_json)


def _chosen(
    config: Config, ids: tuple[str, ...], *, failed: bool = False, recipient_id: str | None = None, again: bool = False
) -> list[DeliveryLine]:
    """The deliveries to be settled; ``again``: only such as have a text. Says so where there is none."""
    if not ids and not failed:
        raise click.UsageError("name deliveries, or say --failed")
    with app.open_library(config) as library:
        chosen = settling.chosen(library, ids, failed=failed, recipient_id=recipient_id, again=again)
    if not chosen:
        click.echo("no delivery was refused or given up" + (f" to {recipient_id}" if recipient_id else ""), err=True)
    return chosen


def _tell(settled: Sequence[Settled], *, as_json: bool, dry_run: bool = False) -> None:
    """A line each, or one JSON list; exits with 1 where one was refused. A ``dry_run`` says of each what would be done, and to what."""
    if as_json:
        output.show_one(settled)
    for one in () if as_json else settled:
        click.echo(flat(one.said if dry_run and not one.refused else f"{one.id}: {one.said}"), err=one.refused)
    if any(one.refused for one in settled):
        raise SystemExit(1)


def _line(one: DeliveryLine) -> str:
    when = f"{one.created_at:%Y-%m-%d %H:%M}"
    said = f"{one.id}  {when}  {one.state.value:<7}  {one.digest_id} -> {one.recipient_id}  {one.subject}"
    if one.state in LATE and one.attempts:
        said += f"  ({counted(one.attempts, 'try', 'tries')}, next {one.next_try_at:%Y-%m-%d %H:%M}: {one.last_answer})"
    elif one.state is not DeliveryState.SENT and one.last_answer:
        said += f"  ({one.last_answer})"
    return said


def _told(found: DeliveryView) -> str:
    one = found.delivery
    lines = [
        f"delivery    {one.id}",
        f"digest      {one.digest_id}, edition {one.edition_id}",
        f"recipient   {one.recipient_id}",
        f"subject     {one.subject}",
        f"state       {one.state.value}, {counted(one.attempts, 'try', 'tries')}",
        f"composed    {one.created_at:%Y-%m-%d %H:%M:%S} UTC",
    ]
    if one.sent_at:
        lines.append(f"sent        {one.sent_at:%Y-%m-%d %H:%M:%S} UTC: {one.receipt}")
    if one.next_try_at:
        lines.append(f"next try    {one.next_try_at:%Y-%m-%d %H:%M:%S} UTC")
    lines += [
        f"try         {attempt.at:%Y-%m-%d %H:%M:%S} UTC  {attempt.verdict}  {attempt.answer}" for attempt in found.attempts
    ]
    lines += [f"tells       {titled(told.vendor, told.name)}: {told.stage.value}" for told in found.announcements]
    return "\n".join(flat(line) for line in lines)
