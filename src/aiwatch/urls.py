"""Addresses: what makes two of them the same page, what a feed's link may become, and how one is shown without its secrets.

Pure text work; nothing here resolves names or opens connections. Relative references follow RFC 3986 section 5, with the
leniency of the WHATWG URL standard where feeds need it (whitespace around and inside, backslashes, no scheme before ``//``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

MAX_URL = 8192  # characters; longer ones are refused: no page needs them, and they end up in mails and logs

_PORTS = {"http": "80", "https": "443"}
_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|d|y|tt|tw|ms|sc|ep|irc)clid|gclsrc|[gw]braid|li_fat_id|igshid|igsh|mc_[ce]id|_ga|_gl|_hs(?:enc|mi)"
    r"|hsctatracking|mkt_tok|vero_(?:id|conv)|oly_(?:enc|anon)_id|at_(?:medium|campaign|custom\d|recipient_\w+)|[nos]cid|s_cid|cmp(?:id)?"
    r"|icid|smid|xtor|spm|cb|guccounter|guce_referrer\w*|wt\.mc_id|trk\w*|rss_id|ftag|__twitter_impression|share_?token|pk_\w+|mtm_\w+"
    r"|piwik_\w+",
    re.IGNORECASE,
)
_RSS_MARK = re.compile(r"(?:ref|from|source|src|via|medium|partner|referrer)", re.IGNORECASE)
_RSS_VALUE = re.compile(r"(?:rss|feeds?|atom|feedburner|rss[-_]?feed|rss[-_]?all|twitter|facebook|newsletter)", re.IGNORECASE)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._~!$&'()*+,;=:@-]*").fullmatch
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+").fullmatch
_UNRESERVED = re.compile(r"%(?:4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe]|2[dDeE]|3[0-9])")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_TRIM = "".join(map(chr, range(0x21))) + "\x7f\u00a0\u200b\u2028\u2029\ufeff"
_INNER = re.compile(r"[\t\n\r]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\"<>\\^`{|}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_WWW = re.compile(r"www\.[A-Za-z0-9-]+\.[A-Za-z0-9.-]+(?:[/?#]|$)").match
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:").match
_ORDINARY = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:[/?#][A-Za-z0-9/._~!$&()*+,;=:@%?#'-]*)?", re.ASCII
).fullmatch
_CLEAN = re.compile(r"https?://([a-z0-9.-]*[a-z0-9])(/[A-Za-z0-9/._~-]*|)", re.ASCII).fullmatch
_HTTP = re.compile(r"https?:", re.IGNORECASE).match
_HOST = re.compile(r"[^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\]").fullmatch
_SECRET_NAME = re.compile(
    r"token|secret|passw|pwd|api[-_]?key|access[-_]?key|auth(?!or(?!i))|cookie|credential|signature|session|^(?:key|sig|sign|code|jwt|k|pass|user|hmac|sid)$",
    re.IGNORECASE,
)
_PUBLIC_NAME = re.compile(
    r"(?:channel|playlist)[-_]?id", re.IGNORECASE
).fullmatch  # what a feed is of: random-looking and no secret
_SECRET_PATH = re.compile(
    r"(?i)((?<!/)/(?:services|api/webhooks|webhooks?|webhookb2|incomingwebhook|workflows|triggers|hooks?|bot|token|feeds?/private)[/\d:-]*/?)([^?#]+)"
)
_HEX = re.compile(r"[0-9a-fA-F]{32,}").fullmatch
_LONG = re.compile(r"[A-Za-z0-9_+/=.~-]{20,}").fullmatch
_USERINFO = re.compile(r"(?i)((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:/{0,2})[^/?#\s]*@")
_QUERY_PAIR = re.compile(r"([?&;#])([^=&;#\s]+)=([^&;#\s]*)")
MASK = "***"


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Return the identity of ``url``: two spellings of one page give one text. What is no http(s) address comes back trimmed.

    The scheme becomes https (a site's move to TLS is no news), host in lower case and IDNA, no default port, no userinfo, no
    fragment, no trailing slash but the root's, percent-escapes normalised (RFC 3986 section 6.2), tracking parameters gone,
    the rest of the query kept and sorted: ``qwen.ai/blog?id=X`` has its identity there.
    """
    simple = _CLEAN(url)
    if simple:  # most links: nothing to normalise
        return f"https://{simple[1]}{simple[2].rstrip('/') or '/'}"
    text = _INNER.sub("", url.strip(_TRIM))
    if not _HTTP(text):
        return text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    host = _ascii_host((parts.hostname or "").rstrip("."))
    if not host:
        return text
    if ":" in host:
        host = f"[{host}]"
    if port is not None and str(port) not in _PORTS.values():  # the scheme becomes https whatever it was
        host = f"{host}:{port}"
    path = _normal(parts.path) if parts.path else "/"
    if len(path) > 1:
        path = path.rstrip("/") or "/"
    return urlunsplit(("https", host, path, _query(parts.query), ""))


