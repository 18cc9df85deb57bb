"""The alphabet of masked text, in which rules are written: every name found is one character of a private plane.

``OpenAI launches GPT-5, its new model`` reads ``V launches M, its new N``. A pattern says ``{V}`` and ``{M}``.
"""

from __future__ import annotations

import re

MODEL = "\ue001"  # a model: a family with version or variant, or a family that is a model by itself
BARE = "\ue002"  # a family's name alone (Gemini, Claude): a model line, an assistant, an app
UNKNOWN = "\ue003"  # what could be a model's name and is in no list: quoted, or spelled like a code
VENDOR = "\ue004"
PRODUCT = "\ue005"  # an app, plan, tool, framework or homonym
NOUN = "\ue006"  # a word for "model"
OPEN_NOUN = "\ue007"  # the same with the word open in it: an open-weight model

_ANY = f"[{MODEL}{BARE}{UNKNOWN}]"
_LIST = f"{_ANY}(?:(?: ?(?:,|/|&|and|및|와|과|、|和|と|·|or) ?)+(?:the |a |an )?(?:new )?{_ANY})*"
_KNOWN = _LIST.replace(_ANY, f"[{MODEL}{BARE}]")
MACROS = {
    "M": MODEL,
    "B": BARE,
    "U": UNKNOWN,
    "V": VENDOR,
    "P": PRODUCT,
    "N": f"[{NOUN}{OPEN_NOUN}]",
    "O": OPEN_NOUN,
    "K": f"[{MODEL}{BARE}]",  # known
    "MU": f"[{MODEL}{UNKNOWN}]",
    "name": _ANY,
    "names": _LIST,
    "knowns": _KNOWN,
    "gap": r"""(?:[^\s:;|!?.—]+ ){0,6}?""",  # up to six words of the same clause
    "w": rf"[^\s:;|!?.,{MODEL}-{UNKNOWN}]+",  # a word that is no name
    "x": rf"[^\s:;|!?.,{MODEL}-{OPEN_NOUN}]+",  # a word that is neither name, vendor, product nor noun
    "gap3": r"""(?:[^\s:;|!?.—]+ ){0,3}?""",
    "q": r"""['"「『《〈\[(]?""",  # an opening quote, or none
    "Q": r"""['"」』》〉\])]?""",  # a closing one
    "Cap": r"(?-i:[A-Z][A-Za-z0-9]*(?:[-.'][A-Za-z0-9]+)*)",
    "Name": (
        r"(?-i:(?:[A-Z][A-Za-z0-9]*|[a-z]+[A-Z0-9][A-Za-z0-9]*|[0-9]+[A-Z][A-Za-z0-9]*)(?:[-.·][A-Za-z0-9]+)*\+?"
        r"(?: (?:[A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*\+?|[0-9]+(?:\.[0-9]+)*[A-Za-z]?|v[0-9.]+)){0,3})"
    ),
    "end": r"(?:$|[ .,:;|!?…\"'」』》)\]—])",
    "to": r"(?:을|를|이|가|은|는|도|와|과|의)?",
}


def expand(pattern: str) -> str:
    """Write the macros of ``pattern`` out. Unknown ones stay, for the loader to name."""
    return re.sub(r"(?<!\\[pP])\{([A-Za-z_]+\d?)\}", lambda m: MACROS.get(m[1], m[0]), pattern)
