"""The chunks of a PNG that say what its values mean as colours.

Pillow knows nothing of cICP, and refuses a whole picture for one of them that is damaged; browsers
ignore that one.
"""

import io
import struct
import zlib
from typing import IO, NamedTuple

__all__ = ["ColorChunks", "read_color_chunks"]

SIGNATURE_BYTES = 8
LENGTHS = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
INFO_NAMES = {b"cICP": "cicp", b"iCCP": "icc_profile"}
MOST_PROFILE_BYTES = 1 << 24
"""Profiles with tables for print take 0.5 to 4 MiB."""
PILLOW_PROFILE_BYTES = 1 << 20
"""Above it Pillow takes a profile for an attack."""


class ColorChunks(NamedTuple):
    """What a PNG says of its colours, beyond what Pillow reads.

    Attributes:
        info: what to add to Pillow's: "cicp", the four bytes of that chunk, and "icc_profile".
        is_damaged: whether a chunk had to be left out.
        file: the picture, for Pillow to read.
    """

    info: dict[str, bytes]
    is_damaged: bool
    file: IO[bytes]


def read_color_chunks(file: IO[bytes]) -> ColorChunks:
    """Reads the chunks before the pixels of a PNG.

    Args:
        file: at its start, which is where it is left.

    Returns:
        The chunks; what Pillow would stumble over is not in their file any more.
    """
    found: dict[bytes, bytes | None] = {}
    hidden: list[tuple[int, int]] = []
    is_damaged = False
    file.seek(SIGNATURE_BYTES)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        start = file.tell() - 8
        if kind in (b"IDAT", b"IEND"):
            break
        if kind != b"iCCP" and kind not in LENGTHS:
            file.seek(length + 4, io.SEEK_CUR)
            continue
        value = None
        if length <= MOST_PROFILE_BYTES:
            data, checksum = file.read(length), file.read(4)
            value = _checked(kind, data, checksum)
        else:
            file.seek(length + 4, io.SEEK_CUR)
        is_damaged |= value is None
        if value is None or kind in found or len(value) > PILLOW_PROFILE_BYTES:
            hidden.append((start, file.tell()))
        found.setdefault(kind, value)
    file.seek(0)
    shown = _without(file, hidden) if hidden else file
    info = {name: found.get(kind) for kind, name in INFO_NAMES.items()}
    return ColorChunks({k: v for k, v in info.items() if v is not None}, is_damaged, shown)


def _checked(kind: bytes, data: bytes, checksum: bytes) -> bytes | None:
    """Returns what a chunk holds, or None where it is damaged."""
    if checksum != struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))):
        return None
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


def _without(file: IO[bytes], hidden: list[tuple[int, int]]) -> IO[bytes]:
    data = file.read()
    file.seek(0)
    ends = [0, *(end for _, end in hidden)]
    starts = [*(start for start, _ in hidden), len(data)]
    return io.BytesIO(b"".join(data[a:b] for a, b in zip(ends, starts, strict=True)))
