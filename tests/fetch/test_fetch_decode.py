"""Bounded decoding: right for every coding, small for every bomb, an error for every half stream."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # it ships no stubs
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from aiwatch.fetch.decode import Body, BodyError, decoder


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "plain": ("", bytes),
    "identity": ("identity", bytes),
    "charset": ("UTF-8", bytes),
}


def unpack(coding: str, data: bytes, step: int = 4096, limit: int = 1 << 24, *, cut: bool = False) -> bytes:
    body = Body(coding, limit, cut=cut)
    for start in range(0, len(data), step):
        body.add(data[start : start + step])
        if body.full:
            break
    return body.finish()


@pytest.mark.parametrize("name", PACKERS)
@given(data=st.binary(max_size=3000), step=st.integers(1, 700))
def test_every_coding_gives_back_what_went_in(name: str, data: bytes, step: int) -> None:
    coding, pack = PACKERS[name]
    assert unpack(coding, pack(data), step) == data


@pytest.mark.parametrize("name", ["gzip", "zlib", "raw", "br", "zstd"])
@given(data=st.binary(min_size=1, max_size=500), lost=st.integers(1, 12))
def test_a_stream_that_ends_early_is_an_error(name: str, data: bytes, lost: int) -> None:
    coding, pack = PACKERS[name]
    packed = pack(data)
    half = packed[: max(2, len(packed) - lost)]
    if half == packed:
        return
    with pytest.raises(BodyError):
        unpack(coding, half)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@given(data=st.binary(max_size=300))
def test_garbage_is_an_error_or_text_but_never_a_crash(coding: str, data: bytes) -> None:
    with contextlib.suppress(BodyError):
        unpack(coding, data, 50)


def test_several_gzip_members_are_one_body_and_padding_is_dropped() -> None:
    assert unpack("gzip", gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0") == b"one two"


def test_a_plain_body_labelled_gzip_is_read_as_it_is() -> None:
    assert unpack("gzip", b"<?xml version='1.0'?><rss/>") == b"<?xml version='1.0'?><rss/>"


@pytest.mark.parametrize("coding", ["gzip, gzip", "br, gzip", ", ".join(["gzip"] * 50), "x-frob", "compress"])
def test_more_than_one_layer_or_an_unknown_one_is_refused(coding: str) -> None:
    with pytest.raises(BodyError):
        decoder(coding)


@pytest.mark.parametrize("name", ["gzip", "zlib", "raw", "br", "zstd", "plain"])
def test_the_limit_stops_a_body_or_cuts_it(name: str) -> None:
    coding, pack = PACKERS[name]
    packed = pack(b"x" * 100_000)
    assert len(unpack(coding, packed, limit=100_000)) == 100_000
    with pytest.raises(BodyError, match="larger than 99999"):
        unpack(coding, packed, limit=99_999)
    assert unpack(coding, packed, limit=10, cut=True) == b"x" * 10


@pytest.mark.parametrize("name", ["gzip", "zlib", "br", "zstd"])
def test_a_bomb_costs_little_more_than_the_limit(name: str) -> None:
    """60 MB of one letter; with a limit of 1 MiB the peak stays under 6 MiB (zstd unpacks 2 MiB in one slice)."""
    coding, pack = PACKERS[name]
    packed = pack(b"A" * (60 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(BodyError, match="larger than"):
            unpack(coding, packed, step=65536, limit=1 << 20)
        assert tracemalloc.get_traced_memory()[1] < 6 << 20
    finally:
        tracemalloc.stop()
