"""The mark that results carry, so that they are left alone when they come back.

It is a PNG chunk of 22 bytes right behind the header: ancillary, so that readers may ignore it;
private; and not safe to copy, so that an editor that changes the pixels has to drop it. For those
that do not, it holds a checksum of the picture. A hook or a nightly job verifies it by going from
chunk to chunk, without decoding, or even reading, what is in them.

The mark saves work and proves nothing, since anybody can write one. A file that is copied because
of its mark is decoded first.
"""

import io
import struct
import zlib
from itertools import islice
from typing import IO, Any, NamedTuple

from .formats import Format
from .limits import MAX_QUALITY
from .options import Options
from .png_chunks import (
    BESIDES_DATA,
    CHECKSUM_BYTES,
    HEADER_END,
    SIGNATURE,
    find_chunks,
    png_chunk,
)

__all__ = [
    "Mark",
    "bytes_once_marked",
    "mark_file",
    "marked",
    "place_of_mark",
    "read_mark",
    "request_text",
    "requested_mark",
]

NAME = b"fcMK"
"""Lower, lower, upper, upper case: ancillary, private, reserved, unsafe to copy (PNG, 5.4)."""

SAFE_TO_COPY = 0x20
"""The bit of a name's last letter that says that the chunk does not depend on the pixels."""

LAYOUT = ">BBII"
SIZE = struct.calcsize(LAYOUT)

MAX_CHUNKS = 200_000
"""Of a file with a mark: three times those of an animation of 30,000 frames. It bounds the time
that a file of nothing but empty chunks can take to a fifth of a second."""

COARSER_POINTS = 5
"""A score asked for that is lower by this much is another wish; by less, nobody sees it."""

LEFT_OUT = {
    "quality",
    "min_quality",
    "n_threads",
    "max_pixels",
    "max_frames",
    "max_file_bytes",
}
"""Options that have no part in the checksum of a request: those that decide whether there is a
result, not what it is; and the quality, since `Options.target` stands for it."""


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


def requested_mark(options: Options, *further: str) -> Mark:
    """Returns the mark that options ask for.

    Args:
        options: see `Options`.
        *further: what else the result depends on.
    """
    score = MAX_QUALITY if options.target is None else options.target
    request = request_text(options, *further)
    return Mark(round(score), options.most_colors, zlib.crc32(request.encode()))


def request_text(options: Options, *further: str) -> str:
    """Returns all that a result depends on, as text.

    Args:
        options: see `Options`.
        *further: what else it depends on.

    >>> request_text(Options(16, quality=80))
    'score=80.0 n_colors=16'
    """
    defaults = Options()._asdict()
    if (palette := options.palette) is not None:  # its text leaves out most of its colours
        further = (*further, palette.data.hex())
    chosen = [
        f"{name}={_plain(value)}"
        for name, value in options._asdict().items()
        if name not in LEFT_OUT and value != defaults[name]
    ]
    target = None if options.target is None else float(options.target)
    return " ".join([f"score={target}", *chosen, *further])


def _plain(value: Any) -> str:
    """Returns a value as text that is the same for 8, np.int64(8) and True."""
    return str(value.__index__() if hasattr(value, "__index__") else value)


def marked(png: bytes, mark: Mark) -> bytes:
    """Returns a PNG with a mark, in the place of any that it has.

    >>> from fewcolors import compress
    >>> png = compress(b"P5 2 1 255 " + bytes([0, 255])).data
    >>> read_mark(marked(png, Mark(75, 2, 0)))
    Mark(score=75, n_colors=2, request=0)
    """
    checksum = _picture_checksum(io.BytesIO(png))
    if checksum is None:  # more chunks than will be looked at when it comes back
        return png
    length, name = struct.unpack_from(">I4s", png, HEADER_END)
    end = HEADER_END + (BESIDES_DATA + length if name == NAME else 0)
    return png[:HEADER_END] + _chunk(mark, checksum) + png[end:]


def place_of_mark() -> bytes:
    """Returns a chunk to write behind the header of a file that `mark_file` is to mark."""
    return png_chunk(NAME, bytes(SIZE))


def mark_file(file: IO[bytes], mark: Mark) -> None:
    """Marks a PNG that is open for reading and writing, and has room for it behind its header."""
    checksum = _picture_checksum(file)
    if checksum is not None:
        file.seek(HEADER_END)
        file.write(_chunk(mark, checksum))


def _chunk(mark: Mark, checksum: int) -> bytes:
    data = struct.pack(LAYOUT, mark.score, mark.n_colors - 1, mark.request, checksum)
    return png_chunk(NAME, data)


def bytes_once_marked(data: bytes, format_: Format) -> int:
    """Returns the size that a file without a mark will have; only PNGs get one."""
    return len(data) + (BESIDES_DATA + SIZE if format_ == "png" else 0)


def read_mark(png: bytes | IO[bytes]) -> Mark | None:
    """Returns the mark of a file.

    Args:
        png: all bytes of a file, or the file, open for reading bytes at its start.

    Returns:
        The mark; None where there is none, or where it is not of this picture: the file has been
        changed or cut, or goes on behind its end.
    """
    file = io.BytesIO(png) if isinstance(png, bytes) else png
    start = file.read(HEADER_END + BESIDES_DATA + SIZE)
    if not start.startswith(SIGNATURE) or len(start) < HEADER_END + BESIDES_DATA + SIZE:
        return None
    if struct.unpack_from(">I4s", start, HEADER_END) != (SIZE, NAME):
        return None
    score, last_color, request, checksum = struct.unpack_from(LAYOUT, start, HEADER_END + 8)
    if checksum != _picture_checksum(file):
        return None
    return Mark(score, last_color + 1, request)


def _picture_checksum(file: IO[bytes]) -> int | None:
    """Returns a checksum of the checksums of all chunks that the pixels depend on.

    Returns:
        None unless the file is a row of chunks that ends with IEND.
    """
    checksum = 0
    for name, start, length in islice(find_chunks(file), MAX_CHUNKS):
        end = start + BESIDES_DATA + length
        file.seek(end - CHECKSUM_BYTES)
        stored = file.read(CHECKSUM_BYTES)
        if len(stored) < CHECKSUM_BYTES:
            return None
        if name != NAME and not name[3] & SAFE_TO_COPY:
            checksum = zlib.crc32(struct.pack(">I4s", length, name) + stored, checksum)
        if name == b"IEND":
            return None if file.read(1) else checksum
    return None
