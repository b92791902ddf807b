"""A palette PNG, strip by strip: each strip is a chunk, and the raw streams of all make one."""

import zlib
from typing import IO

from ... import _core
from ...encode.bands import (
    WINDOW_BYTES,
    ZLIB_HEAD,
    raw_bands,
    raw_primed_bands,
    raw_stream,
)
from ...encode.png import (
    LARGE_ZLIB_LEVEL,
    LIBDEFLATE_LEVELS,
    QUICK_LIBDEFLATE_LEVEL,
    bit_depth,
    color_chunks,
    png_header,
)
from ...mark import Mark, mark_file, place_of_mark
from ...png_chunks import SIGNATURE, png_chunk
from . import Heading, IndexedStrip, Strips

__all__ = ["write_png"]


def write_png(file: IO[bytes], strips: Strips, heading: Heading, mark: Mark) -> None:
    """Writes a PNG.

    Photos are deflated as their indices were meant to be, or by libdeflate at effort ``"max"`` and
    where fewer bits than eight hold an index; drawings by zlib, each strip primed by the one
    before it.

    Args:
        file: open for reading and writing.
        strips: the picture from top to bottom.
        heading: what it is.
        mark: by which it is known when it comes back.

    Raises:
        OSError: it cannot be written.
    """
    depth = bit_depth(len(heading.palette))
    file.write(SIGNATURE + png_chunk(*png_header(heading.width, heading.height, depth)))
    file.write(place_of_mark())
    for chunk in color_chunks(heading.palette, heading.profile):
        file.write(png_chunk(*chunk))
    deflater = _Deflater(heading, depth)
    for strip in strips:
        file.write(png_chunk(b"IDAT", deflater.add(strip)))
    file.write(png_chunk(b"IEND", b""))
    file.seek(0)
    mark_file(file, mark)


class _Deflater:
    """Makes pieces of one zlib stream."""

    def __init__(self, heading: Heading, depth: int) -> None:
        self._heading = heading
        self._depth = depth
        self._checksum = zlib.adler32(b"")
        self._before: bytes = b""
        self._head = ZLIB_HEAD

    def add(self, strip: IndexedStrip) -> bytes:
        """Returns what the stream goes on with, given the next rows."""
        rows = _core.pack_scanlines(strip.indices, self._heading.width, self._depth)
        self._checksum = zlib.adler32(rows, self._checksum)
        head, self._head = self._head, b""
        raw = self._raw(rows, strip)
        tail = self._checksum.to_bytes(4, "big") if strip.is_last else b""
        return b"".join([head, raw, tail])

    def _raw(self, rows: memoryview, strip: IndexedStrip) -> bytes | bytearray:
        effort, n_threads = self._heading.effort, self._heading.n_threads
        if self._heading.is_graphic:
            before, self._before = self._before, bytes(rows[-WINDOW_BYTES:])
            return raw_primed_bands(
                rows, LARGE_ZLIB_LEVEL, n_threads, before=before, is_last=strip.is_last
            )
        if strip.copy_plan is not None and self._depth == 8 and effort != "max":
            width = self._heading.width
            stream = _core.deflate_copy_plan(strip.indices, width, strip.copy_plan, n_threads)
            return raw_stream(stream, is_last=strip.is_last)
        level = QUICK_LIBDEFLATE_LEVEL if effort == "fast" else LIBDEFLATE_LEVELS[effort]
        return raw_bands(rows, level, n_threads, is_last=strip.is_last)
