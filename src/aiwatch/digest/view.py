"""``Edition`` -> what a reader sees, as plain values for templates and chat messages: cleaned, worded, in the reader's zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from aiwatch.digest import safe, select, slots
from aiwatch.digest.catalogue import Catalogue
from aiwatch.digest.compose import OPERATIONS
from aiwatch.digest.nearly import reason
from aiwatch.model import Coverage, Edition, Entry, Modality, NearMiss, Notice, Stage, Tier, places
from aiwatch.settings import Recipient, Subscription

ALSO = 6  # outlets named for one entry; the others are counted
REASON, REASONS = 360, 400  # characters of one reason for a near miss, and of all that are given
_PAIR = {"en": "ko", "ko": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Words with the address behind them. ``lang`` is the language's name; ``code`` its subtag."""

    text: str
    url: str | None
    lang: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One announcement as it is read."""

    number: int
    id: str
    story_id: str
    name: str
    vendor: str
    stage: str  # in words
    stage_id: str
    modality: str
    headline: Link
    pair: Link | None  # the headline in the other of English and Korean
    quote: str
    quote_source: str  # whose words they are, where they are not those of whoever has the headline
    source: str
    source_line: str  # "OpenAI's own word" or "Read at ..."
    also: tuple[Link, ...]
    also_more: str
    seen: str  # who had it first and when, and the lead
    was: str  # earlier steps
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Entries under one heading."""

    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An edition in the reader's words. ``brief`` are entries beyond the digest's limit: a line each."""

    title: str
    subject: str
    window: str
    summary: str
    late: str
    sections: tuple[Section, ...]
    brief: Section | None
    near: tuple[tuple[Link, str], ...]
    near_title: str
    notices: tuple[str, ...]
    coverage: tuple[str, ...]
    next: str
    more: str
    zone: str
    why: str
    page: str | None  # where all of it can be seen
    lang: str

    @property
    def lines(self) -> tuple[Line, ...]:
        """All entries in full, in the order of their numbers."""
        return tuple(line for section in self.sections for line in section.lines)


def view(
    edition: Edition, subscription: Subscription, recipient: Recipient, words: Catalogue, base_url: str | None = None
) -> View:
    """The edition for one reader."""
    alert = slots.is_immediate(subscription)
    told = select.effective(subscription).stages or select.DEFAULT_STAGES
    full, brief = edition.entries[: subscription.limit], edition.entries[subscription.limit :]
    changed = [entry for entry in full if select.earlier_steps(entry, told)] if not alert else []
    first = [entry for entry in full if entry not in changed]
    known = [entry for entry in first if entry.announcement.stage in select.CHANGES]
    fresh = [entry for entry in first if entry not in known]
    parts = (("news", fresh), ("known", known), ("steps", changed), ("rumors", list(edition.rumors[: subscription.limit])))
    sections = _sections(parts, words)
    number = 1 + sum(len(section.lines) for section in sections)
    rest = [*brief, *edition.rumors[subscription.limit :]]
    lines = tuple(_line(entry, number + index, words) for index, entry in enumerate(rest))
    named = [one for one in edition.unshown if one.stage not in (None, Stage.RUMORED)]
    title, news = safe.clean(edition.title), len(first) + len(brief) + edition.more + len(named)
    return View(
        title=title,
        subject=_subject(edition, sections, title, words, alert=alert),
        window=_window(edition, words, alert=alert),
        summary="" if _is_single(edition, alert=alert) else _summary(news, len(changed), len(edition.rumors), words),
        late=_late(edition, words, alert=alert),
        sections=tuple(sections),
        brief=Section(id="lines", title=words.say("section.lines"), lines=lines) if lines else None,
        near=tuple(_near(miss, words) for miss in edition.near),
        near_title=words.say("section.near"),
        notices=tuple(_notice(notice, words) for notice in edition.notices),
        coverage=() if alert else _coverage(edition, words),
        next="" if edition.next_at is None else words.say("tail.next", when=words.at(edition.next_at)),
        more=_more(edition, words),
        zone=words.say("head.zone", zone=words.zone.key),
        why=words.say(f"tail.{_why(edition)}", recipient=recipient.id, digest=edition.digest_id),
        page=f"{base_url.rstrip('/')}/" if base_url else None,
        lang=words.lang,
    )


def _sections(parts: Iterable[tuple[str, Sequence[Entry]]], words: Catalogue) -> list[Section]:
    """A section for each part that holds something, its lines numbered on from one to the next."""
    sections: list[Section] = []
    number = 1
    for key, entries in parts:
        if entries:
            lines = tuple(_line(entry, number + index, words) for index, entry in enumerate(entries))
            sections.append(Section(id=key, title=words.say(f"section.{key}"), lines=lines))
            number += len(lines)
    return sections


def _line(entry: Entry, number: int, words: Catalogue) -> Line:
    announcement = entry.announcement
    lead = vendor_word(entry)
    title, url, lang = (lead.title, lead.url, lead.lang) if lead else (announcement.title, announcement.url, announcement.lang)
    vendor = safe.clean(announcement.vendor, 80)
    source = safe.clean(_source_name(entry, lead), 80) or announcement.source_id
    own_word = announcement.tier is Tier.PRIMARY or lead is not None
    opens = (
        words.say("entry.vendor_open", vendor=vendor) if own_word and vendor else words.say("entry.source_open", source=source)
    )
    also = _also(entry, lead.source_id if lead else announcement.source_id, words)
    quote, quote_source = _quote(entry, lead, title)
    return Line(
        number=number,
        id=announcement.id,
        story_id=announcement.story_id,
        name=safe.clean(announcement.name, 120) or safe.clean(announcement.title, 120) or announcement.source_id,
        vendor=vendor,
        stage=words.stage(announcement.stage),
        stage_id=announcement.stage.value,
        modality="" if announcement.modality is Modality.OTHER else words.modality(announcement.modality),
        headline=Link(
            text=safe.clean(title) or safe.clean(announcement.name) or announcement.source_id,
            url=safe.link(url),
            lang=words.language(lang),
        ),
        pair=_pair(entry, lang, words),
        quote=quote,
        quote_source=quote_source,
        source=source,
        source_line=opens,
        also=also[:ALSO],
        also_more=words.say("entry.also_more", n=len(also) - ALSO) if len(also) > ALSO else "",
        seen=_seen(entry, words),
        was=_was(entry, words),
        at=announcement.at,
    )


def vendor_word(entry: Entry) -> Coverage | None:
    """The vendor's own report among the coverage, the earliest of them."""
    own = [one for one in entry.coverage if one.tier is Tier.PRIMARY]
    same = [one for one in own if one.source_id == entry.announcement.source_id]
    return min(same or own, key=lambda one: one.seen_at, default=None)


