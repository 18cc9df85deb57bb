"""Where one answer is not enough: addresses without titles, sitemaps in parts, a service that cannot be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

import pytest

from aiwatch import replay, rules
from aiwatch.errors import ParseError
from aiwatch.model import Failed, Failure, Fetched, Item, Kind, Note, NotModified, Outcome, PollPlan, Source, Tier
from aiwatch.parse import article
from aiwatch.poll import Poller, poll
from aiwatch.ports import Reads, Request
from aiwatch.sandbox import in_a_thread
from aiwatch.settings import Subscription
from aiwatch.store.sqlite import SqliteStore

P = ParamSpec("P")
T = TypeVar("T")

START = datetime(2026, 1, 19, 12, tzinfo=UTC)
LATER = START + timedelta(days=2)
RULES = rules.load()
SITE = "https://lab.example"
LAB = Source(
    id="lab",
    url=f"{SITE}/sitemap.xml",
    name="The lab",
    kind=Kind.SITEMAP,
    vendor="DeepSeek",
    tier=Tier.PRIMARY,
    lang="en",
    options={"include": [r"^/news/news\d+$"], "child": "news"},
)
WORDS = "It reads pictures and text, is open for everybody to use today, and its weights can be had under a free licence. " * 3
PAGE = f"""<!doctype html><html lang="en"><head><title>DeepSeek-V9 is released | Documents</title>
<meta property="og:title" content="DeepSeek-V9 is released | Documents"><meta property="og:site_name" content="Documents">
<script type="application/ld+json">{{"@type": "WebSite", "name": "Documents"}}</script></head>
<body><nav><h1>Documents</h1></nav><article><h1>DeepSeek-V9 is released</h1><p>We release DeepSeek-V9, our new model. {WORDS}</p>
<p>{WORDS}</p></article></body></html>"""


def sitemap(*paths: str) -> str:
    rows = "".join(f"<url><loc>{SITE}{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def index(*parts: tuple[str, str]) -> str:
    rows = "".join(f"<sitemap><loc>{SITE}/{name}</loc><lastmod>{day}</lastmod></sitemap>" for name, day in parts)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'


@dataclass
class World:
    store: SqliteStore
    now: datetime = START
    answers: dict[str, str | Outcome] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    aside: Reads = in_a_thread

    async def fetch(self, request: Request) -> Outcome:
        self.asked.append(request.url)
        self.requests.append(request)
        answer = self.answers.get(request.url, Failed(kind=Failure.HARD, reason="HTTP 403", status=403))
        if isinstance(answer, str):
            return Fetched(
                url=request.url,
                status=200,
                headers={"content-type": "text/html; charset=utf-8"},
                body=answer.encode(),
                etag='"1"',
            )
        return answer

    def poll(self, source: Source = LAB, later: timedelta = timedelta(hours=1)) -> PollPlan:
        self.now += later
        poller = Poller(
            store=self.store,
            fetch=self.fetch,
            rules=RULES,
            clock=lambda: self.now,
            aside=self.aside,
            sources=(source,),
            subscriptions=(Subscription(id="all", title="All", schedule="hourly"),),
        )
        self.store.sync_sources([source], self.now)
        (job,) = self.store.claim_due(self.now, 1, timedelta(minutes=5), [source.id])
        made = asyncio.run(poll(poller, job))
        assert made is not None
        return made

    def told(self) -> list[str]:
        return [one.name for one in self.store.pending("all", self.now + timedelta(days=1))]


@pytest.fixture
def world() -> Iterator[World]:
    store = SqliteStore(":memory:")
    yield World(store=store)
    store.close()


def test_an_address_that_names_no_model_is_read_for_its_title(world: World) -> None:
    world.answers[LAB.url] = sitemap("/news/news250101", "/news/news250909")
    assert world.poll().poll.fresh == 2
    assert world.asked == [LAB.url], "the first poll reads no archive"
    world.answers[LAB.url] = sitemap("/news/news250101", "/news/news250909", "/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE
    made = world.poll()
    assert [(item.title, Note.TITLE_FROM_PAGE in item.notes) for item in made.items] == [("DeepSeek-V9 is released", True)]
    assert world.told() == ["DeepSeek-V9"]
    again = world.poll()
    assert (again.items, world.asked.count(f"{SITE}/news/news260120")) == ((), 1), (
        "the better title is no edit, and is not sought twice"
    )


def test_a_refused_page_costs_nothing(world: World) -> None:
    world.answers[LAB.url] = sitemap("/news/news250101")
    world.poll()
    world.answers[LAB.url] = sitemap("/news/news250101", "/news/news260120")
    made = world.poll()
    assert [item.title for item in made.items] == ["News260120"]
    assert made.poll.outcome == "fetched"


def test_a_control_character_on_a_page_costs_its_date_at_most(world: World) -> None:
    """Seen: lxml refuses to move such text, and the library that looks for the date lets the error through."""
    world.answers[LAB.url] = sitemap("/news/news250101")
    world.poll()
    world.answers[LAB.url] = sitemap("/news/news250101", "/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE.replace("<nav>", "<script>1</script>&#1;<nav>")
    assert [item.title for item in world.poll().items] == ["DeepSeek-V9 is released"]


def test_a_page_that_a_library_breaks_on_holds_no_item_back(world: World) -> None:
    async def breaks(_size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if call is article.extract:
            raise IndexError
        return call(*args, **kwargs)

    world.aside = breaks
    world.answers[LAB.url] = sitemap("/news/news250101")
    world.poll()
    world.answers[LAB.url] = sitemap("/news/news250101", "/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE
    assert [item.title for item in world.poll().items] == ["News260120"]


def test_a_sitemap_in_parts_is_read_from_its_newest_part_and_the_first_time_is_a_baseline(world: World) -> None:
    parts = index(("news-1.xml", "2025-06-01"), ("news-2.xml", "2026-01-18"), ("jobs.xml", "2026-01-19"))
    world.answers[LAB.url] = parts
    world.answers[f"{SITE}/news-2.xml"] = sitemap("/news/news250101", "/news/news250909")
    first = world.poll()
    assert (first.poll.outcome, first.poll.fresh, first.poll.overlap) == ("fetched", 2, None)
    assert world.told() == []
    world.answers[f"{SITE}/news-2.xml"] = sitemap("/news/news250101", "/news/news250909", "/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE
    second = world.poll()
    assert (second.poll.fresh, second.poll.overlap) == (1, None), (
        "the index is the same, byte for byte; the other part is not there"
    )
    assert world.told() == ["DeepSeek-V9"]


ALL = replace(LAB, options={"include": "^/news/"})
TOPICS = ("release", "research", "company")


def by_topic(world: World, **paths: tuple[str, ...]) -> None:
    """An index whose parts are of one day each, as OpenAI's are."""
    for topic in TOPICS:
        world.answers[f"{SITE}/{topic}.xml"] = sitemap(*paths.get(topic, (f"/news/old-{topic}-{n}" for n in "abc")))


