"""Deflate on all cores: bands of a picture's bytes are deflated apart, and their streams joined."""

import threading
import zlib
from collections.abc import Callable, Iterable

from .. import _core

__all__ = [
    "WINDOW_BYTES",
    "ZLIB_HEAD",
    "deflate_in_bands",
    "deflate_in_primed_bands",
    "raw_bands",
    "raw_primed_bands",
    "raw_stream",
]

BAND_BYTES = 1 << 21
"""Of a band. Its first bytes cannot be copies of the band before: files of a photo of 24 megapixels
are .07 to .13 % larger for it, with half of the bytes .14 to .27 %."""

WINDOW_BYTES = 1 << 15
"""How far back deflate can copy from."""

EMPTY_STORED_BLOCK = b"\x00\x00\xff\xff"
"""Follows the bits of its head and those that fill their byte, and ends at a whole byte."""

STORED_HEAD_BITS = 3

CHECKSUM_BYTES = 4
"""Of a zlib stream, after the raw stream: Adler-32."""

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
    return _zlib_stream(data, raw_bands(data, level, n_threads))


def raw_bands(
    data: bytes | memoryview, level: int, n_threads: int, *, is_last: bool = True
) -> bytes:
    """Does what `deflate_in_bands` does, and returns a raw stream; unless last, another follows.

    >>> zlib.decompress(raw_bands(b"a", 6, 1, is_last=False) + raw_bands(b"b", 6, 1), wbits=-15)
    b'ab'
    """
    # Imported here: the other way to deflate in bands needs no libdeflate.
    import deflate

    whole = memoryview(data)

    def deflated(begin: int, end: int) -> bytearray:
        stream = deflate.deflate_compress(whole[begin:end], level)
        if end < len(whole) or not is_last:
            _let_follow(stream)
        return stream

    return _joined_bands(whole, deflated, n_threads)


def raw_stream(zlib_stream: bytes | memoryview, *, is_last: bool) -> bytearray:
    """Returns the raw stream of a zlib stream; another follows unless it is last."""
    stream = bytearray(zlib_stream[len(ZLIB_HEAD) : -CHECKSUM_BYTES])
    if not is_last:
        _let_follow(stream)
    return stream


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
    return _zlib_stream(data, raw_primed_bands(data, level, n_threads))


def raw_primed_bands(
    data: bytes | memoryview,
    level: int,
    n_threads: int,
    *,
    before: bytes | memoryview = b"",
    is_last: bool = True,
) -> bytes:
    """Does what `deflate_in_primed_bands` does, and returns a raw stream.

    Args:
        data: the bytes, one-dimensional; at least one.
        level: zlib's, 0 to 9.
        n_threads: at least 1.
        before: the bytes before these, of which the last WINDOW_BYTES may be copied.
        is_last: whether no other stream follows.
    """
    whole, first = memoryview(data), before[-WINDOW_BYTES:]

    def deflated(begin: int, end: int) -> bytes:
        primer = whole[max(0, begin - WINDOW_BYTES) : begin] if begin > 0 else first
        deflater = zlib.compressobj(level, wbits=-zlib.MAX_WBITS, zdict=primer)
        is_end = is_last and end == len(whole)
        how_to_end = zlib.Z_FINISH if is_end else zlib.Z_SYNC_FLUSH
        return deflater.compress(whole[begin:end]) + deflater.flush(how_to_end)

    return _joined_bands(whole, deflated, n_threads)


def _joined_bands(
    data: memoryview, deflated: Callable[[int, int], bytes | bytearray], n_threads: int
) -> bytes:
    """Joins the raw streams of all bands, which `deflated` makes on threads."""
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
    return b"".join(streams)


def _zlib_stream(data: bytes | memoryview, raw: bytes) -> bytes:
    checksum = zlib.adler32(data).to_bytes(CHECKSUM_BYTES, "big")
    return b"".join([ZLIB_HEAD, raw, checksum])


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