def _more(edition: Edition, words: Catalogue) -> str:
    """What is told of without being shown: what is beyond the limit, and what could not be laid out."""
    said = [words.say("tail.more", n=edition.more)] if edition.more else []
    if edition.unshown:
        names = words.names([f"{one.name} ({one.item_id})" for one in edition.unshown], len(edition.unshown))
        said.append(words.say("tail.unshown", n=len(edition.unshown), names=names))
    return " ".join(said)


def _is_single(edition: Edition, *, alert: bool) -> bool:
    """One alert: its heading says all there is to count."""
    return alert and len(edition.entries) + len(edition.rumors) + len(edition.unshown) == 1


def _window(edition: Edition, words: Catalogue, *, alert: bool) -> str:
    if _is_single(edition, alert=alert) or len(edition.notices) == 1:
        return words.at(edition.until)
    return words.say("head.window", since=words.at(edition.since), until=words.at(edition.until))


def _why(edition: Edition) -> str:
    return "why_operator" if edition.digest_id == OPERATIONS else "why"


def _source_name(entry: Entry, lead: Coverage | None) -> str:
    names = {one.source_id: one.source_name for one in entry.coverage}
    return lead.source_name if lead else names.get(entry.announcement.source_id) or entry.announcement.source_id


def _quote(entry: Entry, lead: Coverage | None, title: str) -> tuple[str, str]:
    """One line of what is new, and whose words it is where the headline above it is another's: the vendor's, who came later.

    The headline of who was first is no quote then; it would stand below the vendor's as if the vendor had said it.
    """
    announcement = entry.announcement
    quote = safe.clean(announcement.quote)
    others = lead is not None and lead.source_id != announcement.source_id
    if quote.casefold() in safe.clean(title).casefold() or (others and quote == safe.clean(announcement.title)):
        return "", ""
    return quote, safe.clean(_source_name(entry, None), 80) if others else ""


