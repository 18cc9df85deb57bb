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
MAGIC = b"\x1f\x8b"


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
