"""``aiwatch explain``: why an item is, or is not, an announcement, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

import click
from rich.console import Console
from rich.text import Text as Line

from aiwatch import app
from aiwatch.addresses import wrong_address, wrong_language
from aiwatch.cli import asked, given, hints
from aiwatch.cli.output import flat
from aiwatch.config.shapes import IN_WORDS, LANGUAGE
from aiwatch.explaining import Archive, NoArchive, of_text, of_trace, traced
from aiwatch.explanation import Explanation, Span, Text
from aiwatch.headline import PRESS
from aiwatch.jsonable import encoded, jsonable
from aiwatch.model import Evidence
from aiwatch.settings import Config
from aiwatch.stories.story import titled
from aiwatch.urls import host_of
from aiwatch.views import Label

SHOWN = 1000  # characters of a field; detection reads the lead alone
_URL = re.compile(r"https?://\S*", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{6,16}")


def _language(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A language's code as sources give it."""
    if value is not None and (wrong := IN_WORDS[LANGUAGE] if not re.fullmatch(LANGUAGE, value) else wrong_language(value)):
        raise click.BadParameter(f"{value!r}: {wrong}")
    return value


@click.command("explain")
@click.argument("what", nargs=-1, required=True)
@click.option("--source", "source_id", help="Judge a text as if this source had brought it.")
@click.option("--lang", callback=_language, help="The text's language, such as ko.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as one JSON object.")
@click.pass_obj
def command(obj: dict[str, str | None], what: tuple[str, ...], source_id: str | None, lang: str | None, as_json: bool) -> None:
    """Why WHAT is an announcement or not, and who was told.

    WHAT is the address or the id of an item, or any text (its first line is the title; - reads it from standard input).
    """
    config = asked.reading(obj)
    rules = app.load_rules(config)
    text = _given(what)
    (source,) = asked.sources(config, [source_id]) if source_id else [PRESS]
    with _archive(config) as archive:
        trace = traced(archive, text.strip())
        if trace is not None:
            if source_id or lang:
                raise click.UsageError(
                    f"--source and --lang say how a text is judged; {text.strip()} is an item that {trace.source_id} brought"
                )
            answer = of_trace(archive, config, rules, trace)
        else:
            _refuse_what_is_no_text(config, text)
            answer = of_text(archive, rules, text, app.now(), source=source, lang=lang)
    if as_json:
        click.echo(encoded(jsonable(answer), indent=2))
    else:
        show(answer, Console(soft_wrap=True, highlight=False))


def _given(what: Sequence[str]) -> str:
    """The text that was typed, or that of standard input. Raises UsageError, ConfigError for bytes that are no UTF-8."""
    if what == ("-",):
        return given.text("-")
    text = " ".join(what)
    if not text.isascii() and text.encode("utf-8", "replace").decode() != text:  # such bytes come as lone surrogates
        raise click.UsageError("WHAT is no text in UTF-8")
    return text


def _archive(config: Config) -> AbstractContextManager[Archive]:
    """The database for reading, or nothing where there is none yet."""
    return app.open_library(config) if app.has_database(config) else nullcontext(NoArchive())


def _refuse_what_is_no_text(config: Config, text: str) -> None:
    """An address or an id that is not in the archive gets an answer that says so, not a judgement of its letters."""
    reference = text.strip()
    if not reference:
        raise click.UsageError("WHAT is empty: give an address, an id, or a text")
    if _URL.fullmatch(reference) and (wrong := wrong_address(reference)):
        raise click.UsageError(f"{reference}: {wrong}")
    if _URL.fullmatch(reference) or _ID.fullmatch(reference):
        app.need_database(config)
    if _URL.fullmatch(reference):
        host = host_of(reference).removeprefix("www.")
        near = [one.id for one in config.sources if host_of(one.url).removeprefix("www.") == host]
        watched = f"polled there: {', '.join(near)}; none of their polls brought it" if near else f"no source polls {host}"
        raise click.ClickException(
            f"{reference} is in no poll's items; {watched}. Give its headline as text to see what the rules say of it."
        )
    if _ID.fullmatch(reference):
        with app.open_library(config) as library:
            if story := hints.of_story(library, reference):
                raise click.ClickException(story)
        raise click.ClickException(f"no item has the id {reference}; `aiwatch search` finds items by their words")


# --- how it reads -------------------------------------------------------------------------------------------------------------