def page_key(url: str) -> str:
    """Return ``canonical_url`` with a fragment that names a place kept: a changelog's entries differ in nothing else.

    ``#comments``, ``#rss`` and fragments holding ``=`` (``#utm_source=rss``, ``#xtor=RSS-1``) tell of the visit and are dropped.
    """
    whole = canonical_url(url)
    fragment = url.partition("#")[2].strip(_TRIM)
    if not fragment or "=" in fragment or fragment.lower() in {"comments", "respond", "rss", "feed", "top", "main", "content"}:
        return whole
    return f"{whole}#{_normal(fragment)}"


def resolve(base: str | None, href: str | None) -> str | None:
    """Make ``href`` an absolute http(s) address as seen from ``base``; None for everything else (``javascript:``, no host).

    The result holds no whitespace, controls, quotes, angle brackets or backslashes, so it can stand in an attribute or a mail.
    """
    text = (href or "").strip(_TRIM)
    if _ORDINARY(text) and len(text) <= MAX_URL:  # nearly all: nothing to resolve or to mend
        return text
    text = _INNER.sub("", text)
    if not text or len(text) > MAX_URL:
        return None
    if text[:9].lower() in {"feed:http", "feed://ht"}:
        text = text[5:].lstrip("/")
    try:
        return _absolute(_joined(base, text))
    except ValueError:  # urllib: an unbalanced bracket, a port that is no number, a netloc that changes under NFKC
        return None


def _joined(base: str | None, text: str) -> str:
    """One absolute reference of ``text``, or '' where it is of another scheme or has no base to stand on."""
    if _HTTP(text):
        return _slashes(text)
    if _WWW(text):  # www.example.com/x was never meant as a path
        return f"https://{text}"
    if _SCHEME(text):
        return ""
    if base and _HTTP(base):
        return urljoin(_INNER.sub("", base.strip(_TRIM)), text.replace("\\", "/"))
    return f"https:{text}" if text.startswith("//") else ""


def host_of(url: str) -> str:
    """Return the host of ``url`` in lower case, '' where it has none."""
    try:
        return (urlsplit(url.strip(_TRIM)).hostname or "").rstrip(".")
    except ValueError:
        return ""


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port (the scheme's own where none is written): what a header may be meant for."""
    try:
        parts = urlsplit(url.strip(_TRIM))
        return parts.scheme.lower(), parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme.lower())
    except ValueError:
        return "", "", None


def redact(url: str) -> str:
    """Show ``url`` in logs, errors and pages: userinfo, webhook paths and token-like query values become ``***``.

    Works on any text: what is no URL is searched for the same patterns.
    """
    text = _USERINFO.sub(rf"\1{MASK}@", url)
    return _QUERY_PAIR.sub(_masked, _SECRET_PATH.sub(_hidden, text))


