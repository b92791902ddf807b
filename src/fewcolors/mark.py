"""The mark that results carry, so that they are left alone when they come back.

It is a PNG chunk of 18 bytes right behind the header: ancillary, so that readers may ignore it;
private; and not safe to copy, so that an editor that changes the pixels has to drop it. A hook or
a nightly job finds it in the first bytes of a file, without decoding anything.
"""

import struct
import zlib
from typing import Any, NamedTuple

from .formats import Format
from .limits import MAX_QUALITY
from .options import Options
from .png_chunks import BESIDES_DATA, HEADER_END, SIGNATURE, png_chunk

__all__ = ["START_BYTES", "Mark", "bytes_once_marked", "marked", "read_mark", "requested"]

NAME = b"fcMK"
"""Lower, lower, upper, upper case: ancillary, private, reserved, unsafe to copy (PNG, 5.4)."""

LAYOUT = ">BBI"
SIZE = struct.calcsize(LAYOUT)
START_BYTES = HEADER_END + 8 + SIZE
"""So many bytes of a file are enough to find its mark."""

COARSER_POINTS = 5
"""A score asked for that is lower by this much is another wish; by less, nobody sees it."""

LEFT_OUT = {"quality", "min_quality", "n_threads", "max_pixels"}
"""Options that decide whether there is a result, and not what it is; and the score to aim at, which
is the same asked for or not."""


class Mark(NamedTuple):
    """What a result was made for.

    Attributes:
        score: the score that was asked for, 0 to 100; 100 for the best look.
        n_colors: the number of colours it has; in a request, the most it may have.
        request: a checksum of all options that the result depends on.
    """

    score: int
    n_colors: int
    request: int

    def is_coarser_than(self, other: "Mark") -> bool:
        """Whether this request leaves clearly less of a picture than is left in a result."""
        return self.n_colors < other.n_colors or self.score <= other.score - COARSER_POINTS


def requested(options: Options, *further: str) -> Mark:
    """Returns the mark that options ask for.

    Args:
        options: see `Options`.
        *further: what else the result depends on.
    """
    defaults = Options()._asdict()
    if (palette := options.palette) is not None:  # what it says of itself is cut short
        further = (*further, palette.data.hex())
    chosen = [
        f"{name}={_plain(value)}"
        for name, value in options._asdict().items()
        if name not in LEFT_OUT and value != defaults[name]
    ]
    target = None if options.target is None else float(options.target)
    request = " ".join([f"score={target}", *chosen, *further])
    score = MAX_QUALITY if target is None else target
    return Mark(round(score), options.most_colors, zlib.crc32(request.encode()))


def _plain(value: Any) -> str:
    """Returns a value in words that do not depend on the kind of number it is."""
    return str(value.__index__() if hasattr(value, "__index__") else value)


def marked(png: bytes, mark: Mark) -> bytes:
    """Returns a PNG with a mark, in the place of any that it has.

    >>> from fewcolors import compress
    >>> png = compress(b"P5 2 1 255 " + bytes([0, 255])).data
    >>> read_mark(marked(png, Mark(75, 2, 0)))
    Mark(score=75, n_colors=2, request=0)
    """
    end = HEADER_END if read_mark(png) is None else START_BYTES + 4
    data = struct.pack(LAYOUT, mark.score, mark.n_colors - 1, mark.request)
    return png[:HEADER_END] + png_chunk(NAME, data) + png[end:]


def bytes_once_marked(data: bytes, format_: Format) -> int:
    """Returns the size that a file without a mark will have; only PNGs get one."""
    return len(data) + (BESIDES_DATA + SIZE if format_ == "png" else 0)


def read_mark(start: bytes) -> Mark | None:
    """Finds the mark in the first START_BYTES of a file, or None where it has none."""
    place = HEADER_END
    is_marked = start.startswith(SIGNATURE) and start[place + 4 : place + 8] == NAME
    if not is_marked or len(start) < START_BYTES:
        return None
    if int.from_bytes(start[place : place + 4], "big") != SIZE:
        return None
    score, last_color, request = struct.unpack_from(LAYOUT, start, place + 8)
    return Mark(score, last_color + 1, request)
