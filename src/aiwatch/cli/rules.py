"""``aiwatch rules``: are the rules sound, which are there, what are they made of, and do their examples hold."""

from __future__ import annotations

import sys

import click

from aiwatch import app, rules
from aiwatch.cli import asked
from aiwatch.cli.given import text
from aiwatch.cli.output import Sheet, note, options, show, show_one
from aiwatch.detect.examples import Broken, broken
from aiwatch.rules import RuleSet
from aiwatch.rules.builtin import BUILT_IN

AFTERWARDS = (
    "A running service takes your rules up when it starts next. Stories that are there stay as they were judged, also where a word for "
    "a kind ([variant_kinds]) would part them: `aiwatch rejudge` has them follow, `aiwatch replay` shows what it changes."
)


@click.group("rules")
def command() -> None:
    """Detection rules: check them, list them, test their examples."""


def _load(obj: dict[str, str | None], file: str | None) -> RuleSet:
    """The configured rules, or the shipped ones with FILE on top; all patterns are tried, those that ship too."""
    if file is not None:
        return rules.load(text(file), file)
    config = asked.reading(obj)
    return app.load_rules(config) if config.rules else rules.load("")


@command.command("check", short_help="Are the rules sound? Mistakes are named with file and line.")
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@click.pass_obj
def check(obj: dict[str, str | None], file: str | None, as_json: bool) -> None:
    """Are the rules sound (of FILE, or as configured)? Each mistake is named with file, line and rule; exit 2 where there is one.

    What of your own file is no mistake and yet hardly meant so is named too, on standard error.
    """
    found = _load(obj, file)
    bare = [rule.id for rule in found.rules if not rule.why_ko]
    figures = {"rules": len(found.rules), "families": len(found.data.families), "vendors": len(found.data.vendors)}
    if as_json:
        show_one({**figures, "digest": found.digest, "doubts": list(found.data.doubts), "without_why_ko": bare})
    else:
        for doubt in found.data.doubts:
            click.echo(doubt, err=True)
        click.echo(f"{', '.join(f'{number} {what}' for what, number in figures.items())}: sound. Digest {found.digest}")
        if found.digest != rules.load().digest:
            note(AFTERWARDS)
        if bare:
            note(f"without a why_ko, so that Korean pages show their why: {', '.join(bare)}")


@command.command("test", short_help="Does every rule do what its examples say?")
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="The figures, and each example that does not hold, as one JSON object.")
@click.pass_obj
def test(obj: dict[str, str | None], file: str | None, as_json: bool) -> None:
    """Does every rule fire on its 'match' examples and stay silent on its 'reject' ones? Exit 1 where one does not."""
    found = _load(obj, file)
    wrong: list[Broken] = broken(found)
    examples = sum(len(rule.match) + len(rule.reject) for rule in found.rules)
    if as_json:
        told = [
            {"rule": one.rule.id, "where": str(one.rule.place), "said": one.said, "example": one.example, "masked": one.masked}
            for one in wrong
        ]
        show_one({"examples": examples, "rules": len(found.rules), "wrong": told})
    else:
        for one in wrong:
            click.echo(f"{one.rule.place}: rule '{one.rule.id}' {one.said}: {one.example}  (read as: {one.masked})")
        click.echo(f"{examples} examples of {len(found.rules)} rules: {len(wrong)} wrong")
    if wrong:
        sys.exit(1)


@command.command("list", short_help="The rules and the engine's own evidence, with reasons.")
@click.argument("words", nargs=-1)
@options
@click.pass_obj
def list_(obj: dict[str, str | None], words: tuple[str, ...], form: str | None) -> None:
    """The rules and the engine's own evidence, with weights and reasons; with WORDS only those whose id or reason has all of them."""
    loaded = _load(obj, None)
    own = [(name, loaded.weight(name), "", None, "", why, "the engine") for name, why in BUILT_IN.items()]
    off = [
        (name, None, "", None, "", f"turned off: {why}" if why else "turned off", where) for name, why, where in loaded.data.off
    ]
    rows = [*own, *((r.id, r.weight, r.field, r.stage, r.group, r.why, r.place) for r in loaded.rules), *off]
    show(
        Sheet(
            columns=("rule", "weight", "field", "stage", "group", "why", "where"),
            rows=[row for row in rows if all(word.lower() in f"{row[0]} {row[5]}".lower() for word in words)],
            right=frozenset({"weight"}),
            fluid=frozenset({"why"}),
            spare=("group", "stage", "where", "field"),
            empty="no rule has these words in its id or reason",
        ),
        form,
    )


@command.command("macros", short_help="What patterns may write in braces, and what it stands for.")
@click.argument("words", nargs=-1)
@options
@click.pass_obj
def macros(obj: dict[str, str | None], words: tuple[str, ...], form: str | None) -> None:
    """What the pattern of a rule may write in braces ({launch}), and any of what it stands for; with WORDS only those with all of them."""
    rows = [(macro.name, macro.why, " | ".join(macro.any)) for macro in _load(obj, None).data.macros.values()]
    show(
        Sheet(
            columns=("macro", "stands for", "any of"),
            rows=[row for row in rows if all(word.lower() in f"{row[0]} {row[1]}".lower() for word in words)],
            fluid=frozenset({"any of"}),
            empty="no macro has these words in its name or meaning",
        ),
        form,
    )