def _also(entry: Entry, headline: str, words: Catalogue) -> tuple[Link, ...]:
    """Every other outlet than that of the headline once, in the order in which they had it."""
    found: dict[str, Link] = {}
    for one in sorted(entry.coverage, key=lambda one: one.seen_at):
        if one.source_id != headline and one.source_id not in found:
            code = (one.lang or "").split("-")[0]
            found[one.source_id] = Link(
                text=safe.clean(one.source_name or one.source_id, 80),
                url=safe.link(one.url),
                lang=words.language(one.lang),
                code=code,
            )
    return tuple(found.values())


def _pair(entry: Entry, lang: str | None, words: Catalogue) -> Link | None:
    """The story's first headline in Korean beside an English one, and the other way round."""
    other = _PAIR.get((lang or "").split("-")[0])
    for one in sorted(entry.coverage, key=lambda one: one.seen_at):
        if other is not None and (one.lang or "").split("-")[0] == other and (text := safe.clean(one.title)):
            return Link(text=text, url=safe.link(one.url), lang=words.language(other), code=other)
    return None


def _seen(entry: Entry, words: Catalogue) -> str:
    """Who had it first, and by how much: by dates of their own where those are believed, else by when they were found."""
    announcement = entry.announcement
    members = sorted(entry.coverage, key=lambda one: (one.seen_at, one.tier is not Tier.PRIMARY))
    if not members:
        key = "vendor_only" if announcement.tier is Tier.PRIMARY else "outlet_only"
        values = _first(announcement.at, announcement.source_id, words, dated=False)
        return words.say(f"entry.{key}", **values)
    first = members[0]
    values = _first(first.seen_at, first.source_name or first.source_id, words, dated=first.dated)
    if first.tier is Tier.PRIMARY:
        others = [one for one in members if one.tier is not Tier.PRIMARY]
        if not others:
            return words.say("entry.vendor_only", **values)
        lag = words.lag(others[0].seen_at - first.seen_at)
        outlet = safe.clean(others[0].source_name or others[0].source_id, 80)
        return words.say("entry.vendor_then_outlet", lag=lag, outlet=outlet, **values)
    vendor = next((one for one in members if one.tier is Tier.PRIMARY), None)
    if vendor is None:
        return words.say("entry.outlet_only", **values)
    return words.say("entry.outlet_then_vendor", lag=words.lag(vendor.seen_at - first.seen_at), **values)


def _first(at: datetime, source: str, words: Catalogue, *, dated: bool) -> dict[str, str]:
    """When the first report was published, or found, and where; ``when`` is for wordings of the user's own."""
    when = words.at(at, "short")
    first = words.say("entry.published" if dated else "entry.found", when=when)
    return {"first": first, "when": when, "source": safe.clean(source, 80)}


def _was(entry: Entry, words: Catalogue) -> str:
    """The story's earlier steps, whoever was told them: ``Rumour 3 Feb, 10:00; Preview 9 Feb, 18:00``."""
    before = select.earlier_steps(entry, tuple(stage for stage in Stage if stage is not Stage.NONE))
    steps = [
        words.say("entry.was_step", stage=words.stage(step.stage), when=words.at(step.first_seen, "short")) for step in before
    ]
    return words.say("entry.was", steps="; ".join(steps)) if steps else ""


