"""How large the frames of a GIF are together, told by its blocks alone.

Pillow lets a frame that reaches beyond the screen make the picture larger, and reserves the memory
before anyone can ask how much that is.
"""

import struct

__all__ = ["gif_extent"]

SCREEN_BYTES = 13
HAS_TABLE = 0x80


def gif_extent(data: bytes) -> tuple[int, int]:
    """Returns width and height that hold the screen and every frame.

    Raises:
        struct.error: the file ends before its screen is told.
    """
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    at = SCREEN_BYTES + _table_bytes(packed)
    while at < len(data):
        kind = data[at : at + 1]
        at += 1
        if kind == b"!":
            at = _after_sub_blocks(data, at + 1)
        elif kind == b"," and at + 9 <= len(data):
            left, top, across, down, packed = struct.unpack_from("<HHHHB", data, at)
            width, height = max(width, left + across), max(height, top + down)
            at = _after_sub_blocks(data, at + 10 + _table_bytes(packed))
        elif kind == b";":
            break
    return width, height


def _table_bytes(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & HAS_TABLE else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at] != 0:
        at += 1 + data[at]
    return at + 1
