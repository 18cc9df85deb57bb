"""The address guard: every spelling of every place that must not be reached, and the public neighbours that may."""

from __future__ import annotations

import asyncio
import csv
import importlib.util
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.fetch import HttpFetch, guard
from aiwatch.fetch.resolver import Names
from aiwatch.model import Failed, Failure, Outcome
from aiwatch.ports import Request
from aiwatch.settings import Http

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"

REFUSED = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/",
    "http://017700000001/", "http://0/", "http://0.0.0.0/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:a00:1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2002:a00:1::1]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[::7f00:1]/",
    "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[2606:4700:0:0:0:5efe:a00:1]/", "http://[100::1]/", "http://[fec0::1]/",
    "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/",
    "http://100.64.0.1/", "http://100.127.255.254/", "http://100.100.100.200/", "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/", "http://168.63.129.16/", "http://192.0.0.192/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.7/",
    "http://203.0.113.9/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://0251.0376.0251.0376/", "http://0xa9fea9fe/", "http://2852039166/", "http://127.0.0.1./", "http://１２７.0.0.1/", "http://127。0。0。1/",
    "http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://printer/", "http://router.lan/", "http://nas.local/",
    "http://metadata.google.internal/", "http://x.home.arpa/", "http://wiki.corp/", "http://x.intranet/", "http://x.localdomain/",
    "http://user@127.0.0.1/", "http://8.8.8.8@127.0.0.1/", "http://8.8.8.8:80@127.0.0.1:80/", "http://127.0.0.1\\@8.8.8.8/",
    "http://8.8.8.8\\@127.0.0.1/", "http://127.0.0.1:80\\.example.org/", "http://%31%32%37.0.0.1/", "http://exa mple.org/", "http://a..example.org/",
    "http://1.2.3.4.5/", "http://256.1.1.1/", "http://0x/", "http://08.8.8.8/", "http://1.2.3.256/", "http://example.1/",
    "http://example.org:0/", "http://example.org:65536/", "http://example.org:x/", "http://192.31.196.1/", "http://a.default.svc/",
    "http://[2620:4f:8000::1]/",
    "file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1:6379/_INFO", "data:text/xml,<rss/>", "javascript:alert(1)",
    "jar:http://example.org!/", "//example.org/", "/feed", "", "feed://example.org/rss", "ws://example.org/", "http+unix://%2Frun%2Fd.sock/",
]  # fmt: skip
ALLOWED = [
    "http://example.org/", "https://example.org:8443/feed?x=1", "http://8.8.8.8/", "http://134744072/", "http://[2a00:1450:4001:800::200e]/",
    "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::808:808]/", "http://9.255.255.255/", "http://11.0.0.0/", "http://100.63.255.255/",
    "http://100.128.0.0/", "http://126.255.255.255/", "http://128.0.0.0/", "http://169.253.255.255/", "http://169.255.0.0/",
    "http://172.15.255.255/", "http://172.32.0.0/", "http://192.167.255.255/", "http://192.169.0.0/", "http://198.17.255.255/",
    "http://198.20.0.0/", "http://223.255.255.255/", "http://user:word@example.org/", "http://한국.example/", "https://xn--3e0b707e.example/",
    "http://my_host.example.org/", "http://example.org./", "http://local.example.org/", "http://localhost.example.org/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_a_private_or_odd_address_is_refused(url: str) -> None:
    with pytest.raises((guard.Refused, httpx.InvalidURL)):
        guard.check_url(url)


@pytest.mark.parametrize("url", ALLOWED)
def test_a_public_address_is_let_through(url: str) -> None:
    assert guard.check_url(url).host


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://127.1/", "http://[::1]/", "http://printer/", "http://10.0.0.1:8080/", "http://0177.0.0.1/"],
)
def test_allow_private_lets_the_same_addresses_through(url: str) -> None:
    assert guard.check_url(url, allow_private=True).host


@pytest.mark.parametrize("url", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://127.0.0.1\\@8.8.8.8/", "http://1.2.3.4.5/"])
def test_allow_private_does_not_open_other_schemes_or_tricks(url: str) -> None:
    with pytest.raises((guard.Refused, httpx.InvalidURL)):
        guard.check_url(url, allow_private=True)


def test_an_allowed_pair_is_exact_in_host_and_port() -> None:
    allowed = ("127.0.0.1:8080",)
    assert guard.check_url("http://127.0.0.1:8080/feed", allowed=allowed).port == 8080
    for other in ("http://127.0.0.1:8081/", "http://127.0.0.2:8080/", "http://localhost:8080/", "http://127.0.0.1/"):
        with pytest.raises(guard.Refused):
            guard.check_url(other, allowed=allowed)


def test_a_redirect_may_not_bring_a_user_name() -> None:
    with pytest.raises(guard.Refused, match="user name"):
        guard.check_url("http://news@example.org/", redirected=True)


@given(st.integers(0, 2**32 - 1))
def test_every_wrapping_of_an_ipv4_address_is_judged_like_the_address(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    refused = guard.check_address(plain) is not None
    for wrapped in (0xFFFF << 32 | number, 0x64FF9B << 96 | number):
        assert (guard.check_address(ipaddress.IPv6Address(wrapped)) is not None) == refused
    if refused:
        assert guard.check_address(ipaddress.IPv6Address(0x2002 << 112 | number << 80)) is not None


@given(st.integers(0, 2**32 - 1))
def test_whatever_python_calls_private_is_refused(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    if address.is_private or address.is_multicast or address.is_reserved or address.is_link_local:
        assert guard.check_address(address) is not None


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "{:#x}", "0{:o}"]))
def test_odd_spellings_mean_what_the_resolver_makes_of_them(number: int, spelling: str) -> None:
    text = spelling.format(number)
    found = guard.literal(text)
    assert found is not None
    assert found.packed == socket.inet_aton(text)


