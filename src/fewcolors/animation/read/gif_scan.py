"""How many frames a GIF has, and how large they are together, told by its blocks alone.

Pillow lets a frame that reaches beyond the screen make the picture larger, and reserves the memory
before anyone can ask how much that is. It also skips bytes that are no block one by one.
"""

import re
import struct
from typing import NamedTuple

__all__ = ["GifScan", "scan_gif"]

SCREEN_BYTES = 13
DESCRIPTOR_BYTES = 9
HAS_TABLE = 0x80
COMMENT = 0xFE

BLOCK_START = re.compile(rb"[!,;]")

MAX_BLOCKS = 5_000_000
"""Blocks and their parts of up to 255 bytes: enough for a gigabyte, and read in a second."""

MAX_JUNK_BYTES = 1 << 16
"""Bytes that are no block. Encoders with a fault leave a few."""


class GifScan(NamedTuple):
    """What the blocks of a GIF tell.

    Attributes:
        size: width and height that hold the screen and every frame.
        n_frames: the number of frames.
    """

    size: tuple[int, int]
    n_frames: int


def scan_gif(data: bytes, max_frames: int) -> GifScan:
    """Goes through the blocks of a GIF, up to the frame after as many as allowed.

    Args:
        data: the file, which may be cut off.
        max_frames: the most frames of interest.

    Raises:
        struct.error: the file ends before its screen is described.
        ValueError: it has more blocks, or more bytes that are no block, than any sound file.
    """
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    blocks = _Blocks(data, SCREEN_BYTES + _table_bytes(packed))
    n_frames = 0
    while n_frames <= max_frames and (kind := blocks.next_kind()):
        if kind == b"!":
            blocks.skip_extension()
        elif kind == b";":
            break
        elif blocks.at + DESCRIPTOR_BYTES <= len(data):
            left, top, across, down, packed = struct.unpack_from("<HHHHB", data, blocks.at)
            width, height = max(width, left + across), max(height, top + down)
            blocks.at += DESCRIPTOR_BYTES + _table_bytes(packed) + 1  # and the LZW code size
            blocks.skip_parts()
            n_frames += 1
    return GifScan((width, height), n_frames)


class _Blocks:
    """A place in the blocks of a GIF, which moves forward."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self.at = at
        self._left = MAX_BLOCKS
        self._junk_left = MAX_JUNK_BYTES

    def next_kind(self) -> bytes:
        """Returns the byte that begins the next block, and moves behind it; empty at the end."""
        found = BLOCK_START.search(self._data, self.at)
        start = found.start() if found else len(self._data)
        if found:  # what follows the last block does no harm
            self._junk_left -= start - self.at
        if self._junk_left < 0:
            raise ValueError(f"more than {MAX_JUNK_BYTES:,} bytes that are no block of a GIF")
        self._count()
        self.at = start + 1
        return found.group() if found else b""

    def skip_extension(self) -> None:
        """Moves behind an extension, as Pillow does: an empty first part ends no extension."""
        label = self._data[self.at : self.at + 1]
        self.at += 1
        is_empty = self._data[self.at : self.at + 1] == b"\0"
        self.skip_parts()
        if is_empty and label != bytes([COMMENT]):
            self.skip_parts()

    def skip_parts(self) -> None:
        """Moves behind parts that begin with their lengths, the last of which is 0."""
        data, at = self._data, self.at
        while at < len(data) and data[at] != 0:
            at += 1 + data[at]
            self._count()
        self.at = at + 1

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"more than {MAX_BLOCKS:,} blocks")


def _table_bytes(packed: int) -> int:
    return 3 << ((packed & 7) + 1) if packed & HAS_TABLE else 0
