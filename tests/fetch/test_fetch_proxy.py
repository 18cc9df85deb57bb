"""The company's proxy: everything goes out through it, nothing of the own network does, and its failures are its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from proxyserver import ForwardProxy, listening

from aiwatch.errors import ConfigError
from aiwatch.fetch import Answer, Call, Client, HttpFetch
from aiwatch.fetch.guard import Refused
from aiwatch.fetch.proxy import Route
from aiwatch.fetch.resolver import Answers, Names
from aiwatch.model import Failed, Failure, Fetched
from aiwatch.ports import Request
from aiwatch.settings import Http, Proxy, Secret

LOGIN = "svc:p@ss:w0rd-5f1c"
FEED = b"<rss version='2.0'><channel><title>Lab</title></channel></rss>"
DAY = timedelta(days=1)
SECONDS = {"timeout": 120.0, "inactivity": 60.0, "host_gap": 0.0}


@dataclass(frozen=True, slots=True)
class Gateway:
    """What a company's gateway shows for two hosts, and the authority that vouches for it."""

    shown: Path
    key: Path
    authority: Path


def certificate(
    subject: str, signer: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None, *hosts: str
) -> tuple[bytes, x509.Name, ec.EllipticCurvePrivateKey]:
    key, name, now = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]),
        datetime.now(UTC),
    )
    issuer, signing = signer or (name, key)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + DAY)
    if hosts:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts]), critical=False)
    else:
        made = made.add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=False
        )  # not as strict as RFC 5280 is
    return made.sign(signing, hashes.SHA256()).public_bytes(Encoding.PEM), name, key


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    folder = tmp_path_factory.mktemp("gateway")
    paths = Gateway(folder / "shown.pem", folder / "key.pem", folder / "authority.pem")
    authority, name, signing = certificate("Company Gateway", None)
    shown, _, key = certificate("lab.example", (name, signing), "lab.example", "hooks.example")
    paths.authority.write_bytes(authority)
    paths.shown.write_bytes(shown + authority)
    paths.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return paths


@dataclass(slots=True)
class Origin:
    """A server on the loopback that remembers the heads of its requests; ``/away`` redirects to ``away``."""

    away: str = ""
    port: int = 0
    heads: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def running(self, gateway: Gateway | None = None) -> AsyncIterator[int]:
        context = None
        if gateway is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(gateway.shown, gateway.key)
        async with listening(self._serve, context) as self.port:
            yield self.port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            if " /away " in head:
                writer.write(f"HTTP/1.1 302 Found\r\nLocation: {self.away}\r\nContent-Length: 0\r\n\r\n".encode())
            elif " /robots.txt " in head:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FEED) + FEED)
            await writer.drain()


def run(
    scene: Callable[[Http, ForwardProxy, Origin], Awaitable[object]],
    proxy: ForwardProxy,
    *,
    gateway: Gateway | None = None,
    login: str | None = None,
    more: Mapping[str, object] | None = None,
    away: str = "",
) -> Origin:
    async def inside() -> Origin:
        origin = Origin(away=away)
        async with origin.running(gateway) as proxy.origin, proxy.running() as url:
            http = Http(proxy=Proxy(url=url, login=Secret(login) if login else None), **SECONDS | dict(more or {}))  # type: ignore[arg-type]
            await scene(http, proxy, origin)
        return origin

    return asyncio.run(inside())


async def ask(http: Http, url: str, **more: object) -> Answer | Failed:
    async with Client(http) as client:
        return await client(Call(url=url, **more))  # type: ignore[arg-type]


def test_plain_addresses_are_forwarded_whole_and_the_login_stays_with_the_proxy() -> None:
    async def scene(http: Http, proxy: ForwardProxy, _: Origin) -> None:
        answer = await ask(http, "http://lab.example/feed", headers={"x-own": "1"})
        assert isinstance(answer, Answer), answer
        assert (answer.body, answer.url) == (FEED, "http://lab.example/feed")
        assert proxy.asked == ["GET http://lab.example/feed"]
        assert proxy.logins == [f"Basic {b64encode(LOGIN.encode()).decode()}"]

    (head,) = run(scene, ForwardProxy(login=LOGIN), login=LOGIN).heads
    assert "x-own: 1" in head
    assert "authorization" not in head.lower()


def test_tls_goes_through_a_tunnel_that_ends_at_the_server(gateway: Gateway) -> None:
    async def scene(http: Http, proxy: ForwardProxy, _origin: Origin) -> None:
        async with HttpFetch(http, lambda: datetime.now(UTC)) as fetch:
            for _again in range(2):
                outcome = await fetch(
                    Request(url="https://lab.example/feed", headers={"authorization": "Bearer own"}, robots=True)
                )
                assert isinstance(outcome, Fetched), outcome
                assert outcome.body == FEED
        assert proxy.asked == ["CONNECT lab.example:443"], "robots.txt and both questions over one tunnel"
        assert proxy.logins == [f"Basic {b64encode(LOGIN.encode()).decode()}"]

    more = {"ca_file": str(gateway.authority)}
    heads = run(scene, ForwardProxy(login=LOGIN), gateway=gateway, login=LOGIN, more=more).heads
    assert [head.partition(" HTTP")[0] for head in heads] == ["GET /robots.txt", "GET /feed", "GET /feed"]
    assert not any("proxy-authorization" in head.lower() for head in heads)


