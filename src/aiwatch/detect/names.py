"""Names of models in folded text: known aliases, known families with a new version, and spellings that look like a model's name.

What is found here is only a candidate; the frame around it decides (``frames``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from aiwatch.model import Modality, Model
from aiwatch.rules import Family, Hit, RuleSet
from aiwatch.text import Folded, fold, script

# A version stands after the family: 5, 4.1, 4o, v3.2, K2, R1-0528, 2507, 70b, 8x22b, a22b, e4b.
_PIECE = re.compile(
    r"""(?P<sep>[ \-_·:/]{0,1})
    (?:(?P<size>(?:\d+x)?\d+(?:\.\d+)?\s?[bt](?![a-z0-9])|[ae]\d+(?:\.\d+)?b(?![a-z0-9])|\d{2,4}m(?![a-z0-9]))
    |(?P<version>v?\.?\d+(?:\.\d+)*[a-z]{0,2}(?![a-z0-9])|[a-z]{1,2}\d+(?:\.\d+)*(?![a-z0-9]))
    |(?P<bracket>\[[a-z0-9]{2,10}\]))""",
    re.VERBOSE,
)
_CODE_TAIL = re.compile(r"-[a-z0-9]+(?:\.[0-9]+[a-z]*)?(?![A-Za-z0-9])")
_NO_CODE_TAIL = re.compile(
    r"-(?:based|powered|like|level|style|class|driven|enabled|compatible|style|as|a|the|is|and|to|in|on|it|for|with|compute|trained|only|generated)$"
)
_CAPITAL = re.compile(r"[A-Z][A-Za-z]*(?![a-z0-9])")
_NUMBER_GLUED = re.compile(r"\d+(?:\.\d+)*(?=[A-Z])")
# Variant words that may be written small after a blank; others in small letters are plain words (the GPT-5 base, a Gemini vision).
_LOWER_VARIANTS = frozenset(
    [
        "mini",
        "nano",
        "pro",
        "max",
        "turbo",
        "flash",
        "lite",
        "preview",
        "large",
        "medium",
        "small",
        "ultra",
        "plus",
        "instant",
        "thinking",
    ]
)
_NOT_VERSION = re.compile(
    r"""\s?(?:%|percent|billion|million|trillion|thousand|times|ways|things|years?|months?|days?|hours?|tips|users|people|million|languages|reasons|
    億|亿|万|억|만|조|배|명|개|월|일|분기|분|년|위|종|가지|번|차|시간|주년|弹|款|月|日|年|個|人|倍|天|岁|大|种|つ|st\b|nd\b|rd\b|th\b|x\b|:\d)""",
    re.VERBOSE,
)
_CODE = re.compile(r"(?<![A-Za-z0-9@#/.])(?:[A-Za-z][A-Za-z0-9]*|\d+[A-Z][A-Za-z]*)(?:[-_.·][A-Za-z0-9]+)*\+?")
_QUOTED = re.compile(
    r"""(?:(?<![A-Za-z0-9])'([^'\n]{2,44})'|"([^"\n]{2,44})"|「([^」\n]{2,44})」|『([^』\n]{2,44})』|《([^》\n]{2,44})》|〈([^〉\n]{2,44})〉)"""
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A candidate name at ``start:end`` of a field's folded text. ``kind``: model, bare or unknown."""

    kind: str
    field: str
    start: int
    end: int
    model: Model
    family: Family | None = None


def known(field: str, text: Folded, hits: list[Hit], rules: RuleSet) -> list[Mention]:
    """Mentions of lexicon families, each with the version and variants that follow; the longest at each place."""
    found: dict[int, Mention] = {}
    for hit in hits:
        if hit.term.kind not in {"family", "versioned"}:
            continue
        family = rules.family(hit.term.key)
        end, pieces = tail(text, hit.end, rules)
        if hit.term.kind == "versioned" and not any(kind in {"version", "size"} for kind, _ in pieces):
            continue
        if not pieces and _part_of_word(text, hit.start, end, family):
            continue
        mention = _mention(field, text, hit, end, pieces, family)
        for member in _coordinated(mention, text, pieces, rules):
            found.setdefault(member.start, member)
        before = found.get(hit.start)
        if before is None or mention.end > before.end or (mention.end == before.end and hit.end > before_end(before, text)):
            found[hit.start] = mention
    return list(found.values())


