"""Rows of a PNG, unfiltered by a kernel, are what Pillow reads."""

import io
import struct
import zlib

import numpy as np
import pytest
from mutants import png_of
from PIL import Image

import fewcolors

FILTERS = 5
COLOR_TYPES = {3: 2, 4: 6}


def filtered_png(rows: bytes, width: int, height: int, channels: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, COLOR_TYPES[channels], 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return png_of(chunks)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (7, 40), (700, 1600)])
def test_every_filter_is_undone(size: tuple[int, int], channels: int) -> None:
    width, height = size
    random = np.random.default_rng(1)
    stored = random.integers(0, 256, (height, 1 + channels * width), np.uint8)
    stored[:, 0] = random.integers(0, FILTERS, height)
    data = filtered_png(stored.tobytes(), width, height, channels)
    with Image.open(io.BytesIO(data)) as image:
        assert bytes(fewcolors.decode(data).data) == image.tobytes()


@pytest.mark.parametrize("allow_damaged", [False, True])
def test_unknown_filters_are_damage(allow_damaged: bool) -> None:
    data = filtered_png(b"\5" + bytes(6), 2, 1, 3)
    with pytest.raises(fewcolors.DecodeError):
        fewcolors.decode(data, allow_damaged=allow_damaged)
