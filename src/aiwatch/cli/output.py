"""How lists leave the commands: a table for people, JSON, lines of JSON, CSV and Markdown for what comes next.

Text from outside is made harmless for where it goes: no control characters to a terminal, no formulas into a spreadsheet, no markup into
Markdown. JSON is left as it is; its own escapes do that.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TypeAlias, TypeVar

import click
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aiwatch.jsonable import STEERING, encoded, jsonable
from aiwatch.views import Marked, plain

Cell: TypeAlias = str | int | float | datetime | date | timedelta | Enum | Marked | None
F = TypeVar("F", bound=Callable[..., Any])

FORMS = {
    "json": "One JSON list.",
    "nl": "One JSON object a line.",
    "csv": "CSV, with what a spreadsheet would take for a formula made text.",
    "markdown": "A Markdown table.",
}
_CONTROL = re.compile(f"{STEERING}+")
_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠|%\t\r]")
_MARKUP = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A list to show. ``objects`` is what JSON gives, one a row; without it each row is an object of its columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    objects: Sequence[Any] | None = None
    empty: str = "nothing found"
    right: frozenset[str] = field(default_factory=frozenset)  # columns of numbers
    fluid: frozenset[str] = field(default_factory=frozenset)  # columns of long text, which a terminal may fold
    spare: Sequence[str] = ()  # columns a narrow terminal may leave out, the first of them first


def options(command: F) -> F:
    """Give a command ``--json``, ``--nl``, ``--csv`` and ``--markdown``; it gets one of these words, or None, as ``form``."""
    for form, told in reversed(FORMS.items()):
        command = click.option(f"--{form}", "form", flag_value=form, help=told)(command)
    return command


def show(sheet: Sheet, form: str | None) -> None:
    """Write a list to standard output in the form asked for."""
    if form == "json":
        click.echo(encoded(jsonable(_objects(sheet)), indent=2))
    elif form == "nl":
        for one in _objects(sheet):
            click.echo(encoded(jsonable(one)))
    elif form == "csv":
        click.echo(as_csv(sheet), nl=False)
    elif form == "markdown":
        click.echo(as_markdown(sheet), nl=False)
    elif not sheet.rows:
        click.echo(sheet.empty, err=True)
    elif sys.stdout.isatty():
        console = Console()
        console.print(rich_table(sheet, console.width))
    else:
        click.echo(as_plain(sheet), nl=False)


def show_one(value: object) -> None:
    """Write one value as JSON."""
    click.echo(encoded(jsonable(value), indent=2))


def note(text: str) -> None:
    """Say something beside the list: on standard error, so that a pipe gets the list alone."""
    click.echo(harmless(text), err=True)


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 story``, ``1,234 stories``; without ``many`` the word takes an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def harmless(text: str) -> str:
    """Return one line of text that does nothing to a terminal."""
    return _CONTROL.sub(" ", text)


def flat(text: str) -> str:
    """Other people's words in one line, without what could steer a terminal; as many letters as before, so that spans fit."""
    return re.sub(rf"\s|{STEERING}", " ", text)


def _objects(sheet: Sheet) -> list[Any]:
    if sheet.objects is not None:
        return list(sheet.objects)
    return [
        dict(zip(sheet.columns, (plain(cell) if isinstance(cell, tuple) else cell for cell in row), strict=True))
        for row in sheet.rows
    ]


def told(cell: Cell) -> str:
    """Return a cell as people read it: times to the minute in UTC, spans in their largest units."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return plain(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, timedelta):
        return span(cell)
    if isinstance(cell, Enum):
        return str(cell.value)
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units, rounded as pages and digests do: ``2d 3h``, ``-47m``, ``12s``."""
    left = round(abs(length.total_seconds()))
    for least, to in ((3600, 60), (86400, 3600)):
        left = round(left / to) * to if left >= least else left
    parts: list[str] = []
    for unit, seconds in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, left = divmod(left, seconds)
        if count or (unit == "s" and not parts):
            parts.append(f"{count}{unit}")
    return ("-" if length < timedelta() else "") + " ".join(parts[:2])