_AND = re.compile(r"\s*(?:,\s*and|, with|,|/|&|·|\band|\bwith|와|과|및|、|和|与)\s*(?:new\s+|the\s+)?", re.IGNORECASE)


def _coordinated(mention: Mention, text: Folded, pieces: list[tuple[str, str]], rules: RuleSet) -> list[Mention]:
    """The other members of a line-up that share family and version: the Opus of ``Claude 4 Sonnet and Opus``."""
    version = next((piece for kind, piece in pieces if kind == "version"), None)
    if not version or not pieces or pieces[-1][0] != "variant" or mention.family is None:
        return []
    members = []
    at = mention.end
    while match := _AND.match(text.norm, at):
        step = (
            _variant(text, match.end(), rules)
            if text.norm[match.end() : match.end() + 1].isupper()
            or script(text.low[match.end() : match.end() + 1] or " ") == "hangul"
            else None
        )
        if step is None:
            break
        end, more = tail(text, step[0], rules)
        if any(kind == "version" for kind, _ in more):
            break
        parts = [("version", version), ("variant", step[2]), *more]
        name = compose(mention.family, parts)
        model = build(
            name,
            vendor=mention.family.vendor,
            modality=modality_of(parts, mention.family.modality),
            is_known=True,
            spelled=text.norm[match.end() : end],
        )
        members.append(Mention("model", mention.field, match.end(), end, model, mention.family))
        at = end
    return members


def listed_members(text: Folded, whole: Mention, rules: RuleSet) -> list[Mention]:
    """Members of a line-up named by their variant words alone, two or more in a row (``Scout, Maverick and Behemoth``)."""
    family = whole.family
    if family is None:
        return []
    for match in rules.variant_list.finditer(text.low):
        members = []
        for word in rules.variant_pattern.finditer(text.low, match.start(), match.end()):
            parts = [("version", whole.model.version), ("variant", rules.variants[word[0]])]
            name = compose(family, parts)
            model = build(
                name,
                vendor=family.vendor,
                modality=modality_of(parts, family.modality),
                is_known=True,
                spelled=text.norm[word.start() : word.end()],
            )
            members.append(Mention("model", whole.field, whole.start, whole.end, model, family))
        if len(members) > 1:
            return members
    return []


def _part_of_word(text: Folded, start: int, end: int, family: Family) -> bool:
    """``GPT-FAI`` and ``KoGPT`` are names of their own, not the family's; ``GPT-based`` is nobody's."""
    joined = text.low[end : end + 1] == "-" and text.low[end + 1 : end + 2].isascii() and text.low[end + 1 : end + 2].isalpha()
    if not joined or text.norm[start].islower():
        return False
    return text.norm[end + 1].isupper()


def before_end(mention: Mention, text: Folded) -> int:
    """How far the family's own spelling reaches in a mention: the longer alias is the better reading of the same span."""
    names = [fold(name).low for name in mention.family.names] if mention.family else []
    low = text.low[mention.start : mention.end]
    return mention.start + max((len(name) for name in names if low.startswith(name)), default=0)


def tail(text: Folded, at: int, rules: RuleSet) -> tuple[int, list[tuple[str, str]]]:
    """Read version, size and variant words from ``at`` on: the end, and the pieces as (kind, canonical spelling)."""
    pieces: list[tuple[str, str]] = []
    low = text.low
    while len(pieces) < 8:
        step = _variant(text, at, rules) or _piece(text, at, bool(pieces)) or _glued(text, at, pieces)
        if step is None:
            break
        at, kind, spelled = step
        pieces.append((kind, spelled))
    if low[at : at + 1] == "+":
        at += 1
        pieces.append(("variant", "+"))
    return at, pieces


def _glued(text: Folded, at: int, pieces: list[tuple[str, str]]) -> tuple[int, str, str] | None:
    """A capitalised word grown onto a number: the Guard of Qwen3Guard; and the number before it."""
    if at == 0:
        return None
    if pieces and pieces[-1][0] == "version" and text.norm[at - 1].isdigit():
        match = _CAPITAL.match(text.norm, at)
        return (match.end(), "variant", match[0]) if match else None
    code = _CODE_TAIL.match(text.norm, at)
    if code and text.norm[at - 1].isascii() and not _NO_CODE_TAIL.match(code[0]) and _small_word(text.norm, at):
        return code.end(), "variant", code[0][1:]
    if text.norm[at - 1].isalpha():
        match = _NUMBER_GLUED.match(text.norm, at)
        return (match.end(), "version", match[0]) if match else None
    return None


