"""Deflate on all cores: bands of a picture's bytes are deflated apart, and their streams joined."""

import threading
import zlib
from collections.abc import Callable, Iterable

from .. import _core

__all__ = ["deflate_in_bands", "deflate_in_primed_bands"]

BAND_BYTES = 1 << 21
"""Of a band. Its first bytes cannot be copies of the band before: files of a photo of 24 megapixels
are .07 to .13 % larger for it, with half of the bytes .14 to .27 %."""

WINDOW_BYTES = 1 << 15
"""How far back deflate can copy from."""

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
    # Imported here: the other way to deflate in bands needs no libdeflate.
    import deflate

    whole = memoryview(data)

    def deflated(begin: int, end: int) -> bytearray:
        stream = deflate.deflate_compress(whole[begin:end], level)
        if end < len(whole):
            _let_follow(stream)
        return stream

    return _joined_bands(whole, deflated, n_threads)


def deflate_in_primed_bands(data: bytes | memoryview, level: int, n_threads: int) -> bytes:
    """Deflates bytes with zlib on several threads; bands may copy from the band before.

    Args:
        data: the bytes, one-dimensional; at least one.
        level: zlib's, 0 to 9.
        n_threads: at least 1. The stream is the same for any number.

    Returns:
        A zlib stream.

    Raises:
        zlib.error, MemoryError: memory ran out.

    >>> zlib.decompress(deflate_in_primed_bands(b"abc", 6, n_threads=2))
    b'abc'
    """
    whole = memoryview(data)

    def deflated(begin: int, end: int) -> bytes:
        before = whole[max(0, begin - WINDOW_BYTES) : begin]
        deflater = zlib.compressobj(level, wbits=-zlib.MAX_WBITS, zdict=before)
        how_to_end = zlib.Z_SYNC_FLUSH if end < len(whole) else zlib.Z_FINISH
        return deflater.compress(whole[begin:end]) + deflater.flush(how_to_end)

    return _joined_bands(whole, deflated, n_threads)


def _joined_bands(
    data: memoryview, deflated: Callable[[int, int], bytes | bytearray], n_threads: int
) -> bytes:
    """Returns a zlib stream of the raw streams of all bands, which `deflated` makes on threads."""
    begins = range(0, len(data), BAND_BYTES)
    streams: list[bytes | bytearray] = [b""] * len(begins)
    faults: list[Exception] = []

    def take(numbers: Iterable[int]) -> None:
        try:
            for number in numbers:
                end = min(begins[number] + BAND_BYTES, len(data))
                streams[number] = deflated(begins[number], end)
        except Exception as fault:
            faults.append(fault)

    numbers = iter(range(len(begins)))
    helpers = _start_threads(min(n_threads, len(begins)) - 1, lambda: take(numbers))
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
