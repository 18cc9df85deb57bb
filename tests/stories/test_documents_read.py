"""Documents of a JSON Lines file: what is read, and what is said of lines that cannot be."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aiwatch import documents, rules
from aiwatch.errors import ConfigError
from aiwatch.model import Tier


def line(**keys: object) -> str:
    return json.dumps({"id": "a", "title": "Acme releases Orion 5", **keys}, ensure_ascii=False)


def test_a_document_becomes_item_and_source() -> None:
    row = line(summary="S", url="https://x.example/a", source="wire", published="2026-03-02T09:00:00+09:00", lang="ko")
    ((item, source),) = documents.read([row, "\n"], "f.jsonl", rules.load())
    assert (item.id, item.title, item.summary, item.url, item.lang) == (
        "a",
        "Acme releases Orion 5",
        "S",
        "https://x.example/a",
        "ko",
    )
    assert item.published == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert (item.seen_at, source.id, source.tier, source.vendor) == (None, "wire", Tier.PRESS, None)


def test_a_vendors_own_address_makes_the_source_primary() -> None:
    ((_, source),) = documents.read([line(url="https://openai.com/index/x")], "f.jsonl", rules.load())
    assert (source.tier, source.vendor) == (Tier.PRIMARY, "OpenAI")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T10:00:00.000Z", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("Mon, 02 Mar 2026 10:00:00 +0900", datetime(2026, 3, 2, 1, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 15, tzinfo=UTC)),
        ("2026-03-17 13:08:35  +0800", datetime(2026, 3, 17, 5, 8, 35, tzinfo=UTC)),  # two blanks, as some feeds have them
        ("2026.3.2", datetime(2026, 3, 2, tzinfo=UTC)),
        ("03/04/2026", None),  # of two months
        ("last week", None),
        ("", None),
        ("2026-13-45", None),
        ("0001-01-01T00:00:00+14:00", None),
    ],
)
def test_dates_of_many_forms(text: str, expected: datetime | None) -> None:
    assert documents.date(text) == expected


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{"], "f.jsonl:1: not a JSON object"),
        (['{"title":'], "f.jsonl:1: not a JSON object: Expecting value, at character 10"),
        (["[" * 100_000], "f.jsonl:1: not a JSON object: its lists or objects are nested too deep"),
        (["9" * 5000], "f.jsonl:1: not a JSON object: there is a number with thousands of digits in it"),
        ([line(), "[1]"], "f.jsonl:2: found a list; each line is one object"),
        (["null"], "f.jsonl:1: found null; each line is one object"),
        ([line(title=["x"])], "f.jsonl:1: 'title' must be a text, not [\"x\"]"),
        ([line(title=12)], "f.jsonl:1: 'title' must be a text, not 12"),
        ([line(lang=5)], "f.jsonl:1: 'lang' must be a text, not 5"),
        ([line(id=True)], "f.jsonl:1: 'id' must be a text or a whole number, not true"),
        ([line(title="")], "f.jsonl:1: there is neither 'title' nor 'summary'"),
        ([line(), line()], "f.jsonl:2: a second document with the id 'a'"),
    ],
)
def test_a_line_that_cannot_be_read_names_file_and_line(rows: list[str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        list(documents.read(rows, "f.jsonl", rules.load()))
    assert message in str(caught.value)


def test_files_that_were_written_one_behind_another_are_read_though_each_begins_with_a_mark() -> None:
    data = b"".join(b"\xef\xbb\xbf" + line(id=one).encode() + b"\n" for one in "ab")
    assert [item.id for item, _ in documents.read(documents.lines(data), "f.jsonl", rules.load())] == ["a", "b"]


def test_a_document_without_a_title_has_its_text_s_first_line() -> None:
    """``detect`` said that its title was about something else."""
    ((item, _),) = documents.read([line(title=None, summary="Acme releases Orion 5.\nIt is fast.")], "f.jsonl", rules.load())
    assert (item.title, item.summary) == ("Acme releases Orion 5.", "Acme releases Orion 5.\nIt is fast.")


def test_a_number_is_an_id_and_a_day() -> None:
    ((item, _),) = documents.read([line(id=17, published=20260302)], "f.jsonl", rules.load())
    assert (item.id, item.published) == ("17", datetime(2026, 3, 2, tzinfo=UTC))


def test_a_document_without_an_id_gets_one_of_its_own_that_stays() -> None:
    rows = [line(id=None), line(id=None, title="Acme releases Orion 6")]
    first, again = (list(documents.read(rows, "f.jsonl", rules.load())) for _ in range(2))
    assert first == again
    assert first[0][0].id != first[1][0].id