@given(st.text(max_size=60), st.booleans())
def test_no_text_breaks_the_check(text: str, redirected: bool) -> None:
    for url in (text, "http://" + text, "http://example.org@" + text):
        try:
            parsed = guard.check_url(url, redirected=redirected)
        except (guard.Refused, httpx.InvalidURL):
            continue
        assert parsed.scheme in ("http", "https")
        assert parsed.host
        address = guard.literal(parsed.host)
        assert address is None or guard.check_address(address) is None


ODD = st.text(alphabet="a.1:@\\\\/?#[]%x0-_\t 　。", max_size=12)


@given(ODD, ODD)
def test_another_parser_sees_the_same_host_or_the_address_is_refused(before: str, after: str) -> None:
    """Two readings of one address were the hole of GHSA-rph4-96w6-q594: the checked host must be the one that anybody else would ask."""
    url = f"http://{before}8.8.8.8{after}"
    try:
        parsed = guard.check_url(url)
    except (guard.Refused, httpx.InvalidURL):
        return
    try:
        other = urlsplit(url).hostname
    except ValueError:
        return  # refused there too
    assert other is not None
    same = other if other.isascii() else idna.encode(other, uts46=True).decode("ascii")
    assert same == parsed.host or guard.literal(same) == guard.literal(parsed.host) is not None


class Resolver:
    """A resolver that answers as it is told, in turn, and counts."""

    def __init__(self, answers: dict[str, list[list[str]]]) -> None:
        self.answers = answers
        self.lookups: list[str] = []

    def __call__(self, host: str, port: int) -> Any:
        self.lookups.append(host)
        turns = self.answers.get(host)
        if not turns:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        turn = turns.pop(0) if len(turns) > 1 else turns[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in turn]


def connect(
    answers: dict[str, list[list[str]]], host: str, port: int, *, allow_private: bool = False, allowed: tuple[str, ...] = ()
) -> tuple[object, list[str]]:
    resolver = Resolver(answers)

    async def scene() -> object:
        backend = guard.GuardedBackend(allow_private=allow_private, allowed=allowed, names=Names(resolver))
        try:
            stream = await backend.connect_tcp(host, port, timeout=60)
        except Exception as error:
            return error
        await stream.aclose()
        return stream

    return asyncio.run(scene()), resolver.lookups


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"], ["64:ff9b::7f00:1"], ["fd00:ec2::254"],
     ["0.0.0.0"], ["100.64.0.1"], ["2606:2800:220:1::1", "fe80::1"]],
)  # fmt: skip
def test_a_name_is_refused_if_any_answer_is_private(answers: list[str]) -> None:
    outcome, lookups = connect({"feed.test": [answers]}, "feed.test", 80)
    assert isinstance(outcome, guard.Refused)
    assert "feed.test leads to " in str(outcome)
    assert "allow_private = true" in str(outcome), "what to do where it is one's own"
    assert lookups == ["feed.test"]