def test_what_comes_into_another_part_than_the_newest_is_found(world: World) -> None:
    world.answers[LAB.url] = index(*((f"{topic}.xml", f"2026-01-1{n}") for n, topic in enumerate(TOPICS)))
    by_topic(world)
    assert world.poll(ALL).poll.fresh == 9
    by_topic(world, release=("/news/old-release-a", "/news/news260120"))
    world.answers[f"{SITE}/news/news260120"] = PAGE
    made = world.poll(ALL)
    assert (made.poll.fresh, made.poll.overlap, world.told()) == (1, True, ["DeepSeek-V9"])
    world.answers[LAB.url] = index(("release.xml", "2026-01-19"), ("research.xml", "2026-01-11"), ("company.xml", "2026-01-12"))
    assert world.poll(ALL).items == (), "no archive is new because another part became the newest"


@pytest.mark.parametrize("day", ["2025-06-01", ""])
def test_each_part_is_read_in_its_turn(world: World, day: str) -> None:
    names = [f"part-{n}.xml" for n in range(30)]
    world.answers[LAB.url] = index(*((name, day) for name in names))
    for name in names:
        world.answers[f"{SITE}/{name}"] = sitemap(f"/news/introducing-deepseek-v{name[5:-4]}-our-new-model")
    for _ in range(4):
        world.poll(ALL)
    assert {url for url in world.asked if "/part" in url} == {f"{SITE}/{name}" for name in names}
    assert max(sum(url.endswith(name) for url in world.asked) for name in names) <= 4
    assert world.told() == [], "what an old part holds without a date may be as old as the site"
    world.answers[f"{SITE}/part-7.xml"] = sitemap("/news/introducing-deepseek-v7-our-new-model", "/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE.replace("DeepSeek-V9", "DeepSeek-V99")
    for _ in range(30):
        world.poll(ALL)
    assert world.told() == ["DeepSeek-V99"]
    replayed = replay.tell(world.store.archive(), RULES, alert_window=timedelta(days=3)).announcements.values()
    assert [one.name for one in replayed] == ["DeepSeek-V99"]


def test_what_came_last_in_a_part_that_is_not_read_now_is_no_gap(world: World) -> None:
    days = [f"2026-01-{day:02}" for day in range(1, 9)]
    by_day = {f"{day}.xml": (day, [f"/news/{day}-{letter}" for letter in "abc"]) for day in days}

    def served() -> None:
        world.answers[LAB.url] = index(*((name, day) for name, (day, _) in by_day.items()))
        world.answers |= {f"{SITE}/{name}": sitemap(*paths) for name, (_, paths) in by_day.items()}

    served()
    assert world.poll(ALL).poll.fresh == 24
    for name in ("2026-01-01.xml", "2026-01-02.xml"):
        before = by_day[name]
        by_day[name] = (before[0] + "T10:00:00Z", [*before[1], f"/news/late-{name[:10]}"])
        served()
        made = world.poll(ALL)
        assert (made.poll.fresh, made.poll.overlap) == (1, True), name


NOTES = sitemap(*(f"/news/note-{letter}" for letter in "abc"))


@pytest.mark.parametrize(
    ("answer", "archive"),
    [
        (NotModified(url=f"{SITE}/latest.xml"), NotModified(url=f"{SITE}/archive.xml")),
        (NOTES[: NOTES.index("note-c")], sitemap("/news/old", "/news/older")),
        (Failed(kind=Failure.SOFT, reason="HTTP 503", status=503), sitemap("/news/old", "/news/older")),
    ],
    ids=["a 304", "half of it", "an error"],
)
def test_a_gap_does_not_begin_at_a_poll_that_did_not_see_all_of_a_part(
    world: World, answer: str | Outcome, archive: str | Outcome
) -> None:
    world.answers[LAB.url] = index(("archive.xml", "2026-01-18"), ("latest.xml", "2026-01-18"))
    world.answers |= {f"{SITE}/archive.xml": sitemap("/news/old"), f"{SITE}/latest.xml": sitemap("/news/note-a", "/news/note-b")}
    world.poll(ALL)
    world.answers[f"{SITE}/latest.xml"] = NOTES
    world.poll(ALL)
    seen = world.now
    world.answers |= {f"{SITE}/archive.xml": archive, f"{SITE}/latest.xml": answer}
    world.poll(ALL)
    world.answers |= {
        f"{SITE}/archive.xml": NotModified(url=f"{SITE}/archive.xml"),
        f"{SITE}/latest.xml": sitemap("/news/note-z"),
    }
    world.poll(ALL)
    assert world.store.watch(START, world.now).gaps == ((ALL.id, seen, world.now),)


def test_a_new_part_is_no_gap_and_news_even_if_it_cannot_be_read_at_first(world: World) -> None:
    world.answers[LAB.url] = index(("2025-12.xml", "2025-12-30"))
    world.answers[f"{SITE}/2025-12.xml"] = sitemap("/news/a", "/news/b")
    world.poll(ALL)
    world.answers[f"{SITE}/2025-12.xml"] = NotModified(url=f"{SITE}/2025-12.xml", etag='"1"')
    world.answers[LAB.url] = index(("2025-12.xml", "2025-12-30"), ("2026-01.xml", "2026-01-20"))
    assert "1 of 2 parts could not be read" in str(world.poll(ALL).poll.reason)
    world.answers[f"{SITE}/2026-01.xml"] = sitemap("/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE
    made = world.poll(ALL)
    assert (made.poll.fresh, made.poll.overlap, world.told()) == (1, True, ["DeepSeek-V9"])
    world.answers[f"{SITE}/2026-01.xml"] = sitemap("/news/news260120", "/news/c")
    world.poll(ALL)
    world.answers[f"{SITE}/2026-01.xml"] = NotModified(url=f"{SITE}/2026-01.xml", etag='"1"')
    world.answers[f"{SITE}/2025-12.xml"] = sitemap("/news/a", "/news/b", "/news/d")
    assert world.poll(ALL).poll.overlap is True, "what came last stands in the part that has not changed"


def test_an_index_that_breaks_off_names_no_half_address_and_forgets_no_part(world: World) -> None:
    whole = index(("a.xml", "2025-12-30"), ("b.xml", "2025-12-30"), ("c.xml", "2025-12-30"))
    world.answers |= {
        f"{SITE}/{name}.xml": sitemap(f"/news/introducing-deepseek-v{n}-our-new-model") for n, name in enumerate("abc", 2)
    }
    half = whole[: whole.index("c.xml") + 1]
    world.answers[LAB.url] = half
    world.poll(ALL)
    assert [url.removeprefix(SITE) for url in world.asked] == ["/sitemap.xml", "/a.xml", "/b.xml"]
    for body in (whole, half, whole):
        world.answers[LAB.url] = body
        world.poll(ALL)
    assert world.told() == [], "what the first poll did not see of the index is a baseline, too"
    assert f"{SITE}/c" not in world.asked
    assert len(world.store.job(ALL.id).state.parts) == 3  # type: ignore[union-attr]


def test_a_part_on_a_host_that_is_gone_holds_up_no_other(world: World) -> None:
    gone = "https://old.example/a.xml"
    rows = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (gone, f"{SITE}/b.xml"))
    world.answers |= {
        LAB.url: f"<sitemapindex>{rows}</sitemapindex>",
        gone: Failed(kind=Failure.TEMPORARY, reason="no connection"),
    }
    world.answers[f"{SITE}/b.xml"] = sitemap("/news/b")
    assert world.poll(ALL).poll.fresh == 1


def test_a_part_that_is_new_brings_news(world: World) -> None:
    world.answers[LAB.url] = index(("2025-12.xml", "2025-12-30"))
    world.answers[f"{SITE}/2025-12.xml"] = sitemap("/news/a-note-on-our-garden")
    world.poll(ALL)
    world.answers[LAB.url] = index(("2026-01.xml", "2026-01-20"), ("2025-12.xml", "2025-12-30"))
    world.answers[f"{SITE}/2026-01.xml"] = sitemap("/news/news260120")
    world.answers[f"{SITE}/news/news260120"] = PAGE
    world.poll(ALL)
    assert world.told() == ["DeepSeek-V9"]


def test_parts_are_asked_with_their_own_validators(world: World) -> None:
    world.answers[LAB.url] = index(("a.xml", "2026-01-18"), ("b.xml", "2026-01-18"))
    world.answers |= {f"{SITE}/a.xml": sitemap("/news/a"), f"{SITE}/b.xml": sitemap("/news/b")}
    world.poll(ALL)
    world.answers[f"{SITE}/b.xml"] = NotModified(url=f"{SITE}/b.xml", etag='"1"')
    made = world.poll(ALL)
    assert [request.etag for request in world.requests[-3:]] == [None, '"1"', '"1"']
    assert (made.poll.outcome, made.poll.overlap) == ("unchanged", True)


def test_of_parts_of_which_some_fail_the_others_are_read(world: World) -> None:
    world.answers[LAB.url] = index(("a.xml", "2026-01-18"), ("b.xml", "2026-01-18"))
    world.answers[f"{SITE}/a.xml"] = sitemap("/news/a")
    first = world.poll(ALL)
    assert (first.poll.outcome, first.poll.reason) == ("fetched", "1 of 2 parts could not be read: HTTP 403")
    world.answers[f"{SITE}/b.xml"] = sitemap(*(f"/news/introducing-deepseek-v{n}-our-new-model" for n in range(2, 6)))
    assert world.poll(ALL).poll.fresh == 4
    assert world.told() == [], "it was there at the first poll"
    world.answers[f"{SITE}/b.xml"] = sitemap("/about")
    assert "empty: no items where there were 4" in str(world.poll(ALL).poll.reason)


def test_an_index_of_more_parts_than_are_read_says_so(world: World) -> None:
    world.answers[LAB.url] = index(*((f"part-{n}.xml", f"2025-01-{n % 28 + 1:02}") for n in range(80)))
    world.answers |= {f"{SITE}/part-{n}.xml": sitemap(f"/news/{n}") for n in range(80)}
    assert "30 of 80 sitemaps are not read" in str(world.poll(ALL).poll.reason)


def test_a_part_that_is_longer_than_is_read_says_so_and_proves_nothing(world: World) -> None:
    short = replace(ALL, options={"child": "", "limit": 2})
    world.answers[LAB.url] = index(("a.xml", "2026-01-18"), ("b.xml", "2026-01-18"))
    world.answers |= {f"{SITE}/a.xml": sitemap("/news/1", "/news/2"), f"{SITE}/b.xml": sitemap("/news/3")}
    world.poll(short)
    world.answers[f"{SITE}/a.xml"] = sitemap("/news/1", "/news/2", "/news/4")
    made = world.poll(short).poll
    assert (made.overlap, str(made.reason).partition(":")[0]) == (None, "1 row beyond limit = 2 not read")


def test_options_that_changed_have_all_parts_read_anew(world: World) -> None:
    world.answers[LAB.url] = index(("a.xml", "2026-01-18"))
    world.answers[f"{SITE}/a.xml"] = sitemap("/news/a", "/jobs/introducing-deepseek-v9-our-new-model")
    world.poll(ALL)
    assert world.poll(replace(ALL, options={"include": "^/"})).poll.fresh == 1
    assert world.told() == []


def test_a_part_that_fails_is_the_source_s_failure(world: World) -> None:
    world.answers[LAB.url] = index(("news.xml", "2026-01-18"))
    assert "403" in str(world.poll().poll.reason)
    world.answers[f"{SITE}/news.xml"] = index(("news.xml", "2026-01-18"))
    assert "another index" in str(world.poll().poll.reason)
    world.answers[f"{SITE}/news.xml"] = sitemap("/news/news250101")
    assert world.poll().poll.outcome == "fetched"


def test_x_without_a_token_is_not_asked_and_says_what_it_needs(world: World) -> None:
    source = Source(id="x-lab", url="https://api.x.com/2/users/12345/tweets", kind=Kind.X)
    made = world.poll(source)
    assert world.asked == []
    assert made.poll.outcome == "failed"
    assert "headers" in str(made.poll.reason)
    assert "token" in str(made.poll.reason)


ITEM = Item(id="1", source_id="lab", key="k", url=f"{SITE}/a", title="News260120", notes=(Note.TITLE_FROM_URL,))


def page(html: str, content_type: str = "text/html", encoding: str = "utf-8") -> Fetched:
    return Fetched(url=f"{SITE}/a", status=200, headers={"content-type": content_type}, body=html.encode(encoding))


def test_a_korean_page_in_its_old_encoding_is_read() -> None:
    text = "연구소가 새 인공지능 모델을 공개했다. 이 모델은 그림과 글을 함께 읽는다. " * 6
    head = '<meta charset="euc-kr"><title>새 모델</title>'
    html = f"<html><head>{head}</head><body><article><h1>새 모델</h1><p>{text}</p></article></body></html>"
    read = article.extract(
        page(html, "text/html; charset=euc-kr", "cp949"), replace(ITEM, notes=()), now=START + timedelta(days=2)
    )
    assert "인공지능 모델을 공개했다" in read.content
    assert read.title == ITEM.title, "a source's own title stays"


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (
            '<meta property="article:published_time" content="2026-01-20T08:30:00+09:00">',
            datetime(2026, 1, 19, 23, 30, tzinfo=UTC),
        ),
        (
            '<script type="application/ld+json">{"@graph": [{"datePublished": "2026-01-20T10:00:00Z"}]}</script>',
            datetime(2026, 1, 20, 10, tzinfo=UTC),
        ),
        ('<meta itemprop="datePublished" content="2026-01-20">', datetime(2026, 1, 20, tzinfo=UTC)),
        ('<meta property="article:modified_time" content="nonsense">', None),
    ],
)
def test_the_page_s_own_date_goes_before_a_guess(head: str, published: datetime | None) -> None:
    html = f"<html><head>{head}<title>T</title></head><body><article><h1>T</h1><p>{WORDS}</p></article></body></html>"
    assert article.extract(page(html), replace(ITEM, notes=()), now=LATER).published == published
    known = datetime(2026, 1, 1, tzinfo=UTC)
    assert article.extract(page(html), replace(ITEM, notes=(), published=known), now=LATER).published == known


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Grok 9 | x</title>", "<h1>x</h1><p>script</p>", "Grok 9 | x"),
        (
            '<meta property="og:title" content="Runway News | Introducing Gen-9">',
            "<h1>Introducing Gen-9</h1>",
            "Introducing Gen-9",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Gen-9 is here"}</script><title>N</title>',
            "",
            "Gen-9 is here",
        ),
        ("<title>Introducing Aleph &amp; more</title>", "<h1>Menu</h1>", "Introducing Aleph & more"),
    ],
)
def test_titles_are_had_from_pages_without_text(head: str, body: str, title: str) -> None:
    assert article.extract(page(f"<html><head>{head}</head><body>{body}</body></html>"), ITEM, now=LATER).title == title


@pytest.mark.parametrize("html", ["", "<html><body><p>short</p></body></html>", "<title>Just a moment...</title>" + WORDS])
def test_nothing_to_be_had_is_said(html: str) -> None:
    with pytest.raises(ParseError, match=r"lab\.example"):
        article.extract(page(html), replace(ITEM, notes=()), now=LATER)


def test_a_sitemap_that_breaks_off_says_so(world: World) -> None:
    world.answers[LAB.url] = sitemap("/news/a", "/news/b")
    world.poll(ALL)
    whole = sitemap("/news/a", "/news/b", "/news/c")
    world.answers[LAB.url] = whole[: whole.index("news/c")]
    cut = world.poll(ALL)
    world.answers[LAB.url] = whole
    assert (cut.poll.reason, world.poll(ALL).poll.reason) == ("the document breaks off; its last entry was left out", None)


def test_an_address_that_has_to_be_mended_does_not_cost_the_sitemap(world: World) -> None:
    world.answers[LAB.url] = sitemap("/news/a")
    world.poll(ALL)
    world.answers[LAB.url] = sitemap("/news/a", "\\news\\[b", "/news/c")
    assert {item.url for item in world.poll(ALL).items} == {f"{SITE}/news/[b", f"{SITE}/news/c"}