def _small_word(norm: str, at: int) -> bool:
    """Whether the hyphenated word that ends at ``at`` is written small throughout, as identifiers are (parakeet-tdt-0.6b)."""
    start = max(norm.rfind(" ", 0, at), norm.rfind("(", 0, at), norm.rfind("'", 0, at)) + 1
    return norm[start:at].islower()


def _variant(text: Folded, at: int, rules: RuleSet) -> tuple[int, str, str] | None:
    low = text.low
    start = at + 1 if low[at : at + 1] in {" ", "-", "_", "·"} else at
    if start == at and at > 0 and script(low[at : at + 1] or " ") == script(low[at - 1]) == "latin":
        return None
    match = rules.variant_pattern.match(low, start)
    if not match:
        return None
    word, end = match[0], match.end()
    after = low[end : end + 1]
    if after and script(after) == script(word[-1]) and not (script(word[-1]) == "hangul" and _particle(low, end)):
        return None
    if start > at and low[at] == " " and word.isascii() and not text.norm[start].isupper() and word not in _LOWER_VARIANTS:
        return None
    return end, "variant", rules.variants[word]


def _particle(low: str, at: int) -> bool:
    from aiwatch.text import particle_after

    return particle_after(low, at) is not None


def _piece(text: Folded, at: int, inside: bool) -> tuple[int, str, str] | None:
    match = _PIECE.match(text.low, at)
    if not match:
        return None
    kind = str(match.lastgroup)
    spelled = text.norm[match.start(kind) : match.end(kind)]
    if match["sep"] in {":", "/"} or (not match["sep"] and text.low[at - 1 : at].isdigit()):
        return None
    if kind == "version" and spelled.isdigit():
        if _NOT_VERSION.match(text.low, match.end()):
            return None
        if match["sep"] == " " and len(spelled) > (4 if inside else 2):
            return None
        if match["sep"] == " " and len(spelled) == 4 and spelled.startswith(("19", "20")):
            return None
    if kind == "size" and match["sep"] == "" and not inside and text.low[at - 1 : at].isdigit():
        return None
    return match.end(), kind, spelled


def _mention(field: str, text: Folded, hit: Hit, end: int, pieces: list[tuple[str, str]], family: Family) -> Mention:
    spelled = text.norm[hit.start : end]
    alias = text.norm[hit.start : hit.end]
    name = _name(spelled, alias, pieces, family)
    bare = not family.bare and not any(kind != "bracket" for kind, _ in pieces) and not any(c.isdigit() for c in alias)
    model = build(name, vendor=family.vendor, modality=modality_of(pieces, family.modality), is_known=True, spelled=spelled)
    return Mention("bare" if bare else "model", field, hit.start, end, model, family)


def _name(spelled: str, alias: str, pieces: list[tuple[str, str]], family: Family) -> str:
    """The canonical Latin name: as written where it is written in Latin, else family and variants translated."""
    clean = re.sub(r"\s+", " ", spelled).strip()
    if (
        all(script(c) in {"latin", ""} for c in clean)
        and family.prefix is None
        and fold(alias).low not in {fold(v).low for v in family.versioned}
    ):
        return clean
    latin = all(script(c) in {"latin", ""} for c in alias)
    digits = re.search(r"[\d].*", alias)
    base = alias if latin and fold(alias).low not in {fold(v).low for v in family.versioned} else family.shown
    if not latin and digits and digits[0].strip() not in base:
        base += " " + digits[0].strip()
    if family.prefix:
        base = f"{family.prefix} {base}" if latin else f"{family.prefix} {family.shown}"
    return compose(family, pieces, base)


def compose(family: Family, pieces: list[tuple[str, str]], base: str | None = None) -> str:
    """A family's canonical name with pieces put after it: ``GPT-5.5 mini``, ``Gemini 3 Pro``. A version the base ends with is not said twice."""
    name = base or family.shown
    dash = "-" if family.key in {"GPT", "GLM", "Phi"} else " "
    for kind, piece in pieces:
        if kind != "version" or not name.endswith(" " + piece):
            name += (" " if kind == "variant" and piece != "+" else "" if piece == "+" else dash) + piece
    return name


