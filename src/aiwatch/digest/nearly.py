"""Why an item was nearly an announcement, in the reader's words.

Detection keeps its reasons in English, with the item. A digest says those that it knows in its own language; others stay as they were kept.
"""

from __future__ import annotations

import re

from aiwatch.digest.catalogue import Catalogue
from aiwatch.model import Evidence
from aiwatch.rules.builtin import NO_END, NO_RUMOUR, OF_ANOTHER, OF_CONTEXT, UNFRAMED

_HOMONYM = re.compile(
    r"'(?P<name>.+)' is also another word: (?P<vendor>.+) is not named and the source is not (?P=vendor)'s(?P<more>.*)"
)
_MORE = {
    "": "homonym",
    ", and the text speaks of the other thing of that name": "homonym_meant",
    ", and no word for an AI model is near": "homonym_alone",
}
_LACKED = {OF_ANOTHER: "elsewhere", OF_CONTEXT: "beside", NO_RUMOUR: "no_rumour", NO_END: "no_end"}  # the messages


def reason(one: Evidence, words: Catalogue) -> str:
    """What a rule that nearly counted lacked."""
    if one.why == UNFRAMED:
        return words.say("near.unframed")
    for lacked, message in _LACKED.items():
        if one.why.endswith(lacked):
            return words.say(f"near.{message}", why=one.why.removesuffix(lacked), matched=one.matched)
    found = _HOMONYM.fullmatch(one.why)
    if found and (key := _MORE.get(found["more"])):
        return words.say(f"near.{key}", name=found["name"], vendor=found["vendor"])
    return one.why or one.rule
