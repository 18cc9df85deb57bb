"""From bytes to text, however they are labelled.

Order of belief: byte order mark, then what the bytes themselves prove (strict UTF-8 with anything beyond ASCII in it is UTF-8, whatever
the label; letters of two bytes are no ``iso-8859-1``, which servers say of everything), then the HTTP charset (RFC 7303 section 3), the
XML declaration, and at last a look at the text. Labels mean what the WHATWG Encoding standard says: ``euc-kr`` is CP949, ``shift_jis``
CP932, ``gb2312`` GB18030, ``iso-8859-1`` CP1252. Only codecs of this table are ever used, so that a label cannot name a Python codec such
as ``zip`` or ``unicode_escape``.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_LABELS = """
utf-8 utf8 utf-8 unicode-1-1-utf-8 x-unicode20utf8 unicode
cp949 euc-kr euckr cp949 ms949 uhc windows-949 ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean cseuckr ks_c_5601 iso-ir-149
johab johab cp1361
cp932 shift_jis shift-jis sjis ms_kanji csshiftjis windows-31j x-sjis ms932 cp932
euc_jp euc-jp eucjp cseucpkdfmtjapanese x-euc-jp
iso2022_jp_ext iso-2022-jp csiso2022jp
iso2022_kr iso-2022-kr csiso2022kr
hz hz hz-gb-2312
gb18030 gb2312 gbk gb18030 gb_2312-80 gb_2312 x-gbk chinese csgb2312 cp936 ms936 windows-936 euc-cn gb2312-80 iso-ir-58 csiso58gb231280
big5hkscs big5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 ms950 windows-950
cp1252 iso-8859-1 latin1 latin-1 l1 ascii us-ascii windows-1252 cp1252 x-cp1252 iso8859-1 iso_8859-1 iso88591 ansi_x3.4-1968
cp1250 windows-1250 cp1250 x-cp1250
cp1251 windows-1251 cp1251 x-cp1251 win-1251
cp1253 windows-1253 cp1253 x-cp1253
cp1254 windows-1254 cp1254 iso-8859-9 latin5 l5 iso8859-9 iso_8859-9 x-cp1254
cp1255 windows-1255 cp1255 x-cp1255
cp1256 windows-1256 cp1256 x-cp1256
cp1257 windows-1257 cp1257 x-cp1257
cp1258 windows-1258 cp1258 x-cp1258
cp874 windows-874 cp874 tis-620 iso-8859-11 iso8859-11 dos-874
cp866 ibm866 cp866 866 csibm866
cp437 ibm437 cp437
iso8859-2 iso-8859-2 latin2 l2 iso8859-2 iso_8859-2
iso8859-3 iso-8859-3 latin3 iso8859-3
iso8859-4 iso-8859-4 latin4 iso8859-4
iso8859-5 iso-8859-5 cyrillic iso8859-5
iso8859-6 iso-8859-6 arabic iso8859-6
iso8859-7 iso-8859-7 greek greek8 iso8859-7
iso8859-8 iso-8859-8 hebrew iso8859-8 iso-8859-8-i
iso8859-10 iso-8859-10 latin6 iso8859-10
iso8859-13 iso-8859-13 iso8859-13
iso8859-14 iso-8859-14 iso8859-14
iso8859-15 iso-8859-15 latin9 latin-9 iso8859-15
iso8859-16 iso-8859-16 iso8859-16
koi8-r koi8-r koi8 koi koi8_r
koi8-u koi8-u koi8-ru
mac_roman macintosh mac x-mac-roman
mac_cyrillic x-mac-cyrillic x-mac-ukrainian
utf-16-le utf-16 utf-16le utf16 ucs-2 iso-10646-ucs-2 unicodefeff
utf-16-be utf-16be unicodefffe
utf-32-le utf-32 utf-32le utf32
utf-32-be utf-32be ucs-4
cp037 cp037 ibm037 ebcdic-cp-us
cp1140 cp1140 ibm1140
"""
LABELS: Mapping[str, str] = MappingProxyType(
    {label: row.split()[0] for row in _LABELS.strip().splitlines() for label in row.split()[1:]}
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HANGUL_FILLER = b"\xa4\xd4"
_EBCDIC = b"\x4c\x6f\xa7\x94"  # what "<?xm" is there
_MULTIBYTE = frozenset({"cp949", "cp932", "euc_jp", "gb18030", "big5hkscs", "johab"})
_ESCAPED = frozenset({"iso2022_jp_ext", "iso2022_kr", "hz"})
_GUESSES = ("cp949", "gb18030", "cp932", "euc_jp", "big5hkscs", "cp1252", "cp1251", "koi8-r", "cp1250")
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_RUN = re.compile(rb"[^<>\n]+")
# What a wrong single-byte codec makes of words: two scripts in one, capitals after small letters, accented letters in a row.
_ODD = re.compile(r"[a-zA-Z][\u0400-\u045f]|[\u0400-\u045f][a-zA-Z]|[\u0430-\u045f][\u0410-\u042f]|[\u00c0-\u017f]{2}")
_PRIOR = MappingProxyType({"cp1252": 0.9, "cp1251": 0.8, "koi8-r": 0.75, "cp1250": 0.7})
_PAIRED = re.compile(rb"[\x80-\xff]{2,}")
LEAST_PAIRED = 16  # bytes beyond ASCII; fewer prove nothing against a label
_SAMPLE = 1 << 16
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without byte order mark, the codec that made it, and notes on what had to be mended."""

    text: str
    codec: str
    notes: tuple[str, ...] = ()


