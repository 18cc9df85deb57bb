"""A person's verdicts on names: a family of models, never a model's, another name of one, or a name of its own again.

    what was seen and said + the person's own rules ──> accept, ignore ──> Verdict: their new text ──> settle: the past follows
                                                   ──> join, part ──> the stories follow at once

Text in, text out: who calls ``accept`` and ``ignore`` keeps the text that a verdict gives, and only then has it settled.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from aiwatch import mending, overlay, rules
from aiwatch.detect import refusing
from aiwatch.detect.candidates import ignored
from aiwatch.detect.learned import family_of
from aiwatch.detect.naming import build
from aiwatch.detect.typed import family_named, model_named
from aiwatch.effects import Followed, followed
from aiwatch.errors import Refused, Unclear
from aiwatch.feedback import SameName, Saying
from aiwatch.model import HeardName, Modality, Model, Story
from aiwatch.names.identity import identity
from aiwatch.rules import Family, RuleSet
from aiwatch.text import fold
from aiwatch.views import NameSeen

MANY = 100_000  # more names than anybody judges


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What verdicts on names go by. ``records`` is None where there is no database yet."""

    text: str  # of the person's own rules
    where: str  # how their file is called in what is said of a mistake in it
    rules: RuleSet  # with them
    records: mending.Records | None
    seen: Sequence[NameSeen] = ()
    said: Sequence[HeardName] = ()  # the names whose makers people gave, newest first

    @property
    def file(self) -> str:
        """The file by its name alone, as advice has it."""
        return self.where.replace("\\", "/").rpartition("/")[2]

    def spelled(self, name: str) -> NameSeen | None:
        """The seen name that is spelled so, or has that key; else one whose family is called so."""
        same = (one for one in self.seen if name.casefold() in (one.spelled.casefold(), one.name_key))
        versions = (one for one in self.seen if family_of(one.spelled, self.rules).casefold() == name.casefold())
        return next(same, None) or next(versions, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is accepted: names, with what their announcements did not say of them."""

    names: Sequence[str]
    vendor: str | None = None
    also: Sequence[str] = ()
    modality: Modality | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A family that is accepted, and whose it was by the person's own rules, where that is somebody else."""

    name: str
    vendor: str
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided: the text of the rules with it, and the seen names that it is on."""

    text: str
    decided: str  # accepted or ignored, as the store keeps it
    judged: Sequence[NameSeen]
    names: Sequence[str]  # as the person gave them
    families: Sequence[Made] = ()  # accepted
    words: Sequence[str] = ()  # ignored
    dropped: Sequence[Family] = ()  # families of the person's own that go, with all that these rules said of them


def known(records: mending.Records | None, text: str, where: str) -> Names:
    """What verdicts go by: the database's names, and the rules with the person's own ``text``. Raises RuleError, StoreError."""
    loaded = rules.load(text or None, where)
    if records is None:
        return Names(text=text, where=where, rules=loaded, records=None)
    said = [one for one in reversed(records.archive.heard()) if one.said]
    return Names(text=text, where=where, rules=loaded, records=records, seen=records.archive.names(None, MANY), said=said)


def undecided(seen: Sequence[NameSeen], loaded: RuleSet) -> list[NameSeen]:
    """The names that wait for a word: not what the lexicon has by now, from a newer version or the person's own rules."""
    return [one for one in seen if not family_named(one.spelled, loaded)]


def _refuse_pieces(names: Names, given: Sequence[str]) -> None:
    """Raises Unclear where words given one by one are one seen name, whose quotes were left out."""
    for start, end in combinations(range(len(given) + 1), 2):
        pieces, whole = given[start:end], " ".join(given[start:end])
        if len(pieces) > 1 and names.spelled(whole) and not all(map(names.spelled, pieces)):
            raise Unclear(f"{whole} was announced as one name: write it in quotes, as {shlex.quote(whole)}; nothing was written")


# --- accepted ---------------------------------------------------------------------------------------------------------------------


def accept(names: Names, wanted: Accepted) -> Verdict:
    """Names as families of models. Raises Unclear where nobody said who makes one, or it is another's in the lexicon, or no name."""
    if wanted.also and len(wanted.names) > 1:
        raise Unclear("--also belongs to one name; accept them one by one")
    _refuse_pieces(names, wanted.names)
    text, judged, families = names.text, list[NameSeen](), list[Made]()
    for name in wanted.names:
        meant = _family(names, name, wanted.vendor)
        spellings = [one for one in (_spelling(names, one, meant.listed) for one in wanted.also) if one]
        told = meant.modality if meant.modality is not Modality.TEXT else None
        entry = overlay.FamilyEntry(
            name=meant.name, vendor=meant.vendor, spellings=spellings, modality=wanted.modality or told, listed=meant.listed
        )
        text = overlay.accept(text, entry, names.where)
        called = {one.casefold() for one in (meant.name, *spellings)}
        judged += [one for one in names.seen if family_of(one.spelled, names.rules).casefold() in called]
        own = names.rules.data.families.get(meant.name)
        was = own.vendor if own and own.vendor != meant.vendor else None
        families.append(Made(name=meant.name, vendor=meant.vendor, was=was))
    rules.load(text, names.where)  # what it would refuse is not kept
    spoken = (*wanted.names, *wanted.also)
    return Verdict(text=text, decided="accepted", judged=judged, names=spoken, families=families)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """The family that accepting a name writes; ``listed``: as the lexicon has it, where it does."""

    name: str
    vendor: str
    modality: Modality
    listed: Family | None = None


def _family(names: Names, name: str, vendor: str | None) -> _Meant:
    """What accepting a name writes. Raises Unclear where nobody said who makes it."""
    seen = names.spelled(name)
    spelled = seen.spelled if seen else name
    told = model_told(names, spelled, back=True)
    maker = vendor or _maker_said(names, name) or told.vendor or (seen.vendor if seen else None)
    if listed := refusing.listed(spelled, maker, names.rules, names.file):
        return _Meant(name=listed.key, vendor=listed.vendor, modality=told.modality, listed=listed)
    own = family_named(spelled, names.rules)  # one that the overlay has
    family = own.key if own else family_of(spelled, names.rules)
    refusing.plain(family, names.file)
    if not maker:
        raise Unclear(f"nobody said who makes {name}: give --vendor")
    return _Meant(name=family, vendor=maker, modality=told.modality)


def _maker_said(names: Names, name: str) -> str | None:
    """The maker that a person gave last to the name, or to a version of its family."""
    wanted = family_of(name, names.rules).casefold()
    versions = (one for one in names.said if family_of(one.name, names.rules).casefold() == wanted)
    return next((one.vendor for one in versions), None)


def _spelling(names: Names, other: str, listed: Family | None) -> str:
    """Another spelling of a family, as accepting writes it; nothing where the family has it."""
    if found := refusing.listed(other, None, names.rules, names.file):
        if listed and found.key == listed.key:
            return ""
        raise Unclear(f"{other} is {found.vendor}'s in the lexicon, of the family {found.key}; nothing was written")
    family = family_of(other, names.rules)
    refusing.plain(family, names.file)
    return family


# --- ignored ----------------------------------------------------------------------------------------------------------------------


def ignore(names: Names, given: Sequence[str]) -> Verdict:
    """Names as words that are never a model's. Raises Refused where a family of models has one: it would be heard all the same."""
    _refuse_pieces(names, given)
    text, words = names.text, list[str]()
    for name in given:
        seen = next((one for one in names.seen if name.casefold() in (one.spelled.casefold(), one.name_key)), None)
        words.append(seen.spelled if seen else name)
        text = overlay.ignore(text, words[-1], names.where)
    loaded = rules.load(text, names.where)
    for word in words:
        _refuse_listed(word, loaded, names.file)
    judged = [one for one in names.seen if ignored(loaded, one.spelled)]
    dropped = [family for word in words if (family := names.rules.data.families.get(word))]
    return Verdict(text=text, decided="ignored", judged=judged, names=given, words=words, dropped=dropped)


def _refuse_listed(name: str, loaded: RuleSet, file: str) -> None:
    hits = [hit for hit in loaded.hits(fold(name).low) if hit.start == 0 and hit.term.kind in {"family", "versioned"}]
    if not (hits and model_named(name, loaded).known):
        return
    family = loaded.family(hits[0].term.key)
    stays = f"{name} is of the family {family.key} by {family.vendor}, and stays a model's name; nothing was written. "
    if not rules.load().lists(family.key):
        raise Refused(f"{stays}`aiwatch names ignore {shlex.quote(family.key)}` ends the whole family")
    raise Refused(
        f"{stays}A false alarm: `aiwatch label ITEM no`. Where other things are called so: "
        f'"{family.key}" = {{ weak = true }} under [families] of {file} counts it beside its maker alone'
    )


# --- the past follows -------------------------------------------------------------------------------------------------------------


def settle(names: Names, verdict: Verdict) -> Followed:
    """Keep the verdict, and let the stories of its families, of every version, follow the rules with its text."""
    if names.records is None:
        return Followed()
    for one in verdict.judged:
        names.records.store.judge_name(one.name_key, verdict.decided, names.records.now)
    archive, config = names.records.archive, names.records.config
    families = _families(archive, verdict)
    found = archive.answering([f"{family}|*" for family in families])
    back = [one for one in archive.withdrawn() if _of(one.models, families)]
    items = mending.members(archive, [story.id for story in (*found, *back)])
    loaded = rules.load(verdict.text, names.where)
    judged = mending.again(archive, config, loaded, [*items, *mending.naming(archive, back)])
    kept = tuple(one for one in judged.detections if one.item_id in items or _of(one.models, families))
    return followed(mending.mend(names.records, replace(judged, detections=kept)))


def _families(archive: mending.Archive, verdict: Verdict) -> set[str]:
    """The families that a verdict is on, as identities spell them: a name that begins with its maker's is another by itself."""
    alone = [build(name) for name in (*(one.spelled for one in verdict.judged), *verdict.names)]
    by_makers = [build(one.spelled, vendor=one.vendor) for one in verdict.judged]
    return {identity(one).family for one in (*alone, *by_makers, *mending.called(archive, verdict.names))}


def _of(models: Sequence[Model], families: Collection[str]) -> bool:
    """Whether one of the models is of one of the families."""
    return any(identity(model).family in families for model in models)


# --- other names of one model -----------------------------------------------------------------------------------------------------


def join(names: Names, records: mending.Records, name: str, others: Sequence[str]) -> tuple[Model, Followed]:
    """Keep that other names mean a model, and make its stories one. Raises Unclear where they are one name already."""
    model, said = model_told(names, name), [(other, model_told(names, other)) for other in others]
    keys = [identity(other).key for _, other in said]
    if identity(model).key in keys:
        raise Unclear(f"that is the same name already; {model.name} is how it is kept")
    if model.vendor is None:  # what has no story of its own is by the maker of what it is the other name of
        model = next((replace(model, vendor=o.vendor, modality=o.modality) for _, o in said if o.vendor), model)
    words = [
        SameName(name_key=key, spelled=spelled, vendor=other.vendor, model=model, at=records.now)
        for key, (spelled, other) in zip(keys, said, strict=True)
    ]
    around = (identity(model).key,) if _leads(records.archive, model, keys) else ()
    return model, followed(mending.of_names(records, Saying(same=tuple(words), parted=around), keys))


def _leads(archive: mending.Archive, model: Model, keys: Collection[str]) -> bool:
    """Whether that name was said to mean one of these, by whatever ways: it is the other way round now."""
    means = {one.name_key: identity(one.model).key for one in archive.same_names()}
    key, met = identity(model).key, set[str]()
    while key in means and key not in met:
        met.add(key)
        key = means[key]
    return key in keys or not met.isdisjoint(keys)


def part(records: mending.Records, names: Sequence[str]) -> Followed:
    """Let names be names of their own again. Raises Refused where one was not said to mean another."""
    known = {one.spelled.casefold(): one for one in records.archive.same_names()}
    said = [known[name.casefold()] for name in names if name.casefold() in known]
    meant = {one.model.name.casefold() for one in said}  # what they are taken apart from may be named beside them
    if stray := next((name for name in names if name.casefold() not in {*known, *meant}), None):
        others = [one.spelled for one in known.values() if one.model.name.casefold() == stray.casefold()]
        named = ", ".join(map(shlex.quote, others))
        does = f"it is what {named} means; say which: `aiwatch names same --remove {shlex.quote((others or [''])[0])}`"
        lists = "`aiwatch names same` lists them"
        raise Refused(f"{stray} was not said to mean another name; {does if others else lists}")
    parted = Saying(parted=tuple(one.name_key for one in said))
    return followed(mending.of_names(records, parted, [identity(one.model).key for one in said]))


def model_told(names: Names, name: str, *, back: bool = False) -> Model:
    """The model of that name as its story has it, with maker and kind as people may have mended them; else as the rules read it.

    ``back``: what a story had that was taken back counts as well.
    """
    model = model_named(name, names.rules)
    if names.records is None:
        return model
    archive, key = names.records.archive, identity(model).key
    stories: Sequence[Story] = archive.answering([key]) or (archive.withdrawn() if back else [])
    of = [one for story in stories for one in story.models if identity(one).key == key]
    of = of or (mending.called(archive, [name]) if back else [])
    return max(of, key=lambda one: (one.name.casefold() == name.casefold(), one.vendor is not None), default=model)
