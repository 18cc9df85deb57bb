"""Content codings undone in bounded steps, so that no server decides how much memory is used.

httpx unpacks whatever arrives, layer upon layer: 2.5 KB of twice-zipped zeros cost 2 GB. Here one layer is undone, never more than ``STEP``
bytes at a time, and ``Body`` stops at its limit. A stream that ends early is an error: half a feed must not pass for a whole one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # it ships no stubs
import zstandard

STEP = 64 * 1024  # bytes unpacked in one go
_ZSTD_SLICE = 64  # bytes; a block of 4 bytes may unpack to 128 KiB, so one slice unpacks to 2 MiB at most
_ZSTD_WINDOW = 8 * 1024 * 1024  # what RFC 8878 asks every decoder to support, and browsers' limit
ACCEPTED = "gzip, deflate, br, zstd"
# seen in the wild as Content-Encoding of a plain body: the charset, or a word for "none"
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})


class BodyError(Exception):
    """A body that cannot be used; the text says what is wrong with it."""


class Decoder(Protocol):
    """Undoes one coding, piece by piece."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` unpacks to, in small pieces; stop asking and nothing more is unpacked."""

    def finish(self) -> None:
        """Raises BodyError if the stream did not come to its end."""


class Plain:
    """No coding."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The data itself."""
        yield data

    def finish(self) -> None:
        """A plain body ends where the framing says."""


class Zlib:
    """gzip (also several members after one another), zlib, and the raw deflate that some servers send instead."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding == "gzip"
        self._head = b""
        self._unpack: zlib._Decompress | None = None
        self._plain = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Raises BodyError for what is not the promised format."""
        if self._unpack is None and not self._plain:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            self._begin(data)
        if self._plain:
            yield data
            return
        yield from self._unpacked(data)

    def _begin(self, head: bytes) -> None:
        zipped = head.startswith(b"\x1f\x8b")
        if self._gzip and not zipped and head[:1] in b"<{[ \n\r\xef\xfe\xff":
            self._plain = True  # a proxy unpacked the body and left the header: seen with misconfigured caches
        elif zipped:
            self._unpack = zlib.decompressobj(31)
        elif self._gzip:
            raise BodyError("the body is not gzip, though the server says so")
        else:
            checked = head[0] & 0x0F == 8 and (head[0] * 256 + head[1]) % 31 == 0
            self._unpack = zlib.decompressobj(15 if checked else -15)

    def _unpacked(self, data: bytes) -> Iterator[bytes]:
        while data and self._unpack is not None:
            if self._unpack.eof:
                if not data.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._unpack = zlib.decompressobj(31)
            try:
                piece = self._unpack.decompress(data, STEP)
            except zlib.error as error:
                raise BodyError(f"the compressed body is damaged ({error})") from None
            if piece:
                yield piece
            data = self._unpack.unused_data if self._unpack.eof else self._unpack.unconsumed_tail

    def finish(self) -> None:
        """Raises BodyError where the end mark is missing."""
        if self._plain or (self._unpack is None and not self._head):
            return
        if self._unpack is None or not self._unpack.eof:
            raise BodyError("the compressed body ends before its end")


class Brotli:
    """br (RFC 7932)."""

    def __init__(self) -> None:
        self._unpack = brotli.Decompressor()
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Raises BodyError for what is not brotli."""
        self._begun = True
        while not self._unpack.is_finished():
            try:
                piece = self._unpack.process(data, output_buffer_limit=STEP)
            except brotli.error as error:
                raise BodyError(f"the compressed body is damaged ({error})") from None
            data = b""
            if piece:
                yield piece
            if len(piece) < STEP and self._unpack.can_accept_more_data():
                return  # all that the input holds is out

    def finish(self) -> None:
        """Raises BodyError where the end mark is missing."""
        if self._begun and not self._unpack.is_finished():
            raise BodyError("the compressed body ends before its end")


class Zstd:
    """zstd (RFC 8878), fed in slices because its decoder has no limit of its own."""

    def __init__(self) -> None:
        self._context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._unpack = self._context.decompressobj(write_size=STEP)
        self._begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Raises BodyError for what is not zstd."""
        self._begun = self._begun or bool(data)
        for start in range(0, len(data), _ZSTD_SLICE):
            rest = data[start : start + _ZSTD_SLICE]
            while rest:
                if self._unpack.eof:
                    self._unpack = self._context.decompressobj(write_size=STEP)
                try:
                    piece = self._unpack.decompress(rest)
                except zstandard.ZstdError as error:
                    raise BodyError(f"the compressed body is damaged ({error})") from None
                if piece:
                    yield piece
                rest = self._unpack.unused_data if self._unpack.eof else b""

    def finish(self) -> None:
        """Raises BodyError where the end mark is missing."""
        if self._begun and not self._unpack.eof:
            raise BodyError("the compressed body ends before its end")


def decoder(content_encoding: str) -> Decoder:
    """The decoder for a Content-Encoding header. Raises BodyError for more than one layer, and for a coding that was not asked for."""
    layers = [name for name in (part.strip().lower() for part in content_encoding.split(",")) if name not in _PLAIN]
    if len(layers) > 1:
        raise BodyError(f"the body is compressed {len(layers)} times over")
    if not layers:
        return Plain()
    coding = layers[0].removeprefix("x-") if layers[0] == "x-gzip" else layers[0]
    if coding in ("gzip", "deflate"):
        return Zlib(coding)
    if coding == "br":
        return Brotli()
    if coding == "zstd":
        return Zstd()
    raise BodyError(f"the body is coded as {coding[:40]!r}, which nobody asked for")


class Body:
    """Collects a decoded body up to ``limit`` bytes.

    With ``cut`` the body is cut there, and ``full`` says that no more is wanted; without it ``add`` raises BodyError.
    """

    def __init__(self, content_encoding: str, limit: int, *, cut: bool = False) -> None:
        self._decoder = decoder(content_encoding)
        self._limit = limit
        self._cut = cut
        self._data = bytearray()
        self.raw = 0  # bytes as they came
        self.full = False

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self._data)

    def add(self, data: bytes) -> None:
        """Take what came from the network."""
        self.raw += len(data)
        for piece in self._decoder.feed(data):
            self._data += piece
            if len(self._data) > self._limit:
                if not self._cut:
                    raise BodyError(f"the body is larger than {self._limit} bytes (http.max_body)")
                del self._data[self._limit :]
                self.full = True
                return

    def finish(self) -> bytes:
        """The body. Raises BodyError if it is not whole, unless it was cut on purpose."""
        if not self.full:
            self._decoder.finish()
        return bytes(self._data)
