"""The blocks that a GIF is made of.

After the specification "Graphics Interchange Format, Version 89a", CompuServe 1990.
"""

import struct

from .. import _core

__all__ = [
    "KEEP",
    "MAX_SIDE",
    "TO_BACKGROUND",
    "TRAILER",
    "color_table",
    "comment_block",
    "control_block",
    "image_block",
    "loop_block",
    "screen",
    "table_bits",
]

MAX_SIDE = 65535
MAX_SUB_BLOCK = 255

LEAST_CODE_SIZE = 2
"""GIF's smallest LZW code size, in bits."""

HAS_TABLE = 0x80
COLOR_RESOLUTION = 7 << 4  # 8 bits a primary

KEEP, TO_BACKGROUND = 1, 2
"""Before the next frame is drawn, a frame stays, or its area is cleared."""

TRAILER = b";"


def table_bits(n_entries: int) -> int:
    """Returns the bits that can number the entries of a colour table, 1 to 8."""
    return max(1, (n_entries - 1).bit_length())


def color_table(colors: bytes) -> bytes:
    """Returns a colour table of (k, 4) bytes: RGB without alpha, padded to a power of two."""
    table = b"".join(colors[i : i + 3] for i in range(0, len(colors), 4))
    return table.ljust(3 << table_bits(len(colors) // 4), b"\0")


def screen(width: int, height: int, colors: bytes) -> bytes:
    """Returns the start of a file: signature, size and the global colour table."""
    packed = HAS_TABLE | COLOR_RESOLUTION | (table_bits(len(colors) // 4) - 1)
    size = struct.pack("<HHBBB", width, height, packed, 0, 0)
    return b"GIF89a" + size + color_table(colors)


def loop_block(repeats: int) -> bytes:
    """Returns the block that repeats an animation; 0 repeats for ever."""
    return b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", repeats) + b"\0"


def comment_block(text: str) -> bytes:
    """Returns a comment."""
    return b"!\xfe" + _sub_blocks(text.encode("utf-8", "replace"))


def control_block(centiseconds: int, disposal: int, transparent: int | None) -> bytes:
    """Returns the block that gives the next image its delay, disposal and transparent index."""
    packed = disposal << 2 | (transparent is not None)
    return b"!\xf9\x04" + struct.pack("<BHBB", packed, centiseconds, transparent or 0, 0)


def image_block(
    indices: bytes | memoryview,
    size: tuple[int, int],
    bits: int,
    at: tuple[int, int] = (0, 0),
    colors: bytes | None = None,
) -> bytes:
    """Returns an image.

    Args:
        indices: height x width bytes.
        size: its width and height.
        bits: of an index, 1 to 8.
        at: its left and top.
        colors: of a colour table of its own, (k, 4) bytes; None for the global table.
    """
    packed = HAS_TABLE | (table_bits(len(colors) // 4) - 1) if colors is not None else 0
    head = b"," + struct.pack("<HHHHB", *at, *size, packed)
    table = color_table(colors) if colors is not None else b""
    code_size = max(LEAST_CODE_SIZE, bits)
    codes = bytes(_core.lzw(indices, code_size))
    return b"".join([head, table, bytes([code_size]), _sub_blocks(codes)])


def _sub_blocks(data: bytes) -> bytes:
    parts = [data[i : i + MAX_SUB_BLOCK] for i in range(0, len(data), MAX_SUB_BLOCK)]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"
