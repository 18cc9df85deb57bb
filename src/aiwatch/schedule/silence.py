"""Whether a source that answers has been silent for longer than its own rhythm lets expect.

A list that is frozen, or was left for another address, answers well for ever. What tells it from a source that rests is the source's past:

    entries that were to come = rate when the last one came x days since then      (12 or more)
    days since then                                                                (14 or more, and half as long again as ever before)

The rate is the one that was learned up to the last entry: the silence makes the present one fade, and would excuse itself. Sources
that were watched for less than two weeks by then, or had brought a handful of entries, are not judged.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from aiwatch.model import Rhythm

AT_LEAST = timedelta(days=14)  # the holidays of a newsroom
EXPECTED = 12.0  # entries, of which none came: by chance, once in 160,000 such spans
KNOWN = 5.0  # decayed entries from which a rate can be told
WATCHED = 14.0  # the same in days
LONGER = 1.5  # than the longest silence of its past


def expected(rhythm: Rhythm | None, since: datetime | None, now: datetime) -> float | None:
    """How many entries were to come since the last one; None where its silence is none, or nothing can be said of it.

    ``since``: when the last entry was found. Days in which the source failed count as watched; a rate that is too low says nothing wrong.
    """
    if rhythm is None or not rhythm.known or since is None or now - since < AT_LEAST:
        return None
    (count, watched), silent = rhythm.known, (now - since) / timedelta(days=1)
    if watched < WATCHED or count < KNOWN or silent < LONGER * rhythm.silence:
        return None
    come = count / watched * silent
    return come if come >= EXPECTED else None
