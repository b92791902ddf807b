"""TIFF and BigTIFF of any size: tiles and strips are decoded a row of them at a time.

tifffile reads the directory, imagecodecs decodes the tiles. Only formats of tiles are taken that
cannot unpack to more than a tile.
"""

import os
import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import tifffile
from tifffile import COMPRESSION, PHOTOMETRIC

from ...errors import DecodeError, UnsupportedFormatError
from .source import MOST_BAND_BYTES, ROWS_OF_BAND, Block, Source

__all__ = ["TiffSource"]

NONE, LZW, JPEG, DEFLATE, ADOBE_DEFLATE, PACKBITS = 1, 5, 7, 32946, 8, 32773
ZSTANDARD, OLD_ZSTANDARD = 50000, 34926
COMPRESSIONS = (NONE, LZW, JPEG, DEFLATE, ADOBE_DEFLATE, PACKBITS, ZSTANDARD, OLD_ZSTANDARD)
"""What tifffile unpacks to the bytes of a tile and no more, and JPEG, whose size is looked up."""

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, YCBCR = 0, 1, 2, 3, 6
PHOTOMETRICS = (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, YCBCR)

PREMULTIPLIED, STRAIGHT = 1, 2
"""Kinds of a further sample; 0 says nothing about it."""

PROFILE_TAG, ORIENTATION_TAG, JPEG_TABLES_TAG = 34675, 274, 347

MOST_PAGES = 1000
"""Pages that are looked at: slides have some ten."""

SPARE_BYTES = 1 << 16
"""What a tile may take beyond twice its pixels: tables, and what does not compress."""

