"""A Zarr array of indices, with the palette among its attributes."""

from typing import Any

import numpy as np
import zarr

from ..read.source import ROWS_OF_BAND
from ..read.zarr import PALETTE
from . import Heading, Strips

__all__ = ["write_zarr"]

CHUNK_ROWS = ROWS_OF_BAND
CHUNK_COLUMNS = 4096
"""Of a chunk: as many rows as strips are made of, and so many columns that a chunk has 512 kB."""


def write_zarr(folder: str, strips: Strips, heading: Heading) -> None:
    """Writes a Zarr array, (h, w) uint8.

    Its attribute ``palette`` is a list of CSS colours, ``#rrggbb`` or ``#rrggbbaa``.

    Args:
        folder: which is there, and empty.
        strips: the picture from top to bottom.
        heading: what it is.

    Raises:
        OSError: it cannot be written.
    """
    array: Any = zarr.create_array(
        folder,
        shape=(heading.height, heading.width),
        dtype=np.uint8,
        chunks=(CHUNK_ROWS, min(CHUNK_COLUMNS, heading.width)),
        attributes={PALETTE: heading.palette.hex()},
        overwrite=False,
    )
    top = 0
    for strip in strips:
        rows = strip.rows(heading.width)
        array[top : top + len(rows)] = rows
        top += len(rows)
