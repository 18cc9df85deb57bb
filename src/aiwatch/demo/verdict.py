"""Whether everything that was expected happened. Each check is a sentence; those that failed say what was found instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from aiwatch.demo import workspace
from aiwatch.demo.articles import Expect, Rumour, Told, World
from aiwatch.demo.ledger import Ledger, named
from aiwatch.demo.play import END, START, Diary
from aiwatch.model import Announcement, DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation. ``found`` is empty where it was met."""

    claim: str
    found: str = ""

    @property
    def met(self) -> bool:
        """Whether it happened."""
        return not self.found


def verdict(world: World, ledger: Ledger, diary: Diary) -> tuple[Check, ...]:
    """All checks, in the order in which a person would ask."""
    parts: tuple[Callable[[World, Ledger, Diary], Iterator[Check]], ...] = (
        _stories,
        _known,
        _rumours,
        _nothing_else,
        _nothing_missed,
        _edits,
        _failing_source,
        _deliveries,
        _manners,
    )
    return tuple(check for part in parts for check in part(world, ledger, diary))


# --- what is told -----------------------------------------------------------------------------------------------------


def _stories(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:
    for story in world.told:
        told = ledger.about(story.name)
        yield Check(claim=f"{story.name} is told exactly once", found=_times(told))
        if len(told) != 1:
            continue
        yield Check(claim=f"{story.name}: vendor, modality, stage, first source, day", found=_wrong(story, told[0]))
        yield Check(claim=f"{story.name}: in one daily mail and one webhook call", found=_reached(told[0], diary))
        if story.langs:
            langs = {member.lang for member in ledger.stories[told[0].story_id].members}
            missing = sorted(set(story.langs) - langs)
            claim = f"{story.name}: coverage in {' and '.join(story.langs)} in one story"
            yield Check(claim=claim, found=f"no member in {', '.join(missing)}" if missing else "")


def _times(told: tuple[Announcement, ...]) -> str:
    if len(told) == 1:
        return ""
    return f"told {len(told)} times" + "".join(f"; {one.stage} by {one.source_id} ({one.title})" for one in told)


def _wrong(story: Told, told: Announcement) -> str:
    expected = {
        "vendor": ({story.vendor}, told.vendor),
        "modality": ({story.modality}, told.modality.value),
        "stage": (set(story.stages), told.stage.value),
        "first source": ({story.first}, told.source_id),
        "day": ({story.day.isoformat()}, told.at.date().isoformat()),
    }
    wrong = [
        f"{what} is {got}, not {' or '.join(sorted(allowed))}" for what, (allowed, got) in expected.items() if got not in allowed
    ]
    return "; ".join(wrong)


def _reached(told: Announcement, diary: Diary) -> str:
    mails = [mail for mail in diary.mails if mail.to == workspace.READER and told.title in _unwrapped(mail.text)]
    hooks = [hook for hook in diary.hooks if told.id in str(hook.payload)]
    if len(mails) == 1 and len(hooks) == 1:
        return ""
    return f"{len(mails)} daily mails and {len(hooks)} webhook calls"


def _unwrapped(text: str) -> str:
    """A mail's text without line breaks, which may fall inside a title."""
    return " ".join(text.split())


def _known(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:  # noqa: ARG001  all parts are called alike
    for known in world.known:
        told = ledger.about(known.name)
        yield Check(claim=f"{known.name} is known from before and told to nobody", found=_times(told) if told else "")
        late = sum(known.name in one.article.of for one in ledger.published if one.article.at > START)
        joined = sum(known.name in one.article.of for one in ledger.joined(known.name))
        found = "" if joined == late else f"{joined} of {late} did"
        yield Check(claim=f"{known.name}: later coverage joins its story silently", found=found)


def _rumours(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:
    for rumour in world.rumours:
        kept = [one for one in ledger.rumours if one.vendor == rumour.vendor and _speaks(rumour, one)]
        yield Check(claim=f"the report of {rumour.first} is kept once, as a rumour", found=_times(tuple(kept)))
        if len(kept) != 1:
            continue
        found = "" if kept[0].source_id == rumour.first else f"first source is {kept[0].source_id}"
        yield Check(claim="the rumour's first source is the one that broke it", found=found)
        others = [mail for mail in diary.mails if mail.to != workspace.CURIOUS and kept[0].title in _unwrapped(mail.text)]
        others_hooked = [hook for hook in diary.hooks if kept[0].id in str(hook.payload)]
        found = "" if not others and not others_hooked else f"it is in {len(others)} mails and {len(others_hooked)} webhook calls"
        yield Check(claim="the rumour is in no digest that did not ask for rumours", found=found)
        asked = [mail for mail in diary.mails if mail.to == workspace.CURIOUS and kept[0].title in _unwrapped(mail.text)]
        yield Check(
            claim="the rumour is in the digest that asked", found="" if len(asked) == 1 else f"it is in {len(asked)} mails"
        )


def _speaks(rumour: Rumour, announcement: Announcement) -> bool:
    text = f"{announcement.name} {announcement.title}".casefold()
    return any(word in text for word in rumour.words)


def _nothing_else(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:  # noqa: ARG001
    expected = [story.name for story in world.told]
    others = [one for one in ledger.told if not any(named(name, one) for name in expected)]
    listed = "; ".join(f"{one.name} ({one.stage}) from {one.source_id}: {one.title}" for one in others)
    yield Check(claim="nothing else is told", found=listed)
    known = {one.article.title for one in ledger.published if one.article.expect is Expect.SILENT}
    passed = [one for one in ledger.published if one.article.title in known and one.detection and one.detection.announcement]
    listed = "; ".join(f"{one.article.source}: {one.article.title}" for one in passed)
    yield Check(claim="product, opinion, funding, how-to, homonym: no announcement in any of them", found=listed)
    rumours = [one for one in ledger.rumours if not any(_speaks(rumour, one) for rumour in world.rumours) and not one.silent]
    yield Check(claim="no other rumour is kept", found="; ".join(one.title for one in rumours))


# --- nothing missed, nothing twice --------------------------------------------------------------------------------------


def _nothing_missed(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:
    watched = [one for one in ledger.published if one.article.at <= END - timedelta(hours=3) and _is_watched(world, one.article)]
    missing = [one.article for one in watched if not one.items]
    listed = "; ".join(f"{one.source}: {one.title}" for one in missing)
    yield Check(claim=f"each of {len(watched)} articles is stored", found=listed)
    doubled = [one.article for one in watched if len(one.items) > 1]
    listed = "; ".join(f"{one.source}: {one.title}" for one in doubled)
    yield Check(claim="none is stored twice, whatever happened to ids, dates and addresses", found=listed)
    stored = sum(len(one.items) for one in ledger.published)
    yield Check(claim="nothing was stored that was not published", found="" if stored == diary.items else f"{diary.items} items")


def _edits(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:
    """An edited headline is a new revision of the item, and no news."""
    for one in ledger.published:
        if one.article.edited and one.items:
            item = one.items[0]
            found = "" if item.revision == 2 and diary.revised == 1 else f"revision {item.revision}, {diary.revised} edits seen"
            yield Check(
                claim=f"{world.outlet(one.article.source).name} edited a headline: kept as a second revision", found=found
            )


def _is_watched(world: World, article: object) -> bool:
    """Whether the configuration watches that part of the outlet (Runway: research alone)."""
    slug, source = getattr(article, "slug", ""), getattr(article, "source", "")
    include = world.outlet(source).options.get("include", "")
    return not slug or not include or include in slug


def _failing_source(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:
    healthy = {outlet.id for outlet in world.outlets if outlet.outage is None}
    wrong = [one.text for one in (*ledger.notices, *diary.notices) if healthy.intersection(one.condition.split(":")[1:])]
    yield Check(claim=f"none of the {len(healthy)} healthy sources is reported as failing", found="; ".join(wrong))
    for outlet in (one for one in world.outlets if one.outage):
        mine = [one for one in diary.notices if one.condition.endswith(f":{outlet.id}")]
        opened, closed = sum(one.open for one in mine), sum(not one.open for one in mine)
        mails = [
            mail for mail in diary.mails if mail.to == workspace.OPERATOR and outlet.name in _unwrapped(mail.subject + mail.text)
        ]
        found = "" if (opened, closed, len(mails)) == (1, 1, 2) else f"{opened} down, {closed} back, {len(mails)} mails"
        yield Check(claim=f"the operator is told once that {outlet.name} is failing and once that it is back", found=found)


def _deliveries(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:  # noqa: ARG001
    unsent = [one for one in ledger.deliveries if one.state is not DeliveryState.SENT]
    listed = "; ".join(f"{one.subject} to {one.recipient_id}: {one.state}, {one.last_answer}" for one in unsent)
    yield Check(claim=f"all {len(ledger.deliveries)} deliveries are sent", found=listed)
    arrived = len(diary.mails) + len(diary.hooks)
    found = "" if arrived == len(ledger.deliveries) else f"{arrived} arrived"
    yield Check(claim="as many arrived as were sent", found=found)
    yield Check(claim="nothing arrived twice", found="; ".join(diary.twice))
    yield Check(claim="every webhook signature is right", found="; ".join(diary.forged))
    retried = f"{diary.put_off} were put off" if diary.put_off < 2 else ""
    yield Check(claim="greylisting and a webhook's 503 were met and overcome", found=retried)


def _manners(world: World, ledger: Ledger, diary: Diary) -> Iterator[Check]:
    for outlet in world.outlets:
        if outlet.etag or outlet.last_modified:
            count = diary.answers.get((outlet.id, 304), 0)
            yield Check(claim=f"{outlet.name} could answer 304", found="" if count else "it never did")
        if outlet.moved:
            url = diary.moved.get(outlet.id, "")
            found = "" if url.endswith(outlet.moved.to) else f"the address in use is {url or 'the old one'}"
            yield Check(claim=f"{outlet.name}'s new address is in use", found=found)
    gaps = [one for one in ledger.sources if one.gaps]
    yield Check(claim="no gap between two polls", found="; ".join(f"{one.name}: {one.gaps}" for one in gaps))