def show(answer: Explanation, console: Console) -> None:
    """The answer as lines: marked spans in colour on a terminal, in brackets in a pipe."""
    for field, read in _texts(answer, brackets=not console.is_terminal):
        console.print(_row(field, read))
    style = "bold green" if answer.announcement and not answer.overruled else "bold yellow"
    console.print(_row("verdict", _said(answer.verdict, style)))
    for line in _models(answer):
        console.print(_row("model", _said(line)))
    for number, one in enumerate(answer.fired, 1):
        console.print(_row("fired", evidence(one, number)))
    for one in answer.near:
        console.print(_row("nearly", _said(f"    {one.rule}" + (f" {one.matched!r}" if one.matched else "") + f": {one.why}")))
    since = ("the rules have changed since it was judged; today they would say:", *answer.since) if answer.since else ()
    for name, lines in (("story", answer.story), ("told", answer.told), ("note", (*answer.notes, *since))):
        for line in lines:
            console.print(_row(name, _said(line)))
    for label in answer.labels:
        console.print(_row("label", _said(f"{spoken(label)} ({label.at:%Y-%m-%d}) {label.note}".rstrip())))
    for name, value in (("item", answer.item_id), ("url", answer.url)):
        if value:
            console.print(_row(name, _said(value)))


def _texts(answer: Explanation, *, brackets: bool) -> Iterator[tuple[str, Line]]:
    """Each field with its spans and, where a name stands in it, as patterns see it."""
    for text in answer.texts:
        yield text.field, marked(text, brackets=brackets)
        if text.masked not in ("", text.text):
            yield "read as", _said(text.masked)


def _models(answer: Explanation) -> Iterator[str]:
    """The models it is of, and whose the model is where none is named."""
    for model in answer.models:
        known = "in the lexicon" if model.known else "a name no rule knew"
        yield f"{model.name} · {model.vendor or 'vendor unknown'} · {model.modality.value} · {known}"
    if answer.maker:
        yield f"none is named · {answer.maker}"


def spoken(label: Label) -> str:
    """A judgement in words: ``yes, released, of Acme Zephyros 4, apart``."""
    names = [titled(one.vendor, one.name) for one in label.models]
    parts = ["yes" if label.announcement else "no", label.stage.value if label.stage else ""]
    parts += [f"of {' and '.join(names)}" if names else "", "apart" if label.apart else ""]
    return ", ".join(part for part in parts if part)


def _row(name: str, line: Line) -> Line:
    return Line.assemble((f"{name:<8}", "dim"), line)


def _said(text: str, style: str = "") -> Line:
    return Line(flat(text), style)


def evidence(one: Evidence, number: int) -> Line:
    """One rule that fired: its number in the text, weight, id, where, and why it is there."""
    weight = Line(f"{one.weight:+.2f}", "green" if one.weight > 0 else "red")
    where = f" {one.rule}  {one.field} {one.start}:{one.end} {one.matched!r}" if one.matched else f" {one.rule}"
    return Line.assemble(f"{number:>2}  ", weight, where, (f"  {one.why}" if one.why else "", "dim"))


def marked(text: Text, *, brackets: bool) -> Line:
    """A field with its spans: ``[releases [Sora|1]|2]`` in a pipe, coloured with the numbers behind it on a terminal."""
    line = Line()
    last = max((span.end for span in text.spans), default=0)
    end = max(min(len(text.text), SHOWN), last)
    _mark(line, text.text, (0, end), text.spans, brackets=brackets)
    return line.append(" …") if end < len(text.text) else line


def _mark(line: Line, text: str, limits: tuple[int, int], found: Sequence[Span], *, brackets: bool, style: str = "") -> None:
    """Write ``text`` between the limits with the spans in it, and theirs in them."""
    at, end = limits
    for span in found:
        line.append(flat(text[at : span.start]), style)
        deeper = "bold reverse" if style else "bold underline"
        line.append("[" if brackets else "")
        _mark(line, text, (span.start, span.end), span.inside, brackets=brackets, style=deeper)
        if brackets:
            line.append(f"|{','.join(map(str, span.numbers))}]", "dim")
        elif not (style and span.end == end):  # the longer span around it says its numbers where both end
            line.append(",".join(map(str, span.closing)), "dim")
        at = span.end
    line.append(flat(text[at:end]), style)