def _subject(edition: Edition, sections: Sequence[Section], title: str, words: Catalogue, *, alert: bool) -> str:
    """What is in it, in one line; a rumour is there only where there is nothing else, and is called one."""
    lines = [line for section in sections for line in section.lines]
    unshown = [one for one in edition.unshown if one.stage]
    if edition.notices and not lines:
        more = f" (+{len(edition.notices) - 1})" if len(edition.notices) > 1 else ""
        return safe.header(words.say("subject.notice", text=safe.clean(edition.notices[-1].text, 120) + more))
    if not lines and not unshown:
        return safe.header(words.say("subject.empty", title=title))
    if alert and len(lines) == 1 and not unshown:
        line = lines[0]
        key = "subject.alert" if line.vendor else "subject.alert_bare"
        return safe.header(words.say(key, name=line.name, vendor=line.vendor, stage=line.stage))
    sure = [line.name for section in sections if section.id != "rumors" for line in section.lines]
    sure += [one.name for one in unshown if one.stage is not Stage.RUMORED]
    names = list(dict.fromkeys(sure or [line.name for line in lines] + [one.name for one in unshown]))
    said = words.names([safe.clean(name, 60) for name in names])
    return safe.header(words.say("subject.digest" if sure else "subject.rumors", title=title, names=said, n=len(names)))


def _summary(news: int, steps: int, rumors: int, words: Catalogue) -> str:
    counted = (("announcements", news), ("steps", steps), ("rumors", rumors))
    parts = [words.say(f"count.{key}", n=n) for key, n in counted if n]
    return " · ".join(parts) or words.say("count.nothing")


def _late(edition: Edition, words: Catalogue, *, alert: bool) -> str:
    if not edition.late:
        return ""
    if alert:
        return words.say("head.late_alert", lag=words.lag(edition.late))
    return words.say("head.late", lag=words.lag(edition.late), since=words.at(edition.since, "short"))


def _near(miss: NearMiss, words: Catalogue) -> tuple[Link, str]:
    n = places(miss.score, miss.threshold)
    why = words.say(
        "near.lacking",
        source=safe.clean(miss.source_name, 80),
        score=f"{round(miss.score, n):g}",
        threshold=f"{round(miss.threshold, n):g}",
    )
    return Link(text=safe.clean(miss.title), url=safe.link(miss.url)), f"{why}; {_lacking(miss, words)}"


def _lacking(miss: NearMiss, words: Catalogue) -> str:
    """What kept it from more: as many reasons as a glance takes in, each of them whole, and one at least."""
    said = list(dict.fromkeys(safe.clean(reason(one, words), REASON) for one in miss.near)) or [words.say("near.too_little")]
    ends = accumulate(len(one) for one in said)
    return "; ".join(one for at, (one, end) in enumerate(zip(said, ends, strict=True)) if not at or end <= REASONS)


def _notice(notice: Notice, words: Catalogue) -> str:
    key = "opened" if notice.open else "closed"
    return words.say(f"notice.{key}", when=words.at(notice.at, "short"), text=safe.clean(notice.text, 1000))


def _coverage(edition: Edition, words: Catalogue) -> tuple[str, ...]:
    """The proof of coverage: how many sources were watched, which fail, where something may have been missed."""
    watch = edition.watch
    if not watch.polled:
        return (words.say("tail.unpolled", n=watch.sources),)
    said = [words.say("tail.watched", watched=watch.watched, sources=watch.sources)]
    if watch.failing:
        names = words.names([safe.clean(name, 60) for name in watch.failing], 5, "list.more_sources")
        said.append(words.say("tail.failing", n=len(watch.failing), names=names))
    if watch.partly:
        names = words.names([safe.clean(name, 60) for name in watch.partly], 5, "list.more_sources")
        said.append(words.say("tail.partly", n=len(watch.partly), names=names))
    for source, since, until in watch.gaps[:3]:
        said.append(
            words.say("tail.gap", source=safe.clean(source, 60), since=words.at(since, "short"), until=words.at(until, "short"))
        )
    if len(watch.gaps) > 3:
        said.append(words.say("tail.gaps_more", n=len(watch.gaps) - 3))
    if watch.idle and watch.last:
        said.append(words.say("tail.idle", since=words.at(watch.last, "short")))
    elif not watch.gaps and watch.watched:
        said.append(words.say("tail.complete"))
    return tuple(said)
