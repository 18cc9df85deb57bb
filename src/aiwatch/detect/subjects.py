"""Which of the models named is the one announced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiwatch.detect.members import listed_members
from aiwatch.detect.naming import Mention, MentionKind, bears, sized
from aiwatch.detect.relevance import concerns, in_its_row, replaced, same, within
from aiwatch.detect.scene import Firing, Scene
from aiwatch.detect.views import View
from aiwatch.detect.witness import ai_word
from aiwatch.model import Stage, Tier
from aiwatch.names.identity import is_size
from aiwatch.rules.masks import NOUNS
from aiwatch.rules.values import Group, Names, Role
from aiwatch.text import has_digit

OPENING = 2  # signs before a name with which a lead still begins: "the GPT-7"


def subjects(scene: Scene) -> list[Mention]:
    """The mentions that are announced: framed in the title, named there and framed in the lead, framed in the lead, or just named.

    Known names go before those in no list, and the title before the lead, unless that says more of what the title names.
    """
    framed = [f for f in scene.firings if f.rule.names == Names.SUBJECT and f.rule.weight > 0]
    context = _context(scene, framed) | {id(m) for m in replaced(scene)}
    in_title = _within([f for f in framed if f.in_title and f.rule.group != Group.OPENS], context)
    in_lead = _within([f for f in framed if not f.in_title], context)
    opened = _within([f for f in framed if f.in_title and f.rule.group == Group.OPENS], context)
    named = _unique(m for m in scene.title.mentions.values() if id(m) not in context)
    full, lines = _of(named, MentionKind.MODEL), _of(named, MentionKind.LINE)
    if scene.newsletter:  # many topics: what the lead tells counts only where the title names it
        in_lead = _told_too(in_lead, named)
    choices = (  # the first that is not empty; of each an example, its lead behind two bars
        _of(in_title, MentionKind.MODEL),  # OpenAI launches GPT-7
        _told_too(full, in_lead),  # GPT-7, the details || OpenAI launched GPT-7
        _told_too(_of(in_lead, MentionKind.MODEL), lines),  # A new Gemini || launches Gemini 4
        _framed_new(named, in_lead),  # Zephyros is here || Torvane launches Zephyros
        _own(scene, in_lead) if not full else [],  # Hello || meet GPT-7
        [m for m in _of(in_lead, MentionKind.UNKNOWN) if titled_line(scene, m)],  # Meet Zephyros || introducing Zephyros 2
        _outspoken(scene, in_title, in_lead),  # Introducing Wonder || Our model Zephyros 2 is out
        _new_or_called(scene, in_title),  # Torvane launches Zephyros
        full[:1],  # GPT-7, the details
        [m for m in named if m.shaped][:1],  # Zephyros 2.5 for everyone
        [m for m in opened if m.kind is MentionKind.UNKNOWN and has_digit(m.model.name)],  # Zephyros-2: a model that draws
        _of(in_lead, MentionKind.MODEL),  # The next leap || OpenAI launched GPT-7
        in_title,  # Google launches Gemini
        _of(in_lead, MentionKind.UNKNOWN),  # The next leap || Torvane launched Zephyros
        in_lead,  # The next leap || Google launched Gemini
        opener(scene),
        one_new(scene),
        unheard(scene),
        lines[:1],  # Gemini everywhere
    )
    chosen = _announced(scene, _longest(scene, _lead_version(next(filter(None, choices), []), in_lead)))
    beside = _in_one_row(scene, chosen, framed, context) if scene.japanese else _in_one_frame(chosen, framed, context)
    return _unique([*chosen, *beside, *_in_own_frame(scene, framed, context)])


def _within(frames: Sequence[Firing], context: set[int]) -> list[Mention]:
    """What stands in frames, and is not named for comparison."""
    return _unique(m for f in frames for m in f.mentions if id(m) not in context)


def _told_too(mentions: Sequence[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Those of which one of the others tells as well."""
    return [m for m in mentions if any(same(m, other) for other in others)]


def _new_or_called(scene: Scene, in_title: Sequence[Mention]) -> list[Mention]:
    """Names in no list that the title announces, also those of which a version was heard before, where the title calls them a model."""
    called = _called_in_title(scene)
    return [m for m in in_title if m.kind is MentionKind.UNKNOWN or (m.told_by and id(m) in called)]


def _called_in_title(scene: Scene) -> set[int]:
    """The mentions that the title calls models."""
    return {id(m) for f in scene.firings if f.in_title and f.rule.calls_model for m in f.mentions}


