"""What a person sees of a run: colours and tables on a terminal, one plain line a fact in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.status import Status
from rich.table import Table
from rich.text import Text

from aiwatch.demo import refusal, workspace
from aiwatch.demo.articles import Expect, World
from aiwatch.demo.formats import plain
from aiwatch.demo.ledger import Ledger, Published
from aiwatch.demo.play import Diary
from aiwatch.demo.sinks import Hook, Mail
from aiwatch.demo.verdict import Check
from aiwatch.demo.workspace import Workspace
from aiwatch.model import Announcement, Detection, Notice, Source, Stage, Tier
from aiwatch.views import StoryView

COLOURS = {Stage.RUMORED: "magenta", Stage.PREVIEW: "yellow", Stage.ANNOUNCED: "cyan"}


class Screen:
    """Shows a run on ``console``; an ``Audience`` of ``play``, and the closing tables."""

    def __init__(self, console: Console, world: World, program: str = "aiwatch") -> None:
        self._console, self._world, self._program = console, world, program
        self._names = {one.id: one.name for one in world.outlets}
        self._status: Status | None = None
        self._items = self._found = 0  # of the diary, up to the last evening

    def __enter__(self) -> Self:
        self._opening()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._status is not None:
            self._status.stop()

    # --- while it runs --------------------------------------------------------------------------------------------------

    def _opening(self) -> None:
        """What is about to happen."""
        outlets = self._world.outlets
        self._say("[bold]aiwatch demo[/]: 13 to 22 February 2024, through the real pipeline on a simulated clock (all times UTC)")
        self._say(f"{len(outlets)} sources on loopback; the texts are this project's own, the facts and dates are real:")
        self._table(("source", "format", "language", "quirk"), [(one.name, one.format, one.lang, one.quirk) for one in outlets])
        if self._console.is_terminal:
            self._status = self._console.status("starting")
            self._status.start()

    def day(self, now: datetime) -> None:
        """A day begins."""
        title = f"{now:%A} {now.day} {now:%B %Y}"
        if self._console.is_terminal:
            self._console.print(Rule(f"[bold]{title}[/]", align="left"))
        else:
            self._say(f"== {title} ==")

    def evening(self, diary: Diary) -> None:
        """A day has ended: how much was read for what was told."""
        items, told = diary.items - self._items, _news(diary) - self._found
        self._items, self._found = diary.items, _news(diary)
        news = "none of them news" if told == 0 else f"{told} of them news"
        self._say(f"       {items} articles came in, {news}", style="dim")

    def tick(self, now: datetime, diary: Diary) -> None:
        """A pass has ended."""
        if self._status is not None:
            polls, told = sum(diary.polls.values()), _news(diary)
            self._status.update(
                f"{now:%d %b %H:%M}  {polls} polls, {diary.items} items, {told} announcements, {len(diary.mails)} mails"
            )

    def baseline(self, diary: Diary) -> None:
        """Every source was polled for the first time."""
        known = ", ".join(sorted({one.name for one in diary.silent}, key=str.casefold)) or "none"
        self._line(f"first poll of every source, a baseline: {diary.items} articles stored, told to nobody", "")
        known = f"known from now on: {known}"
        if self._console.is_terminal:
            self._console.print(Padding(Text(known, style="dim"), (0, 0, 0, 7)))
        else:
            self._say(f"       {escape(known)}")
        self._items, self._found = diary.items, _news(diary)

    def found(self, announcement: Announcement, source: Source) -> None:
        """A model was announced."""
        colour = COLOURS.get(announcement.stage, "green")
        word = "rumour" if announcement.stage is Stage.RUMORED else announcement.stage.value.replace("_", " ")
        vendor = announcement.vendor or "unknown"
        name = announcement.name.removeprefix(f"{vendor} ")
        self._line(
            f"[{colour}]{word}[/]: {escape(vendor)} [bold]{escape(name)}[/] ({announcement.modality.value})", "", announcement.at
        )
        whose = " (the vendor itself)" if source.tier is Tier.PRIMARY else ""
        self._say(f"       first: {escape(source.name)}{whose}{_delay(announcement)}", style="dim")
        self._say(f"       {escape(plain(announcement.title))}", style="dim")

    def notice(self, notice: Notice) -> None:
        """A condition of the service began or ended."""
        self._line(f"[{'red' if notice.open else 'green'}]service[/]: {escape(notice.text)}", "", notice.at)

    def moved(self, source: Source, url: str, now: datetime) -> None:
        """A source's permanent redirect was confirmed and is in use."""
        self._line(f"[blue]moved[/]: {escape(source.name)} is polled at its new address", escape(url), now)

    def mail(self, mail: Mail) -> None:
        """A mail arrived."""
        self._line(f"[blue]mail[/] to {mail.to}", escape(mail.subject), mail.at)

    def hook(self, hook: Hook) -> None:
        """A webhook call arrived."""
        told = hook.payload.get("announcements", []) + hook.payload.get("stage_changes", [])
        self._line("[blue]webhook[/] to the news desk", escape(", ".join(one["name"] for one in told)), hook.at)

    # --- at the end ---------------------------------------------------------------------------------------------------------

    def closing(self, ledger: Ledger, diary: Diary, checks: Sequence[Check], place: Workspace, seconds: float) -> None:
        """The digest, the stories, what was not told and why, the verdict, and what to try next."""
        if self._status is not None:
            self._status.stop()
        self._digest(diary)
        self._stories(ledger)
        self._joined(ledger)
        self._refused(ledger)
        self._figures(diary, ledger, seconds)
        self._verdict(checks)
        self._next(place, ledger)

    def _digest(self, diary: Diary) -> None:
        mails = [one for one in diary.mails if one.to == workspace.READER and "Sora" in one.text]
        if not mails:
            return
        mail = mails[0]
        self._heading(f"A digest as it arrived: {mail.to}, {mail.at:%d %B %H:%M}, with a text and an HTML part")
        if self._console.is_terminal:
            self._console.print(Panel(Text(mail.text.strip()), title=escape(mail.subject), title_align="left"))
        else:
            self._say(f"Subject: {escape(mail.subject)}\n\n{escape(mail.text.strip())}")

    def _stories(self, ledger: Ledger) -> None:
        self._heading("Stories: each step told once, however many outlets repeat it")
        rows = []
        for one in (*ledger.told, *ledger.rumours):
            view = ledger.stories[one.story_id]
            langs = " ".join(f"{lang or '?'} {count}" for lang, count in view.langs)
            rows.append(
                (
                    f"{one.at:%d %b %H:%M}",
                    one.name,
                    one.vendor or "",
                    one.modality.value,
                    one.stage.value,
                    self._names.get(one.source_id, one.source_id),
                    _lead(view, one),
                    f"{len(view.members)} ({langs})",
                )
            )
        self._table(
            ("found", "model", "vendor", "modality", "stage", "first source", "ahead of the next outlet", "articles"), rows
        )

    def _joined(self, ledger: Ledger) -> None:
        self._heading("Known from before, and joined silently")
        rows = []
        for known in self._world.known:
            later = [plain(one.article.title) for one in ledger.joined(known.name)]
            rows.append((known.name, known.vendor, str(len(later)), "; ".join(later[:2])))
        self._table(("model", "vendor", "later articles", "such as"), rows)

    def _refused(self, ledger: Ledger) -> None:
        silent = [one for one in ledger.published if one.article.expect is Expect.SILENT and one.items]
        self._heading(f"Deliberately not announced: {len(silent)} articles, and the rule that said no")
        judged = [(one, one.detection) for one in silent if one.detection]
        named = [(one, judge) for one, judge in judged if judge.models or judge.evidence or judge.near]
        rows = [
            (self._names[one.article.source], _short(plain(one.article.title), 60), one.article.why, refusal.of(detection))
            for one, detection in _one_a_reason(named)
        ]
        self._table(("source", "title", "what it is", "the rule"), rows)
        self._say(f"  and {len(silent) - len(rows)} more of the same kinds, or without any word of a model", style="dim")

    def _figures(self, diary: Diary, ledger: Ledger, seconds: float) -> None:
        self._heading("In figures")
        polls = ", ".join(f"{count} {outcome}" for outcome, count in diary.polls.most_common())
        told = f"{len(ledger.told)} announcements told, {len(ledger.rumours)} rumour kept apart"
        self._say(f"{sum(diary.polls.values())} polls ({polls}), {diary.items} items, {diary.revised} edited; {told};")
        arrived = f"{len(diary.mails)} mails and {len(diary.hooks)} webhook calls arrived"
        again = f"{diary.put_off} were put off by the receiver and sent again, {len(diary.twice)} arrived twice"
        self._say(f"{arrived}; {again}. Ten days in {seconds:.0f} seconds.")

    def _verdict(self, checks: Sequence[Check]) -> None:
        failed = [one for one in checks if not one.met]
        self._heading(f"Verdict: {len(checks) - len(failed)} of {len(checks)} expectations met")
        for one in failed:
            self._say(f"[red]did not happen[/]: {escape(one.claim)}: {escape(one.found)}")

    def checks(self, checks: Sequence[Check]) -> None:
        """Every expectation, met or not."""
        self._heading("Expectations")
        for one in checks:
            self._say(f"  {'[green]met[/]' if one.met else '[red]not met[/]'}  {escape(one.claim)}")

    def _next(self, place: Workspace, ledger: Ledger) -> None:
        self._heading(f"Try next, on the database left at {_relative(place)}/{place.database.name}")
        call = f"{self._program} -c {_relative(place)}/{place.configuration.name}"
        self._say(f"  {call} list")
        self._say(f"  {call} show Sora")
        shell = next(
            (one.items[0].url for one in ledger.published if "뿔소라" in one.article.title and one.items), "소라게 키우기"
        )
        self._say(f"  {call} explain '{shell}'")
        self._say(f"  {call} names list")
        self._say(f"  {call} serve")

    # --- how it is put on the console -----------------------------------------------------------------------------------------

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(text, style=style, highlight=False, soft_wrap=not self._console.is_terminal)

    def _line(self, what: str, detail: str, at: datetime | None = None) -> None:
        clock = f"{at:%H:%M}" if at else "     "
        self._say(f"{clock}  {what}{f'  [dim]{detail}[/]' if detail else ''}")

    def _heading(self, title: str) -> None:
        self._say("")
        if self._console.is_terminal:
            self._console.print(Rule(f"[bold]{escape(title)}[/]", align="left", style="bold"))
        else:
            self._say(f"== {escape(title)} ==")

    def _table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if not self._console.is_terminal:
            for row in rows:
                self._say("  " + escape(" | ".join(row)))
            return
        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self._console.print(table)


