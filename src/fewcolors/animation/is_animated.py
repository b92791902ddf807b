"""Whether a file may be an animation, told by its first bytes: no decoder is loaded for it."""

import os
import stat
from itertools import islice
from typing import IO

from ..formats import Format
from ..png_chunks import SIGNATURE, find_chunks

__all__ = ["kept_format", "may_be_animated"]

START_BYTES = 64
GIF_SIGNATURES = (b"GIF87a", b"GIF89a")
MAX_GIF_BYTES = 1 << 28
"""How much of a GIF is searched for a second frame."""

MAX_HEAD_CHUNKS = 1000
"""Chunks of a PNG that are searched for an animation control, which stands before the pixels."""

WEBP_ANIMATION = 0x02  # a flag of VP8X


def kept_format(path: str) -> Format | None:
    """Returns the format that an animation keeps, or None for anything else."""
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode) or not may_be_animated(file):
                return None
            start = file.read(START_BYTES)
            file.seek(0)
            if start.startswith(GIF_SIGNATURES):
                from .read.gif_scan import scan_gif

                return "gif" if scan_gif(file.read(MAX_GIF_BYTES), 1).n_frames > 1 else None
            return "webp" if start[8:12] == b"WEBP" else "png"
    except Exception:  # decoding the file reports what is wrong with it
        return None


def may_be_animated(file: IO[bytes]) -> bool:
    """Tells by the start of a file whether it may be an animation.

    Args:
        file: at its start, which is where it is left.
    """
    start = file.read(START_BYTES)
    may_be = start.startswith(GIF_SIGNATURES) or start[4:12] == b"ftypavis"
    if start[8:16] == b"WEBPVP8X":
        may_be = bool(start[20] & WEBP_ANIMATION) if len(start) > 20 else False
    if start.startswith(SIGNATURE):
        names = (place.name for place in islice(find_chunks(file), MAX_HEAD_CHUNKS))
        may_be = next((name for name in names if name in (b"acTL", b"IDAT")), b"") == b"acTL"
    file.seek(0)
    return may_be
