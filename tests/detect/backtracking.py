"""Whether Python's ``re``, which tries one way after the other, can need exponentially many of them for a pattern.

It can where a loop may go twice over the same text on two ways: ``(a+)+``, ``(a|aa)*``. Each loop becomes an automaton whose states are the
places of the pattern (Glushkov's), and that is looked for: two ways from a place back to it that read the same. What looks ahead or behind
counts as nothing there, which can only find ways too many.
"""

from __future__ import annotations

import re
import re._compiler as compiler  # type: ignore[import-not-found]  # no types of its own
import re._constants as sre  # type: ignore[import-not-found]  # no types of its own
import re._parser as parser  # type: ignore[import-not-found]  # no types of its own
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from string import printable
from typing import Any

LOOPS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
CHARACTERS = {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}
LOOKS = {sre.ASSERT, sre.ASSERT_NOT, sre.AT}
PROBES = (
    printable + "éßα가나힣一鿿ぁんァヶー々·…“”‘’「」『』—–−、。，；：！？　×＋\u0301🙂" + "".join(map(chr, range(0xE000, 0xE00A)))
)


@dataclass
class Part:
    """A piece of a pattern: which places it can begin and end with, and whether it can be empty."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: bool = True


class Loop:
    """A loop's places: what stands at each, and how often each can follow which."""

    def __init__(self, body: Any, flags: int) -> None:
        self.flags = flags
        self.reads: list[frozenset[str]] = []
        self.follows: dict[int, list[int]] = {}
        whole = self.sequence(body)
        self.link(whole, whole)

    def link(self, before: Part, behind: Part) -> None:
        for place in before.last:
            self.follows[place] += behind.first

    def joined(self, one: Part, other: Part) -> Part:
        self.link(one, other)
        first = one.first + (other.first if one.empty else [])
        last = other.last + (one.last if other.empty else [])
        return Part(first, last, one.empty and other.empty)

    def sequence(self, nodes: Any) -> Part:
        told = Part()
        for node in nodes:
            told = self.joined(told, self.part(node, nodes))
        return told

    def part(self, node: Any, of: Any) -> Part:
        kind, what = node
        if kind in CHARACTERS:
            self.reads.append(probed(of, node, self.flags))
            self.follows[place := len(self.reads) - 1] = []
            return Part([place], [place], False)
        if kind is sre.SUBPATTERN:
            return self.sequence(what[3])
        if kind is sre.BRANCH:
            ways = [self.sequence(way) for way in what[1]]
            return Part([p for w in ways for p in w.first], [p for w in ways for p in w.last], any(w.empty for w in ways))
        if kind in LOOPS:
            return self.repeated(*what)
        assert kind in LOOKS, f"{kind}: teach it to this test"
        return Part()

    def repeated(self, least: int, most: Any, body: Any) -> Part:
        """So many turns that there must be, then either a loop of those that there may be, or each of them within the one before."""
        told = Part()
        for _ in range(least):
            told = self.joined(told, self.sequence(body))
        if most is sre.MAXREPEAT:
            more = self.sequence(body)
            self.link(more, more)
            return self.joined(told, Part(more.first, more.last, True))
        return self.joined(told, self.nested(most - least, body))

    def nested(self, turns: int, body: Any) -> Part:
        if not turns:
            return Part()
        one = self.sequence(body)
        whole = self.joined(one, self.nested(turns - 1, body))
        return Part(whole.first, whole.last, True)

    def pairs(self, pair: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """What two ways that read the same may read next."""
        for one in set(self.follows[pair[0]]):
            for other in set(self.follows[pair[1]]):
                if self.reads[one] & self.reads[other]:
                    yield one, other

    def explodes(self) -> bool:
        """Whether two ways lead from a place back to it over the same text."""
        back: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for start in [(place, place) for place in self.follows]:
            back[start] = self.reached(start)
        for (place, _), there in back.items():
            home = (place, place)
            if any(one != other and home in self.reached((one, other)) for one, other in there):
                return True
            nexts = self.follows[place]
            if any(nexts.count(one) > 1 and home in {(one, one), *back[one, one]} for one in set(nexts)):
                return True
        return False

    @cache  # noqa: B019 - a loop lives as long as its test
    def reached(self, start: tuple[int, int]) -> set[tuple[int, int]]:
        found: set[tuple[int, int]] = set()
        ahead = [start]
        while ahead:
            for pair in self.pairs(ahead.pop()):
                if pair not in found:
                    found.add(pair)
                    ahead.append(pair)
        return found


def probed(of: Any, node: Any, flags: int) -> frozenset[str]:
    """Which of the probes a single character of a pattern takes, and itself."""
    one = compiler.compile(parser.SubPattern(of.state, [node]), flags)
    own = chr(node[1]) if node[0] is sre.LITERAL else ""
    return frozenset(char for char in PROBES + own if one.fullmatch(char))


def loops(nodes: Any) -> Iterator[Any]:
    """The bodies of the outermost unbounded loops of a pattern."""
    for kind, what in nodes:
        if kind in LOOPS:
            yield from [what[2]] if what[1] is sre.MAXREPEAT else loops(what[2])
        elif kind is sre.SUBPATTERN:
            yield from loops(what[3])
        elif kind is sre.BRANCH:
            for way in what[1]:
                yield from loops(way)
        elif kind in {sre.ASSERT, sre.ASSERT_NOT}:
            yield from loops(what[1])


def explodes(pattern: re.Pattern[str]) -> bool:
    """Whether some text makes it try exponentially many ways."""
    return any(Loop(body, pattern.flags).explodes() for body in loops(parser.parse(pattern.pattern, pattern.flags)))
