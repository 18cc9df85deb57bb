"""Why a rule counted, or nearly did, in the reader's words.

Detection keeps its reasons in English, with the item. Digests and pages say those that they know in their own language; others stay as they
were kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiwatch.digest.catalogue import Catalogue
from aiwatch.model import EMPTY, Evidence
from aiwatch.rules import korean
from aiwatch.rules.builtin import ASIDE_SAID, NO_END, NO_RUMOUR, NOT_BORNE_OUT, OF_ANOTHER, OF_CONTEXT, PRAISE_SAID, UNFRAMED

_HOMONYM = re.compile(
    r"'(?P<name>.+)' is also another word: (?P<vendor>.+) is not named and the source is not (?P=vendor)'s(?P<more>.*)"
)
_MORE = {
    "": "homonym",
    ", and the text speaks of the other thing of that name": "homonym_meant",
    ", and no word for an AI model is near": "homonym_alone",
}
_LACKED = {  # the messages
    OF_ANOTHER: "elsewhere",
    OF_CONTEXT: "beside",
    NO_RUMOUR: "no_rumour",
    NO_END: "no_end",
    NOT_BORNE_OUT: "not_borne_out",
}


_WEAKER = re.compile(r", but of the group (?P<group>\S+) only the strongest counts: (?P<rule>\S+)$")
_BEHIND = {**_LACKED, ASIDE_SAID: "aside", PRAISE_SAID: "praised"}


def why(one: Evidence, words: Catalogue, own: Mapping[str, str] = EMPTY) -> str:
    """Why a rule counted, or nearly did; ``own`` are reasons in Korean that a person's own rules give, by the rule's id."""
    said = (own.get(one.rule) or korean.reason(one.rule, one.why)) if words.lang == "ko" else ""
    if not said:
        return one.why or one.rule
    if one.why == UNFRAMED or _HOMONYM.fullmatch(one.why):
        return reason(one, words)
    if weaker := _WEAKER.search(one.why):
        return words.say("why.weaker", why=said, **weaker.groupdict())
    behind = next((key for text, key in _BEHIND.items() if one.why.endswith(text)), None)
    return words.say(f"why.{behind}", why=said) if behind else said


def reason(one: Evidence, words: Catalogue) -> str:
    """What kept an item from being an announcement: what a rule that nearly counted lacked, or what speaks against it."""
    if one.why == UNFRAMED:
        return words.say("near.unframed")
    for lacked, message in _LACKED.items():
        if one.why.endswith(lacked):
            return words.say(f"near.{message}", why=one.why.removesuffix(lacked), matched=one.matched)
    if one.weight < 0:
        return words.say("near.against", why=why(one, words), matched=one.matched)
    found = _HOMONYM.fullmatch(one.why)
    if found and (key := _MORE.get(found["more"])):
        return words.say(f"near.{key}", name=found["name"], vendor=found["vendor"])
    return why(one, words)
