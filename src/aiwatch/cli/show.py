"""``aiwatch show``: one story, with its steps, who told it and when, why it was one, and to whom it went."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click
from rich.console import Console
from rich.text import Text

from aiwatch.cli import asked, output
from aiwatch.cli.output import counted, harmless, span, told
from aiwatch.views import Member, StepView, StoryView


@click.command("show")
@click.argument("reference", metavar="ID|NAME", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The whole story as one JSON object.")
@click.pass_obj
def command(obj: dict[str, str | None], reference: tuple[str, ...], as_json: bool) -> None:
    """Show one story, by its id (an announcement's or an item's will do, or six first digits of one) or by the model's name."""
    asked_for = " ".join(reference)
    with asked.library(obj) as library:
        found, close = library.called(asked_for)
    if close:
        raise click.ClickException(f"no story is called {asked_for!r}; close to it: {', '.join(close)}")
    if found is None:
        raise click.ClickException(f"there is no story {asked_for!r}; `aiwatch list` and `aiwatch search` show ids and names")
    if as_json:
        output.show_one(found)
        return
    console = Console(soft_wrap=True, highlight=False, file=sys.stdout)
    for line in lines(found):
        console.print(line)


def lines(shown: StoryView) -> list[Text]:
    """Return a story as lines for a terminal or a pipe."""
    story = shown.story
    made = [
        Text.assemble((harmless(story.name), "bold"), f"  {harmless(story.vendor or 'vendor unknown')}, {story.modality.value}"),
        Text(f"story {story.id}: {counted(len(shown.members), 'item')} of {counted(shown.outlets, 'outlet')}, {_langs(shown)}"),
        Text(f"reported {told(story.first_seen)} to {told(max([story.last_seen, *(one.seen_at for one in shown.members)]))} UTC"),
    ]
    if not shown.steps:
        made += [
            Text(),
            Text("nothing of it stands any more: by a person's word its items are no news, or belong to another story"),
        ]
    for step in shown.steps:
        made += [Text(), *_step(step)]
    made += [Text(), Text("items", style="bold")]
    made += [_member(member) for member in shown.members]
    for item_id, detection in shown.detections.items():
        made += [Text(), Text(f"why {item_id}: score {detection.score:g} of {detection.threshold:g} needed", style="bold")]
        for one in sorted(detection.evidence, key=lambda one: -one.weight):
            made.append(
                Text(f"  {one.weight:+g}  {one.rule}: {harmless(one.matched)!r} in {one.field}  {harmless(one.why)}".rstrip())
            )
    none = (
        "no delivery carried it yet"
        if shown.steps
        else "what it told before stands with its items: `aiwatch explain` says who got it"
    )
    made += [Text(), Text("deliveries", style="bold")] if shown.deliveries else [Text(), Text(none)]
    for sent in shown.deliveries:
        when = told(sent.sent_at or sent.next_try_at or sent.created_at)
        made.append(Text(f"  {when}  {sent.state.value:8} {harmless(sent.recipient_id)}  {harmless(sent.subject)}"))
    return made


def _langs(shown: StoryView) -> str:
    return ", ".join(f"{lang or 'language unknown'} {count}" for lang, count in shown.langs) or "no items"


def _step(shown: StepView) -> list[Text]:
    step = shown.step
    how = "told" if step.told else "not told"
    if shown.announcement and shown.announcement.silent:
        how = f"not told: {shown.announcement.silent}"
    made = [
        Text.assemble(
            (step.stage.value.replace("_", " "), "bold"), f"  {_dated(step.first_seen, shown.dated)}  ({harmless(how)})"
        )
    ]
    if shown.first:
        made.append(Text(f"  first: {harmless(shown.first.source_name)}: {harmless(shown.first.title)}"))
        made.append(Text(f"  {harmless(shown.first.url or '')}"))
    if shown.primary and shown.first and shown.primary.item_id != shown.first.item_id:
        behind = shown.primary.seen_at - shown.first.seen_at
        how = "earlier" if behind < timedelta() else "later"  # its poll was written behind the other's
        made.append(Text(f"  vendor: {harmless(shown.primary.source_name)}, {span(abs(behind))} {how}"))
    if shown.quote:
        made.append(Text(f"  “{harmless(shown.quote)}”", style="italic"))
    return made


def _dated(at: datetime, own: bool) -> str:
    """A time with the word for what it is: a report's own date, or when it was found."""
    return f"{told(at)} {'published' if own else 'found'}"


def _member(member: Member) -> Text:
    lag = f"+{span(member.lag)}" if member.lag else "first"
    who = f"{harmless(member.source_name)}: {harmless(member.title)}{'  (mention)' if member.role == 'mention' else ''}"
    return Text(f"  {_dated(member.seen_at, member.dated):26}  {lag:8} {member.lang or '--':3} {who}  {member.item_id}")