def codec_of(label: str | None) -> str | None:
    """Name the Python codec that a label stands for; None for one that is unknown or not allowed."""
    return LABELS.get(label.strip().lower()) if label else None


def charset_of(content_type: str | None) -> str | None:
    """Find the charset label in a Content-Type header."""
    match = _HTTP_CHARSET.search(content_type or "")
    return match[1] if match else None


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Make text of ``body``. Total: what no codec explains becomes U+FFFD and a note. No surrogates come out."""
    mark = next(((codec, len(bom)) for bom, codec in _MARKS if body.startswith(bom)), None)
    if mark:
        decoded = _with_mark(body, *mark)
        if decoded:
            return decoded
        body = body[mark[1] :]
    wide = _wide(body)
    if wide:
        return Decoded(body.decode(wide, "replace"), wide)
    declared = _declared(body, content_type)
    escaped = _escaped(body, declared)
    if escaped:
        return escaped
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, declared)
    overruled = _short_legacy(body, text, declared)
    return overruled or Decoded(text, "utf-8")


def _with_mark(body: bytes, codec: str, length: int) -> Decoded | None:
    """Follow a byte order mark, unless what comes after it cannot be of that encoding."""
    rest = body[length:]
    try:
        return Decoded(rest.decode(codec), codec)
    except UnicodeDecodeError:
        if codec == "utf-8":
            return None
    text = rest.decode(codec, "replace")
    if text.count("\ufffd") * 20 > len(text) or "<" not in text[:4096]:
        return None
    return Decoded(text, codec, (f"bytes that are no {codec} were replaced",))


def _wide(body: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 without a mark by the zeros around the first ``<`` or ``{`` (XML 1.0 appendix F)."""
    head = body[:64].lstrip(b" \t\r\n") if b"\0" in body[:64] else b""
    if not head:
        return "cp037" if body.startswith(_EBCDIC) else None
    for codec, width, at in (("utf-32-be", 4, 3), ("utf-32-le", 4, 0), ("utf-16-be", 2, 1), ("utf-16-le", 2, 0)):
        unit = head[: width * 2]
        zeros = bytes(b for i, b in enumerate(unit) if i % width != at)
        marks = bytes(b for i, b in enumerate(unit) if i % width == at)
        if len(unit) == width * 2 and not any(zeros) and all(marks) and marks[0] in b"<{[ \t\r\n":
            return codec
    return None


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """List the codecs that labels name, most believable first."""
    head = body[:2048]
    labels = [charset_of(content_type)]
    for pattern in (_XML_ENCODING, _META_CHARSET):
        match = pattern.search(head)
        labels.append(match[1].decode("ascii") if match else None)
    codecs_ = [codec_of(label) for label in labels]
    if codecs_[0] == "cp1252":  # what servers say when nobody told them better: the document's own word comes first
        codecs_ = [*codecs_[1:], codecs_[0]]
    found = [codec for codec in codecs_ if codec and not codec.startswith(("utf-16", "utf-32"))]
    return list(dict.fromkeys(found))


