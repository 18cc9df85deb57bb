"""``aiwatch rejudge``: items judged again by today's rules, and the stories that they are in with them."""

from __future__ import annotations

import click

from aiwatch import app, mending
from aiwatch.cli import asked
from aiwatch.cli.mending import records, refusals, report
from aiwatch.cli.output import counted
from aiwatch.effects import followed


@click.command("rejudge")
@click.argument("refs", metavar="ITEM|STORY...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="What became of them as one JSON object.")
@click.pass_obj
def command(obj: dict[str, str | None], refs: tuple[str, ...], as_json: bool) -> None:
    """Judge an item (id or address), or all items of a story (id), by today's rules, and let what was told follow.

    For what a change of rules.toml should mend of the past: rules by themselves are for what comes. What was told is not told again;
    what is found now goes into the digests that want it, where it is of the last month.
    """
    config = asked.reading(obj)
    with refusals(), records(config) as kept:
        judged, made = mending.rejudged(kept, app.load_rules(config), refs)
    judged_again = f"{counted(len(judged.detections), 'item')} judged again" + ("" if made.stories else ": nothing changes")
    done = {"judged": [one.item_id for one in judged.detections]}
    report(done, [judged_again], followed(made), as_json=as_json)