def _hidden(match: re.Match[str]) -> str:
    """A webhook's path without its secret; a file below a directory of such a name (``~/bots``, ``/srv/services``) is none."""
    head, rest = match.groups()
    word = re.split(r"\s", match.string[: match.start()])[-1].lstrip("'\"(<[`“")
    own = word.partition("/")[0]  # a host, or how a path begins
    path = re.split(r"\s", rest, maxsplit=1)[0]
    address = ":" in word or "." in own.lstrip(".") or head.endswith(":")
    if address or any(_looks_secret(part) for part in re.split(r"[/:]", path)):
        return f"{head}{MASK}"
    return f"{head}{path}{_SECRET_PATH.sub(_hidden, rest[len(path) :])}"


def names_secret(name: str) -> bool:
    """Whether what goes by this name is a secret: a parameter of a query, or an option of a source."""
    return bool(_SECRET_NAME.search(name))


def shareable(url: str) -> str:
    """``url`` without what may be a secret: no userinfo, no token-like pairs in its query, and ``***`` for the path of a private feed.

    What is made of an address and goes out (links that a page leaves relative, lists that are given out) stands on this one.
    """
    path, mark, query = redact(url).partition("?")
    path = path.replace(f"//{MASK}@", "//", 1)
    query, hash_mark, fragment = query.partition("#") if mark else ("", "", "")
    kept = "&".join(pair for pair in query.split("&") if not pair.endswith(f"={MASK}"))
    return path + (f"?{kept}" if kept else "") + hash_mark + fragment


def _masked(match: re.Match[str]) -> str:
    mark, name, value = match.groups()
    name_read = unquote(name)
    if not value or not (names_secret(name_read) or (_looks_secret(unquote(value)) and not _PUBLIC_NAME(name_read))):
        return match[0]
    return f"{mark}{name}={MASK}"


def _looks_secret(value: str) -> bool:
    """Random-looking: long hexadecimal, or twenty and more characters that mix digits with both cases."""
    if _HEX(value):
        return True
    if not _LONG(value):
        return False
    return any(c.isdigit() for c in value) and any(c.islower() for c in value) and any(c.isupper() for c in value)


def _slashes(text: str) -> str:
    r"""Read ``https:/host``, ``https:\\host`` and ``https:host`` as browsers do."""
    scheme, _, rest = text.partition(":")
    cut = min((i for i in (rest.find("?"), rest.find("#")) if i >= 0), default=len(rest))
    path = rest[:cut].replace("\\", "/")
    return f"{scheme}://{path.lstrip('/')}{rest[cut:]}"


def _absolute(text: str) -> str | None:
    parts = urlsplit(text)
    host = parts.hostname
    if parts.scheme not in _PORTS or not host or not _HOST(host if ":" not in host else f"[{host}]"):
        return None
    _ = parts.port  # raises ValueError where it is no number
    text = parts.scheme + text[len(parts.scheme) :]  # HTTP:// is http://
    return _UNSAFE.sub(lambda m: quote(m[0].encode("utf-8", "replace")), text)


def _ascii_host(host: str) -> str:
    if _PLAIN_HOST(host) or ":" in host:
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _normal(text: str) -> str:
    """Percent-escapes: of unreserved characters decoded, others in upper case; what is not ASCII or not allowed encoded."""
    if _PLAIN_PATH(text):
        return text
    text = _UNRESERVED.sub(lambda m: unquote(m[0]), text)
    text = _ESCAPE.sub(lambda m: m[0].upper(), text)
    return quote(text, safe="/%:@!$&'()*+,;=~?[]", encoding="utf-8", errors="replace")


def _query(query: str) -> str:
    if not query:
        return ""
    pairs = [_normal(pair) for pair in query.split("&") if pair]
    return "&".join(sorted(pair for pair in pairs if not _tracks(pair)))


def _tracks(pair: str) -> bool:
    name, _, value = pair.removeprefix("amp;").partition("=")
    return bool(_TRACKING.fullmatch(name) or (_RSS_MARK.fullmatch(name) and _RSS_VALUE.fullmatch(value)))
