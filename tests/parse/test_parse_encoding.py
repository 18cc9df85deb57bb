"""Bytes to text: under every label that is right, and under many that are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_samples import item, parsed, rss

from aiwatch.parse.encoding import codec_of, decode

KOREAN, JAPANESE, CHINESE, RUSSIAN = (
    "새 모델 공개, 똠방각하",
    "新しいモデル①㈱を発表",
    "发布新模型，性能提升",
    "Новая модель представлена",
)
GERMAN = "Größeres Modell – „Ü“"
RIGHT = [
    ("cp949", "euc-kr", KOREAN),
    ("cp949", "ks_c_5601-1987", KOREAN),
    ("euc_kr", "euc-kr", "새 모델 똠방각하"),
    ("cp932", "shift_jis", JAPANESE),
    ("euc_jis_2004", "euc-jp", JAPANESE),
    ("euc_jp", "euc-jp", "新しいモデルを発表"),
    ("iso2022_jp", "iso-2022-jp", "新しいモデル"),
    ("gb18030", "gb2312", CHINESE),
    ("gbk", "gbk", CHINESE),
    ("hz", "hz-gb-2312", "发布新模型"),
    ("big5", "big5", "推出繁體中文模型"),
    ("cp1251", "windows-1251", RUSSIAN),
    ("koi8-r", "koi8-r", RUSSIAN),
    ("cp866", "ibm866", RUSSIAN),
    ("cp1252", "iso-8859-1", GERMAN),
    ("cp1250", "windows-1250", "Nowy model językowy źółć"),
    ("cp1254", "iso-8859-9", "Yeni büyük dil modeli çıktı ğış"),
    ("cp874", "tis-620", "โมเดลใหม่"),
    ("utf-8", "utf-8", KOREAN),
]


def document(text: str, label: str | None) -> str:
    return f'<?xml version="1.0"{f" encoding={chr(34)}{label}{chr(34)}" if label else ""}?>' + rss(
        item(text) + item("Second", "2")
    )


@pytest.mark.parametrize(("codec", "label", "text"), RIGHT)
@pytest.mark.parametrize("where", ["declaration", "header", "header over declaration", "declaration over a server's latin-1"])
def test_a_right_label(codec: str, label: str, text: str, where: str) -> None:
    in_xml = {"declaration": label, "header": None, "header over declaration": "utf-8"}.get(where, label)
    in_http = {"declaration": None, "header": label, "header over declaration": label.upper()}.get(where, "iso-8859-1")
    headers = {"content-type": f'text/xml; charset="{in_http}"'} if in_http else {}
    items = parsed(document(text, in_xml).encode(codec), headers=headers).items
    assert [one.title for one in items] == [text, "Second"]


@pytest.mark.parametrize("label", ["euc-kr", "shift_jis", "iso-8859-1", "utf-16", "zip", "unicode_escape", "no-such", "ascii"])
def test_utf8_under_a_wrong_label(label: str) -> None:
    body = document(f"{KOREAN} {GERMAN}", label).encode()
    assert parsed(body, headers={"content-type": f"text/xml; charset={label}"}).items[0].title == f"{KOREAN} {GERMAN}"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("label", [None, "euc-kr"])
def test_marks_and_wide_encodings(codec: str, label: str | None) -> None:
    headers = {"content-type": f"text/xml; charset={label}"} if label else {}
    assert parsed(document(KOREAN, "utf-8").encode(codec), headers=headers).items[0].title == KOREAN


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp949", "새로운 인공지능 모델을 공개했다"),
        ("cp932", "新しいモデルを発表した"),
        ("gb18030", "发布新的大语言模型"),
        ("cp1251", RUSSIAN),
        ("cp1252", GERMAN),
    ],
)
@pytest.mark.parametrize("label", [None, "utf-8"])
def test_no_label_or_a_lie_is_found_out_by_the_text(codec: str, text: str, label: str | None) -> None:
    assert parsed(document(text, label).encode(codec)).items[0].title == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp949", "새로운 인공지능 모델을 공개했다"),
        ("cp932", "新しいモデルを発表した"),
        ("gb18030", "发布新的大语言模型"),
        ("cp1252", GERMAN),
        ("cp1252", "«Ça, c’est un modèle très évolué», a-t-elle répété à Créteil"),
        ("cp1252", "FRANÇAIS: ÉÈÊ, ÀÂ, ÎÏ, ÔÖ, ÛÜ – ÇÀ ET LÀ"),
        ("cp1252", "Größenordnung, Fußgängerübergänge, „Übermäßig“"),
    ],
)
@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_server_s_latin_1_hides_no_letters_of_two_bytes(codec: str, text: str, label: str, *, declared: bool) -> None:
    headers = {"content-type": "text/xml" if declared else f"text/xml; charset={label}"}
    body = document(text, label if declared else None).encode(codec)
    assert parsed(body, headers=headers).items[0].title == text


def test_strangers_in_a_utf8_feed_do_not_cost_their_neighbours() -> None:
    body = rss(item(KOREAN) + item("MARK", "2") + item("caf?", "3") + item(JAPANESE, "4")).encode()
    body = body.replace(b"MARK", "정부 발표".encode("cp949")).replace(b"caf?", b"caf\xe9 \x93x\x94")
    feed = parsed(b'<?xml version="1.0" encoding="euc-kr"?>' + body)
    assert [one.title for one in feed.items] == [KOREAN, "정부 발표", "café “x”", JAPANESE]
    assert feed.notes


def test_only_codecs_of_text_can_be_named() -> None:
    assert codec_of("EUC-KR ") == "cp949"
    assert codec_of("gb2312") == "gb18030"
    assert all(codec_of(label) is None for label in ("zip", "rot13", "idna", "unicode_escape", "utf-7", "base64", "", None))


@given(st.binary(max_size=300), st.sampled_from([None, "text/xml; charset=euc-kr", "x; charset=utf-16", "x; charset=hz"]))
def test_total_and_without_surrogates(body: bytes, content_type: str | None) -> None:
    decode(body, content_type).text.encode("utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), min_size=1))
def test_utf8_always_comes_back(text: str) -> None:
    if not {"\0", "\x1b"} & set(text[:64]):
        assert decode(text.encode()).text == text
