"""What is asked of a server, and what it answers: the values that go in and out of the one way out (``client``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiwatch.model import EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One exchange to be made. Bounds left at None are those of ``Http``."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    body: bytes | None = None
    allow_private: bool = False  # as is ``tls_verify``: of the origin of ``url`` alone, and not of where it redirects to
    tls_verify: bool = True
    redirects: int | None = None  # 0: a redirect is the answer
    max_body: int | None = None
    cut: bool = False  # take the first ``max_body`` bytes instead of failing
    timeout: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer of any status, decoded.

    ``permanent``: it was redirected, by 301 and 308 alone, and never from https to http. ``away``: to another origin than that of the call.
    """

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case, repeated ones joined by comma
    body: bytes
    permanent: bool = False
    away: bool = False
    elapsed: float = 0.0
