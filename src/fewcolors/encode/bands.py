"""Deflate on all cores: bands of a picture's bytes are deflated apart, and their streams joined."""

import threading
import zlib
from collections.abc import Callable, Iterable

import deflate

from .. import _core

__all__ = ["deflate_in_bands"]

BAND_BYTES = 1 << 21
"""Of a band. Its first bytes cannot be copies of the band before: files of a photo of 24 megapixels
are .07 to .13 % larger for it, with half of the bytes .14 to .27 %."""

EMPTY_STORED_BLOCK = b"\x00\x00\xff\xff"
"""Follows the bits of its head and those that fill their byte, and ends at a whole byte."""

STORED_HEAD_BITS = 3

ZLIB_HEAD = b"\x78\xda"
"""Deflate with a window of 32 KiB, best compression."""


def deflate_in_bands(data: bytes | memoryview, level: int, n_threads: int) -> bytes:
    """Deflates bytes with libdeflate on several threads.

    Args:
        data: the bytes, one-dimensional; at least one.
        level: libdeflate's, 0 to 12.
        n_threads: at least 1. The stream is the same for any number.

    Returns:
        A zlib stream.

    Raises:
        deflate.DeflateError, MemoryError: memory ran out.

    >>> zlib.decompress(deflate_in_bands(b"abc", 6, n_threads=2))
    b'abc'
    """
    bands = [memoryview(data)[at : at + BAND_BYTES] for at in range(0, len(data), BAND_BYTES)]
    streams = [bytearray() for _ in bands]
    faults: list[Exception] = []

    def take(numbers: Iterable[int]) -> None:
        try:
            for number in numbers:
                stream = deflate.deflate_compress(bands[number], level)
                if number + 1 < len(bands):
                    _let_follow(stream)
                streams[number] = stream
        except Exception as fault:
            faults.append(fault)

    numbers = iter(range(len(bands)))
    helpers = _start_threads(min(n_threads, len(bands)) - 1, lambda: take(numbers))
    take(numbers)
    for helper in helpers:
        helper.join()
    if faults:
        raise faults[0]
    return b"".join([ZLIB_HEAD, *streams, zlib.adler32(data).to_bytes(4, "big")])


def _start_threads(count: int, task: Callable[[], None]) -> list[threading.Thread]:
    """Starts so many threads, or as many as the system has: fewer take longer, no more."""
    started = []
    for _ in range(count):
        thread = threading.Thread(target=task)
        try:
            thread.start()
        except RuntimeError:
            break
        started.append(thread)
    return started


def _let_follow(stream: bytearray) -> None:
    """Makes the last block of a raw stream one that another follows, from a whole byte on."""
    begin, end = _core.final_block(stream)
    stream[begin // 8] ^= 1 << begin % 8
    if -end % 8 < STORED_HEAD_BITS:  # the bits behind the end are zeros, as those of the head are
        stream.append(0)
    stream += EMPTY_STORED_BLOCK
