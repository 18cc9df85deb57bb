"""Why each shipped rule is there, and each piece of evidence of the engine's own, to a reader of Korean."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from aiwatch.rules import FILES
from aiwatch.rules.builtin import KOREAN


@cache
def _shipped() -> Mapping[str, tuple[str, str]]:
    """Each rule's reason in English and in Korean, as the files have them: no rule is compiled for who only tells what one once said."""
    cues = (name for name in FILES if name.startswith("cues"))
    trees = (tomllib.loads(files("aiwatch.rules").joinpath(name).read_text("utf-8")) for name in cues)
    return {rule["id"]: (rule["why"], rule["why_ko"]) for tree in trees for rule in tree["rule"] if "why_ko" in rule}


def reason(rule: str, why: str) -> str:
    """What ``why`` says of a shipped rule, or of the engine's own evidence; empty where it is somebody else's word."""
    english, said = _shipped().get(rule, ("", ""))
    return said if english and why.startswith(english) else KOREAN.get(rule, "")
