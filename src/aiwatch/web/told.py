"""An explanation in the reader's words. ``explanation`` writes English for the command; a page says the same from the same values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aiwatch.digest import nearly
from aiwatch.digest.catalogue import Catalogue
from aiwatch.digest.select import Unmet
from aiwatch.explaining import unwanted
from aiwatch.explanation import Explanation, Taken, taken_for
from aiwatch.model import (
    Detection,
    Evidence,
    Note,
    Silence,
    places,
    silence_of,
)
from aiwatch.outcome import Came, Line, came
from aiwatch.rules import RuleSet
from aiwatch.settings import Subscription
from aiwatch.stories.steps import another_word
from aiwatch.stories.story import titled
from aiwatch.views import DeliveryLine, Label, Trace


def verdict(words: Catalogue, detection: Detection | Explanation) -> str:
    """What it was taken for, and the score against the bar; said to be the rules' where a person says otherwise."""
    n = places(detection.score, detection.threshold)
    score = words.say("explain.score", score=f"{detection.score:.{n}f}", threshold=f"{detection.threshold:.{n}f}")
    names = words.names([model.name for model in detection.models]) or words.say("explain.a_model")
    lacking = f"{max(0.0, detection.threshold - detection.score):.{n}f}"
    said = words.say(
        f"explain.{taken_for(detection)}", names=names, stage=words.stage(detection.stage), score=score, lacking=lacking
    )
    return words.say("explain.overruled", verdict=said) if isinstance(detection, Explanation) and detection.overruled else said


def held_back(words: Catalogue, answer: Explanation, rules: RuleSet) -> str:
    """What kept a near miss from more, where no rule that nearly counted says so; else nothing."""
    if taken_for(answer) is not Taken.LACKING or any(not one.weight for one in answer.near):
        return ""
    against = min((one for one in answer.fired if one.weight < 0), key=lambda one: one.weight, default=None)
    return words.say("explain.against", why=why(words, against, rules)) if against else ""


def notes(words: Catalogue, answer: Explanation, trace: Trace | None) -> list[str]:
    """What is to be known of the text itself."""
    if trace is None:
        meant = [words.say("explain.meant", spelled=one.spelled, name=one.name) for one in answer.meant]
        return [words.say("explain.not_archived"), *meant]
    said = [line for label in trace.labels for line in _by_a_person(words, label)]
    return [*said, *([words.say("explain.edited", n=len(trace.revisions))] if trace.revisions else [])]


def why(words: Catalogue, one: Evidence, rules: RuleSet) -> str:
    """Why a rule counted, or nearly did."""
    return nearly.why(one, words, {rule.id: rule.why_ko for rule in rules.rules if rule.why_ko})


def _by_a_person(words: Catalogue, label: Label) -> Iterator[str]:
    yield words.say("explain.person_yes" if label.announcement else "explain.person_no")
    if label.models:
        yield words.say("explain.person_of", names=words.names([titled(one.vendor, one.name) for one in label.models]))


def became(words: Catalogue, answer: Explanation, trace: Trace | None) -> list[str]:
    """The stories it belongs to, and whether and to whom its step was told; of a text what would become of it."""
    if trace is None:
        fates = (words.say(f"explain.would_{one.fate}", name=one.name, stage=words.stage(one.stage)) for one in answer.would)
        return [*fates, words.say("explain.told_nobody")]
    names = {story.id: story.name for story in trace.stories}
    lines = [
        words.say(f"explain.role_{_role(mention.role)}", name=names[mention.story_id], stage=words.stage(mention.stage))
        + (f" {words.say('explain.soon', stage=words.stage(answer.stage))}" if another_word(answer.stage, mention) else "")
        for mention in trace.mentions
        if mention.story_id in names
    ]
    return [*lines, *(said for one in came(trace) if (said := _line(words, one, trace)))]


def _line(words: Catalogue, line: Line, trace: Trace) -> str:
    """A line of what became of it; empty for what a page leaves out."""
    if line.kind is Came.NOWHERE:
        waits = {Note.PAGE_OWED: "page_owed", Note.PAGE_LATE: "page_late"}
        return words.say(f"explain.{next((key for note, key in waits.items() if note in trace.item.notes), 'no_story')}")
    if line.delivery is not None:
        state = _state(words, line.delivery)
        return words.say("explain.delivered", digest=line.digest_id, to=line.delivery.recipient_id, state=state)
    if line.announcement is None:
        return "" if line.kind is Came.STEPLESS else words.say(f"explain.{line.kind}", digest=line.digest_id)
    one = line.announcement
    if line.kind is Came.HUSHED:
        return hushed(words, one.silent or "")
    if line.kind is Came.UNWANTED:
        return words.say("story.not_told") if one.item_id == trace.item.id else ""
    return words.say(f"explain.{line.kind}", at=words.at(one.at), title=one.title, source=one.source_id)


def passed_by(words: Catalogue, subscriptions: Sequence[Subscription], trace: Trace | None) -> Iterator[str]:
    """Why other digests told nothing of it."""
    for digest, lacks in unwanted(subscriptions, trace) if trace else ():
        why = "; ".join(_lacks(words, one) for one in lacks)
        yield words.say("explain.passed_by" if lacks else "explain.taken_now", digest=digest, why=why)


def _lacks(words: Catalogue, one: Unmet) -> str:
    wanted, found = one.wanted or words.say("explain.all_stages"), one.found or words.say("explain.of_none")
    return words.say("explain.lacks", condition=one.key, wanted=wanted, found=found)


def _role(role: str) -> str:
    return role if role in {"first", "primary", "mention"} else "other"


_HUSHED = {  # the messages
    Silence.TOO_OLD: "old",
    Silence.DOUBTED: "doubted",
    Silence.UNDATED: "baseline",
    Silence.STAMPED: "stamped",
    Silence.AWAY: "away",
    Silence.NAMELESS: "nameless",
    Silence.EDITED: "revision",
    Silence.EDITED_LATE: "revision_old",
    Silence.WITHDRAWN: "withdrawn",
}


def hushed(words: Catalogue, why: str) -> str:
    """Why a step was recorded and not told; a reason that is not known here stays as it was kept."""
    found = silence_of(why)
    reason = words.say(f"hushed.{_HUSHED[found]}", when=why.removeprefix(found)) if found else why
    return words.say("card.silent", why=reason)


def _state(words: Catalogue, delivery: DeliveryLine) -> str:
    state = words.say(f"digests.{delivery.state.value}")
    return f"{state}, {words.at(delivery.sent_at)}" if delivery.sent_at else state
