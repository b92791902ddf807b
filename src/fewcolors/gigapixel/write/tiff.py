"""A tiled TIFF of indices, or of RGBA where some colours are not opaque: TIFF's palettes are."""

from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import tifffile

from ..read.source import ROWS_OF_BAND
from . import Heading, Strips

__all__ = ["write_tiff"]

TILE_ROWS = ROWS_OF_BAND
TILE_COLUMNS = 512
"""Of a tile: as many rows as strips are made of, and so many columns that a tile has 64 kB."""

SIXTEEN_BITS = 257
"""An 8-bit value times this is the same value in 16 bits."""

MOST_CLASSIC_BYTES = 2**32 - 2**25
"""From so many bytes of pixels on it is a BigTIFF, as tifffile would choose by itself."""


def write_tiff(file: IO[bytes], strips: Strips, heading: Heading) -> None:
    """Writes a TIFF.

    Args:
        file: open for reading and writing.
        strips: the picture from top to bottom.
        heading: what it is.

    Raises:
        OSError: it cannot be written.
    """
    is_opaque = heading.palette.is_opaque
    shape: tuple[int, ...] = (heading.height, heading.width)
    kind: dict[str, Any] = {"photometric": "palette", "colormap": _color_map(heading)}
    if not is_opaque:
        shape = (*shape, 4)
        kind = {"photometric": "rgb", "extrasamples": ["unassalpha"]}
    is_big = int(np.prod(shape, dtype=object)) > MOST_CLASSIC_BYTES
    with tifffile.TiffWriter(file, bigtiff=is_big) as writer:
        writer.write(
            _tiles(strips, heading, is_opaque=is_opaque),
            shape=shape,
            dtype=np.uint8,
            tile=(TILE_ROWS, TILE_COLUMNS),
            compression="zlib",
            iccprofile=None if heading.profile is None else heading.profile.icc,
            metadata=None,
            software="fewcolors",
            maxworkers=heading.n_threads,
            **kind,
        )


def _color_map(heading: Heading) -> npt.NDArray[np.uint16]:
    """Returns the palette as TIFF has it: 256 reds, greens and blues of 16 bits."""
    colors = np.zeros((3, 256), np.uint16)
    colors[:, : len(heading.palette)] = heading.palette.colors[:, :3].T
    return colors * np.uint16(SIXTEEN_BITS)


def _tiles(strips: Strips, heading: Heading, *, is_opaque: bool) -> Iterator[npt.NDArray[np.uint8]]:
    colors = heading.palette.colors
    for strip in strips:
        rows = strip.rows(heading.width)
        for top in range(0, len(rows), TILE_ROWS):
            for left in range(0, heading.width, TILE_COLUMNS):
                tile = rows[top : top + TILE_ROWS, left : left + TILE_COLUMNS]
                missing = TILE_ROWS - tile.shape[0], TILE_COLUMNS - tile.shape[1]
                if any(missing):
                    tile = np.pad(tile, ((0, missing[0]), (0, missing[1])))
                yield np.ascontiguousarray(tile) if is_opaque else colors[tile]
