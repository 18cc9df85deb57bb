"""``aiwatch notify``: whether a recipient can be reached, and who is not written to any more."""

from __future__ import annotations

import asyncio

import click

from aiwatch import app
from aiwatch.cli import asked, output
from aiwatch.cli.output import flat
from aiwatch.digest import trial
from aiwatch.jsonable import encoded
from aiwatch.model import Delivery, Receipt, Verdict, ident
from aiwatch.notify import Sender
from aiwatch.settings import Config, Recipient


@click.group("notify")
def command() -> None:
    """Whether recipients can be reached, and who is not written to any more."""


@command.command("test", short_help="Send a test message and say what came of it.")
@click.argument("names", nargs=-1)
@click.option("--all", "everybody", is_flag=True, help="Every configured recipient.")
@click.option("--dry-run", is_flag=True, help="Only show what would be sent.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each recipient.")
@click.pass_obj
def test(obj: dict[str, str | None], names: tuple[str, ...], everybody: bool, dry_run: bool, as_json: bool) -> None:
    """Send a test message to the recipients NAMES and say what came of it. Exit 1 if one was not reached."""
    config = asked.configuration(obj)
    recipients = list(config.recipients) if everybody else [asked.recipient(config, name) for name in names]
    if not recipients:
        raise click.UsageError("name recipients, or say --all")
    deliveries = [(_delivery(config, recipient), recipient) for recipient in recipients]
    if dry_run:
        for delivery, recipient in deliveries:
            text = delivery.body.get("text") or delivery.body.get("content")
            if as_json:
                told = {"recipient": recipient.id, "channel": recipient.channel.value, "subject": delivery.subject, "text": text}
                click.echo(encoded(told))
                continue
            click.echo(f"would send to {recipient.id} ({recipient.channel.value}): {delivery.subject}\n{text}")
        return
    results = asyncio.run(_send(config, deliveries))
    for recipient, receipt in results:
        reached = receipt.verdict is Verdict.SENT
        if reached:
            _believe_again(config, recipient)
        if as_json:
            told = {
                "recipient": recipient.id,
                "channel": recipient.channel.value,
                "verdict": receipt.verdict.value,
                "answer": receipt.answer,
            }
            click.echo(encoded(told))
        else:
            click.echo(
                flat(f"{'reached' if reached else 'NOT reached'}  {recipient.id} ({recipient.channel.value}): {receipt.answer}")
            )
    if any(receipt.verdict is not Verdict.SENT for _, receipt in results):
        raise SystemExit(1)


@command.command("muted", short_help="Who unsubscribed, or whose address is gone.")
@output.options
@click.pass_obj
def muted(obj: dict[str, str | None], form: str | None) -> None:
    """List who is not written to any more: who unsubscribed, and whose address is gone."""
    with asked.library(obj) as library:
        stopped = library.muted()
    output.show(
        output.Sheet(
            columns=("recipient", "digest", "why"),
            rows=[(_whose(who), digest or "all", why) for (who, digest), why in stopped.items()],
            empty="everybody is written to",
            fluid=frozenset({"why"}),
        ),
        form,
    )


@command.command("resume", short_help="Write again to somebody who unsubscribed.")
@click.argument("name")
@click.option("--digest", "digest_id", help="Only this digest; default: whatever it was.")
@click.pass_obj
def resume(obj: dict[str, str | None], name: str, digest_id: str | None) -> None:
    """Write to recipient NAME again, who unsubscribed or whose address was gone. What was told meanwhile is not told again."""
    config = asked.reading(obj)
    asked.recipient(config, name)
    with app.existing_store(config) as store:
        again = [(who, digest) for who, digest in store.muted() if _whose(who) == name and digest_id in {None, digest}]
        for who, digest in again:
            store.unmute(who, digest)
    if not again:
        raise click.ClickException(f"{name} had not been stopped; `aiwatch notify muted` lists who is")
    click.echo(f"{name} is written to again: {', '.join(sorted(digest or 'all digests' for _, digest in again))}")


def _whose(who: str) -> str:
    """The recipient's name: where the address itself is gone, a fingerprint of it stands behind."""
    return who.partition("#")[0]


def _delivery(config: Config, recipient: Recipient) -> Delivery:
    now = app.now()
    digest = next((one for one in config.subscriptions if recipient.id in one.recipients), None)
    lang, zone = (digest.lang, digest.timezone) if digest else ("en", "UTC")
    message = trial.message(recipient, now, lang, zone, app.templates(config))
    return Delivery(
        id=ident(trial.DIGEST, recipient.id, now.isoformat()),
        edition_id=trial.DIGEST,
        digest_id=trial.DIGEST,
        recipient_id=recipient.id,
        subject=message.subject,
        body=message.body,
        created_at=now,
    )


async def _send(config: Config, deliveries: list[tuple[Delivery, Recipient]]) -> list[tuple[Recipient, Receipt]]:
    async with Sender(config.smtp, config.http) as sender:
        return [(recipient, await sender(delivery, recipient)) for delivery, recipient in deliveries]


def _believe_again(config: Config, recipient: Recipient) -> None:
    """An address that once said "gone" and takes messages again gets its digests again."""
    if app.has_database(config):
        with app.open_store(config) as store:
            store.unmute(recipient.address_key, None)