def _escaped(body: bytes, declared: list[str]) -> Decoded | None:
    """Decode the seven-bit encodings, which would pass as ASCII: only where they are declared and their escapes are there."""
    for codec in declared:
        if codec in _ESCAPED and (b"\x1b$" in body or b"~{" in body or b"\x1b(" in body or b"\x0e" in body):
            try:
                return Decoded(body.decode(codec), codec)
            except UnicodeDecodeError:
                continue
    return None


def _short_legacy(body: bytes, text: str, declared: list[str]) -> Decoded | None:
    """Prefer a declared CJK codec where the body is UTF-8 by accident: two-byte sequences alone, and few of them."""
    if not declared or declared[0] not in _MULTIBYTE or text.isascii():
        return None
    high = [c for c in text if c > "\x7f"]
    if len(high) > 200 or max(high) > "\u07ff":
        return None
    try:
        legacy = body.decode(declared[0])
    except UnicodeDecodeError:
        return None
    wanted = sum("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in legacy)
    return Decoded(legacy, declared[0]) if wanted == len(high) else None


def _legacy(body: bytes, declared: list[str]) -> Decoded:
    """Decode what is not UTF-8: by a label that holds strictly, as UTF-8 with foreign runs, by look, or with replacements."""
    candidates = [codec for codec in declared if codec in _MULTIBYTE] + [codec for codec in declared if codec not in _MULTIBYTE]
    eastern = _eastern(body) if "cp1252" in candidates else None
    for codec in candidates:
        if eastern and codec == "cp1252":
            return Decoded(_replace(body, eastern), eastern, (f"what was declared as {codec} was read as {eastern}",))
        if codec != "utf-8" and (codec in _MULTIBYTE or not _mostly_utf8(body)):
            text = _strict(body, codec)
            if text is not None:
                return Decoded(text, codec)
    if _mostly_utf8(body):
        return Decoded(_mixed(body, candidates), "utf-8", ("bytes that are no UTF-8 were decoded on their own",))
    usable = [codec for codec in candidates if codec not in {"utf-8", "cp1252"}]
    if usable:
        return Decoded(_replace(body, usable[0]), usable[0], (f"bytes that are no {usable[0]} were replaced",))
    best = _guess(body)
    return Decoded(_replace(body, best), best, (f"no usable charset was declared; read as {best}",))


def _eastern(body: bytes) -> str | None:
    """The codec of letters of two bytes that a body is in, whatever it is called: Western letters beyond ASCII stand alone."""
    high = len(body.translate(None, _ASCII))
    paired = sum(len(run) for run in _PAIRED.findall(body))
    if high < LEAST_PAIRED or paired < 0.6 * high:
        return None
    best = _guess(body)
    sure = best in _MULTIBYTE and _likeness(body[:_SAMPLE], best) > 0.7 and _strict(body, best) is not None
    return best if sure else None


def _strict(body: bytes, codec: str) -> str | None:
    if codec == "cp1252":  # never fails, as in browsers
        return _replace(body, codec)
    for one in _relatives(body, codec):
        try:
            return body.decode(one)
        except UnicodeDecodeError:
            continue
    return None


def _relatives(body: bytes, codec: str) -> tuple[str, ...]:
    """List the codecs that go by one name: KS X 1001's eight-byte syllables, which CP949 splits; NEC's row 13 in EUC-JP (①㈱)."""
    if codec == "cp949" and _HANGUL_FILLER in body:
        return "euc_kr", "cp949"
    return ("euc_jp", "euc_jis_2004") if codec == "euc_jp" else (codec,)


def _replace(body: bytes, codec: str) -> str:
    if codec == "cp1252":  # WHATWG: the five holes of CP1252 are C1 controls
        return body.decode("cp1252", "aiwatch_latin1")
    return body.decode(codec, "replace")


def _latin1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("aiwatch_latin1", _latin1)


def _mostly_utf8(body: bytes) -> bool:
    """Say whether most bytes beyond ASCII form UTF-8: the rest are strangers then. In EUC-KR, by chance, one in seven does."""
    sample = body[: _SAMPLE * 8]
    high = len(sample.translate(None, _ASCII))
    good = len(sample.decode("utf-8", "ignore").encode().translate(None, _ASCII))
    return good * 2 > high


def _mixed(body: bytes, candidates: list[str]) -> str:
    """Decode run by run between tags, each as UTF-8 where it is, else by a declared or guessed codec."""

    def one(match: re.Match[bytes]) -> bytes:
        run = match[0]
        try:
            run.decode("utf-8")
        except UnicodeDecodeError:
            return _run(run, candidates).encode("utf-8", "replace")
        return run

    return _RUN.sub(one, body).decode("utf-8", "replace")


def _run(run: bytes, candidates: list[str]) -> str:
    lossy = run.decode("utf-8", "replace")
    strangers = lossy.count("\ufffd")
    if sum(c > "\x7f" for c in lossy) > strangers * 2:  # one broken letter in good text: only that is foreign
        return run.decode("utf-8", "aiwatch_cp1252")
    for codec in [c for c in candidates if c in _MULTIBYTE]:
        text = _strict(run, codec)
        if text is not None:
            return text
    return _replace(run, _guess(run))


def _cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read stray bytes of 0x80 to 0xFF as CP1252, where quotes and dashes of pasted text come from; truncated sequences go."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    if len(bad) > 1:
        return "\ufffd", error.end
    return _replace(bad, "cp1252"), error.end


codecs.register_error("aiwatch_cp1252", _cp1252)


def _guess(body: bytes) -> str:
    """Pick the codec under which ``body`` looks most like a language: kana, hangul and common ideographs against rubbish."""
    sample = body[:_SAMPLE]
    return max(_GUESSES, key=lambda codec: _likeness(sample, codec))


def _likeness(sample: bytes, codec: str) -> float:
    text = _replace(sample, codec)
    high = [c for c in text if c > "\x7f"]
    if not high:
        return 0.0
    odd = len(_ODD.findall(text))
    return (sum(map(_weight, high)) - 3 * odd) / len(high) * _PRIOR.get(codec, 1.0)


def _weight(char: str) -> float:  # noqa: PLR0911 - a table of ranges reads best as one
    if char == "\ufffd" or "\x80" <= char <= "\x9f" or "\ue000" <= char <= "\uf8ff":
        return -20.0
    if "\uac00" <= char <= "\ud7a3":
        return 1.0
    if "\u3040" <= char <= "\u30ff":
        return 1.2
    if "\u4e00" <= char <= "\u9fff":
        return 0.9 if char.encode("gb2312", "ignore") or char.encode("big5", "ignore") else 0.1
    if "\u0400" <= char <= "\u045f":
        return 0.9
    if "\uff61" <= char <= "\uff9f":  # half-width kana: what CP932 makes of everybody's bytes
        return -0.5
    if "\u00c0" <= char <= "\u017f" or "\u2010" <= char <= "\u2026":
        return 0.6
    return 0.3 if "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uff60" else 0.0