_MODAL = {
    "VL": "multimodal", "Vision": "multimodal", "Omni": "multimodal", "VLo": "image", "Image": "image", "Edit": "image", "Video": "video", "Reel": "video", "Canvas": "image",
    "Audio": "audio", "Native Audio": "audio", "Speech": "speech", "TTS": "speech", "ASR": "speech", "STT": "speech", "Voice": "speech", "Realtime": "speech", "Sonic": "speech",
    "Transcribe": "speech", "Music": "music", "Coder": "code", "Code": "code", "Codex": "code", "Codex-Max": "code", "Embedding": "embedding", "Embed": "embedding",
    "Reranker": "embedding", "Robotics": "robotics", "Robotics-ER": "robotics", "OCR": "multimodal", "Path": "other",
}  # fmt: skip


def modality_of(pieces: list[tuple[str, str]], default: Modality) -> Modality:
    """What the variant words say of the modality (VL, Coder, TTS), else the family's."""
    for kind, piece in pieces:
        if kind == "variant" and piece in _MODAL:
            return Modality(_MODAL[piece])
    return default


_NAME_MODAL = re.compile(r"(?i)(?:^|[-_ 0-9a-z])(?:(?P<multimodal>omni|vl|vlm|vision)|(?P<speech>tts|asr|speech|voice)|(?P<code>coder|swe)|(?P<embedding>embed|embedding|reranker)|(?P<video>video|t2v|i2v)|"
                         r"(?P<image>image|t2i)|(?P<music>music)|(?P<audio>audio)|(?P<robotics>vla|robot|robotics)|(?P<world>world))(?=$|[-_ 0-9])")  # fmt: skip


def _modality_by_name(name: str) -> Modality:
    match = _NAME_MODAL.search(name)
    return Modality(match.lastgroup) if match and match.lastgroup else Modality.TEXT


# --- names in no list ----------------------------------------------------------------------------------------------------

_FAMILY_PART = re.compile(r"(?:^|-)(?:GPT|LLM|LLaMA|Llama|BERT|Qwen|VLA|VLM)(?:-|$)")
_MODELISH = re.compile(r"(?:GPT|LM|LLM|VLM|VLA|Llama|LLaMA|former|Net|Diffusion|Gen|Coder|TTS|BERT)s?$")
_COMMON = re.compile(
    r"""(?ix)^(?:cve-.*|[qh][1-4]|fy\d+|cy\d+|[a-z]{1,3}\d{3,4}[a-z]{0,2}|rtx.*|gtx.*|ryzen.*|ces\d*|mwc\d*|gtc\d*|io\d+|i/o|iphone.*|ipad.*|ios.*|macos.*|imac.*|watchos.*|visionos.*|ipados.*|
    youtube.*|linkedin|github.*|tiktok|whatsapp|javascript|typescript|pytorch|tensorflow|paypal|ebay|facebook|openai.*|deepmind|softbank|microsoft|deepseek|chatgpt.*|
    3d|2d|4d|4k|8k|5g|6g|4g|b2b|b2c|h20|covid.*|mp[34]|usb.*|pdf.*|html5|css3|web3|wi-fi|a/b|s\d+|series|blackrock|mckinsey|servicenow|crowdstrike|spacex|neurips.*|iclr.*|icml.*|cvpr.*|aaai.*|acl.*|emnlp.*|
    \d{1,2}(?:am|pm)|\d+(?:b|m|k|bn|x|x\d+|st|nd|rd|th|hz|ghz|gb|tb|mb|kb|nm|mm|cm|km|kg|w|kw|mw|gw|px|p|fps|d|h|hr|s|ms|usd|krw|%)|
    u\.s\.?.*|u\.k\.?.*|e\.u\.?|a\.i\.?|e\.g\.?|i\.e\.?|vs\.?|no\.?|mr\.?|dr\.?|inc\.?|corp\.?|co\.?|ltd\.?|sept\.?|[a-z]+\.(?:com|org|net|ai|io|co|cn|kr|jp|dev|gov|edu)|
    ai-.*|.*-(?:based|powered|driven|like|level|scale|style|first|native|ready|free|as|to|by|in|of|the|a|and|up|out|off|time|term|end|source|weight|weights|agent|agents|year|day|turn|step|shot|modal|language|context|parameter|class|speed|quality|performance|generation|resolution|core|cost|art|world|training|trained|learning|edge|supervised|making|focused|world|specific|only|wide|long|party|user|known|life|hand|side|grade|person|human|ai|centric|aware|stage|purpose|on|word|range|token|level).*)$"""
)


