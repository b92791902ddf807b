"""Reads the chunks of a PNG, checks them, and leaves out what is damaged and not needed."""

import io
import struct
from collections.abc import Callable
from typing import IO

import deflate

from ...png_chunks import HEADER_END, SIGNATURE, checksum_of, png_chunk
from ..color.png_color_chunks import COLOR_CHUNKS, INFO_NAMES, PILLOW_PROFILE_BYTES, color_value
from .texts import TEXT_CHUNKS, Texts

__all__ = ["PngFile", "read_png"]

HEADER_BYTES = 13
PIECE_BYTES = 1 << 18

MOST_CHUNKS = 1 << 20
"""Each takes a microsecond. The default limit of bytes holds a few hundred thousand of the 8192
bytes that libpng writes."""

MOST_CHUNK_BYTES = 1 << 26
"""Of a chunk that is kept in memory, which those of pixels are not."""

PIXELS_NEED = {b"IHDR", b"PLTE", b"tRNS"}
DESCRIPTIVE = {b"pHYs", b"eXIf", *TEXT_CHUNKS}
LEAST_LENGTHS = {b"pHYs": 9}

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), PALETTE: (1, 2, 4, 8)}
DEPTHS |= dict.fromkeys((RGB, GREY_ALPHA, RGBA), (8, 16))
"""Bits a channel by colour type."""

TRNS_LENGTHS = {GREY: 2, RGB: 6, PALETTE: 1}
"""The least bytes of tRNS by colour type. Others have an alpha channel instead."""


class PngFile:
    """What the chunks of a PNG say, and where its pixels are.

    Attributes:
        file: the whole file.
        header: the data of IHDR.
        for_pixels: PLTE and tRNS, as chunks: what every strip needs.
        for_info: the chunks that tell of the picture, which Pillow is to read.
        info: what Pillow does not read of them, by the names that `find_profile` looks for.
        pixels: where the compressed pixels are: offset and length of each piece.
        n_frames: more than 1 for an animation.
        left_out: the names of chunks that are damaged.
        is_color_damaged: whether one of them says what the values mean as colours.
        fault: what else is wrong with the file, or None.
    """

    def __init__(self, file: IO[bytes], header: bytes = b"") -> None:
        self.file = file
        self.header = header
        self.for_pixels: list[bytes] = []
        self.for_info: list[bytes] = []
        self.info: dict[str, bytes] = {}
        self.pixels: list[tuple[int, int]] = []
        self.n_frames = 1
        self.left_out: list[str] = []
        self.is_color_damaged = False
        self.fault: str | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        width, height = struct.unpack_from(">II", self.header)
        return width, height

    @property
    def has_transparency(self) -> bool:
        """Whether there is a tRNS that counts."""
        return any(chunk[4:8] == b"tRNS" for chunk in self.for_pixels)

    def rows_as_png(self, n_rows: int, compressed: bytes, *, with_info: bool = False) -> bytes:
        """Returns a PNG of as many rows, compressed, with all that their pixels need."""
        header = self.header[:4] + struct.pack(">I", n_rows) + self.header[8:]
        # Pillow does not look at the checksum of pixels.
        pixels = [struct.pack(">I4s", len(compressed), b"IDAT"), compressed, bytes(4)]
        info = self.for_info if with_info else []
        end = png_chunk(b"IEND", b"")
        return b"".join(
            [SIGNATURE, png_chunk(b"IHDR", header), *self.for_pixels, *info, *pixels, end]
        )


def read_png(file: IO[bytes], check_size: Callable[[int, int], None]) -> PngFile:
    """Reads all chunks of a PNG but those of its pixels, whose checksums it verifies.

    Args:
        file: at its start.
        check_size: is called with width and height before the other chunks are read.

    Returns:
        The chunks. Where its ``fault`` is not None, the file is damaged or incomplete.

    Raises:
        OSError, ValueError: its header is damaged.
    """
    start = file.read(HEADER_END)
    header = start[16 : 16 + HEADER_BYTES]
    if len(start) < HEADER_END:
        raise OSError("the file ends within its header")
    if start[8:] != png_chunk(b"IHDR", header):
        raise ValueError("the header is damaged")
    png = PngFile(file, header)
    check_size(*png.size)
    depth, color_type = header[8:10]
    if depth not in DEPTHS.get(color_type, ()):
        raise ValueError(f"no pixels are of colour type {color_type} and {depth} bits")
    reader = _Reader(png)
    while reader.read_chunk():
        pass
    return png


