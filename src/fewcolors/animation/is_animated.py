"""Whether a file may be an animation, told by its first bytes: no decoder is loaded for it."""

import os
import stat
from typing import IO

from ..formats import Format
from ..png_chunks import SIGNATURE

__all__ = ["kept_format", "may_be_animated"]

START_BYTES = 64
GIF_SIGNATURES = (b"GIF87a", b"GIF89a")
MAX_HEAD_CHUNKS = 1000
"""Of a PNG before its pixels; more are no reason to look on for an animation."""

WEBP_ANIMATION = 0x02  # a flag of VP8X


def kept_format(path: str) -> Format | None:
    """Returns the format that an animation keeps, or None of anything else.

    It is told by a glance at the file, before the work.
    """
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode) or not may_be_animated(file):
                return None
            start = file.read(START_BYTES)
            file.seek(0)
            if start.startswith(GIF_SIGNATURES):
                from PIL.GifImagePlugin import GifImageFile

                return "gif" if GifImageFile(file).is_animated else None
            return "webp" if start[8:12] == b"WEBP" else "png"
    except Exception:  # decoding it will tell what is wrong
        return None


def may_be_animated(file: IO[bytes]) -> bool:
    """Tells by the start of a file; it is then back at the start."""
    start = file.read(START_BYTES)
    may_be = start.startswith(GIF_SIGNATURES) or start[4:12] == b"ftypavis"
    if start[8:16] == b"WEBPVP8X":
        may_be = bool(start[20] & WEBP_ANIMATION) if len(start) > 20 else False
    if start.startswith(SIGNATURE):
        may_be = _has_animation_control(file)
    file.seek(0)
    return may_be


def _has_animation_control(file: IO[bytes]) -> bool:
    at = len(SIGNATURE)
    for _ in range(MAX_HEAD_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or head[4:] in (b"acTL", b"IDAT"):
            return head[4:] == b"acTL"
        at += 12 + int.from_bytes(head[:4], "big")
    return False