_COMPOUND = re.compile(
    r"(?i)^(?:state|real|open|multi|pre|post|non|self|co|re|de|cross|high|low|large|small|end|long|short|full|first|second|third|one|two|"
    r"three|text|image|video|speech|voice|fine|zero|few|general|pay|next|best|top|cutting|on|well|must|built|in|e)-"
)


def unknown(field: str, text: Folded, hits: list[Hit], taken: list[tuple[int, int]], rules: RuleSet) -> list[Mention]:
    """Candidates in no list: what stands in quotes, and Latin words spelled like a code (K2-Think, AudioPaLM, Foo-7B)."""
    found = []
    for match in _QUOTED.finditer(text.norm):
        inner = match.lastindex or 0
        start, end = match.span(inner)
        if _quotable(text.norm[start:end]) and not _overlaps(start, end, taken) and not _common(text, start, end, hits):
            found.append(_unknown(field, text, start, end, rules))
    spans = [(m.start, m.end) for m in found] + taken
    for match in _CODE.finditer(text.norm):
        start, end = match.span()
        if _codelike(match[0]) and not _overlaps(start, end, spans):
            end, _ = tail(text, end, rules)
            mention = _unknown(field, text, start, end, rules)
            found.append(mention)
            spans.append((start, end))
    return found


def _common(text: Folded, start: int, end: int, hits: list[Hit]) -> bool:
    """Whether what stands in quotes is common words: a noun for models or a kind of them, and nothing like a code."""
    if any(c.isdigit() for c in text.norm[start:end]):
        return False
    return any(
        start <= h.start
        and h.end <= end
        and h.term.kind in {"noun", "modality", "ignored"}
        and (h.end == end or h.end - h.start > 3)
        for h in hits
    )


def unlisted(field: str, start: int, end: int, spelled: str) -> Mention:
    """A mention of a name in no list."""
    return Mention("unknown", field, start, end, build(spelled, modality=_modality_by_name(spelled), spelled=spelled))


def derived(field: str, start: int, end: int, spelled: str, family: Family | None) -> Mention:
    """A mention of a family's new member, named by a word of its own."""
    modality = _modality_by_name(spelled)
    if modality is Modality.TEXT and family:
        modality = family.modality
    return Mention(
        "model",
        field,
        start,
        end,
        build(spelled, vendor=family.vendor if family else None, modality=modality, is_known=True, spelled=spelled),
        family,
    )


def _unknown(field: str, text: Folded, start: int, end: int, rules: RuleSet) -> Mention:
    spelled = text.norm[start:end].strip()
    inner = re.match(r"[^()]*?\(([A-Za-z][^()]*)\)$", spelled)  # '허니비(Honeybee)': the Latin spelling is the name
    name = inner[1] if inner else re.sub(r"\s*\([^)]*\)$", "", spelled)
    return Mention("unknown", field, start, end, build(name, modality=_modality_by_name(name), spelled=spelled))


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < e and s < end for s, e in spans)


def _quotable(inner: str) -> bool:
    """Short and name-like: no sentence, no slogan."""
    words = inner.split()
    if len(words) > 5 or inner[-1] in ".!?…,다요" or inner != inner.strip():
        return False
    latin = any(c.isascii() and c.isalpha() for c in inner)
    if latin:
        return (
            any(c.isupper() or c.isdigit() for c in inner)
            and sum(w[:1].islower() and w.isascii() for w in words) <= len(words) // 2
        )
    return len(inner) <= 12 and len(words) <= 3


