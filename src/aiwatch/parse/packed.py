"""Bodies that are gzip files, as ``sitemap.xml.gz`` is: what they come to unpacked, within bounds.

A body on its way that the server packed is unpacked by the fetcher; this is a file that was packed before anybody asked for it.
"""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO

from aiwatch.errors import ParseError
from aiwatch.model import Fetched
from aiwatch.urls import redact

# Bytes of an unpacked file. The protocol allows 50 MB to 50,000 addresses: plain ones take 5, with their languages 20. 50 MB of made-up
# elements cost a process 1.7 GB.
MAX_PLAIN = 20 * 1024 * 1024
COUNTED = 1024 * 1024  # bytes up to which it is counted what a body unpacks to; a few milliseconds
MAGIC = b"\x1f\x8b"
GZIP = 16 + zlib.MAX_WBITS


def weight(body: bytes) -> int:
    """Bytes that reading a body comes to: those of a gzip file as it unpacks, counted to ``COUNTED``; 50 KB can hold 50 MB."""
    if not body.startswith(MAGIC):
        return len(body)
    unpacking = zlib.decompressobj(GZIP)
    try:
        plain = len(unpacking.decompress(body, COUNTED))
    except zlib.error:  # told by whoever reads it
        return len(body)
    whole = unpacking.eof and not unpacking.unused_data  # what follows may be another file
    return max(len(body), plain if whole else COUNTED)


def unpacked(fetched: Fetched) -> bytes:
    """The body, unpacked where it is a gzip file. Raises ParseError for a bomb, and for half a file, which must not pass for a whole."""
    if not fetched.body.startswith(MAGIC):
        return fetched.body
    try:
        with gzip.open(BytesIO(fetched.body)) as file:
            plain = file.read(MAX_PLAIN + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ParseError(f"{redact(fetched.url)}: a broken gzip file ({error})") from error
    if len(plain) > MAX_PLAIN:
        raise ParseError(f"{redact(fetched.url)}: unpacks to more than {MAX_PLAIN} bytes")
    return plain
