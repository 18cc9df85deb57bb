"""A real browser walks the pages as a person would, and axe looks for what would shut somebody out.

What a press leads to is asked with `expect`, which waits for the page that comes; a count or a text read at once
may be that of the page that goes. A socket that listens before its server runs keeps who comes early waiting.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from web_archive import NOW, RULES

from aiwatch.settings import Config, Secret, Web
from aiwatch.store.library import Library
from aiwatch.web.app import make_app
from aiwatch.web.auth import hash_token

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := shutil.which(name))), None
)
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
PAGES = [
    "/",
    "/rumors",
    "/race?at=2024-02",
    "/search?q=Sora",
    "/sources",
    "/sources/daily",
    "/explain?q=Sora",
    "/digests",
    "/nothing",
]
PATIENCE = 30_000  # milliseconds for what a press leads to; as long as a page may take to come
MARKED = "/explain?q=OpenAI+releases+GPT-9,+a+new+language+model"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the pages are not walked"),
]


@contextmanager
def serving(config: Config) -> Iterator[str]:
    """The application on a port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as ear, Library(config.database) as library:
        app = make_app(config, library, RULES, lambda: NOW)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [ear]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{ear.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None
    said = subprocess.run([CHROMIUM, "--version"], capture_output=True, text=True, timeout=120, check=False)
    if said.returncode:  # Ubuntu's package is a script that asks for a snap
        pytest.skip(f"{CHROMIUM} does not run, and the pages are not walked: {(said.stderr or said.stdout).strip()[:200]}")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        short = os.environ | {"TMPDIR": "/tmp"}  # a socket's path, which the browser makes there, has a hundred letters at most
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split(), timeout=4 * PATIENCE, env=dict(short))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def there(config: Config) -> Iterator[str]:
    with serving(config) as address:
        yield address


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert [one for one in complaints if "404" not in one] == []


def test_a_person_filters_the_race_opens_a_story_and_reads_it(tab: Page, there: str) -> None:
    tab.goto(f"{there}/race?at=2024-02")
    tab.get_by_label("Modality").select_option("video")
    tab.get_by_role("button", name="Show").click()
    expect(tab).to_have_url(re.compile(r"modality=video"))
    expect(tab.locator("svg.race a.mark", has_text="Gemma")).to_have_count(0)
    tab.locator("svg.race a.mark", has_text="Sora").first.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sora")
    expect(tab.locator(".steps blockquote").first).to_contain_text("Today we are introducing Sora")
    expect(tab.locator("tbody tr")).to_have_count(4)


def test_a_person_searches_in_korean(tab: Page, there: str) -> None:
    tab.goto(f"{there}/search")
    tab.get_by_role("searchbox").fill("소라")
    tab.keyboard.press("Enter")
    tab.locator("mark", has_text="소라").first.wait_for()


def test_a_person_explains_a_pasted_headline(tab: Page, there: str) -> None:
    tab.goto(f"{there}/explain")
    tab.get_by_role("textbox").fill("구글, 오픈소스 AI 모델 '젬마' 공개")
    tab.get_by_role("button", name="Explain").click()
    expect(tab.locator(".answer h2")).to_contain_text("Gemma")
    expect(tab.locator(".answer mark").first).to_be_visible()


def test_a_person_switches_language_and_theme(tab: Page, there: str) -> None:
    tab.goto(f"{there}/race")
    tab.get_by_role("link", name="한국어").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("모델 경쟁")
    tab.get_by_role("link", name="어둡게").click()
    expect(tab.locator('html[data-theme="dark"]')).to_have_css("background-color", "rgb(21, 20, 19)")


def test_a_person_looks_at_a_mail_as_it_was_sent(tab: Page, there: str) -> None:
    tab.goto(f"{there}/digests")
    tab.locator(".edition li a").first.click()
    tab.get_by_role("link", name="Show the mail with its layout").click()
    expect(tab).to_have_url(re.compile(r"/digests/\w+/mail$"))
    expect(tab.get_by_role("heading", level=1)).to_have_text("New AI models")
    expect(tab.locator(".number").first).to_have_css("color", "rgb(255, 255, 255)")  # by the mail's own styles


def test_a_person_signs_in(browser: Browser, config: Config) -> None:
    closed = replace(config, web=Web(token_hash=Secret(hash_token("open sesame", b"salt" * 4))))
    with serving(closed) as address:
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        page.goto(address)
        expect(page).to_have_url(f"{address}/signin")
        page.get_by_label("Token").fill("open sesame")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("New AI models")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{address}/signin")
        context.close()


def test_the_keyboard_alone_reaches_the_content(tab: Page, there: str) -> None:
    tab.goto(there)
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("#main")).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone(browser: Browser, there: str, shots: Path, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="ko-KR", color_scheme="dark")
    page = context.new_page()
    page.goto(f"{there}{path}")
    page.screenshot(path=shots / f"{PAGES.index(path)}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
    yield context.new_page()
    context.close()


def test_the_names_of_the_lanes_stay_in_sight_on_a_phone(phone: Page, there: str) -> None:
    phone.goto(f"{there}/race?at=2024-02")
    phone.locator(".timeline").evaluate("lane => { lane.scrollLeft = 400 }")
    kept, lane = phone.locator(".names .kept", has_text="Google"), phone.locator(".names .lane").last
    box, drawn = kept.bounding_box(), phone.locator("svg.race .lane rect").last.bounding_box()
    band = lane.locator("rect").bounding_box()
    assert box is not None
    assert drawn is not None
    assert band is not None
    assert 16 <= box["x"] <= 130
    assert abs(band["y"] - drawn["y"]) < 1, "the names stand beside their lanes"
    assert abs(band["height"] - drawn["height"]) < 1


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/nothing"])
def test_the_zone_of_the_times_stands_above_the_page_s_own_words(phone: Page, there: str, path: str) -> None:
    phone.goto(f"{there}{path}")
    zone, heading = phone.locator(".zone").bounding_box(), phone.locator(".heading > *").first.bounding_box()
    assert zone is not None
    assert heading is not None
    assert zone["y"] + zone["height"] <= heading["y"]


@pytest.mark.parametrize("path", ["story", "/sources", "/sources/daily"])
def test_a_phone_shows_every_cell_without_scrolling_sideways(phone: Page, there: str, path: str) -> None:
    phone.goto(there if path == "story" else f"{there}{path}")
    if path == "story":
        phone.locator(".card h2 a").last.click()
    phone.locator("table.stack td").nth(4).wait_for()
    beyond = "cells => cells.filter(cell => cell.getBoundingClientRect().right > innerWidth).length"
    assert phone.locator("table.stack td, table.stack tbody th").evaluate_all(beyond) == 0


def test_what_is_pressed_is_large_enough(phone: Page, there: str) -> None:
    phone.goto(there)
    small = "all => all.filter(one => one.offsetParent && one.getBoundingClientRect().height < 24).map(one => one.textContent)"
    assert phone.locator("header a, header button, .filters button, .filters select, .follow a").evaluate_all(small) == []


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        *((path, "light") for path in [*PAGES, MARKED, "story"]),
        *((path, "dark") for path in ("/", "/race?at=2024-02", "/search?q=Sora", MARKED)),
    ],
)
def test_axe_finds_nothing(browser: Browser, there: str, path: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 1280, "height": 900})  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(there if path == "story" else f"{there}{path}")
    if path == "story":
        page.locator(".card h2 a").last.click()
        page.wait_for_url("**/story/**")
    found = Axe().run(page).response["violations"]
    said = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
    context.close()
    assert said == []
