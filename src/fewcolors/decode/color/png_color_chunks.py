"""The chunks of a PNG that say what its values mean as colours.

Pillow does not know cICP, and refuses a whole picture for one of the others that is damaged.
Browsers ignore the damaged chunk.
"""

import zlib

__all__ = ["COLOR_CHUNKS", "INFO_NAMES", "PILLOW_PROFILE_BYTES", "color_value"]

LENGTHS = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
COLOR_CHUNKS = {b"iCCP", *LENGTHS}

INFO_NAMES = {b"cICP": "cicp", b"iCCP": "icc_profile"}
"""Of values that `find_profile` looks for in the ``info`` of a picture; Pillow adds the others."""

MOST_PROFILE_BYTES = 1 << 24
"""Profiles with tables for print take 0.5 to 4 MiB."""

PILLOW_PROFILE_BYTES = 1 << 20
"""Above it Pillow takes a profile for an attack."""


def color_value(kind: bytes, data: bytes) -> bytes | None:
    """Returns what one of COLOR_CHUNKS says, a profile unpacked, or None where it is damaged."""
    if kind != b"iCCP":
        return data if len(data) == LENGTHS[kind] else None
    name, _, rest = data.partition(b"\0")
    if not 1 <= len(name) <= 79 or rest[:1] != b"\0":  # 0: deflate
        return None
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(rest[1:], MOST_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if unpacker.eof else None