def _news(diary: Diary) -> int:
    """Announcements so far, rumours left out."""
    return sum(one.stage is not Stage.RUMORED for one in diary.found)


def _delay(announcement: Announcement) -> str:
    """How long after its publication it was found, where the source gives a time."""
    if announcement.published is None:
        return ""
    if announcement.published.time() == time():  # a day without a time
        return ", dated that day" if announcement.published.date() == announcement.at.date() else ""
    return f", {_span(announcement.at - announcement.published)} after publication"


def _lead(view: StoryView, announcement: Announcement) -> str:
    """How far the first source was ahead of the next outlet that joined."""
    others = [one.seen_at for one in view.members if one.source_id != announcement.source_id and one.seen_at >= announcement.at]
    return _span(min(others) - announcement.at) if others else "nobody else"


def _span(span: timedelta) -> str:
    """A length of time in words: ``25 min``, ``3 h 10 min``, ``2 d 4 h``."""
    minutes = max(0, round(span.total_seconds() / 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def _one_a_reason(judged: Sequence[tuple[Published, Detection]]) -> list[tuple[Published, Detection]]:
    """One article of each reason and language, so that the table stays readable."""
    chosen: dict[tuple[str, str], tuple[Published, Detection]] = {}
    for one, detection in judged:
        chosen.setdefault((one.article.why, one.lang), (one, detection))
    return list(chosen.values())


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _relative(place: Workspace) -> str:
    """The workspace's directory as one would type it."""
    directory = place.directory.resolve()
    return str(directory.relative_to(Path.cwd())) if directory.is_relative_to(Path.cwd()) else str(directory)
