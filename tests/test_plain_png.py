"""Plain PNGs are decoded without Pillow, to the same pixels; all others are left to it."""

import io
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from mutants import png_chunk, png_of
from PIL import Image

import fewcolors
from fewcolors import _core
from fewcolors.decode.png import plain
from fewcolors.decode.png.chunks import read_png

SIDE = 37


def filtered_png(n_channels: int, filters: list[int]) -> tuple[bytes, bytes]:
    """A PNG whose rows have these filters in turn, and its pixels."""
    draws = random.Random(n_channels)
    row_bytes = SIDE * n_channels
    raw = draws.randbytes(SIDE * row_bytes)
    rows = [raw[y * row_bytes : (y + 1) * row_bytes] for y in range(SIDE)]
    stored = b"".join(
        filtered(
            rows[y], rows[y - 1] if y else bytes(row_bytes), n_channels, filters[y % len(filters)]
        )
        for y in range(SIDE)
    )
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2 if n_channels == 3 else 6, 0, 0, 0)
    return png_of([(b"IHDR", header), (b"IDAT", zlib.compress(stored)), (b"IEND", b"")]), raw


def filtered(row: bytes, above: bytes, n: int, number: int) -> bytes:
    """Filters a row as the specification says."""
    result = bytearray([number])
    for i, value in enumerate(row):
        left = row[i - n] if i >= n else 0
        corner = above[i - n] if i >= n else 0
        nearest = min((left, above[i], corner), key=lambda v: abs(left + above[i] - corner - v))
        guess = (0, left, above[i], (left + above[i]) // 2, nearest)[number]
        result.append((value - guess) & 255)
    return bytes(result)


@pytest.mark.parametrize("n_channels", [3, 4])
@pytest.mark.parametrize("filters", [[0], [1], [2], [3], [4], [4, 3, 2, 1, 0, 2, 4, 1]])
def test_every_filter_is_taken_off(n_channels: int, filters: list[int]) -> None:
    png, raw = filtered_png(n_channels, filters)
    found = plain.plain_pixels(read_png(io.BytesIO(png), lambda *_: None))
    assert found is not None
    assert (bytes(found[0]), found[1]) == (raw, n_channels)
    with Image.open(io.BytesIO(png)) as image:
        assert image.tobytes() == raw


def test_a_number_that_names_no_filter_is_refused() -> None:
    assert not _core.unfilter_in_place(bytearray(b"\5abc\0abc"), 2, 3)
    png, _ = filtered_png(3, [0])
    broken = png.replace(
        png[33:-12], png_chunk(b"IDAT", zlib.compress(b"\7" + bytes(SIDE * (3 * SIDE + 1) - 1)))
    )
    with pytest.raises(fewcolors.DecodeError):
        fewcolors.decode(broken)


@pytest.mark.parametrize(
    ("mode", "settings"),
    [
        ("P", {}),
        ("L", {}),
        ("1", {}),
        ("I;16", {}),
        ("RGB", {"transparency": (1, 2, 3)}),
        ("RGB", {"icc_profile": b"damaged"}),
        ("RGB", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"}),
    ],
)
def test_other_pngs_are_not_plain(mode: str, settings: dict[str, object]) -> None:
    file = io.BytesIO()
    Image.new(mode, (5, 4)).save(file, "PNG", **settings)
    file.seek(0)
    assert plain.plain_pixels(read_png(file, lambda *_: None)) is None


def test_a_number_of_chunks_of_pixels_are_one() -> None:
    png, raw = filtered_png(3, [4])
    packed = png[41:-16]
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    pieces = [(b"IDAT", packed[at : at + 100]) for at in range(0, len(packed), 100)]
    parts = [(b"IHDR", header), (b"sRGB", b"\0"), (b"gAMA", bytes(4)), *pieces, (b"IEND", b"")]
    assert bytes(fewcolors.decode(png_of(parts)).data) == raw


@pytest.mark.process
def test_a_plain_png_is_compressed_without_pillow(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (90, 90, 3), np.uint8)).save(path)
    code = (
        "import sys; from fewcolors.cli import main;"
        "status = main(['compress', 'a.png', '-o', 'b.png', '--effort', 'fast', '--quiet']);"
        "print(status, [name for name in sys.modules if name.startswith('PIL')])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "0 []\n", done.stderr


def test_a_profile_of_srgb_is_plain() -> None:
    from PIL import ImageCms

    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    Image.new("RGB", (5, 4), (9, 8, 7)).save(file, "PNG", icc_profile=icc)
    file.seek(0)
    found = plain.plain_pixels(read_png(file, lambda *_: None))
    assert found == (bytearray((9, 8, 7) * 20), 3)
