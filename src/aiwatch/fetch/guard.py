"""Which addresses may be contacted, decided where it counts: between the look-up and the connect.

``check_url`` looks at what is written (scheme, userinfo, host), ``GuardedBackend`` at what is connected to: it resolves a name once,
refuses if **any** answer is not public, and connects to one of the very addresses it checked, so that a name that changes its answer
between check and connect (DNS rebinding) has no gap to use. TLS still names and verifies the host that was asked for.

The ranges are those of the IANA special-purpose registries (RFC 6890 and its updates), with the metadata services of the large clouds, and
IPv4 addresses wrapped in IPv6 judged by what they wrap: mapped, NAT64, 6to4, Teredo, ISATAP. The holes other programs had are in the
tests: 100.64/10 forgotten (changedetection.io, GHSA-gwph-fp79-379w), a backslash read differently by two parsers (GHSA-rph4-96w6-q594).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Collection, Iterable
from typing import TypeAlias
from urllib.parse import urljoin

import httpcore
import httpx
import idna

from aiwatch.fetch.resolver import Names
from aiwatch.fetch.stream import Stream

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

STAGGER = 0.25  # seconds before the next address is tried beside the first (RFC 8305, section 5)
MAX_ADDRESSES = 6  # of one name; nobody needs the rest

_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24",  # sinks and relays of the network itself: no feed lives there
        "168.63.129.16/32",  # Azure's own service address, public by its number only
    )
)  # fmt: skip
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(block)
    # 2001::/23 holds Teredo, benchmarking and ORCHID; nothing that serves a feed
    for block in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all of the unicast space that is given out
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_LOCAL_SUFFIXES = (
    ".localhost",
    ".local",
    ".localdomain",
    ".lan",
    ".internal",
    ".intranet",
    ".home",
    ".corp",
    ".home.arpa",
    ".private",
    ".svc",
)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?", re.ASCII)
_URL = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_PLACE = re.compile(r"(\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?P<port>:[0-9]{0,5})?", re.DOTALL | re.ASCII)
_AUTHORITY = re.compile(r"//(?P<authority>[^/?#]*)")


class Refused(Exception):
    """An address that must not be contacted; the text says which and why. Becomes ``Failed(BLOCKED)``."""


def check_address(address: Address) -> str | None:
    """Why this address is not public, in words; None where it is."""
    if isinstance(address, ipaddress.IPv6Address):
        return _check_v6(address)
    if any(address in block for block in _CLOSED_V4):
        return _in_words(address)
    return None


def _check_v6(address: ipaddress.IPv6Address) -> str | None:
    if address.scope_id is not None:
        return "an address of this link only"
    number = int(address)
    embedded: ipaddress.IPv4Address | None = None
    if address in _MAPPED or address in _NAT64 or (number >> 32) & 0xFDFFFFFF == 0x5EFE:  # the last one: ISATAP (RFC 5214)
        embedded = ipaddress.IPv4Address(number & 0xFFFFFFFF)
    elif address in _SIX_TO_FOUR:
        embedded = ipaddress.IPv4Address((number >> 80) & 0xFFFFFFFF)
    if embedded is not None and (why := check_address(embedded)):
        return f"IPv6 for {embedded}, {why}"
    if address in _MAPPED or address in _NAT64:
        return None
    if address not in _GLOBAL_V6 or any(address in block for block in _CLOSED_V6):
        return _in_words(address)
    return None


def _in_words(address: Address) -> str:
    if address.is_loopback:
        return "this machine itself"
    if address.is_unspecified:
        return "no address at all"
    if address.is_multicast:
        return "a multicast address"
    if address.is_link_local:
        return "a link-local address (cloud metadata lives there)"
    return "a private or reserved address"


def literal(host: str) -> Address | None:
    """The address a host spells, in any way that a resolver would accept: dotted, short, decimal, octal, hexadecimal.

    Raises Refused for a host that ends like a number and is none (WHATWG URL, section 3.5): resolvers disagree about those.
    """
    bare = host.rstrip(".")
    if ":" in bare:
        try:
            return ipaddress.IPv6Address(bare.strip("[]"))
        except ValueError:
            raise Refused(f"{host!r} is not an IPv6 address") from None
    parts = bare.split(".")
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", parts[-1]):
        return None
    try:
        numbers = [_number(part) for part in parts]
        return ipaddress.IPv4Address(_joined(numbers))
    except ValueError:
        raise Refused(f"{host!r} looks like an address and is none") from None


def _number(part: str) -> int:
    if not re.fullmatch(r"[0-9]+|0x[0-9a-f]*", part) or len(part) > 20:
        raise ValueError(part)
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if len(part) > 1 and part.startswith("0") else int(part)


def _joined(numbers: list[int]) -> int:
    *head, last = numbers
    if len(head) > 3 or any(number > 255 for number in head) or last >= 256 ** (4 - len(head)):
        raise ValueError(numbers)
    return last + sum(number << (8 * (3 - place)) for place, number in enumerate(head))


def check_url(url: str, *, allow_private: bool = False, allowed: Collection[str] = (), redirected: bool = False) -> httpx.URL:
    """The address to ask, with its host in the one spelling that will be connected to.

    ``allowed`` holds ``host:port`` pairs that may be private. Raises Refused for what must not be asked for, httpx.InvalidURL for what
    cannot be. A name is judged here by its spelling only; what it resolves to is judged by ``GuardedBackend``.
    """
    match = _URL.fullmatch(url)
    if match is None:
        raise Refused(f"{url[:200]!r} is not an address of http or https")
    scheme, rest = match["scheme"].lower(), match["rest"]
    if scheme not in ("http", "https"):
        raise Refused(f"{scheme}: is not fetched, only http and https are")
    found = _AUTHORITY.match(rest)
    if found is None or not found["authority"]:
        raise httpx.InvalidURL("no host in the address")
    if "\\" in found["authority"]:
        raise Refused("a backslash before the path: programs disagree where such a host ends")
    userinfo, _, place = found["authority"].rpartition("@")
    if redirected and userinfo:
        raise Refused("a redirect to an address with a user name in it")
    host, port = _split(place)
    spelled = literal(host)
    if spelled is not None and not place.isascii():
        raise Refused("an address in letters that only look like digits")
    _check_host(host)
    before = f"{userinfo}@" if userinfo else ""
    parsed = httpx.URL(f"{scheme}://{before}{_bracketed(str(spelled) if spelled else host)}{port}{rest[found.end() :]}")
    if not allow_private and pair(parsed) not in allowed:
        _check_public(parsed.host, spelled)
    return parsed


_YOUR_OWN = "allow_private = true lets through what you name in your own network, http.allow_private what leads there"


def _split(place: str) -> tuple[str, str]:
    found = _PLACE.fullmatch(place)
    if found is None:
        raise httpx.InvalidURL(f"{place[:100]!r} is not a host and a port")
    host, port = found["six"] or found["host"], found["port"] or ""
    if int(port[1:] or 1) not in range(1, 65_536):
        raise httpx.InvalidURL(f"{port[1:]} is not a port")
    try:
        return (host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")).lower(), port
    except idna.IDNAError:
        raise Refused(f"{host!r} is not a host name") from None


def _check_host(host: str) -> None:
    if ":" in host:
        return
    if not _HOST.fullmatch(host) or ".." in host:
        raise Refused(f"{host!r} is not a host name")


def _check_public(host: str, spelled: Address | None) -> None:
    if spelled is not None:
        if why := check_address(spelled):
            raise Refused(f"{host} is {why}; {_YOUR_OWN}")
        return
    if is_local(host):
        raise Refused(f"{host} is a name of a local network; {_YOUR_OWN}")


def is_local(host: str) -> bool:
    """Whether a name, by its spelling, can only mean a host of a local network."""
    name = host.rstrip(".")
    return "." not in name or name.endswith(_LOCAL_SUFFIXES)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def pair(url: httpx.URL) -> str:
    """``host:port`` of an address, the port always written; the form of ``Http.allow_private`` and of the per-host pace."""
    return f"{_bracketed(url.host)}:{url.port or (443 if url.scheme == 'https' else 80)}"


def join(base: httpx.URL, location: str) -> str:
    """Where a Location header points, seen from ``base``. Text only: nothing is trusted before ``check_url``."""
    stripped = location.strip(" \t")
    try:
        return urljoin(str(base.copy_with(userinfo=b"")), stripped)
    except ValueError as error:  # urljoin of an unclosed IPv6 bracket
        raise httpx.InvalidURL(str(error)) from None


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore, to checked addresses only. One name is looked up once for one connection."""

    def __init__(self, *, allow_private: bool = False, allowed: Collection[str] = (), names: Names | None = None) -> None:
        self._allow_private = allow_private
        self._names = names or Names()
        self._allowed = frozenset(allowed)
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A TCP connection. Raises Refused before any packet goes to an address that is not public."""
        addresses = await self._addresses(host, port, timeout)
        if not self._allow_private and f"{_bracketed(host)}:{port}" not in self._allowed:
            for address in addresses:
                if why := check_address(address):
                    raise Refused(f"{host} leads to {address}, {why}; {_YOUR_OWN}")
        options = list(socket_options or ())
        places = [str(address) for address in addresses[:MAX_ADDRESSES]]
        return Stream(await self._race(places, port, timeout, local_address, options))

    async def _addresses(self, host: str, port: int, seconds: float | None) -> list[Address]:
        if (spelled := literal(host)) is not None:
            return [spelled]
        try:
            async with asyncio.timeout(seconds):
                answers = await self._names(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"no answer for the name {host}") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} could not be looked up ({error})") from error
        found = list(dict.fromkeys(ipaddress.ip_address(answer[4][0]) for answer in answers))
        if not found:
            raise httpcore.ConnectError(f"the name {host} has no address")
        return found

    async def _race(
        self, addresses: list[str], port: int, seconds: float | None, local: str | None, options: list[httpcore.SOCKET_OPTION]
    ) -> httpcore.AsyncNetworkStream:
        """The first of the addresses to answer; each is given a short head start over the next."""
        if len(addresses) == 1:
            return await self._inner.connect_tcp(addresses[0], port, seconds, local, options)
        running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
        error: BaseException | None = None
        waiting = list(addresses)
        try:
            while waiting or running:
                if waiting:
                    running.add(asyncio.create_task(self._inner.connect_tcp(waiting.pop(0), port, seconds, local, options)))
                done, running = await asyncio.wait(
                    running, timeout=STAGGER if waiting else None, return_when=asyncio.FIRST_COMPLETED
                )
                won = [task for task in done if task.exception() is None]
                if won:
                    running |= set(won[1:])  # two at one moment: the others are closed
                    return won[0].result()
                error = next((task.exception() for task in done), error)
        finally:
            await _abandon(running)
        raise error or httpcore.ConnectError("no address answered")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - httpcore's own signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Never: a source is reached over the network."""
        raise Refused(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks for it between its own retries."""
        await asyncio.sleep(seconds)


async def _abandon(tasks: set[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, httpcore.AsyncNetworkStream):
            await result.aclose()
