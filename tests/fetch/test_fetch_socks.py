"""A SOCKS proxy: what is asked goes through it by name, TLS ends at the server, and what the proxy does is told in its name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from proxyserver import SocksProxy, listening
from test_fetch_proxy import FEED, LOGIN, SECONDS, Gateway, Origin, ask, gateway, plain, silent

from aiwatch.fetch import Answer
from aiwatch.model import Failed, Failure
from aiwatch.settings import Http, Proxy, Secret

__all__ = ["gateway"]


def run(scene: Callable[[Http, SocksProxy], Awaitable[None]], proxy: SocksProxy, gateway: Gateway | None = None) -> Origin:
    async def inside() -> Origin:
        origin = Origin()
        async with origin.running(gateway) as proxy.origin, proxy.running() as url:
            await scene(Http(proxy=Proxy(url=url), ca_file=str(gateway.authority) if gateway else None, **SECONDS), proxy)  # type: ignore[arg-type]
        return origin

    return asyncio.run(inside())


def logged_in(http: Http, login: str) -> Http:
    assert http.proxy is not None
    return replace(http, proxy=replace(http.proxy, login=Secret(login)))


def test_plain_addresses_and_tls_go_through_by_name(gateway: Gateway) -> None:
    async def scene(http: Http, proxy: SocksProxy) -> None:
        answer = await ask(logged_in(http, LOGIN), "https://lab.example/feed")
        assert isinstance(answer, Answer), answer
        assert (answer.body, proxy.asked, proxy.logins) == (FEED, ["lab.example:443"], [LOGIN])

    run(scene, SocksProxy(login=LOGIN), gateway)

    async def plainly(http: Http, proxy: SocksProxy) -> None:
        answer = await ask(http, "http://lab.example/feed")
        assert isinstance(answer, Answer), answer
        public = await ask(http, "http://93.184.216.34:8080/feed")
        assert isinstance(public, Answer), public
        assert proxy.asked == ["lab.example:80", "5db8d822:8080"]
        refused = await ask(http, "http://10.0.0.1/feed")
        assert isinstance(refused, Failed), "private addresses are none of its business"
        assert len(proxy.asked) == 2

    heads = run(plainly, SocksProxy()).heads
    assert heads[0].startswith("GET /feed HTTP/1.1\r\n")


@pytest.mark.parametrize("login", [None, "svc:tok-wrong-77e1"])
def test_a_login_that_is_wanted_is_told_and_never_shown(login: str | None) -> None:
    async def scene(http: Http, _: SocksProxy) -> None:
        failed = await ask(logged_in(http, login) if login else http, "http://lab.example/feed")
        assert isinstance(failed, Failed)
        wants = "does not take the login of http.proxy" if login else "wants a login"
        assert failed.kind is Failure.TEMPORARY
        assert failed.reason.endswith(f"{wants} (SOCKS): write name:password@ before its host in http.proxy")
        assert "tok-wrong" not in failed.reason

    assert run(scene, SocksProxy(login=LOGIN)).heads == []


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (2, Failure.HARD, "does not pass this on (not allowed by its rules): have it let this host through"),
        (4, Failure.TEMPORARY, "did not reach the server (the host is unreachable)"),
        (77, Failure.TEMPORARY, "did not reach the server (reply 77)"),
        (-1, Failure.TEMPORARY, "did not answer in time"),
    ],
)
def test_what_the_proxy_says_is_not_laid_at_the_server_s_door(reply: int, kind: Failure, words: str) -> None:
    async def scene(http: Http, _: SocksProxy) -> None:
        failed = await ask(replace(http, inactivity=0.3) if reply < 0 else http, "https://lab.example/feed")
        assert isinstance(failed, Failed)
        assert (failed.kind, words in failed.reason) == (kind, True), failed.reason

    run(scene, SocksProxy(reply=reply))


@pytest.mark.parametrize(
    ("server", "words", "seconds"), [(plain, "it does not speak SOCKS 5", 60.0), (silent, "did not answer in time", 0.3)]
)
def test_what_is_no_socks_proxy_is_named(server: Callable[..., Awaitable[None]], words: str, seconds: float) -> None:
    async def inside() -> None:
        async with listening(server) as port:
            url = f"socks5://127.0.0.1:{port}"
            failed = await ask(Http(proxy=Proxy(url=url), inactivity=seconds, timeout=120.0), "http://lab.example/feed")
            assert isinstance(failed, Failed)
            assert f"the proxy {url} " in failed.reason
            assert words in failed.reason

    asyncio.run(inside())
