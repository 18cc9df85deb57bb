"""What in a text counts its readers, or its own age: points, comments, views, "3 hours ago". It changes at every poll, and tells nothing.

Seen: hnrss.org writes points and comments into each summary, boards of Korean and Chinese sites their views.
"""

from __future__ import annotations

import re

_ENGLISH = (
    r"(?:up)?votes?|comments?|repl(?:y|ies)|points?|likes?|views?|shares?|reads?|reactions?|claps?|boosts?|retweets?|downloads?"
)
_NAMES = r"(?:조회|댓글|추천)(?: ?수)?|좋아요|공감|(?:コメント|閲覧)数?|いいね|(?:阅读|评论|浏览|点赞|收藏)[数量]?"
_SURE = (
    r"(?:개의?\s?댓글|条评论|次阅读|次浏览|件のコメント)"
    r"|(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month|year)s?\s+ago\b"
    r"|(?:초|분|시간|일|주|개월|秒钟?|分钟|小时|天|周|時間|分|日|週間)\s?[전前]"
)
_SUFFIX = r"(?:[km](?![a-z])|[천만千万億亿])"
# A number with what follows it: numbers are looked for first, for a pattern of all words would be tried at every letter.
_NUMBER = re.compile(rf"\d[\d,.]*\s?{_SUFFIX}?(?:\s?(?:(?P<sure>{_SURE})|(?P<counted>(?:{_ENGLISH})\b)))?", re.IGNORECASE)
_NAMED = re.compile(rf"(?:\b(?:{_ENGLISH}) ?[:#] ?|(?:{_NAMES})\s?[:：(（]?\s?)\Z", re.IGNORECASE)
# "34 points | 12 comments", not "Claude 3 reads documents"
_APART = re.compile(r"(?:(?:\A|[|·•,;/(\[\n.!?]|\band) ?|\s[-–—] )\Z")
_REPLIES = re.compile(r"\[\d[\d,]*\]\s*\Z")
_WORD = rf"(?:\b{_ENGLISH}|{_NAMES})"
_BETWEEN = r"[\s|·•,;/–—-]"
_END = re.compile(
    rf"(?<!{_BETWEEN}){_BETWEEN}*(?:(?:{_WORD}\s?)?[(（\[【]\s?(?:{_WORD}\s?[:：#]?\s?)?[#\d][\d,.]*\s?{_SUFFIX}?\s?{_WORD}?\s?[)）\]】]"
    rf"|(?:{_WORD}\s?[:：]?\s?)?#개?|(?<=\s)\d[\d,.]*\s?{_SUFFIX}?\s?(?:{_ENGLISH}))\s*\Z",
    re.IGNORECASE,
)
_MOST = 4  # counters at the end of a title
_AROUND = 16  # characters before a number that can say what it counts


def uncounted(text: str) -> str:
    """The text without its counters; one that has none is the same."""
    return _NUMBER.sub(_hidden, text)


def uncounted_title(title: str) -> str:
    """The same of a title, at whose end boards write the number of replies in square brackets."""
    return _REPLIES.sub("[#]", uncounted(title))


def bare_title(title: str) -> str:
    """The title without whatever may be counters at its end: "Zephyr (12)", "Zephyr 12 views", "Zephyr | 조회 120 [3]".

    A number in brackets may as well be the title's own ("Part 2 (3)"): only where such a title takes the place of another is it a counter.
    """
    bare = uncounted_title(title)
    for _ in range(_MOST):
        bare = _END.sub("", bare)
    return bare


def _hidden(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _AROUND) : found.start()]
    counts = found["sure"] or (found["counted"] and _APART.search(before)) or _NAMED.search(before)
    return "#" if counts else found.group()
