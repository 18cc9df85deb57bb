"""Whose a name, an address, an account or a feed is: the vendors of the lexicon, looked up from outside a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from aiwatch.names.vendors import vendor_key
from aiwatch.rules.values import Vendor
from aiwatch.text import lowered
from aiwatch.urls import host_of

# A vendor's feed is of itself, or of its research; the macro feedtail is behind both.
RESEARCH = ("", " research", "_research", "-research")

# Where makers have accounts: hosts of repositories, and networks.
_ACCOUNT = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:(?:github\.com|huggingface\.co|gitlab\.com)/(?P<host>[\w.-]+)/[\w.-]+"
    r"|(?:(?:x|twitter)\.com/|bsky\.app/profile/|threads\.(?:net|com)/@|mastodon\.social/@)(?P<network>[\w-]+))",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"(?:ai|labs?|research|hq|official|devs?|inc|org|api)$")  # what firms put behind their names there
HANDLE = 4  # letters at least that are left of an account's name without that; a shorter one is a maker's by its whole (xai)


class Directory:
    """Every answer is a vendor's name as the lexicon has it, or None. ``feedtail`` is what feeds are called beside their vendor's name."""

    def __init__(self, vendors: Sequence[Vendor], feedtail: Any) -> None:
        self._feedtail = feedtail
        self._vendors = frozenset(vendor.name for vendor in vendors)
        self._spellings = _first((lowered(name), vendor.name) for vendor in vendors for name in _names(vendor))
        self._hosts = {host.lower().removeprefix("www."): vendor.name for vendor in vendors for host in vendor.hosts}
        self._accounts = _first(
            (vendor_key(name), vendor.name) for vendor in vendors for name in (*_names(vendor), *vendor.feeds) if name.isascii()
        )
        # what reading lists call a vendor's own feed: its name, with or without blog, news, research and the like
        self._feeds = _first((form, vendor.name) for vendor in vendors for form in _feeds(vendor))

    def maker(self, name: str) -> str | None:
        """The vendor of that spelling, in whatever letters: Google, of DeepMind, google and 구글."""
        return name if name in self._vendors else self._spellings.get(lowered(name).strip())

    def owner(self, url: str | None, name: str = "") -> str | None:
        """The vendor whose own address that is, or whose feed one of that name."""
        low = lowered(name).strip()
        by_name = self._feeds.get(low) or self._feeds.get(self._feedtail.sub("", low)) if low else None
        return self._account(url) or by_name or self._of_host(url)

    def _account(self, url: str | None) -> str | None:
        """The vendor whose account ``url`` is of, by its name and what firms put behind it (github.com/deepseek-ai, x.com/Zai_org)."""
        match = _ACCOUNT.match(url or "")
        account = vendor_key(match["host"] or match["network"]) if match else ""
        while account and account not in self._accounts:
            short = _BEHIND.sub("", account)
            account = short if len(account) > len(short) >= HANDLE else ""
        return self._accounts.get(account)

    def _of_host(self, url: str | None) -> str | None:
        host = host_of(url or "").removeprefix("www.")
        while "." in host:
            if host in self._hosts:
                return self._hosts[host]
            host = host.partition(".")[2]
        return None


def _names(vendor: Vendor) -> tuple[str, ...]:
    return (vendor.name, *vendor.names, *vendor.short)


def _feeds(vendor: Vendor) -> Iterator[str]:
    for name in (*_names(vendor), *vendor.feeds):
        low = lowered(name)
        forms = {low, *(low.replace(" ", by) for by in "_-"), low.replace(" ", "")}
        yield from (form + tail for form, tail in product(forms, RESEARCH))


def _first(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The first value of each key."""
    table: dict[str, str] = {}
    for key, value in pairs:
        table.setdefault(key, value)
    return table