FRAME_MARKERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that tell the size; those left out are tables."""


class TiffSource(Source):
    """The first page of a TIFF, which is the whole picture; smaller pages are copies of it."""

    format = "TIFF"

    def __init__(self, path: str, n_threads: int, *, keep_profile: bool) -> None:
        """Opens a file.

        Raises:
            DecodeError: it is damaged, or of a kind that is not read here.
            OSError: it cannot be read.
        """
        self._file = tifffile.TiffFile(path)
        self._threads = ThreadPoolExecutor(n_threads)
        try:
            self._page = page = self._file.pages[0]
            height, width, n_samples = self._checked_shape()
            super().__init__(width, height, os.path.getsize(path))
            self._is_by_rows = not page.is_tiled and page.compression == NONE
            block_bytes = self.rows_of_block * width * n_samples * page.dtype.itemsize
            if block_bytes > MOST_BAND_BYTES:
                raise UnsupportedFormatError(
                    f"strips or tiles of {self.rows_of_block:,} rows, {block_bytes >> 20:,} MiB a "
                    "row of them; store it in tiles of 256 x 256 pixels"
                )
            channels = self._n_channels(n_samples)
            profile = page.tags.get(PROFILE_TAG)
            icc = None if profile is None else bytes(profile.value)
            self.take_profile(icc, channels, keep_profile=keep_profile)
            self._note_pages()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file, and ends the threads."""
        self._threads.shutdown()
        self._file.close()

    @property
    def rows_of_block(self) -> int:
        """The rows of a tile or strip; uncompressed rows can be read without the others."""
        if self._is_by_rows:
            return ROWS_OF_BAND
        page = self._page
        return int(page.tilelength if page.is_tiled else min(page.rowsperstrip, page.imagelength))

    def _checked_shape(self) -> tuple[int, int, int]:
        """Returns height, width and samples, of a page of a kind that is read here."""
        page = self._page
        self._is_by_rows = False
        if page.compression not in COMPRESSIONS:
            raise _unsupported("compression", COMPRESSION, page.compression)
        is_jpeg = page.compression == JPEG
        if page.photometric not in PHOTOMETRICS or (page.photometric == YCBCR and not is_jpeg):
            raise _unsupported("colours", PHOTOMETRIC, page.photometric)
        if page.tags.valueof(ORIENTATION_TAG, 1) not in (0, 1):
            raise UnsupportedFormatError("turned or mirrored by a tag; store it upright")
        if page.samplesperpixel > 1 and page.planarconfig != 1:
            raise UnsupportedFormatError("channels apart; store the samples of a pixel together")
        if page.imagedepth != 1 or page.samplesperpixel not in (1, 2, 3, 4):
            raise UnsupportedFormatError(
                f"{page.samplesperpixel} samples a pixel; of 1 to 4, in one plane, are read"
            )
        if page.dtype is None or page.dtype not in (np.uint8, np.uint16, np.bool_):
            raise UnsupportedFormatError(
                f"{page.bitspersample} bits a sample of type {page.dtype}; 1, 8 and 16 are read"
            )
        return page.imagelength, page.imagewidth, page.samplesperpixel

    def _n_channels(self, n_samples: int) -> int:
        """Returns how many channels the pixels have: a further sample need not be alpha."""
        page = self._page
        n_colors = 3 if page.photometric in (RGB, YCBCR) else 1
        self._kind_of_alpha = None
        if n_samples < n_colors:
            raise DecodeError("damaged: samples are missing; get it anew from its source")
        if n_samples > n_colors:
            kinds = tuple(page.extrasamples)
            self._kind_of_alpha = int(kinds[0]) if len(kinds) == 1 else 0
            if self._kind_of_alpha not in (PREMULTIPLIED, STRAIGHT):
                self.notes.append("samples that are no alpha were left out")
                n_samples = n_colors
        self._n_kept = n_samples
        if page.photometric == PALETTE:
            self._colors = (np.asarray(page.colormap).T >> 8).astype(np.uint8)
            return 3
        return n_samples

    def _note_pages(self) -> None:
        """Refuses a file of several pictures; smaller ones are copies, labels or thumbnails."""
        pages = self._file.pages
        n_further = 0
        for number in range(1, MOST_PAGES + 1):
            try:
                page = pages[number]
            except IndexError:
                break
            n_further += 1
            if page.imagewidth * page.imagelength >= self.width * self.height:
                raise UnsupportedFormatError(
                    "several pages of its size, of which one can be kept; "
                    "save the one you want as a file of its own"
                )
        if n_further:
            self.notes.append(f"smaller pages were left out ({n_further})")

    def _load(self, begin: int, end: int) -> Block:
        page = self._page
        if self._is_by_rows:
            block = self._rows(begin, end)
        else:
            across = -(-self.width // page.tilewidth) if page.is_tiled else 1
            first = begin // self.rows_of_block * across
            block = np.zeros((end - begin, self.width, page.samplesperpixel), page.dtype)
            encoded = [self._segment(number) for number in range(first, first + across)]
            list(self._threads.map(lambda item: self._place(block, begin, *item), encoded))
        return self._in_channels(block)

    def _rows(self, begin: int, end: int) -> Block:
        """Reads uncompressed rows."""
        page, file = self._page, self._file.filehandle
        row_bytes = -(-self.width * page.samplesperpixel * page.bitspersample // 8)
        block = np.empty((end - begin, row_bytes), np.uint8)
        for row in range(begin, end):
            strip, inside = divmod(row, page.rowsperstrip)
            file.seek(page.dataoffsets[strip] + inside * row_bytes)
            data = file.read(row_bytes)
            if len(data) != row_bytes:
                raise DecodeError("damaged or incomplete; get it anew from its source")
            block[row - begin] = np.frombuffer(data, np.uint8)
        shape = (end - begin, self.width, page.samplesperpixel)
        if page.bitspersample == 1:
            bits = np.unpackbits(block, axis=1, count=self.width * page.samplesperpixel)
            return bits.astype(np.bool_).reshape(shape)
        stored: Block = block.view(page.dtype.newbyteorder(self._file.byteorder))
        return stored.astype(page.dtype, copy=False).reshape(shape)

    def _segment(self, number: int) -> tuple[bytes | None, int]:
        """Reads an encoded tile or strip; one of no bytes is empty.

        Raises:
            DecodeError: it cannot be of its size.
        """
        page, file = self._page, self._file.filehandle
        if number >= len(page.dataoffsets):
            raise DecodeError("damaged: tiles are missing; get it anew from its source")
        n_bytes = page.databytecounts[number]
        if n_bytes == 0:
            return None, number
        tile_columns = page.tilewidth if page.is_tiled else self.width
        n_pixels = self.rows_of_block * tile_columns
        if n_bytes > 2 * n_pixels * page.samplesperpixel * page.dtype.itemsize + SPARE_BYTES:
            raise DecodeError("damaged: a tile is too long; get it anew from its source")
        file.seek(page.dataoffsets[number])
        data = file.read(n_bytes)
        if page.compression == JPEG and _jpeg_pixels(data) > n_pixels:
            raise DecodeError("damaged: a tile is too large; get it anew from its source")
        return data, number

    def _place(self, block: Block, begin: int, data: bytes | None, number: int) -> None:
        """Decodes a tile into its place."""
        page = self._page
        tables = page.jpegtables if page.compression == JPEG else None
        tile, (_, _, top, left, _), _ = page.decode(data, number, jpegtables=tables)
        if tile is None:
            return
        part = block[top - begin :, left : left + tile.shape[2]]
        part[: tile.shape[1]] = tile[0, : len(part), : part.shape[1]]

    def _in_channels(self, block: Block) -> Block:
        """Returns stored samples as grey, grey and alpha, RGB or RGBA."""
        page = self._page
        block = block[:, :, : self._n_kept]
        if page.photometric == PALETTE:
            colors: Block = self._colors[np.minimum(block[:, :, 0], len(self._colors) - 1)]
            return colors
        if page.photometric == WHITE_IS_ZERO:
            block = np.concatenate([~block[:, :, :1], block[:, :, 1:]], axis=2)
        if self._kind_of_alpha == PREMULTIPLIED:
            block = _unmultiplied(block)
        return block


def _unmultiplied(block: Block) -> Block:
    """Returns pixels whose colours are no longer multiplied by their alpha."""
    most = int(np.iinfo(block.dtype).max)
    alpha = block[:, :, -1:].astype(np.uint64)
    straight = (block[:, :, :-1] * np.uint64(most) + alpha // 2) // np.maximum(alpha, 1)
    colors = np.minimum(straight, most).astype(block.dtype)
    return np.concatenate([colors, block[:, :, -1:]], axis=2)


def _unsupported(what: str, names: type, number: int) -> UnsupportedFormatError:
    try:
        name = names(number).name
    except ValueError:
        name = str(number)
    return UnsupportedFormatError(f"{what} {name}, which are not read tile by tile; convert it")


def _jpeg_pixels(data: bytes) -> int:
    """Returns the pixels that a JPEG says it has; 0 where it says nothing."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return int(height) * int(width)
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0
