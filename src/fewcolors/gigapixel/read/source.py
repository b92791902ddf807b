"""A picture that is read a strip of rows at a time, whatever its file keeps together."""

import abc
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from ...decode import Pixels
from ...decode.arrays import pixels_of_array
from ...decode.color.icc_read import space_of
from ...decode.color.littlecms import Convert
from ...decode.color.profiles import Profile, find_profile
from ...decode.color.to_srgb import converter
from ...decode.faults import decoding
from ...errors import ImageTooLargeError, UnsupportedFormatError
from ...png_chunks import LARGEST_NUMBER

__all__ = ["MOST_BAND_BYTES", "ROWS_OF_BAND", "Block", "Source", "Strip"]

Block: TypeAlias = npt.NDArray[Any]

ROWS_OF_BAND = 128
"""The size-aware assignment and dithering cut pictures into bands of so many rows, each of which is
assigned by itself. Strips of whole bands therefore get the indices that they have in the whole."""

STRIP_PIXELS = 1 << 23
"""About so many pixels are a strip, if a band is not more already."""

MOST_BAND_BYTES = 1 << 29
"""Of a row of tiles or chunks, which has to be in memory at once. Tiles of 512 x 512 RGB pixels
reach it in pictures 350,000 pixels wide."""

PIXELS_A_BYTE = 1000
"""So many pixels a byte of the file are believed: a white page by deflate has 340 to 1,030. So the
time that a file can ask for is bounded by its size."""


class Strip(NamedTuple):
    """Some rows of a picture, with rows around them.

    Attributes:
        top: the number of its first row in the picture.
        around: its pixels, and some above and below, as far as there are any.
        n_above: rows of these above the strip.
        n_rows: rows of the strip.
    """

    top: int
    around: Pixels
    n_above: int
    n_rows: int

    @property
    def pixels(self) -> Pixels:
        """The pixels of the strip alone."""
        row = self.around.width * self.around.channels
        view = memoryview(self.around.data)[self.n_above * row : (self.n_above + self.n_rows) * row]
        data: Any = view
        return self.around._replace(data=data, height=self.n_rows)

    def own_rows(self, values: memoryview) -> memoryview:
        """Returns those of the strip, of values that are one a pixel of `around`."""
        row = self.around.width
        return values[self.n_above * row : (self.n_above + self.n_rows) * row]


class Source(abc.ABC):
    """A picture in tiles or chunks.

    Attributes:
        width, height: in pixels.
        format: such as "TIFF".
        bytes_in: the size of its file, or of all files of its folder.
        profile: the colour space of the pixels, where it is kept; None for sRGB.
        notes: sentences on what was converted or left out.
    """

    format: str

    def __init__(self, width: int, height: int, bytes_in: int) -> None:
        self.width = width
        self.height = height
        self.bytes_in = bytes_in
        self.profile: Profile | None = None
        self.notes: list[str] = []
        self._convert: Convert | None = None
        self._loaded: dict[int, Block] = {}
        self._check_size()

    def _check_size(self) -> None:
        if self.width < 1 or self.height < 1:
            raise UnsupportedFormatError("no pixels, nothing to compress; choose another")
        size = f"{self.width} x {self.height}"
        if max(self.width, self.height) > LARGEST_NUMBER:
            raise ImageTooLargeError(f"{size} pixels, and a side can be {LARGEST_NUMBER:,} at most")
        if self.width * self.height > PIXELS_A_BYTE * self.bytes_in:
            raise ImageTooLargeError(
                f"{size} pixels in {self.bytes_in:,} bytes, more than {PIXELS_A_BYTE:,} a byte; "
                "raise max_pixels if you trust the file and have the memory"
            )

    @property
    @abc.abstractmethod
    def rows_of_block(self) -> int:
        """The rows that are read at once: those of a tile."""

    @abc.abstractmethod
    def _load(self, begin: int, end: int) -> Block:
        """Reads the rows from `begin`, a multiple of rows_of_block, to `end`: as stored."""

    @abc.abstractmethod
    def close(self) -> None:
        """Closes the file."""

    def strips(self, n_around: int = 0) -> Iterator[Strip]:
        """Yields the picture from top to bottom, in strips of whole bands.

        Args:
            n_around: rows that are wanted above and below each strip.
        """
        bands = max(1, STRIP_PIXELS // (self.width * ROWS_OF_BAND))
        for top in range(0, self.height, bands * ROWS_OF_BAND):
            end = min(top + bands * ROWS_OF_BAND, self.height)
            first = max(0, top - n_around)
            around = self.pixels(first, min(end + n_around, self.height))
            yield Strip(top, around, top - first, end - top)

    def pixels(self, begin: int, end: int, left: int = 0, right: int | None = None) -> Pixels:
        """Reads some rows, or some columns of them, as 8-bit pixels."""
        right = self.width if right is None else right
        numbers = range(begin // self.rows_of_block, (end - 1) // self.rows_of_block + 1)
        self._loaded = {n: block for n, block in self._loaded.items() if n in numbers}
        pieces = []
        for number in numbers:
            top = number * self.rows_of_block
            if number not in self._loaded:
                bottom = min(top + self.rows_of_block, self.height)
                with decoding():
                    self._loaded[number] = self._load(top, bottom)
            block = self._loaded[number]
            pieces.append(block[max(0, begin - top) : end - top, left:right])
        rows = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        data, width, height, channels = pixels_of_array(rows, lambda width, height: None)
        if self._convert is not None:
            mode = "RGBA" if channels == 4 else "RGB"
            strip = Image.frombuffer(mode, (width, height), data, "raw", mode, 0, 1)
            data = self._convert(strip).tobytes()
        return Pixels(data, width, height, channels, self.bytes_in, self.format, self.profile)

    def take_profile(self, icc: bytes | None, channels: int, *, keep_profile: bool) -> None:
        """Has pixels converted to sRGB from the profile of the file, or keeps that."""
        mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]
        image = Image.new(mode, (1, 1))
        if icc is not None:
            image.info["icc_profile"] = icc
        profile, ignored = find_profile(image)
        if ignored is not None:
            self.notes.append(ignored)
        if profile is None:
            return
        if keep_profile and space_of(profile.icc) == "RGB":
            self.profile = profile
            return
        self.notes.append(f"converted from {profile.name} to sRGB")
        convert = converter(image, profile)
        if channels >= 3:
            self._convert = convert
        else:  # greys come as RGB, with equal values
            self._convert = lambda strip: convert(strip.convert(mode))