def test_what_is_sent_goes_through_it_too() -> None:
    async def scene(http: Http, proxy: ForwardProxy, _: Origin) -> None:
        answer = await ask(http, "http://hooks.example/in", method="POST", body=b"{}", redirects=0)
        assert isinstance(answer, Answer), answer
        assert proxy.asked == ["POST http://hooks.example/in"]

    run(scene, ForwardProxy())


@pytest.mark.parametrize("url", ["http://lab.example/feed", "https://lab.example/feed"])
@pytest.mark.parametrize(
    ("login", "words"), [(None, "wants a login (407)"), ("svc:tok-wrong-77e1", "does not take the login of http.proxy")]
)
def test_a_login_that_is_wanted_is_told_and_never_shown(
    url: str, login: str | None, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "aiwatch")

    async def scene(http: Http, proxy: ForwardProxy, _: Origin) -> None:
        failed = await ask(http, url)
        assert isinstance(failed, Failed)
        assert failed.kind is Failure.TEMPORARY, "nothing is wrong with the source"
        assert f"the proxy http://127.0.0.1:{proxy.port} {words}" in failed.reason
        for secret in (login, login and b64encode(login.encode()).decode(), "tok-wrong-77e1"):
            assert not secret or secret not in f"{failed.reason}{caplog.text}{http}"

    assert run(scene, ForwardProxy(login=LOGIN), login=login).heads == []


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("403 Nope", Failure.HARD, "does not pass this on (403 Forbidden): have it let this host through"),
        ("503 Down", Failure.TEMPORARY, "did not reach the server (503 Service Unavailable)"),
        ("", Failure.TEMPORARY, "broke off the connection: is it up, and is http.proxy right?"),
    ],
)
def test_what_the_proxy_does_is_not_laid_at_the_server_s_door(answer: str, kind: Failure, words: str) -> None:
    async def scene(http: Http, proxy: ForwardProxy, _: Origin) -> None:
        failed = await ask(http, "https://lab.example/feed")
        assert isinstance(failed, Failed)
        assert failed.kind is kind
        assert f"the proxy http://127.0.0.1:{proxy.port} {words}" in failed.reason

    run(scene, ForwardProxy(answer=answer))


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_never_answers_is_not_taken_for_the_server(scheme: str) -> None:
    async def inside() -> None:
        async with listening(silent) as port:
            failed = await ask(Http(proxy=Proxy(url=f"http://127.0.0.1:{port}"), inactivity=0.2), f"{scheme}://lab.example/feed")
            assert isinstance(failed, Failed)
            assert failed.kind is Failure.TEMPORARY
            if scheme == "https":  # a plain question may have been passed on: whose silence it is nobody can tell
                assert f"the proxy http://127.0.0.1:{port} did not answer in time" in failed.reason

    asyncio.run(inside())


def closed() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(scheme: str) -> None:
    url = f"http://127.0.0.1:{closed()}"
    failed = asyncio.run(ask(Http(proxy=Proxy(url=url)), f"{scheme}://lab.example/feed"))
    assert isinstance(failed, Failed)
    assert failed.kind is Failure.TEMPORARY
    assert failed.reason == f"the proxy {url} refused the connection: is it up, and is http.proxy right?"
    unknown = asyncio.run(ask(Http(proxy=Proxy(url="http://proxy.invalid:3128"), inactivity=4.0), f"{scheme}://lab.example/feed"))
    assert isinstance(unknown, Failed)
    assert unknown.reason.startswith("the proxy http://proxy.invalid:3128 ")


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.0 400 plain text on a TLS port\r\n\r\n")
    await writer.drain()


def test_a_proxy_spoken_to_by_tls_is_checked_as_servers_are(gateway: Gateway) -> None:
    async def inside() -> None:
        async with Origin().running(gateway) as port:
            failed = await ask(Http(proxy=Proxy(url=f"https://127.0.0.1:{port}")), "http://lab.example/feed")
            assert isinstance(failed, Failed)
            assert f"the proxy https://127.0.0.1:{port} shows a certificate that is not to be trusted" in failed.reason
        async with listening(plain) as port:
            failed = await ask(Http(proxy=Proxy(url=f"https://127.0.0.1:{port}")), "http://lab.example/feed")
            assert isinstance(failed, Failed)
            assert f"the proxy https://127.0.0.1:{port} does not speak TLS" in failed.reason

    asyncio.run(inside())


# --- what is asked past it, and what is not asked at all ----------------------------------------------------------------------------