class _Reader:
    """Reads one chunk after the other."""

    def __init__(self, png: PngFile) -> None:
        self._png = png
        self._file = png.file
        self._texts = Texts()
        self._colors: set[bytes] = set()
        self._n_chunks = 0
        self._n_controls = 0
        self._is_animated = False
        self._is_frame_ahead = False
        self._last = b"IHDR"
        self._is_first_frame_in_front = False

    def read_chunk(self) -> bool:
        """Reads the next chunk; returns whether there may be more."""
        head = self._file.read(8)
        if len(head) < 8:
            self._find_fault("the file ends before its last chunk")
            return False
        length, kind = struct.unpack(">I4s", head)
        if not (kind.isascii() and kind.isalpha()):
            self._find_fault("a chunk has no name")
            return False
        self._n_chunks += 1
        if self._n_chunks > MOST_CHUNKS:
            self._find_fault(f"more than {MOST_CHUNKS:,} chunks")
            return False
        if kind == b"IEND":
            return False
        if kind == b"IDAT":
            self._skip_pixels(length)
        elif self._is_needed(kind) and length <= MOST_CHUNK_BYTES:
            self._keep(kind, length)
        else:
            self._skip(kind, length)
        self._last = kind
        return True

    def _is_needed(self, kind: bytes) -> bool:
        if kind in DESCRIPTIVE:
            return True
        is_ahead = not self._png.pixels
        return is_ahead and kind in PIXELS_NEED | COLOR_CHUNKS | {b"acTL", b"fcTL"}

    def _skip_pixels(self, length: int) -> None:
        """Verifies the checksum of pixels. Only the first run of such chunks counts."""
        at, is_run = self._file.tell(), self._last == b"IDAT" or not self._png.pixels
        if not self._png.pixels and self._is_animated and not self._is_frame_ahead:
            self._png.n_frames += 1  # a picture for those who show no animations
        checksum, left = deflate.crc32(b"IDAT"), length
        while left and (piece := self._file.read(min(left, PIECE_BYTES))):
            checksum = deflate.crc32(piece, checksum)  # a tenth of the time of zlib's
            left -= len(piece)
        stored = self._file.read(4)
        if is_run:
            self._png.pixels.append((at, length - left))
            if len(stored) < 4:
                self._find_fault("the file ends within its pixels")
            elif stored != struct.pack(">I", checksum):
                self._find_fault("the pixels have a wrong checksum")

    def _skip(self, kind: bytes, length: int) -> None:
        if kind in DESCRIPTIVE or kind in COLOR_CHUNKS:
            self._leave_out(kind)
        at = self._file.tell() + length + 4
        if self._file.seek(0, io.SEEK_END) < at:
            self._find_fault(f"the file ends within the chunk {kind.decode()}")
        self._file.seek(at)

    def _keep(self, kind: bytes, length: int) -> None:
        data, stored = self._file.read(length), self._file.read(4)
        if len(stored) < 4:
            self._find_fault(f"the file ends within the chunk {kind.decode()}")
            return
        is_sound = stored == checksum_of(kind, data)
        is_critical = kind in (b"IHDR", b"PLTE")
        if not is_sound and is_critical:
            self._find_fault(f"the chunk {kind.decode()} has a wrong checksum")
        if (not is_sound and not is_critical) or len(data) < LEAST_LENGTHS.get(kind, 0):
            self._leave_out(kind)
        elif kind in COLOR_CHUNKS:
            self._keep_color(kind, data)
        elif kind in TEXT_CHUNKS:
            text = self._texts.readable(kind, data)
            if text is None:
                self._leave_out(kind)
            else:
                self._png.for_info.append(text)
        elif kind in DESCRIPTIVE:
            self._png.for_info.append(png_chunk(kind, data))
        elif kind in PIXELS_NEED:
            self._keep_for_pixels(kind, data)
        else:
            self._count_frames(kind, data)

    def _keep_for_pixels(self, kind: bytes, data: bytes) -> None:
        if kind == b"IHDR":
            self._find_fault("a second header")
        elif kind == b"tRNS":
            least = TRNS_LENGTHS.get(self._png.header[9], 0)
            if len(data) < least:
                self._leave_out(kind)
            elif least:
                self._png.for_pixels.append(png_chunk(kind, data))
        else:
            self._png.for_pixels.append(png_chunk(kind, data))

    def _keep_color(self, kind: bytes, data: bytes) -> None:
        """Keeps the first chunk of a kind. Others are not even unpacked."""
        if kind in self._colors:
            return
        value = color_value(kind, data)
        if value is None:
            self._leave_out(kind)
            return
        self._colors.add(kind)
        if kind in INFO_NAMES:
            self._png.info[INFO_NAMES[kind]] = value
        if len(value) <= PILLOW_PROFILE_BYTES:
            self._png.for_info.append(png_chunk(kind, data))

    def _count_frames(self, kind: bytes, data: bytes) -> None:
        if kind == b"fcTL":
            self._is_frame_ahead = True
            return
        self._n_controls += 1
        n_frames = int.from_bytes(data[:4], "big") if len(data) == 8 else 0
        is_valid = self._n_controls == 1 and 0 < n_frames < 1 << 31
        self._png.n_frames = n_frames if is_valid else 1
        self._is_animated = is_valid

    def _find_fault(self, fault: str) -> None:
        self._png.fault = self._png.fault or fault

    def _leave_out(self, kind: bytes) -> None:
        if kind in COLOR_CHUNKS:
            self._png.is_color_damaged = True
            self._colors.add(kind)
        elif kind.decode() not in self._png.left_out:
            self._png.left_out.append(kind.decode())
