"""The alphabet of masked text, in which rules are written: every name found is one character of a private plane.

``OpenAI launches GPT-5, its new model`` reads ``V launches M, its new N``. A pattern says ``{V}`` and ``{M}`` (``SIGNS``).
"""

from __future__ import annotations

MODEL = "\ue001"  # a model: a family with version or variant, or a family that is a model by itself
LINE = "\ue002"  # a family's name alone (Gemini, Claude): a model line, an assistant, an app
UNKNOWN = "\ue003"  # what could be a model's name and is in no list: quoted, or spelled like a code
VENDOR = "\ue004"
PRODUCT = "\ue005"  # an app, plan, tool, framework or homonym
NOUN = "\ue006"  # a word for "model"
OPEN_NOUN = "\ue007"  # the same with the word open in it: an open-weight model
NOUNS = frozenset({NOUN, OPEN_NOUN})

SIGNS = {
    "M": MODEL,
    "B": LINE,
    "U": UNKNOWN,
    "V": VENDOR,
    "P": PRODUCT,
    "O": OPEN_NOUN,
    "noun": NOUN,  # one that does not say open
    "N": f"[{NOUN}{OPEN_NOUN}]",
    "K": f"[{MODEL}{LINE}]",  # a known name
    "MU": f"[{MODEL}{UNKNOWN}]",
    "name": f"[{MODEL}{LINE}{UNKNOWN}]",
}
MASKED = frozenset(sign for sign in SIGNS.values() if len(sign) == 1)  # every name, as one character
_WRITTEN = str.maketrans({sign: f"{{{name}}}" for name, sign in SIGNS.items() if len(sign) == 1})


def written(masked: str) -> str:
    """Masked text as a person writes it in a pattern: ``{V} launches {M}``."""
    return masked.translate(_WRITTEN)
