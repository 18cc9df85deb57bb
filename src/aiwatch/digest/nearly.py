"""Why an item was nearly an announcement, in the reader's words.

Detection keeps its reasons in English, with the item. A digest says those that it knows in its own language; others stay as they were kept.
"""

from __future__ import annotations

import re

from aiwatch.digest.catalogue import Catalogue
from aiwatch.model import Evidence
from aiwatch.rules.builtin import OF_ANOTHER, OF_CONTEXT, UNFRAMED

_HOMONYM = re.compile(
    r"'(?P<name>.+)' is also another word: (?P<vendor>.+) is not named and the source is not (?P=vendor)'s(?P<more>.*)"
)
_MORE = {
    "": "homonym",
    ", and the text speaks of the other thing of that name": "homonym_meant",
    ", and no word for an AI model is near": "homonym_alone",
}


def reason(one: Evidence, words: Catalogue) -> str:
    """What a rule that nearly counted lacked."""
    if one.why == UNFRAMED:
        return words.say("near.unframed")
    if one.why.endswith(OF_ANOTHER):
        return words.say("near.elsewhere", why=one.why.removesuffix(OF_ANOTHER), matched=one.matched)
    if one.why.endswith(OF_CONTEXT):
        return words.say("near.beside", why=one.why.removesuffix(OF_CONTEXT), matched=one.matched)
    found = _HOMONYM.fullmatch(one.why)
    if found and (key := _MORE.get(found["more"])):
        return words.say(f"near.{key}", name=found["name"], vendor=found["vendor"])
    return one.why or one.rule