def test_a_name_that_turns_private_after_the_check_is_not_asked_again() -> None:
    """The listener stands for the public address: what was checked is what is connected to, with one look-up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        answers = {"feed.test": [["127.0.0.1"], ["10.0.0.1"]]}
        outcome, lookups = connect(answers, "feed.test", port, allowed=(f"feed.test:{port}",))
        assert isinstance(outcome, httpcore.AsyncNetworkStream)
        assert lookups == ["feed.test"]


def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        outcome, _ = connect({"feed.test": [["127.0.0.9", "127.0.0.1"]]}, "feed.test", port, allow_private=True)
        assert isinstance(outcome, httpcore.AsyncNetworkStream)


def test_an_unknown_name_is_a_connect_error() -> None:
    outcome, _ = connect({}, "nowhere.test", 80)
    assert isinstance(outcome, httpcore.ConnectError)


def test_names_that_nobody_answers_hold_up_neither_other_work_nor_the_end() -> None:
    answered = threading.Event()

    def silent(_host: str, _port: int) -> Any:
        answered.wait(60)
        return []

    async def scene() -> tuple[list[object], int]:
        backend = guard.GuardedBackend(names=Names(silent, most=50))
        asked = [backend.connect_tcp(f"dead{n}.test", 80, timeout=0.1) for n in range(60)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        return list(outcomes), await asyncio.wait_for(asyncio.to_thread(lambda: 1), 20)

    began = time.monotonic()
    outcomes, worked = asyncio.run(scene())
    assert time.monotonic() - began < 40
    assert worked == 1
    assert {type(one) for one in outcomes} == {httpcore.ConnectTimeout}
    answered.set()


def test_of_two_connections_that_open_at_one_moment_one_is_closed() -> None:
    class Streams(httpcore.AsyncMockStream):
        closed = 0

        async def aclose(self) -> None:
            Streams.closed += 1

    class Racing(guard.GuardedBackend):
        """Both addresses answer in the same round of the loop, after the head start of the first."""

        def __init__(self) -> None:
            super().__init__(allow_private=True, names=Names(Resolver({"feed.test": [["127.0.0.1", "127.0.0.2"]]})))
            self._inner = self  # type: ignore[assignment]
            self.open = asyncio.Event()
            self.asked = 0

        async def connect_tcp(self, host: str, *rest: Any, **named: Any) -> Any:
            if host == "feed.test":
                return await super().connect_tcp(host, *rest, **named)
            self.asked += 1
            if self.asked == 2:
                self.open.set()
            await self.open.wait()
            return Streams([])

    async def scene() -> None:
        stream = await Racing().connect_tcp("feed.test", 80, timeout=60)
        assert Streams.closed == 1
        await stream.aclose()

    asyncio.run(scene())
    assert Streams.closed == 2


@pytest.mark.shared
@pytest.mark.skipif(
    not (SHARED / "data/badfeeds/ssrf_targets.csv").exists(), reason="needs the evaluation data beside the checkout"
)
def test_the_shared_table_of_targets_holds_both_ways() -> None:
    with (SHARED / "data/badfeeds/ssrf_targets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        try:
            guard.check_url(row["url"])
            verdict = "allow"
        except (guard.Refused, httpx.InvalidURL):
            verdict = "refuse"
        if row["verdict"] not in (verdict, "either"):
            wrong.append((row["url"], verdict))
    assert not wrong


def shared_dns() -> Any:
    """The resolver of the evaluation tools, loaded from its file."""
    spec = importlib.util.spec_from_file_location("rebind", SHARED / "tools/rebind.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.FakeDNS()


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "tools/rebind.py").exists(), reason="needs the evaluation tools beside the checkout")
def test_every_name_of_the_fake_resolver_is_looked_up_once_and_judged_by_that() -> None:
    """Names that turn private later stay with the public address they were checked for; here nothing answers there in time."""
    later = {"public.test", "rebind.test", "rebind2.test"}
    private = {"mixed.test", "private.test", "meta.test", "v6map.test", "nat64.test", "ula.test", "zero.test", "cgnat.test"}

    async def ask() -> dict[str, Outcome]:
        async with HttpFetch(Http(timeout=8.0, inactivity=4.0, host_gap=0.0), lambda: datetime.now(UTC)) as fetch:
            names = sorted(later | private | {"none.test"})
            found = await asyncio.gather(*(fetch(Request(url=f"http://{name}/", headers={})) for name in names))
            return dict(zip(names, found, strict=True))

    with shared_dns() as dns:
        outcomes = asyncio.run(ask())
        assert set(dns.lookups.values()) == {1}
        assert set(dns.lookups) == set(outcomes)
    assert {name for name, one in outcomes.items() if isinstance(one, Failed) and one.kind is Failure.BLOCKED} == private
    assert all(isinstance(outcomes[name], Failed) for name in later)


@pytest.fixture
def no_more_threads() -> Iterator[Callable[[], object]]:
    """No thread can be started, for want of room for its stack, until the function that is given is called."""
    usual = threading.stack_size(1 << 45)
    yield lambda: threading.stack_size(usual)
    threading.stack_size(usual)


def test_look_ups_that_found_no_thread_take_no_place_for_ever(no_more_threads: Callable[[], object]) -> None:
    async def scene() -> None:
        backend = guard.GuardedBackend(names=Names(lambda _host, port: [(2, 1, 6, "", ("127.0.0.1", port))], most=1))
        for _ in range(2):
            with pytest.raises(httpcore.ConnectError, match=r"lab\.example could not be looked up .* starts no more threads"):
                await backend.connect_tcp("lab.example", 80, timeout=60)
        no_more_threads()
        with pytest.raises(guard.Refused, match=r"leads to 127\.0\.0\.1"):
            await backend.connect_tcp("lab.example", 80, timeout=60)

    asyncio.run(scene())
