"""The border: errors of httpx, httpcore, ssl and the socket become ``Failed`` with a reason for people. Nowhere else.

``HARD`` is a matter of the address, ``SOFT`` of the server, ``TEMPORARY`` of the way there, ``BLOCKED`` of our own refusal.
"""

from __future__ import annotations

import errno
import socket
import ssl

import httpcore
import httpx

from aiwatch.fetch.decode import BodyError
from aiwatch.fetch.guard import Refused
from aiwatch.fetch.proxy import ProxyFailed
from aiwatch.model import Failed, Failure

_TIMEOUTS: tuple[tuple[type[Exception], str], ...] = (
    (httpcore.ConnectTimeout, "no connection in time"),
    (httpcore.ReadTimeout, "the server fell silent"),
    (httpcore.WriteTimeout, "the server would not take the request"),
    (httpcore.PoolTimeout, "no connection was free in time"),
)

_FAMILIES: tuple[tuple[type[Exception], Failure, str], ...] = (
    (httpcore.RemoteProtocolError, Failure.SOFT, "the answer breaks the rules of HTTP"),
    (httpcore.ConnectError, Failure.TEMPORARY, "no connection"),
    (httpcore.NetworkError, Failure.SOFT, "the connection broke"),
    (OSError, Failure.SOFT, "the connection broke"),
    (httpcore.ProtocolError, Failure.SOFT, "the exchange failed"),
    (httpx.HTTPError, Failure.SOFT, "the exchange failed"),
    (httpx.StreamError, Failure.SOFT, "the exchange failed"),
)


def translate(error: Exception, url: str, *, elapsed: float, over: bool) -> Failed | None:
    """What ``error`` means for the source at ``url``; None for an error that nobody foresaw. ``over``: the total deadline passed."""
    found = _of_proxy(error) if isinstance(error, ProxyFailed) else _kind(error, url, elapsed, over)
    return None if found is None else Failed(kind=found[0], reason=found[1], elapsed=elapsed)


def _kind(error: Exception, url: str, elapsed: float, over: bool) -> tuple[Failure, str] | None:
    if isinstance(error, Refused):
        return Failure.BLOCKED, f"refused: {error}"
    if isinstance(error, BodyError):
        return Failure.SOFT, str(error)
    if isinstance(error, TimeoutError) and over:
        return Failure.TEMPORARY, f"no complete answer within {elapsed:.0f} s (http.timeout)"
    for kind, words in _TIMEOUTS:
        if isinstance(error, kind):
            return Failure.TEMPORARY, f"{words} (http.inactivity)"
    if isinstance(error, httpx.InvalidURL | httpcore.UnsupportedProtocol | httpcore.LocalProtocolError | UnicodeError):
        return Failure.HARD, f"the address or a header cannot be sent: {_unsendable(error)}"
    return _network(error, url)


def _of_proxy(error: ProxyFailed) -> tuple[Failure, str]:
    """Who it was, what it did, what to do; never in its own words, which may repeat the login."""
    at, status = f"the proxy {error.proxy.url}", error.status
    if status == 407:
        wants = "does not take the login of http.proxy" if error.proxy.login else "wants a login"
        spoken = "" if error.said else " (only Basic is spoken)"
        advice = f"write name:password@ before its host in http.proxy{spoken}"
        return Failure.TEMPORARY, f"{at} {wants} ({error.said or 407}): {advice}"
    if status is not None and status < 500:
        advice = "have it let this host through, or name the host in http.no_proxy"
        return Failure.HARD, f"{at} does not pass this on ({error.said or _phrase(status)}): {advice}"
    if status is not None:
        return Failure.TEMPORARY, f"{at} did not reach the server ({error.said or _phrase(status)})"
    return Failure.TEMPORARY, f"{at} {_silence(error)}: is it up, and is http.proxy right?"


def _phrase(status: int) -> str:
    return f"{status} {httpx.codes.get_reason_phrase(status)}".rstrip()


def _silence(error: ProxyFailed) -> str:
    """What kept the proxy from hearing, or answering, us."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"shows a certificate that is not to be trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "does not speak TLS (https://)"
        if isinstance(cause, socket.gaierror):
            return "is not known by that name"
        if isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED:
            return "refused the connection"
        if isinstance(cause, httpcore.TimeoutException):
            return "did not answer in time"
    return "broke off the connection"


def _unsendable(error: Exception) -> str:
    """Why; not in the words of h11 and of codecs, which quote the header, and that may be a secret."""
    if isinstance(error, httpcore.LocalProtocolError | UnicodeError):
        return "it holds a character that HTTP forbids, such as a line break"
    return _words(error)


def _network(error: Exception, url: str) -> tuple[Failure, str] | None:
    for cause in _causes(error):
        if found := _cause(cause, url):
            return found
    for kind, failure, words in _FAMILIES:
        if isinstance(error, kind):
            return failure, f"{words}: {_of_system(error) or _words(error)}"
    return None


def _of_system(error: BaseException) -> str:
    """What the system says of it, which lies below "All connection attempts failed" and the like."""
    said = [
        cause.strerror for cause in _causes(error) if isinstance(cause, OSError) and cause.errno is not None and cause.strerror
    ]
    return said[-1] if said else ""


def _cause(cause: BaseException, url: str) -> tuple[Failure, str] | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Failure.HARD, f"the certificate is not to be trusted: {cause.verify_message}" + _authority_hint(cause.verify_code)
    if isinstance(cause, ssl.SSLError):
        return Failure.HARD, f"no TLS with this server: {cause.reason or cause}" + _plain_hint(url)
    if isinstance(cause, socket.gaierror):
        return Failure.TEMPORARY, f"the host name is not known: {cause.strerror or cause}"
    if isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED:
        return Failure.TEMPORARY, "the server refused the connection"
    return None


def _authority_hint(code: int) -> str:
    """OpenSSL's 19 and 20: the chain ends at an authority that is not known. So does every chain behind a proxy that reads TLS."""
    return "; if a proxy or a virus scanner reads TLS here, name its authority in http.ca_file" if code in (19, 20) else ""


def _plain_hint(url: str) -> str:
    return "; does it speak plain http?" if url.lower().startswith("https:") else ""


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found


def _words(error: BaseException) -> str:
    return (str(error) or type(error).__name__)[:200]
