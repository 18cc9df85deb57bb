"""A connection to a mail server, its name looked up in a thread that nobody waits for.

aiosmtplib would have asyncio look it up, in the pool of threads in which items are judged, and whose end the program waits for: a few
messages to a server whose name nobody answers held up all polls, and the stop as well. It would also spend all its time on the first of
several addresses.
"""

from __future__ import annotations

import asyncio
import errno
import socket

from aiosmtplib import errors

from aiwatch.fetch.resolver import Answers, Names

MOST = 6  # addresses of one name


async def dial(host: str, port: int, seconds: float, names: Names) -> socket.socket:
    """A connected socket. Raises SMTPConnectTimeoutError, and SMTPConnectError with its cause, as aiosmtplib does."""
    until = asyncio.get_running_loop().time() + seconds
    try:
        async with asyncio.timeout_at(until):
            answers = await names(host, port)
            return await _first(answers[:MOST], until)
    except TimeoutError as error:
        raise errors.SMTPConnectTimeoutError(f"no connection to {host} in time") from error
    except (OSError, UnicodeError) as error:
        raise errors.SMTPConnectError(str(error)) from error


async def _first(answers: Answers, until: float) -> socket.socket:
    """The first address to answer; each has its share of the time that is left."""
    trouble = OSError(errno.EADDRNOTAVAIL, "the name has no address")
    loop = asyncio.get_running_loop()
    for place, (family, kind, protocol, _, address) in enumerate(answers):
        share = (until - loop.time()) / (len(answers) - place)
        try:
            async with asyncio.timeout(share):
                return await _connected(socket.socket(family, kind, protocol), address)
        except OSError as error:  # TimeoutError is one
            trouble = error
    raise trouble


async def _connected(line: socket.socket, address: tuple[str | int, ...]) -> socket.socket:
    line.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(line, address)
    except BaseException:
        line.close()
        raise
    return line
