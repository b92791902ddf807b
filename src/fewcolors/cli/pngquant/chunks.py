"""Texts, resolution and the like, carried from a PNG to the PNG made of it."""

import struct
from collections.abc import Iterator

from ...png_chunks import BESIDES_DATA, HEADER_END, SIGNATURE

__all__ = ["kept_chunks", "with_chunks"]

ORIENTATION_MARKS = (b"eXIf", b"Orientation", b"Raw profile type exif")
"""Pixels come out upright, and a reader who found these again would turn them once more."""


def kept_chunks(png: bytes) -> bytes:
    """Returns the chunks before the pixels that may be copied, whatever they are.

    The PNG specification marks them so: lower-case letters, first for what is not needed to decode,
    last for what stays true when the pixels change. What tells of the colour space is none of them.
    """
    return b"".join(
        chunk
        for kind, chunk in _chunks(png)
        if kind[0:1].islower()
        and kind[3:4].islower()
        and not any(mark in chunk for mark in ORIENTATION_MARKS)
    )


def with_chunks(png: bytes, chunks: bytes) -> bytes:
    """Returns a PNG with further chunks."""
    return png[:HEADER_END] + chunks + png[HEADER_END:]


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Goes through kinds and whole chunks, up to the pixels or the first that is damaged."""
    at = len(SIGNATURE)
    while at + BESIDES_DATA <= len(png):
        n_bytes, kind = struct.unpack_from(">I4s", png, at)
        end = at + BESIDES_DATA + n_bytes
        if kind == b"IDAT" or end > len(png):
            return
        yield kind, png[at:end]
        at = end