def _own(scene: Scene, in_lead: Sequence[Mention]) -> list[Mention]:
    """The vendor's own models that its page's lead announces."""
    found = _of(in_lead, MentionKind.MODEL) if scene.tier is Tier.PRIMARY else []
    return [m for m in found if m.family and m.family.vendor == scene.vendor]


def opener(scene: Scene) -> list[Mention]:
    """What a report's lead begins with, where the title names its maker and no model: a version of the maker's own."""
    if scene.newsletter or scene.chinese:
        return []
    for view in scene.views[1:]:
        at, first = min(view.mentions.items(), default=(OPENING + 1, None))
        numbered = first is not None and (first.kind is MentionKind.MODEL or _bears_maker(scene, first)) and first.model.version
        if first and at <= OPENING and numbered and _of_titled(scene, first):
            beside = any(m.kind is not MentionKind.LINE and not _line_of(m, first) for m in scene.title.mentions.values())
            return [] if beside else [first]
    return []


def _of_titled(scene: Scene, mention: Mention) -> bool:
    """Whether a model's maker is named in the title, or the one who announces it bears its name (Boltz-3 of Boltz)."""
    if mention.model.vendor in {*scene.title.vendors.values(), scene.vendor}:
        return True
    return _bears_maker(scene, mention)


def _bears_maker(scene: Scene, mention: Mention) -> bool:
    """Whether a model bears the name of who announces it, and is in no list of makers."""
    return scene.maker is not None and bears(mention, scene.maker)


def one_new(scene: Scene) -> list[Mention]:
    """The title's one new name with a number, where no model of the lexicon stands and the lead tells that a model is out."""
    if scene.newsletter or not any(Role.TELLS in f.rule.roles and not f.in_title for f in scene.firings):
        return []
    rows = list(scene.title.mentions.values())
    found = _unique(m for m in rows if _new(m))
    return found if len(found) == 1 and all(m.kind is MentionKind.UNKNOWN for m in rows) else []


def unheard(scene: Scene) -> list[Mention]:
    """The title's one new name with a number, beside words for AI models and for a launch.

    Who writes of a model that nobody has heard of mostly introduces it, in whatever words.
    """
    found = _unique(m for m in scene.title.mentions.values() if _new(m))
    launch = scene.rules.signs["launch"]
    if (
        scene.newsletter
        or len(found) != 1
        or id(found[0]) in scene.compared
        or not (ai_word(scene) or sized(found[0].model.name))
    ):
        return []
    return found if any(launch.search(view.masked) for view in scene.views if view.field == "title" or view.of_models) else []


def lead_launches(scene: Scene, subject: Mention) -> bool:
    """Whether the lead launches a new name with a number, and it or the title speaks of a model: a clever title's story."""
    if scene.newsletter or not _new(subject):
        return False
    groups = {f.rule.group for f in scene.firings if f.rule.weight > 0 and not f.in_title and concerns(scene, f, [subject])}
    return Group.CUE in groups and (Group.APPOSITION in groups or scene.title.of_models)


def _new(mention: Mention) -> bool:
    """Whether it is a name with a number that no list has and nobody has told of."""
    return mention.kind is MentionKind.UNKNOWN and mention.model.name[0].isalpha() and has_digit(mention.model.name)


def titled_line(scene: Scene, subject: Mention) -> bool:
    """Whether the title has, as a new name, the plain name of which the lead's subject is a version."""
    return any(m.kind is MentionKind.UNKNOWN and _line_of(m, subject) for m in scene.title.mentions.values())


def _outspoken(scene: Scene, in_title: Sequence[Mention], in_lead: Sequence[Mention]) -> list[Mention]:
    """New names with a version that a maker's lead calls a model and launches, under a title that is but a phrase (Large Enough)."""
    if scene.tier is not Tier.PRIMARY or any(
        m.kind is not MentionKind.UNKNOWN or m.shaped or has_digit(m.model.name) for m in in_title
    ):
        return []
    called = {m.model.key for f in scene.firings if not f.in_title and f.rule.calls_model for m in f.mentions}
    return [m for m in _of(in_lead, MentionKind.UNKNOWN) if m.model.version and m.model.key in called]


def _line_of(line: Mention, member: Mention) -> bool:
    """Whether one is the plain name with which the other begins, which has a version."""
    return not line.model.version and bool(member.model.version) and line.model.family == member.model.family


def _framed_new(named: Sequence[Mention], in_lead: Sequence[Mention]) -> list[Mention]:
    """New names that the title gives before any known model and the lead announces, with what the lead announces beside them."""
    known = min((m.start for m in named if m.kind is MentionKind.MODEL), default=None)
    keys = {m.model.key for m in in_lead}
    found = [m for m in _of(named, MentionKind.UNKNOWN) if m.model.key in keys and (known is None or m.start < known)]
    return found + (_of(in_lead, MentionKind.UNKNOWN) if found and known is None else [])


