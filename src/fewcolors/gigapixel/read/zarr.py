"""Zarr arrays of (h, w) or (h, w, channels), a row of chunks at a time."""

import json
import os
from typing import Any

import numpy as np
import zarr

from ...errors import DecodeError, UnsupportedFormatError
from ...indexed import Palette
from ...limits import MAX_COLORS
from .source import MOST_BAND_BYTES, Block, Source

__all__ = ["PALETTE", "ZarrSource", "bytes_below"]

PALETTE = "palette"
"""The attribute of an array of indices that holds its colours, as CSS writes them."""

METADATA = ("zarr.json", ".zarray")

CODECS = {
    *("bytes", "endian", "transpose", "sharding_indexed"),
    *("blosc", "bz2", "crc32c", "gzip", "lz4", "lzma", "zlib", "zstd"),
    *("adler32", "bitround", "bitshuffle", "crc32", "delta", "fletcher32", "shuffle"),
}
"""Codecs whose chunks are numbers. Others may run what a chunk says: "pickle" does."""

MOST_METADATA_BYTES = 1 << 20
PREFIX = "numcodecs."


class ZarrSource(Source):
    """A Zarr array in a folder."""

    format = "ZARR"

    def __init__(self, path: str) -> None:
        """Opens an array.

        Raises:
            DecodeError: it is damaged, or of a kind that is not read here.
            OSError: it cannot be read.
        """
        _check_metadata(path)
        self._array: Any = zarr.open_array(path, mode="r")
        shape = self._array.shape
        if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 2, 3, 4)):
            raise UnsupportedFormatError(
                f"an array of shape {shape}; (h, w) and (h, w, 1 to 4) are pictures"
            )
        if self._array.dtype not in (np.uint8, np.uint16, np.bool_):
            raise UnsupportedFormatError(
                f"an array of {self._array.dtype}; bool, uint8 and uint16 are read"
            )
        self._colors = self._own_palette()
        super().__init__(shape[1], shape[0], bytes_below(path))
        row_bytes = int(np.prod(shape[1:])) * self._array.dtype.itemsize
        block_bytes = self.rows_of_block * row_bytes
        if block_bytes > MOST_BAND_BYTES:
            raise UnsupportedFormatError(
                f"chunks of {self.rows_of_block:,} rows, {block_bytes >> 20:,} MiB a row of them; "
                "store it in chunks of fewer rows"
            )

    def close(self) -> None:
        """Has nothing to close: each chunk is a file that is open while it is read."""

    @property
    def rows_of_block(self) -> int:
        """The rows of a chunk."""
        return int(self._array.chunks[0])

    def _load(self, begin: int, end: int) -> Block:
        block: Block = np.asarray(self._array[begin:end])
        return block if self._colors is None else self._colors[block]

    def _own_palette(self) -> Block | None:
        """Returns 256 colours where the array is one of indices, as `write_zarr` writes them."""
        given = self._array.attrs.get(PALETTE)
        if given is None or self._array.ndim != 2 or self._array.dtype != np.uint8:
            return None
        palette = Palette.of(given)
        colors = np.zeros((MAX_COLORS, 3 if palette.is_opaque else 4), np.uint8)
        colors[: len(palette)] = palette.colors[:, : colors.shape[1]]
        return colors


def _check_metadata(path: str) -> None:
    """Looks at an array's metadata before the library does.

    Raises:
        DecodeError: they are no array's, or name codecs that are not known to be harmless.
    """
    for name in METADATA:
        file = os.path.join(path, name)
        if os.path.isfile(file):
            break
    else:
        raise UnsupportedFormatError("a folder that is no Zarr array; name the array in it")
    if os.path.getsize(file) > MOST_METADATA_BYTES:
        raise DecodeError("damaged: its metadata are too long; get it anew from its source")
    try:
        with open(file, encoding="utf-8") as opened:
            metadata = json.load(opened)
        if metadata.get("node_type", "array") != "array":
            raise UnsupportedFormatError(
                f"a group of arrays; name one of them, such as {os.path.join(path, '0')}"
            )
        foreign = set(_codecs(metadata)) - CODECS
    except (AttributeError, RecursionError, TypeError, ValueError) as error:
        raise DecodeError(
            f"damaged: its metadata ({error}); get it anew from its source"
        ) from error
    if foreign:
        raise UnsupportedFormatError(
            f"chunks by codec {min(foreign)!r}, which is not read; store it by zstd"
        )


def _codecs(metadata: Any) -> list[str]:
    """Returns the names of all codecs in metadata of version 2 or 3."""
    found = []
    for key in ("codecs", "index_codecs", "filters", "compressor"):
        given = metadata.get(key) or []
        for codec in given if isinstance(given, list) else [given]:
            if isinstance(codec, str):
                codec = {"name": codec}
            found.append(str(codec.get("name") or codec.get("id")).removeprefix(PREFIX))
            found += _codecs(codec.get("configuration") or {})
    return found


def bytes_below(folder: str) -> int:
    """Returns the bytes of all files of a folder."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if not os.path.islink(path):
                total += os.path.getsize(path)
    return total
