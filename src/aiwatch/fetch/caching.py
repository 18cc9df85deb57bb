"""What a header says of time: validators to send back, how long an answer stays fresh, how long to stay away (RFC 9110, 9111)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DAY = 86_400
MAX_VALIDATOR = 512  # characters; a longer ETag is not worth keeping


def http_date(text: str) -> datetime | None:
    """An HTTP date in UTC; None for anything else."""
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds to stay away, 1 to a day. None where nothing usable is said: absent, garbage, negative, past."""
    text = headers.get("retry-after", "").strip()
    seconds = _whole(text)
    if seconds is None and (until := http_date(text)) is not None:
        seconds = int((until - now).total_seconds())
    return min(seconds, DAY) if seconds is not None and seconds > 0 else None


def max_age(headers: Mapping[str, str], now: datetime) -> int | None:
    """Seconds for which the answer stays fresh, from Cache-Control or else Expires, less its Age. None where nothing is said."""
    directives = {}
    for part in headers.get("cache-control", "").split(","):
        name, _, value = part.strip().partition("=")
        directives[name.lower()] = value.strip().strip('"')
    if {"no-cache", "no-store"} & directives.keys():
        return None
    if "max-age" in directives:
        seconds = _whole(directives["max-age"])
    else:
        expires = http_date(headers.get("expires", ""))
        base = http_date(headers.get("date", "")) or now
        seconds = int((expires - base).total_seconds()) if expires else None
    if seconds is None or seconds <= 0:
        return None
    left = min(seconds, 365 * DAY) - (_whole(headers.get("age", "").strip()) or 0)
    return left if left > 0 else None


def etag(headers: Mapping[str, str]) -> str | None:
    """The ETag as it came, quoted or not; None where it could not be sent back."""
    return _sendable(headers.get("etag", ""))


def last_modified(headers: Mapping[str, str]) -> str | None:
    """Last-Modified as it came, byte for byte (servers compare it as text); None where it is no date."""
    text = _sendable(headers.get("last-modified", ""))
    return text if text is not None and http_date(text) is not None else None


def _sendable(text: str) -> str | None:
    fits = len(text.strip()) > 0 and len(text) <= MAX_VALIDATOR
    return text if fits and text.isascii() and text.isprintable() else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