def _announced(scene: Scene, chosen: list[Mention]) -> list[Mention]:
    """Without who announces it, where that is a new name before a Chinese verb and its object stands behind (A开源B).

    One with a number is a maker only where what it puts out is called a model (K42发布大模型B).
    """
    masked, places = scene.title.masked, {id(m): at for at, m in scene.title.mentions.items()}
    last = max((places.get(id(m), 0) for m in chosen), default=0)
    puts, makers = scene.rules.piece("zhputs"), set[int]()
    for mention in chosen:
        at = places.get(id(mention))
        if mention.kind is MentionKind.UNKNOWN and at is not None and (found := puts.match(masked, at + 1, last)):
            called = not NOUNS.isdisjoint(masked[found.end() : last])
            makers |= {id(mention)} if called or not mention.model.version else set()
    return [m for m in chosen if id(m) not in makers]


def _in_one_frame(chosen: Sequence[Mention], framed: Sequence[Firing], context: set[int]) -> list[Mention]:
    """New names with a number that a title announces in one frame with a subject (``launches GPT-6 and Foo 2``)."""
    keys = {m.model.key for m in chosen}
    rows = [f.mentions for f in framed if f.in_title and f.rule.group == Group.CUE and keys & {m.model.key for m in f.mentions}]
    return [m for row in rows for m in row if m.kind is MentionKind.UNKNOWN and m.model.version and id(m) not in context]


def _in_own_frame(scene: Scene, framed: Sequence[Firing], context: set[int]) -> list[Mention]:
    """New names with a number that a title launches in so many words and calls a model, whatever else it launches."""
    called = _called_in_title(scene)
    launched = [m for f in framed if f.in_title and f.rule.says_launch and Role.LAUNCHES in f.rule.roles for m in f.mentions]
    return [m for m in launched if m.kind is MentionKind.UNKNOWN and m.model.version and id(m) in called - context]


def _lead_version(chosen: list[Mention], in_lead: Sequence[Mention]) -> list[Mention]:
    """The one plain name of the title, or the one version of it that the lead launches (Meet Scribe: "Introducing Scribe v1")."""
    if len(chosen) != 1 or has_digit(chosen[0].model.name) or chosen[0].model.variant:
        return chosen
    versions = _unique(
        m
        for m in in_lead
        if m.model.family == chosen[0].model.family and (m.model.version or m.model.variant) and m.kind is not MentionKind.LINE
    )
    return versions if len(versions) == 1 else chosen


def _longest(scene: Scene, chosen: Sequence[Mention]) -> list[Mention]:
    """Without families that are there as part of another's name alone (T5Gemma, a collection of Gemma models), or beside a member."""
    names = [m.model.name.casefold() for m in chosen]
    lines = [m for m in chosen if not (m.model.version or m.model.variant)]
    lined = {m.model.family for m in chosen if m.model.version or m.model.variant}
    parts = {id(m) for m in lines if any(name.find(m.model.name.casefold()) > 0 for name in names)}
    parts |= {id(m) for m in lines if m.model.family in lined and not has_digit(m.model.name) and not _in_a_row(scene, m, chosen)}
    return [m for m in chosen if id(m) not in parts]


def _in_a_row(scene: Scene, line: Mention, chosen: Sequence[Mention]) -> bool:
    """Whether a name and a member of it are told of side by side, as two models (Foo and Foo Mini)."""
    norm, between = scene.texts[line.field].norm, scene.rules.piece("row")
    starts = [m.start for m in chosen if m.field == line.field and m.start > line.end]
    return line.kind is not MentionKind.LINE and any(between.fullmatch(norm, line.end, start) for start in starts)


def told_in_lead(scene: Scene, maker: str | None) -> list[Mention]:
    """What a title that tells of a model without its name ("X releases new video model") is about: what the lead then names.

    The first name there of the maker's own that has a version, or else what the lead opens with or says it is called, or its first
    new name with a version as models have it.
    """
    called, compared = scene.rules.ending("called"), scene.compared
    for view in scene.views[1:]:
        rows = [(at, m) for at, m in sorted(view.mentions.items()) if id(m) not in compared and m.kind is not MentionKind.LINE]
        own = [at for at, m in rows if m.family and m.family.vendor == maker and m.model.version]
        named = [at for at, m in rows if called.search(view.masked[:at]) or (m.unlisted and _opens(scene, view, m, at))]
        shaped = [at for at, m in rows if m.unlisted and m.shaped]
        if first := next(filter(None, (own, named, shaped)), None):
            return _row(scene, view, first[0], rows)
    return []


