"""What people write for somebody to be reached: mail and web addresses, signing keys, codes of languages; and what is wrong with one.

No sentence here quotes what it was given: in a configuration each of them may be a secret.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from email.utils import formataddr
from urllib.parse import unquote, urlsplit

from aiwatch.errors import DeliveryError

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F.:]+\]"
)
# From the right: a password may hold anything but a line's end, an @ and a slash too.
_PROXY = re.compile(
    r"(?P<scheme>https?|socks5h?)://(?:(?P<login>.*)@)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(?P<port>[0-9]{1,5}))?/?",
    re.IGNORECASE | re.ASCII,
)
_PORTS = {"http": 80, "https": 443, "socks5": 1080}
# A country's code in the place of a language's matches nothing, and nobody hears of it.
_COUNTRIES = {"kr": "ko", "jp": "ja", "cn": "zh", "tw": "zh-TW", "us": "en", "gb": "en", "vn": "vi", "cz": "cs", "dk": "da"}
_LANGUAGES = frozenset(  # ISO 639-1; of three letters there are thousands, and any may be one
    re.findall(
        r"\w\w",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et "
        "eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl "
        "km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj "
        "om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn "
        "to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu",
    )
)
KEY_LENGTH = 16  # characters of a signing key that is taken as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A mail address as SMTP takes it, and as a header shows it."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        return formataddr((self.name, self.address), "utf-8")


def mailbox(text: str) -> Mailbox:
    """``name@host`` or ``Name <name@host>``; a host of another script becomes punycode. Raises DeliveryError for anything else."""
    named = _NAMED.fullmatch(text.strip())
    name, address = (named["name"].strip().strip('"'), named["address"]) if named else ("", text.strip())
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if re.search(r"[\r\n\0]", name) or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise DeliveryError(f"{_masked(text)} is no mail address that SMTP can reach")
    return Mailbox(address=f"{local}@{domain}", name=" ".join(name.split()))


def wrong_mailbox(text: str) -> str | None:
    """What is wrong with a mail address, or None."""
    try:
        mailbox(text)
    except DeliveryError:
        many = "; one address a recipient: name them all in the digest's recipients" if text.count("@") > 1 else ""
        return f'this is no mail address; one is written "you@example.org" or "Name <you@example.org>"{many}'
    return None


def wrong_address(text: str) -> str | None:
    """What is wrong with a web address, or None."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, or none that there is; brackets that do not close
        sound = False
    if not sound or re.search(r"\s", text):
        return "this is no address; one begins with https:// or http:// and names a host"
    return None


def proxy(text: str) -> tuple[str, str]:
    """A proxy's address without its login, the port always written; and the login, ``name:password`` or empty.

    Raises ValueError, which does not quote it.
    """
    found = _PROXY.fullmatch(text.strip())
    scheme = found["scheme"].lower().removesuffix("h") if found else ""
    port = int(found["port"] or _PORTS[scheme]) if found else 0
    if found is None or not 0 < port < 65_536:
        raise ValueError(
            'this is no proxy\'s address; one is written "http://proxy.example:3128", '
            'with a login "http://name:password@proxy.example:3128"; '
            "SOCKS, in its version 5 alone, is written socks5://; PAC files are not known here"
        )
    name, colon, password = (found["login"] or "").partition(":")
    login = f"{unquote(name)}:{unquote(password)}" if name or colon else ""
    return f"{scheme}://{found['host'].lower()}:{port}", login


_PAIR = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s/:@\[\]]+):(?P<port>[0-9]{1,5})", re.ASCII)
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)  # RFC 9110, a token
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[ \t!-~]*[!-~])?)?", re.ASCII)


def wrong_pair(text: str) -> str | None:
    """What is wrong with a host and its port, or None."""
    found = _PAIR.fullmatch(text)
    sound = found is not None and 0 < int(found["port"]) < 65_536
    return None if sound else 'it names hosts with their ports, such as "127.0.0.1:8080" or "bridge.corp.example:443"'


def wrong_header(name: str, value: str) -> str | None:
    """What is wrong with a header of a request, or None; a value may be empty."""
    if not _HEADER.fullmatch(name):
        return 'this is no name of a header; one is made of letters, digits and hyphens, such as "x-api-key"'
    if not _HEADER_VALUE.fullmatch(value):
        return "a header's value is one line of ASCII, without a blank before or behind it"
    return None


def wrong_key(text: str) -> str | None:
    """What is wrong with a key that signs webhooks, or None."""
    if not text.startswith("whsec_"):
        if len(text) < KEY_LENGTH:
            return f'this signing key is too short; one is "whsec_" and base64, or any {KEY_LENGTH} characters and more'
        return None
    try:
        sound = bool(base64.b64decode(text.removeprefix("whsec_")))
    except (binascii.Error, ValueError):
        sound = False
    return None if sound else 'this signing key begins with "whsec_", and what follows is not base64'


def meant(lang: str) -> str | None:
    """The language that was meant by a country's code, such as ``ko`` for ``kr``; None where the code is a language's."""
    return _COUNTRIES.get(lang.lower())


def wrong_language(lang: str) -> str | None:
    """What is wrong with a language's code, or None. A country's is left to ``meant``, which knows the language."""
    code = lang.partition("-")[0].lower()
    sound = code in _LANGUAGES or code in _COUNTRIES or (len(code) == 3 and code.isascii() and code.isalpha())
    return None if sound else "no language has this code; one is written ko, en or zh-TW"


def _masked(address: str) -> str:
    """Enough of an address to find it in the configuration, not enough for a log."""
    return f'"{"".join(char for char in address[:2] if char.isprintable())}…"'


def of_a_neighbour(text: str) -> bool:
    """Whether it is what Kubernetes and Docker put into ``<NAME>_PORT`` for a service of that name: ``tcp://10.0.0.1:8731``."""
    return text.startswith(("tcp://", "udp://", "sctp://"))