def names(*addresses: str) -> Names:
    def asked(host: str, port: int) -> Answers:
        if not addresses:
            raise OSError(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    return Names(asked)


def through(url: str, known: Names, *, private: bool = False, **more: object) -> bool:
    http = Http(proxy=Proxy(url="http://10.0.0.1:3128"), **more)  # type: ignore[arg-type]
    return asyncio.run(Route(http, known).through(httpx.URL(url), allow_private=private))


@pytest.mark.parametrize("known", [names(), names("93.184.216.34")])
def test_public_names_go_through_and_so_do_those_that_only_the_proxy_can_look_up(known: Names) -> None:
    assert through("https://lab.example/feed", known)
    assert through("https://lab.example/feed", known, private=True)
    assert through("https://notlab.corp.example/feed", known, no_proxy=("lab.corp.example",))


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("http://127.0.0.1:8080/", names()),
        ("http://169.254.169.254/latest/meta-data", names()),
        ("https://[fd00::1]/", names()),
        ("https://inside.lab.example/", names("10.1.2.3")),
        ("https://two.lab.example/", names("93.184.216.34", "192.168.0.9")),
    ],
)
def test_what_leads_into_the_own_network_is_refused_or_asked_directly(url: str, known: Names) -> None:
    with pytest.raises(Refused):
        through(url, known)
    assert not through(url, known, private=True)
    parsed = httpx.URL(url)
    host = f"[{parsed.host}]" if ":" in parsed.host else parsed.host
    place = f"{host}:{parsed.port or (443 if parsed.scheme == 'https' else 80)}"
    assert not through(url, known, allow_private=(place,))


@pytest.mark.parametrize("entry", ["lab.example", ".lab.example", "Lab.Example."])
def test_hosts_without_the_proxy_are_asked_directly_with_all_below_them(entry: str) -> None:
    for host in ("lab.example", "feeds.lab.example", "lab.example."):
        assert not through(f"https://{host}/", names("93.184.216.34"), no_proxy=(entry,))
    assert through("https://otherlab.example/", names(), no_proxy=(entry,))


def test_the_own_network_is_asked_past_the_proxy() -> None:
    async def scene(http: Http, proxy: ForwardProxy, origin: Origin) -> None:
        answer = await ask(http, f"http://127.0.0.1:{origin.port}/feed", allow_private=True)
        assert isinstance(answer, Answer), answer
        refused = await ask(http, f"http://127.0.0.1:{origin.port}/feed")
        assert isinstance(refused, Failed)
        assert refused.kind is Failure.BLOCKED
        assert proxy.asked == []

    assert len(run(scene, ForwardProxy()).heads) == 1


@pytest.mark.parametrize(
    "away", ["http://127.0.0.1:9/", "http://metadata.internal/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd"]
)
def test_a_redirect_leads_nobody_s_proxy_into_its_own_network(away: str) -> None:
    async def scene(http: Http, proxy: ForwardProxy, _: Origin) -> None:
        refused = await ask(http, "http://lab.example/away")
        assert isinstance(refused, Failed)
        assert refused.kind is Failure.BLOCKED
        assert proxy.asked == ["GET http://lab.example/away"]

    run(scene, ForwardProxy(), away=away)


# --- authorities ----------------------------------------------------------------------------------------------------------------------


def test_who_reads_tls_on_the_way_is_found_out_and_can_be_believed(gateway: Gateway) -> None:
    async def scene(http: Http, _proxy: ForwardProxy, _: Origin) -> None:
        failed = await ask(http, "https://lab.example/feed")
        assert isinstance(failed, Failed)
        assert failed.kind is Failure.HARD
        assert failed.reason.endswith("; if a proxy or a virus scanner reads TLS here, name its authority in http.ca_file")

    run(scene, ForwardProxy(), gateway=gateway)


def test_a_file_of_authorities_adds_to_the_well_known_ones_and_takes_no_name_on_trust(gateway: Gateway) -> None:
    async def scene(http: Http, _proxy: ForwardProxy, _: Origin) -> None:
        assert isinstance(await ask(http, "https://lab.example/feed"), Answer)
        failed = await ask(http, "https://other.example/feed")
        assert isinstance(failed, Failed)
        assert "certificate" in failed.reason

    run(scene, ForwardProxy(), gateway=gateway, more={"ca_file": str(gateway.authority)})


def test_a_file_that_holds_no_authority_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate", "utf-8")
    for name, words in (("empty.pem", "holds no certificate"), ("absent.pem", "cannot be read")):
        with pytest.raises(ConfigError, match=rf"http.ca_file: .*{name} {words}"):
            Client(Http(ca_file=str(tmp_path / name)))


def test_nothing_is_asked_past_a_proxy_whose_address_is_not_to_be_had() -> None:
    with pytest.raises(ConfigError, match=r"http\.proxy"):
        Client(Http(proxy=Proxy(url="")))