def _row(scene: Scene, view: View, first: int, rows: Sequence[tuple[int, Mention]]) -> list[Mention]:
    """What stands at a place, and what a row goes on with behind it (MAI-Voice-1 AI and MAI-1-preview)."""
    between, found, last = scene.rules.piece("row"), [view.mentions[first]], first
    for at, mention in rows:
        if at > last and between.fullmatch(view.masked, last + 1, at):
            found.append(mention)
            last = at
    return _unique(found)


def _opens(scene: Scene, view: View, mention: Mention, at: int) -> bool:
    """Whether a lead, or what somebody says there, begins with that name, which has a number in it (Quillon says Zephyros 4 is faster)."""
    return has_digit(mention.model.name) and (at <= 1 or scene.rules.ending("says").search(view.masked[:at]) is not None)


def _in_one_row(scene: Scene, chosen: Sequence[Mention], framed: Sequence[Firing], context: set[int]) -> list[Mention]:
    """What a Japanese lead announces in one row with a subject: 「A」と「B」を公開した."""
    between = scene.rules.piece("jabetween")
    keys, whole = {m.model.key for m in chosen}, [m.model.name for m in chosen]
    found: list[Mention] = []
    for firing in framed:
        if firing.in_title or firing.rule.group != Group.CUE:
            continue
        row: list[Mention] = []
        last = -1
        for at, mention in sorted(firing.view.mentions.items()):
            if not firing.start <= at < firing.end or id(mention) in context:
                continue
            if row and not between.fullmatch(firing.view.masked, last + 1, at):
                row = []
            row.append(mention)
            last = at
            if keys & {m.model.key for m in row}:
                found += [
                    m
                    for m in row
                    if m.kind is not MentionKind.LINE and not any(name.startswith(f"{m.model.name} ") for name in whole)
                ]
    return found


def _context(scene: Scene, framed: Sequence[Firing]) -> set[int]:
    """Mentions named for comparison or as part of another thing, unless the vendor's own title frames them."""
    own = {id(m) for f in framed if f.rule.tiers or Role.ENTERS in f.rule.roles for m in f.mentions}
    rumours = [f for f in scene.firings if f.rule.stage is Stage.RUMORED]
    others = (f for f in scene.firings if f.rule.names == Names.CONTEXT and not any(within(f, rumour) for rumour in rumours))
    return {id(m) for f in others for m in f.mentions} - own


def members(scene: Scene, found: list[Mention], step: Stage) -> list[Mention]:
    """What is told of a step, by each name: the members of a line-up, all that is retired in one row, what a model is called as well."""
    row = _line_up(scene, found)
    return _unique([*row, *_also_called(scene, row), *(in_its_row(scene, row) if step is Stage.DEPRECATED else [])])


def _also_called(scene: Scene, row: Sequence[Mention]) -> list[Mention]:
    """The other names that the title has for models of a row, of other lines of their makers: Nano Banana Pro (Gemini 3 Pro Image)."""
    view, found = scene.title, list[Mention]()
    for match in scene.rules.piece("alsocalled").finditer(view.masked):
        one, *_, other = (m for at, m in sorted(view.mentions.items()) if match.start() <= at < match.end())
        if one in row and one.model.vendor and one.model.vendor == other.model.vendor and not same(one, other):
            found.append(other)
    return found


def _line_up(scene: Scene, found: list[Mention]) -> list[Mention]:
    """A line-up named as a whole (Llama 4) gives way to two or more members that the lead names, where it does not name the whole."""
    if len(found) != 1 or found[0].model.variant or not found[0].model.version:
        return found
    whole = found[0].model
    lead = [
        m
        for view in scene.views[1:]
        for m in view.mentions.values()
        if (m.model.family, m.model.version) == (whole.family, whole.version)
    ]
    named = _unique(m for m in lead if m.model.variant and not all(map(is_size, m.model.variant.split())))
    if len(named) > 1 and all(m.model.variant for m in lead):
        return named
    listed = [listed_members(view.text, found[0], scene.rules) for view in scene.views]
    return next((row for row in listed if row), found)


def _of(mentions: Sequence[Mention], kind: str) -> list[Mention]:
    return [m for m in mentions if m.kind == kind]


def _unique(mentions: Iterable[Mention]) -> list[Mention]:
    seen: dict[str, Mention] = {}
    for mention in mentions:
        seen.setdefault(mention.model.key, mention)
    return list(seen.values())