def _headings(sheet: Sheet) -> list[str]:
    """The columns' names as people read them; where every time of one is UTC, that is said."""
    times = [[row[at] for row in sheet.rows if isinstance(row[at], datetime)] for at in range(len(sheet.columns))]
    plainly = [bool(column) and all(_is_utc(one) for one in column) for column in times]
    return [f"{name} UTC" if utc else name for name, utc in zip(sheet.columns, plainly, strict=True)]


def _is_utc(cell: Cell) -> bool:
    return isinstance(cell, datetime) and cell.tzname() == "UTC"


# --- the forms --------------------------------------------------------------------------------------------------------------


def as_plain(sheet: Sheet) -> str:
    """Return aligned columns, nothing cut; a Korean letter counts as the two cells it takes."""
    rows = [_headings(sheet), *([harmless(told(cell)) for cell in row] for row in sheet.rows)]
    widths = [max(cell_len(row[at]) for row in rows) for at in range(len(sheet.columns))]
    lines = []
    for row in rows:
        cells = [
            f"{' ' * (width - cell_len(text))}{text}" if name in sheet.right else f"{text}{' ' * (width - cell_len(text))}"
            for name, text, width in zip(sheet.columns, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "".join(f"{line}\n" for line in lines)


FOLDED = 28  # cells that a column of long text wants at least
SQUEEZED = 12  # cells that it can live with
GAP = 2  # cells between two columns, beside the line


def rich_table(sheet: Sheet, width: int) -> Table:
    """Return a table for a terminal of ``width`` cells: long text is folded, and what may be spared left out until it fits.

    Where it does not fit even then, every column may fold: nothing is cut without a word.
    """
    shown = list(sheet.columns)
    for name in sheet.spare:
        if _needed(sheet, shown) <= width:
            break
        shown.remove(name)
    fits = _needed(sheet, shown, SQUEEZED) <= width
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, heading in zip(sheet.columns, _headings(sheet), strict=True):
        if name not in shown:
            continue
        table.add_column(
            heading, justify="right" if name in sheet.right else "left", overflow="fold", no_wrap=fits and name not in sheet.fluid
        )
    for row in sheet.rows:
        table.add_row(*(rich_text(cell) for name, cell in zip(sheet.columns, row, strict=True) if name in shown))
    return table


def _needed(sheet: Sheet, shown: Sequence[str], folded: int = FOLDED) -> int:
    widths = []
    for at, (name, heading) in enumerate(zip(sheet.columns, _headings(sheet), strict=True)):
        if name in shown:
            natural = max([cell_len(heading), *(cell_len(harmless(told(row[at]))) for row in sheet.rows)])
            widths.append(min(natural, folded) if name in sheet.fluid else natural)
    return sum(widths) + (GAP + 1) * (len(widths) - 1)


def rich_text(cell: Cell) -> Text:
    """Return a cell for a terminal: never read as markup, its marks in bold."""
    if isinstance(cell, tuple):
        return Text.assemble(*((harmless(piece), "bold") if marked else harmless(piece) for piece, marked in cell))
    return Text(harmless(told(cell)))


def as_csv(sheet: Sheet) -> str:
    """Return CSV (RFC 4180); times are ISO, numbers numbers, and text that begins like a formula gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([_csv(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def _csv(cell: Cell) -> str | int | float:
    if isinstance(cell, (int, float)) and not isinstance(cell, Enum):
        return cell
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    text = told(cell).replace("\x00", "").encode("utf-8", "replace").decode()
    return f"'{text}" if _FORMULA.match(text) else text


def as_markdown(sheet: Sheet) -> str:
    """Return a Markdown table in which every cell is text."""
    rows = [[_MARKUP.sub(r"\\\1", harmless(told(cell))) for cell in row] for row in sheet.rows]
    lines = [_headings(sheet), ["--:" if name in sheet.right else "---" for name in sheet.columns], *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)
