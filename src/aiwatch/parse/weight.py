"""What reading a body may come to, in bytes of a flat and plain one: who reads it decides by that where (``sandbox``).

A gzip file weighs what it unpacks to: 50 KB can hold 50 MB. A page that is nested deeper than any weighs as a large one: Lexbor looks
through all open elements at each ``<li>``, and selectors through all that is in each, so that 128 KB took 10 s (``bench/hostile.py``).
"""

from __future__ import annotations

import re
import zlib

from aiwatch.parse.packed import MAGIC

COUNTED = 1024 * 1024  # bytes up to which it is counted what a body unpacks to, a few milliseconds; what a deep one weighs
DEEPEST = 300  # elements open at once; the deepest of 4,000 real and made-up feeds and pages has 122, browsers show 512
GZIP = 16 + zlib.MAX_WBITS

_TAG = re.compile(rb"<(/?)([A-Za-z][A-Za-z0-9]*)")
_EMPTY = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())  # never closed (HTML, 13.1.2)


def weight(body: bytes) -> int:
    """Bytes that ``body`` weighs; a gzip file and a deep one ``COUNTED`` at most, whatever they come to."""
    if not body.startswith(MAGIC):
        return COUNTED if len(body) < COUNTED and _deep(body) else len(body)
    unpacking = zlib.decompressobj(GZIP)
    try:
        plain = len(unpacking.decompress(body, COUNTED))
    except zlib.error:  # told by whoever reads it
        return len(body)
    whole = unpacking.eof and not unpacking.unused_data  # what follows may be another file
    return max(len(body), plain if whole else COUNTED)


def _deep(body: bytes) -> bool:
    """Whether more elements are open at once than in any page. A tag that may be left open (``<li>``) counts until something is closed."""
    depth = 0
    for closing, name in _TAG.findall(body):
        if closing:
            depth = max(0, depth - 1)
        elif name.lower() not in _EMPTY:
            depth += 1
            if depth > DEEPEST:
                return True
    return False
