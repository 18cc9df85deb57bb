"""The same entry stays the same over polls, and different ones are never joined: what feeds were seen to do to their identities."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parse_samples import SOURCE, item, parsed, rss

from aiwatch.model import Item
from aiwatch.parse.identity import heirs, identities
from aiwatch.parse.raw import RawEntry
from aiwatch.ports import Known

DAY = "<pubDate>Tue, 04 Mar 2025 05:06:07 GMT</pubDate>"
NEXT = "<pubDate>Wed, 05 Mar 2025 05:06:07 GMT</pubDate>"
TITLE = "A new model is announced today"


def one(xml: str) -> Item:
    return parsed(rss(xml)).items[0]


def guid(text: str) -> str:
    return f'<guid isPermaLink="false">{text}</guid>'


def same(before: Item, after: Item) -> bool:
    """Whether a poll that knows ``before`` recognises ``after``: by id, or by an alias."""
    return before.id == after.id or bool(set(before.aliases) & set(after.aliases))


SAME = {
    "a new guid at every poll": (item(TITLE, "1", guid("a1") + DAY), item(TITLE, "1", guid("b2") + DAY)),
    "an edited title": (item(TITLE, "1", guid("a") + DAY), item("Corrected: " + TITLE, "1", guid("a") + DAY)),
    "a date that moves": (item(TITLE, "1", guid("a") + DAY), item(TITLE, "1", guid("a") + NEXT)),
    "a campaign in the link": (
        item(TITLE, "1?utm_source=rss&amp;utm_id=7", DAY),
        item(TITLE, "1?utm_source=rss&amp;utm_id=8", DAY),
    ),
    "a cache-buster": (item(TITLE, "1?cb=1", DAY), item(TITLE, "1?cb=2", DAY)),
    "a site that moves, guid kept": (item(TITLE, "old/1", guid("a") + DAY), item(TITLE, "new/1", guid("a") + NEXT)),
    "a site that moves, title and day kept": (item(TITLE, "old/1", guid("a") + DAY), item(TITLE, "new/1", guid("b") + DAY)),
    "no link, the guid stays": (
        f"<item><title>{TITLE}</title>{guid('a')}</item>",
        f"<item><title>New: {TITLE}</title>{guid('a')}</item>",
    ),
    "nothing but a title and a day": (f"<item><title>{TITLE}</title>{DAY}</item>", f"<item><title>{TITLE}</title>{DAY}</item>"),
    "https at last": (item(TITLE, "1"), item(TITLE, "1").replace("https:", "http:")),
    "a counter in a title, a new guid": (
        item(f"{TITLE} [3]", "old/1", guid("a") + DAY),
        item(f"{TITLE} [4]", "1", guid("b") + DAY),
    ),
}
COUNTERS = [
    "({})",
    "[{}]",
    "댓글 {}",
    "{} comments",
    "| {} points",
    "조회 1,{} · 댓글({})",
    "- {}k views",
    "（{}）",
    "评论({})",
    "· {} hours ago",
]


def bare(title: str, more: str = DAY) -> str:
    """An entry without link and guid."""
    return f"<item><title>{title}</title>{more}</item>"


@pytest.mark.parametrize("more", [DAY, "", "<description>Words on it. {} comments</description>"], ids=["day", "nothing", "text"])
@pytest.mark.parametrize("counter", COUNTERS)
def test_recognised_whatever_counts_its_readers(counter: str, more: str) -> None:
    def counted(number: int) -> str:
        return bare(f"{TITLE} {counter}", more).replace("{}", str(number))

    met = [one(counted(number)) for number in (5, 17, 102)]
    assert same(met[0], met[1])
    assert same(met[1], met[2])
    assert same(one(bare(TITLE, more.replace("{}", "4"))), met[0]), "a board writes no 0"


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_recognised(before: str, after: str) -> None:
    assert same(one(before), one(after))


DIFFERENT = {
    "one guid for all, told one after the other": (
        item(TITLE, "1", guid("feed")),
        item("Another model is announced", "2", guid("feed")),
    ),
    "one guid, one day": (item(TITLE, "1", guid("0") + DAY), item("Another model is announced", "2", guid("0") + DAY)),
    "one title, two days, two links": (item(TITLE, "1", DAY), item(TITLE, "2", NEXT)),
    "a short title on one day": (item("Changelog", "1", DAY), item("Changelog", "2", DAY)),
    "the query is the identity": (item(TITLE, "blog?id=a"), item(TITLE, "blog?id=b")),
    "the fragment is the identity": (item("v1.0", "changes#v1-0"), item("v1.1", "changes#v1-1")),
    "no link, no guid, another text": (
        bare(f"{TITLE} (1)", "<description>Zephyr can see.</description>"),
        bare(f"{TITLE} (2)", "<description>Boreas can hear.</description>"),
    ),
    "no link, no guid, another day": (bare(f"{TITLE} (1)"), bare(f"{TITLE} (2)", NEXT)),
    "a number that names": (bare("Zephyr Model 1 is here"), bare("Zephyr Model 2 is here")),
    "links to the front page": (
        f"<item><title>One model more</title><link>https://lab.example/</link>{guid('a')}</item>",
        f"<item><title>Two models more</title><link>https://lab.example/</link>{guid('b')}</item>",
    ),
}


@pytest.mark.parametrize(("before", "after"), DIFFERENT.values(), ids=DIFFERENT)
def test_never_joined_over_polls(before: str, after: str) -> None:
    assert not same(one(before), one(after))


@pytest.mark.parametrize(("before", "after"), DIFFERENT.values(), ids=DIFFERENT)
def test_never_joined_in_one_document(before: str, after: str) -> None:
    first, second = parsed(rss(before + after)).items
    assert not same(first, second)


def test_what_may_be_a_counter_tells_apart_what_stands_together() -> None:
    first, second = parsed(rss(bare(f"{TITLE} (1)") + bare(f"{TITLE} (2)"))).items
    assert not same(first, second)


def test_a_shared_guid_keeps_each_link() -> None:
    feed = parsed(rss("".join(item(f"Model number {n} is announced", str(n), guid("same")) for n in range(3))))
    assert len({news.id for news in feed.items}) == 3
    assert not any(
        alias.startswith("guid:") and feed.items[0].aliases == feed.items[1].aliases for alias in feed.items[0].aliases
    )


def test_entries_that_share_a_page_go_by_guid_and_are_known_again_alone() -> None:
    page = "<link>https://lab.example/changelog</link>"
    both = [f"<item><title>Version {n} of the assistant</title>{page}{guid(str(n))}</item>" for n in (1, 2)]
    together = parsed(rss("".join(both))).items
    assert len(together) == 2
    assert same(together[1], one(both[1]))
    assert not same(together[0], one(both[1]))


def test_the_same_entry_twice_is_one() -> None:
    feed = parsed(rss(item(TITLE, "1", guid("a")) + item(TITLE, "1", guid("b")) + item("Second", "2")))
    assert [news.title for news in feed.items] == [TITLE, "Second"]
    assert "1 entries were there twice" in feed.notes


def test_order_does_not_matter() -> None:
    xml = [item(f"Model number {n} is announced", str(n), guid(str(n % 2)) + DAY) for n in range(6)]
    forth, back = parsed(rss("".join(xml))).items, parsed(rss("".join(reversed(xml)))).items
    assert {(news.id, news.aliases) for news in forth} == {(news.id, news.aliases) for news in back}


def test_sources_do_not_share_ids() -> None:
    document = rss(item())
    assert parsed(document).items[0].id != parsed(document, replace(SOURCE, id="other")).items[0].id


def known(before: Item) -> Known:
    dated = before.published or before.updated
    return Known(
        item_id=before.id, content_hash=before.content_hash, revision=1, guid=before.guid, title=before.title, dated=dated
    )


PAGE = "changelog"  # the address of all
FIRST = item("Zephyros 4 is here", PAGE, guid("4") + DAY)


@pytest.mark.parametrize(
    ("after", "apart"),
    [
        (item("Zephyros 5 is here", PAGE, guid("5") + NEXT), True),
        (item("Zephyros 5 is here", PAGE, guid("5") + DAY), False),  # a live page: guid and title change as it goes on
        (item("Zephyros 5 is here", PAGE, guid("4") + NEXT), False),
        (item("Zephyros 4 is here", PAGE, guid("5") + NEXT), False),
        (item("Zephyros 4 is here (12 comments)", PAGE, guid("5") + NEXT), False),
        (item("Zephyros 5 is here", PAGE, guid("5")), False),
        (item("Zephyros 5 is here", PAGE, NEXT), False),
    ],
)
def test_another_entry_at_a_known_address_is_told_by_guid_title_and_day(after: str, *, apart: bool) -> None:
    before, met = one(FIRST), one(after)
    assert before.id == met.id
    (found,) = heirs([met], {before.id: known(before)})
    assert (found.id != before.id, same(before, found)) == (apart, not apart)
    if apart:
        (_, beside) = parsed(rss(FIRST + after)).items
        assert (found.id, found.key) == (beside.id, beside.key), "it is the same entry where it stands beside the first"


NAMES = st.sampled_from(
    [None, "https://lab.example/1", "https://lab.example/2", "https://lab.example/", "https://lab.example/c#a"]
)
ENTRIES = st.builds(
    RawEntry,
    title=st.sampled_from(["", TITLE, "Changelog"]),
    link=NAMES,
    guid=st.sampled_from([None, "a", "b"]),
    summary=st.sampled_from(["", "x"]),
)


@given(st.lists(ENTRIES, max_size=8))
def test_an_alias_never_belongs_to_two_entries(entries: list[RawEntry]) -> None:
    owners: dict[str, str] = {}
    for identity in identities(entries, ["https://lab.example/"]):
        for alias in identity.aliases:
            assert owners.setdefault(alias, identity.key) == identity.key
