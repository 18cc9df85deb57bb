"""``aiwatch sources`` as a person runs it, against a site on loopback."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aiwatch import app
from aiwatch.cli import cli
from aiwatch.errors import ConfigError
from aiwatch.model import Notice
from aiwatch.parse.opml import NAMESPACE, read_opml

FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Acme news</title><link>http://x.example/</link>'
    "<item><title>Acme introduces Orion 5</title><link>http://x.example/orion-5</link><guid>1</guid>"
    "<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item></channel></rss>"
)
PAGES = {
    "/feed.xml": (200, "application/rss+xml", FEED),
    "/american.xml": (200, "application/rss+xml", FEED.replace("<link>", "<language>en-us</language><link>", 1)),
    "/korean.xml": (200, "application/rss+xml", FEED.replace("Acme introduces Orion 5", "아크메, 새 언어 모델 'Orion 5' 공개")),
    "/japanese.xml": (200, "application/rss+xml", FEED.replace("Acme introduces Orion 5", "アクメ、新モデル「Orion 5」を公開")),
    "/empty.xml": (200, "application/rss+xml", '<rss version="2.0"><channel><title>Nothing</title></channel></rss>'),
    "/blog": (
        200,
        "text/html",
        '<html><head><title>Acme</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>',
    ),
    "/plain": (200, "text/html", "<html><head><title>Acme</title></head><body>no feed</body></html>"),
    "/login": (200, "text/html", "<html><head><title>Sign in</title></head><body>Please sign in</body></html>"),
    "/index.xml": (200, "application/xml", "<sitemapindex><sitemap><loc>/part.xml</loc></sitemap></sitemapindex>"),
    "/part.xml": (200, "application/xml", "<urlset><url><loc>/news/introducing-orion-5</loc></url></urlset>"),
    "/two.xml": (
        200,
        "application/xml",
        "<sitemapindex><sitemap><loc>/part.xml</loc></sitemap><sitemap><loc>/no-part.xml</loc></sitemap></sitemapindex>",
    ),
    "/gone": (410, "text/plain", "gone"),
}


ELSEWHERE = "127.0.0.2"  # another host, to which the site forwards what it has moved
RULES = "User-agent: *\nDisallow: /blog\n"  # of that host


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, kind, body = PAGES.get(self.path, (404, "text/plain", "not here"))
        name, _, port = self.headers["host"].partition(":")
        if name == ELSEWHERE:
            status, body = (200, RULES) if self.path == "/robots.txt" else (200, body)
        elif self.path == "/moved":
            status = 301
        self.send_response(status)
        if status == 301:
            self.send_header("location", f"http://{ELSEWHERE}:{port}/blog")
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def listening(host: str, port: int = 0) -> Iterator[int]:
    server = ThreadingHTTPServer((host, port), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[str]:
    with listening("127.0.0.1") as port:
        yield f"http://127.0.0.1:{port}"


class Desk:
    """A directory with a configuration that lets loopback be polled."""

    def __init__(self, directory: Path, site: str) -> None:
        self.directory, self.site = directory, site
        host = site.removeprefix("http://")
        (directory / "aiwatch.toml").write_text(f'[http]\nallow_private = ["{host}"]\nhost_gap = 0.0\n', "utf-8")
        self.write(f'# mine\n\n[[source]]\nid = "acme"\nname = "Acme"\nurl = "{site}/feed.xml"\ngroups = ["vendors"]\n')

    def write(self, text: str) -> None:
        (self.directory / "sources.toml").write_text(text, "utf-8")

    @property
    def text(self) -> str:
        return (self.directory / "sources.toml").read_text("utf-8")

    def run(self, *args: str) -> Result:
        return CliRunner().invoke(cli, ["-c", str(self.directory / "aiwatch.toml"), *args])


@pytest.fixture
def desk(tmp_path: Path, site: str) -> Desk:
    return Desk(tmp_path, site)


def test_a_list_shows_what_was_never_polled_and_what_is_paused(desk: Desk) -> None:
    (one,) = json.loads(desk.run("sources", "list", "--json").stdout)
    assert (one["id"], one["health"], one["enabled"]) == ("acme", "waiting", True)
    assert desk.run("sources", "pause", "acme", "--reason", "too loud").exit_code == 0
    assert "too loud" in desk.run("sources", "list", "--health", "paused").stdout
    assert json.loads(desk.run("sources", "list", "--health", "ok", "--json").stdout) == []
    wrong = desk.run("sources", "list", "--group", "korea")
    assert (wrong.exit_code, "there is no group 'korea'; the groups are: vendors" in wrong.output) == (2, True)
    desk.write(desk.text.replace('groups = ["vendors"]', ""))
    assert "there is no group 'none'; no source is in any group" in desk.run("sources", "list", "--group", "none").output
    assert desk.run("sources", "resume", "acme").exit_code == 0
    assert "enabled" not in desk.text


def test_an_edit_opens_the_list_to_nobody_else(desk: Desk) -> None:
    """The list may hold tokens, in headers and addresses."""
    path = desk.directory / "sources.toml"
    path.chmod(0o600)
    assert desk.run("sources", "pause", "acme").exit_code == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in desk.directory.iterdir() if file.name.endswith(".new")] == []


def test_a_list_that_is_a_link_stays_one(desk: Desk, tmp_path: Path) -> None:
    """As people have it who keep their files elsewhere, under version control."""
    link, kept = desk.directory / "sources.toml", tmp_path / "kept.toml"
    link.rename(kept)
    link.symlink_to(kept)
    assert desk.run("sources", "pause", "acme").exit_code == 0
    assert link.is_symlink()
    assert "enabled = false" in kept.read_text("utf-8")
    assert list(tmp_path.rglob("*.new")) == []


def test_bytes_that_are_no_text_are_refused_and_the_list_stays(desk: Desk) -> None:
    before = desk.text
    refused = desk.run("sources", "pause", "acme", "--reason", "\udcff")  # how Python hands over a byte that is no UTF-8
    assert isinstance(refused.exception, ConfigError)
    assert (desk.text, list(desk.directory.glob("*.new"))) == (before, [])


def test_a_pause_shows_at_once_also_where_the_database_knows_the_source(desk: Desk) -> None:
    assert desk.run("once").exit_code == 0
    assert "when it starts next" in desk.run("sources", "pause", "acme", "--reason", "too loud").output
    (one,) = json.loads(desk.run("sources", "list", "--json").stdout)
    assert (one["health"], one["enabled"], one["reason"], one["items"]) == ("paused", False, "too loud", 1)
    desk.run("sources", "resume", "acme")
    assert json.loads(desk.run("sources", "list", "--health", "ok", "--json").stdout)


def test_a_pass_says_which_sources_failed_and_which_it_does_not_poll(desk: Desk) -> None:
    desk.write(f'{desk.text}\n[[source]]\nid = "lost"\nurl = "{desk.site}/missing"\n')
    done = desk.run("once", "--json")
    assert json.loads(done.stdout)["failed"] == 1
    assert (done.exit_code, "failed: lost: the server answered 404" in done.stderr) == (0, True)
    desk.run("sources", "pause", "acme", "--reason", "too loud")
    named = desk.run("once", "acme")
    assert "acme is not polled: it is not enabled (too loud); `aiwatch sources resume acme`" in named.stderr
    assert desk.run("once", "--all", "acme").exit_code == 2


def test_a_check_shows_what_each_source_brings_and_fails_where_one_brings_nothing(desk: Desk) -> None:
    good = desk.run("sources", "check", "--json")
    assert good.exit_code == 0, good.output
    (one,) = json.loads(good.stdout)
    assert (one["ok"], one["items"], one["title"]) == (True, 1, "Acme introduces Orion 5")
    for path in ("empty.xml", "login", "gone", "missing"):
        desk.write(f'{desk.text}\n[[source]]\nid = "{path.split(".")[0]}"\nurl = "{desk.site}/{path}"\n')
    bad = desk.run("sources", "check", "--json")
    assert bad.exit_code == 1
    found = {one["id"]: one for one in json.loads(bad.stdout)}
    assert [name for name, one in found.items() if one["ok"]] == ["acme"]
    assert "no item in it" in found["empty"]["found"]
    assert "410" in found["gone"]["found"]
    assert found["login"]["found"]
    assert desk.run("sources", "check", "acme").exit_code == 0
    assert desk.run("sources", "check", "nope").exit_code == 2


def test_a_check_wants_the_headers_of_what_it_asks_and_no_other_secret(desk: Desk) -> None:
    config = desk.directory / "aiwatch.toml"
    config.write_text(config.read_text("utf-8") + '[smtp]\npassword = { env = "NOT_SET" }\n', "utf-8")
    held = f'[[source]]\nid = "held"\nurl = "{desk.site}/feed.xml?held"\nheaders = {{ authorization = {{ env = "NOT_SET_EITHER" }} }}\n'
    desk.write(desk.text + held)
    assert desk.run("sources", "check", "acme").exit_code == 0
    assert "authorization: the environment variable NOT_SET_EITHER is not set" in str(
        desk.run("sources", "check", "held").exception
    )


def test_a_check_follows_a_sitemap_to_its_newest_part(desk: Desk) -> None:
    desk.write(f'[[source]]\nid = "acme"\nkind = "sitemap"\nurl = "{desk.site}/index.xml"\n')
    (one,) = json.loads(desk.run("sources", "check", "--json").stdout)
    assert (one["ok"], one["items"], one["title"]) == (True, 1, "Introducing orion 5"), one["found"]


def test_adding_a_page_finds_its_feed_tries_it_and_keeps_the_file(desk: Desk) -> None:
    before = desk.text.replace("/feed.xml", "/other.xml")
    desk.write(before)
    shown = desk.run("sources", "add", f"{desk.site}/blog", "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert f'url = "{desk.site}/feed.xml"' in shown.stdout
    assert desk.text == before
    done = desk.run("sources", "add", f"{desk.site}/blog", "--vendor", "Acme", "--group", "vendors", "--id", "acme-news")
    assert done.exit_code == 0, done.output
    assert desk.text.startswith(before)
    entry = tomllib.loads(desk.text)["source"][1]
    assert (entry["id"], entry["tier"], entry["vendor"], entry["groups"]) == ("acme-news", "primary", "Acme", ["vendors"])
    again = desk.run("sources", "add", f"{desk.site}/feed.xml")
    assert "is polled already, by acme-news" in f"{again.output}{again.exception}"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--id", "acme"), "there is a source 'acme' already"),
        (("--id", "A b"), "lower case"),
        (("--lang", "Korean"), "such as ko"),
    ],
)
def test_an_entry_that_would_not_do_is_refused_in_a_dry_run_too_and_not_shown(
    desk: Desk, options: tuple[str, str], said: str
) -> None:
    before = desk.text.replace("/feed.xml", "/other.xml")
    desk.write(before)
    for more in ((), ("--dry-run",)):
        answer = desk.run("sources", "add", f"{desk.site}/blog", *options, *more)
        assert said in str(answer.exception)
        assert "[[source]]" not in answer.stdout
    assert desk.text == before
    assert "added to sources.toml" in desk.run("sources", "add", f"{desk.site}/blog").stderr


@pytest.mark.parametrize(
    ("path", "options", "lang"),
    [
        ("american.xml", (), "en"),
        ("korean.xml", (), "ko"),
        ("japanese.xml", (), "ja"),
        ("korean.xml", ("--lang", "en"), "en"),
        ("feed.xml?plain", (), None),
    ],
)
def test_a_language_that_a_feed_says_or_shows_is_written(
    desk: Desk, path: str, options: tuple[str, ...], lang: str | None
) -> None:
    PAGES["/feed.xml?plain"] = PAGES["/feed.xml"]
    answer = desk.run("sources", "add", f"{desk.site}/{path}", "--id", "other", *options)
    assert answer.exit_code == 0, answer.output
    assert tomllib.loads(desk.text)["source"][1].get("lang") == lang
    assert ("its language is not known" in answer.stderr) is (lang is None)


@pytest.mark.parametrize(("path", "message"), [("plain", "names no feed"), ("missing", "404"), ("empty.xml", "no item in it")])
def test_what_cannot_be_polled_is_not_added(desk: Desk, path: str, message: str) -> None:
    before = desk.text
    answer = desk.run("sources", "add", f"{desk.site}/{path}")
    assert answer.exit_code == 1
    assert message in answer.output
    assert desk.text == before


def test_an_address_is_taken_as_people_write_it(desk: Desk) -> None:
    answer = desk.run("sources", "add", "127.0.0.2:1/blog")
    assert answer.exit_code == 1
    assert "https://127.0.0.2:1/blog: blocked: refused: 127.0.0.2 is this machine itself" in answer.output


@pytest.mark.parametrize(
    "address", ["http://[bad", "http://℀.com/", "http://acme.example:99999/feed", "ftp://acme.example/feed", "http://"]
)
def test_what_is_no_address_is_named_and_not_asked_for(desk: Desk, address: str) -> None:
    answer = desk.run("sources", "add", address)
    assert (answer.exit_code, f"{address}: this is no address" in answer.output) == (2, True)


def test_a_source_of_one_s_own_network_is_added_where_that_is_said(desk: Desk) -> None:
    (desk.directory / "aiwatch.toml").write_text("[http]\nhost_gap = 0.0\n", "utf-8")
    desk.write("")
    refused = desk.run("sources", "add", f"{desk.site}/blog")
    assert (refused.exit_code, "--allow-private says so here" in refused.output, desk.text) == (1, True, "")
    assert desk.run("sources", "add", f"{desk.site}/blog", "--allow-private").exit_code == 0
    assert "allow_private = true\n" in desk.text
    assert desk.run("sources", "check").exit_code == 0


def test_a_page_of_one_s_own_network_lends_its_trust_to_no_other_address(desk: Desk) -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="http://127.0.0.2:1/feed.xml">'
    PAGES["/lends"] = (200, "text/html", f"<html><head><title>Bridge</title>{feed}</head></html>")
    before = desk.text
    answer = desk.run("sources", "add", f"{desk.site}/lends", "--allow-private")
    assert (answer.exit_code, "refused: 127.0.0.2 is this machine itself" in answer.output) == (1, True), answer.output
    assert desk.text == before


def test_removing_one_leaves_the_rest(desk: Desk) -> None:
    assert desk.run("sources", "remove", "acme").exit_code == 0
    assert desk.text == "# mine\n\n"
    missing = desk.run("sources", "remove", "acme")
    assert "there is no source 'acme'" in f"{missing.output}{missing.exception}"


def test_a_list_goes_out_as_opml_and_comes_back_with_its_settings(desk: Desk) -> None:
    desk.write(
        f'{desk.text}\n[[source]]\nid = "map"\nkind = "sitemap"\nurl = "{desk.site}/sitemap.xml"\nlang = "ko"\ninterval = 900\n'
        'enabled = false\nreason = "weak"\n[source.options]\ninclude = ["^/news/"]\n'
    )
    before = app.load_config(str(desk.directory / "aiwatch.toml")).sources
    file = desk.directory / "out.opml"
    assert desk.run("sources", "export", "--opml", "-o", str(file)).exit_code == 0
    assert [one.url for one in read_opml(file.read_bytes())] == [one.url for one in before]
    desk.write("")
    taken = desk.run("sources", "import", str(file))
    assert taken.exit_code == 0, taken.output
    assert app.load_config(str(desk.directory / "aiwatch.toml")).sources == before
    assert "0 of 2 sources were new" in desk.run("sources", "import", str(file)).output


def test_what_trusts_an_address_more_than_others_does_not_ride_along_and_that_is_said(desk: Desk) -> None:
    desk.write(
        '[[source]]\nid = "bridge"\nurl = "http://127.0.0.1:9/feed"\nallow_private = true\n'
        '[[source]]\nid = "old"\nurl = "https://old.example/feed"\ntls_verify = false\n'
        '[[source]]\nid = "plain"\nurl = "https://plain.example/feed"\n'
    )
    file = desk.directory / "out.opml"
    out = desk.run("sources", "export", "--opml", "-o", str(file)).output
    assert "without allow_private and tls_verify, which whoever imports it says anew: bridge, old\n" in out
    assert "allow_private = true" in desk.run("sources", "export").stdout
    assert "without allow_private" not in desk.run("sources", "export").output
    desk.write("")
    assert desk.run("sources", "import", str(file)).exit_code == 0
    taken = app.load_config(str(desk.directory / "aiwatch.toml")).sources
    assert [(one.id, one.allow_private, one.tls_verify) for one in taken] == [
        (i, False, True) for i in ("bridge", "old", "plain")
    ]


def test_an_address_with_a_day_or_an_author_in_it_comes_back_as_it_was(desk: Desk) -> None:
    desk.write(
        f'[[source]]\nid = "days"\nkind = "page"\nurl = "{desk.site}/list?on={{today}}"\n[source.options]\nitem = "li"\n'
        f'[[source]]\nid = "hub"\nkind = "huggingface"\nurl = "{desk.site}/api/models?author=acme&limit=20"\n'
    )
    before = app.load_config(str(desk.directory / "aiwatch.toml")).sources
    file = desk.directory / "out.opml"
    out = desk.run("sources", "export", "--opml", "-o", str(file))
    assert "without the tokens" not in out.output
    assert "0 of 2 sources were new" in desk.run("sources", "import", str(file)).output
    desk.write("")
    assert desk.run("sources", "import", str(file)).exit_code == 0
    assert app.load_config(str(desk.directory / "aiwatch.toml")).sources == before


@pytest.mark.parametrize(("interval", "taken"), [("900", 900), ("0", None), ("9" * 12, None), ("9" * 5000, None), ("x", None)])
def test_an_interval_of_a_foreign_list_is_taken_where_it_can_be_one(desk: Desk, interval: str, taken: int | None) -> None:
    file = desk.directory / "in.opml"
    outline = f'<outline type="rss" text="B" xmlUrl="https://b.example/f" a:interval="{interval}"/>'
    file.write_text(f'<opml version="2.0" xmlns:a="{NAMESPACE}"><body>{outline}</body></opml>', "utf-8")
    assert desk.run("sources", "import", str(file)).exit_code == 0
    sources = app.load_config(str(desk.directory / "aiwatch.toml")).sources
    assert [one.interval for one in sources if one.id == "b"] == [taken]


def test_a_group_that_is_not_there_is_given_out_to_nobody(desk: Desk) -> None:
    file = desk.directory / "out.toml"
    answer = desk.run("sources", "export", "--group", "vendor", "-o", str(file))
    assert (answer.exit_code, "the groups are: vendors" in answer.output, file.exists()) == (2, True, False)


def test_a_row_of_a_foreign_list_that_is_no_feed_is_named_and_the_rest_taken(desk: Desk) -> None:
    rows = '<outline text="a" xmlUrl="http://[bad"/>\n<outline text="b" xmlUrl="https://lab.example/feed"/>\n'
    (desk.directory / "f.opml").write_text(f'<opml version="2.0"><body>\n{rows}</body></opml>', "utf-8")
    answer = desk.run("sources", "import", str(desk.directory / "f.opml"))
    assert answer.exit_code == 1
    assert f"{desk.directory / 'f.opml'}:2: 'http://[bad' is left out: this is no address" in answer.stderr
    assert "1 of 1 sources were new; left out: 1 row" in answer.stderr
    assert "https://lab.example/feed" in desk.text


def test_toml_goes_out_without_request_headers(desk: Desk) -> None:
    desk.write(f'{desk.text}[source.headers]\nauthorization = "Bearer secret-token"\n')
    out = desk.run("sources", "export").stdout
    assert tomllib.loads(out)["source"][0]["id"] == "acme"
    assert "secret-token" not in out


def test_a_pack_of_the_shipped_list_is_taken_in_once(desk: Desk) -> None:
    shown = desk.run("sources", "import", "korea", "--dry-run")
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()) >= 4
    offered = json.loads(desk.run("sources", "import", "korea", "--dry-run", "--json").stdout)
    assert desk.run("sources", "import", "korea").exit_code == 0
    taken = [one for one in app.load_config(str(desk.directory / "aiwatch.toml")).sources if "korea" in one.groups]
    assert [one.id for one in taken] == [one["id"] for one in offered]
    assert all(one["id"] in line for one, line in zip(offered, shown.stdout.splitlines()[1:], strict=True))
    assert "0 of" in desk.run("sources", "import", "korea").output
    assert "***" not in shown.stdout
    assert desk.run("sources", "import", "nowhere.opml").exit_code == 2


def test_gaps_say_how_many_were_watched_without_one(desk: Desk) -> None:
    assert desk.run("once").exit_code == 0
    answer = desk.run("sources", "gaps")
    assert answer.exit_code == 0, answer.output
    assert "1 of 1 sources watched without a gap; 0 possible gaps" in answer.output
    assert desk.run("sources", "gaps", "--since", "soon").exit_code == 2


def test_a_poll_that_meets_nothing_it_knew_is_listed_as_a_possible_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.run("once").exit_code == 0
    status, kind, _ = PAGES["/feed.xml"]
    other = FEED.replace("<guid>1<", "<guid>2<").replace("rion-5", "rion-6").replace("rion 5", "rion 6")
    monkeypatch.setitem(PAGES, "/feed.xml", (status, kind, other))
    assert desk.run("once", "acme").exit_code == 0
    answer = desk.run("sources", "gaps").output
    assert "0 of 1 sources watched without a gap; 1 possible gap\n" in answer


def test_silence_is_no_proof_that_nothing_was_missed(desk: Desk) -> None:
    """Whoever never answered, or fails now, is named: it is not watched without a gap only because no gap could be seen."""
    desk.write(desk.text.replace("/feed.xml", "/nowhere.xml"))
    assert desk.run("once").exit_code == 1
    answer = desk.run("sources", "gaps").output
    assert "no source answered in that time" in answer
    assert "0 of 1 sources watched without a gap" in answer
    assert "1 did not answer in that time: acme" in answer
    desk.write(desk.text.replace("/nowhere.xml", "/feed.xml"))
    assert desk.run("once", "acme").exit_code == 0
    assert "acme" not in desk.run("sources", "gaps").output
    desk.write(desk.text.replace("/feed.xml", "/nowhere.xml"))
    assert desk.run("once", "acme").exit_code == 1
    answer = desk.run("sources", "gaps").output
    assert "1 of 1 sources watched without a gap" in answer
    assert "1 failing now, so that what is published meanwhile is not seen yet: acme" in answer


def test_a_part_of_a_sitemap_that_cannot_be_read_is_named_wherever_sources_are_looked_at(desk: Desk) -> None:
    desk.write(f'[[source]]\nid = "acme"\nkind = "sitemap"\nurl = "{desk.site}/two.xml"\n')
    assert desk.run("once").exit_code == 0
    (one,) = json.loads(desk.run("sources", "list", "--health", "partly", "--json").stdout)
    assert [part["url"] for part in one["lost"]] == [f"{desk.site}/no-part.xml"]
    named = f"{desk.site}/no-part.xml cannot be read"
    assert f"{named} since" in desk.run("sources", "list", "--csv").stdout
    assert f"acme: {named} since" in desk.run("doctor").stdout
    (checked,) = json.loads(desk.run("sources", "check", "--json").stdout)
    assert (checked["ok"], checked["items"], checked["found"].startswith(f"{named}: ")) == (True, 1, True)
    said = desk.run("sources", "gaps").output
    assert "1 of which a part cannot be read, so that what is published there is not seen yet: acme" in said


@pytest.mark.parametrize(
    ("health", "advice"), [("quiet", "`aiwatch sources check acme` shows its newest"), ("floods", "another address of it")]
)
def test_a_source_that_is_quiet_or_floods_is_named_with_what_to_do(desk: Desk, health: str, advice: str) -> None:
    assert desk.run("once").exit_code == 0
    config = app.load_config(str(desk.directory / "aiwatch.toml"))
    with app.open_store(config) as store:
        store.note([Notice(condition=f"source-{health}:acme", open=True, at=app.now(), text="Acme brings nothing new")])
    (one,) = json.loads(desk.run("sources", "list", "--health", health, "--json").stdout)
    assert (one["id"], one["noticed"]) == ("acme", "Acme brings nothing new")
    assert "Acme brings nothing new" in desk.run("sources", "list", "--csv").stdout
    looked = desk.run("doctor").stdout
    assert "acme: Acme brings nothing new" in looked
    assert advice in looked


def test_only_a_listed_source_can_be_told_of_afterwards(desk: Desk) -> None:
    answer = desk.run("sources", "backfill", "acmee", "--dry-run")
    assert (answer.exit_code, "no such source: acmee" in answer.output) == (2, True)


def test_a_first_polls_silence_is_told_on_request(desk: Desk) -> None:
    old = FEED.replace("Acme introduces Orion 5", "OpenAI releases GPT-9, its new flagship language model").replace(
        "2026", "2025"
    )
    desk.write(desk.text.replace("/feed.xml", "/old.xml"))
    PAGES["/old.xml"] = (200, "application/rss+xml", old)
    config = desk.directory / "aiwatch.toml"
    config.write_text(
        config.read_text("utf-8")
        + '[[recipient]]\nid = "me"\nwebhook = "https://hooks.example/x"\n'
        + '[[digest]]\nid = "daily"\ntitle = "Daily"\nschedule = "0 8 * * *"\nrecipients = ["me"]\n',
        "utf-8",
    )
    assert desk.run("once").exit_code == 0
    shown = desk.run("sources", "backfill", "acme", "--since", "20y", "--dry-run")
    assert "GPT-9" in shown.output
    assert desk.run("sources", "backfill", "acme", "--since", "1d").output.startswith("nothing was kept silent")
    told = desk.run("sources", "backfill", "acme", "--since", "20y")
    assert "1 announcement to be told, in 1 entry of a digest" in told.output
    assert "nothing was kept silent" in desk.run("sources", "backfill", "acme", "--since", "20y").output
    with app.open_store(app.load_config(str(config))) as store:
        assert [one.name for one in store.pending("daily", app.now())] == ["GPT-9"]


def test_doctor_sums_up_where_every_source_fails(desk: Desk) -> None:
    desk.write("".join(f'[[source]]\nid = "s{number}"\nurl = "{desk.site}/missing{number}"\n' for number in range(25)))
    assert desk.run("once").exit_code == 1
    looked = desk.run("doctor", "--quiet")
    assert (looked.exit_code, "all 25 fail, s0 with: the server answered 404" in looked.stdout) == (1, True)
    assert "s3" not in looked.stdout
    desk.write(f'{desk.text}[[source]]\nid = "acme"\nurl = "{desk.site}/feed.xml"\n')
    desk.run("once")
    looked = desk.run("doctor")
    assert looked.exit_code == 0
    assert looked.stdout.count("mend its entry where it has moved") == 20
    assert "5 more fail  -> `aiwatch sources list --health failing` shows all" in looked.stdout
    assert "1 document, 0 stories, 0 announcements told" in looked.stdout


def test_a_source_that_is_forwarded_to_a_host_which_asks_to_be_left_alone_says_whose_word_it_is(desk: Desk) -> None:
    port = int(desk.site.rpartition(":")[2])
    there = f"http://{ELSEWHERE}:{port}"
    toml = desk.directory / "aiwatch.toml"
    toml.write_text(toml.read_text("utf-8").replace('"]', f'", "{ELSEWHERE}:{port}"]'), "utf-8")
    options = 'item = "li"\ntitle = "h3"\nlink = "a"'
    desk.write(f'[[source]]\nid = "blog"\nkind = "page"\nurl = "{desk.site}/moved"\n[source.options]\n{options}\n')
    why = f"redirected to {there}/blog: {there}/robots.txt asks aiwatch not to fetch this address"
    with listening(ELSEWHERE, port):
        (checked,) = json.loads(desk.run("sources", "check", "--json").stdout)
        desk.run("once", "--all")
    assert checked["found"] == f"blocked: {why}"
    (listed,) = json.loads(desk.run("sources", "list", "--health", "failing", "--json").stdout)
    assert why in listed["last_error"]
    doctor = json.loads(desk.run("doctor", "--json").stdout)
    assert f"blog: {why}" in [one["found"] for one in doctor]