def _codelike(word: str) -> bool:
    if len(word) < 2 or _COMMON.match(word) or not any(c.isalpha() for c in word):
        return False
    if not any(c.isdigit() for c in word) and _COMPOUND.match(word):
        return False
    if any(c.isdigit() for c in word):
        return word[0].isalpha() and (any(c.isupper() for c in word) or "-" in word)
    if _FAMILY_PART.search(word) and "-" in word:
        return True
    core = word.replace("-", "")
    inner_capital = any(a.islower() and b.isupper() for a, b in zip(core, core[1:], strict=False))
    return (inner_capital or bool(_MODELISH.search(word))) and word[0].isupper() and len(word) > 3


# --- identity ------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\d+(?:\.\d+)*[a-z]{0,2}(?![a-z])|\d+(?:\.\d+)*|[a-z]\.[a-z](?![a-z])|[^\W\d_]+\d+(?:\.\d+)*[a-z]?(?![a-z0-9])|[^\W\d_]+",
    re.UNICODE,
)
_WORD_NUMBER = re.compile(r"([^\W\d_]{3,})(\d.*)", re.UNICODE)


def build(
    name: str, *, vendor: str | None = None, modality: Modality = Modality.TEXT, is_known: bool = False, spelled: str = ""
) -> Model:
    """A model of that name with family, version and variant read off it."""
    family, version, variant = identity(name)
    return Model(
        name=name,
        vendor=vendor,
        family=family,
        version=version,
        variant=variant,
        modality=modality,
        known=is_known,
        spelled=spelled or name,
    )


def identity(name: str) -> tuple[str, str, str]:
    """Family, version, variant of a canonical name: ``Claude Sonnet 4.5`` is (claude, 4.5, sonnet), ``Qwen3-VL-8B`` (qwen, 3, vl 8b).

    Words before the first number are the family, except variant words after the first; the first number is the version, with a date
    that follows it (``r1-0528``); what is left is the variant, sorted, so that the order of words does not part one model in two.
    """
    family: list[str] = []
    version: list[str] = []
    variant: list[str] = []
    for at, token in enumerate(_tokens(name)):
        if at == 0 and not token[0].isdigit():
            family.append(token)
        elif token[0].isdigit() or re.fullmatch(r"[a-z]{1,2}\d+(?:\.\d+)*", token):
            if re.fullmatch(r"(?:\d+x)?\d+(?:\.\d+)?[bmt]|[ae]\d+b", token):
                variant.append(token)
            elif not version or (token.isdigit() and len(token) in {4, 6, 8}):
                version.append(token)
            else:
                variant.append(token)
        elif not family or (not version and not variant and token not in _VARIANT_WORDS):
            family.append(token)
        else:
            variant.append(token)
    if not family and version:
        family, version = [version[0]], version[1:]
    return " ".join(family), "-".join(version), " ".join(sorted(variant))


_VARIANT_WORDS = frozenset(
    [
        "pro",
        "flash",
        "lite",
        "light",
        "mini",
        "nano",
        "micro",
        "ultra",
        "max",
        "plus",
        "turbo",
        "haiku",
        "sonnet",
        "opus",
        "instant",
        "thinking",
        "think",
        "preview",
        "exp",
        "experimental",
        "beta",
        "alpha",
        "vision",
        "vl",
        "omni",
        "audio",
        "tts",
        "asr",
        "image",
        "edit",
        "coder",
        "code",
        "codex",
        "math",
        "embedding",
        "instruct",
        "base",
        "chat",
        "large",
        "medium",
        "small",
        "tiny",
        "maverick",
        "scout",
        "behemoth",
        "next",
        "terminus",
        "speciale",
        "fast",
        "heavy",
        "air",
        "deep",
        "fable",
        "mythos",
        "high",
        "live",
        "realtime",
    ]
)


def _tokens(name: str) -> list[str]:
    low = fold(name).low.replace("·", "")
    tokens: list[str] = []
    for token in _TOKEN.findall(low):
        split = _WORD_NUMBER.fullmatch(token)
        if token == "v" or (
            len(token) > 1
            and token[0] == "v"
            and token[1:].replace(".", "").isdigit()
            and tokens
            and tokens[0] not in {"deepseek"}
        ):
            token = token[1:]
        tokens.extend(split.groups() if split else [token] if token else [])
    return tokens


def with_vendor(mention: Mention, vendor: str | None) -> Mention:
    """The mention with a vendor where it had none."""
    if mention.model.vendor or not vendor:
        return mention
    return replace(mention, model=replace(mention.model, vendor=vendor))
