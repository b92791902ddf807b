"""PNG: a real palette, as few bits a pixel as the colours need, and every pixel comes back."""

import io
import itertools
import os
import struct
import subprocess
import sys
from typing import Any

import deflate
import numpy as np
import pytest
import reference
from PIL import Image

import fewcolors
from fewcolors import _core
from fewcolors.encode.png import bit_depth, deflated_png, encode_png
from fewcolors.options import EFFORTS, Effort


def picture_of(n_colors: int, width: int = 37, height: int = 23) -> Any:
    rng = np.random.default_rng(n_colors)
    colors = rng.choice(2**24, n_colors, replace=False)
    indices = np.concatenate([np.arange(n_colors), rng.integers(0, n_colors, width * height)])
    chosen = colors[indices[: width * height]].reshape(height, width)
    return np.stack([chosen >> 16, chosen >> 8 & 255, chosen & 255], axis=-1).astype(np.uint8)


def header_of(png: bytes) -> tuple[int, ...]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png[12:16] == b"IHDR"
    return struct.unpack(">IIBBBBB", png[16:29])


@pytest.mark.parametrize(
    ("n_colors", "depth"),
    [(1, 1), (2, 1), (3, 2), (4, 2), (17, 8), (256, 8)],
)
def test_bits_a_pixel_follow_from_the_colours_used(n_colors: int, depth: int) -> None:
    pixels = picture_of(n_colors)
    png = fewcolors.compress(pixels, 256).data
    assert header_of(png) == (37, 23, depth, 3, 0, 0, 0)
    assert bit_depth(n_colors) == depth
    with Image.open(io.BytesIO(png)) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), pixels)


@pytest.mark.parametrize("n_colors", [5, 16])
def test_up_to_16_colours_take_4_bits_or_8_whichever_makes_the_smaller_file(n_colors: int) -> None:
    assert bit_depth(n_colors) == 4
    noise, tiles = picture_of(n_colors), np.tile(picture_of(n_colors)[:5, :7], (40, 30, 1))
    for pixels in (noise, tiles):
        result = fewcolors.compress(pixels, 256)
        image = result.indexed
        sizes = {}
        for bits in (4, 8):
            rows = _core.pack_scanlines(image.data, image.width, bits)
            filtered = _core.filter_scanlines(rows, len(rows) // image.height)
            sizes[bits] = min(len(deflate.zlib_compress(each, 12)) for each in (rows, filtered))
        assert header_of(result.data)[2] == min(sizes, key=lambda bits: sizes[bits])
        with Image.open(io.BytesIO(result.data)) as shown:
            np.testing.assert_array_equal(np.asarray(shown.convert("RGB")), pixels)


@pytest.mark.parametrize("effort", EFFORTS)
def test_every_effort_keeps_every_pixel(effort: Effort) -> None:
    pixels = picture_of(200)
    with Image.open(io.BytesIO(fewcolors.compress(pixels, 256, effort=effort).data)) as image:
        np.testing.assert_array_equal(np.asarray(image.convert("RGB")), pixels)


def test_a_grey_picture_stays_a_palette() -> None:
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8) * 4
    assert header_of(fewcolors.compress(grey).data)[3] == 3


def test_alphas_are_stored_for_no_more_entries_than_need_be() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 2, (20, 20, 4), np.uint8) * 255
    pixels[0, 0, 3] = 100
    png = fewcolors.compress(pixels, 256).data
    at = png.index(b"tRNS")
    assert struct.unpack(">I", png[at - 4 : at])[0] == 2  # one transparent, one translucent
    with Image.open(io.BytesIO(png)) as image:
        back = np.array(image.convert("RGBA"))
    pixels[pixels[:, :, 3] == 0] = 0
    np.testing.assert_array_equal(back, pixels)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_forked_process_can_encode_too() -> None:
    code = """
import os, sys, fewcolors, numpy as np
pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 4), np.uint8)
first = fewcolors.compress(pixels, 30)
read, write = os.pipe()
if os.fork() == 0:
    second = fewcolors.compress(pixels, 30)
    same = (second.indexed.to_rgba() == fewcolors.quantize(second.data, 256).to_rgba()).all()
    os.write(write, b"same" if same and second.data[:4] == first.data[:4] else b"different")
    os._exit(0)
print(os.read(read, 9).decode())
"""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.strip() == "same"


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.parametrize("width", [1, 7, 8, 9])
def test_rows_are_packed_as_png_wants_them(depth: int, width: int) -> None:
    rng = np.random.default_rng(width)
    indices = rng.integers(0, 1 << depth, (3, width), np.uint8)
    rows = b"".join(b"\0" + reference.bits_of_row(row, depth) for row in indices.tolist())
    assert bytes(_core.pack_scanlines(indices.tobytes(), width, depth)) == rows


def test_rows_are_filtered_as_png_says_by_the_fewest_pairs() -> None:
    rng = np.random.default_rng(7)
    rows: list[Any] = [rng.integers(0, 256, 31, np.uint8)]
    for number in range(5):  # a row that this filter makes constant, beneath one of noise
        row: Any = np.zeros(31, np.uint8)
        for x in range(31):
            row[x] = (3 - reference.filtered_rows(row, rows[-1])[number][x]) % 256
        rows += [row, rng.integers(0, 256, 31, np.uint8)]
    scanlines = np.pad(np.stack(rows), ((0, 0), (1, 0)))
    filtered = np.asarray(_core.filter_scanlines(scanlines.tobytes(), 32)).reshape(-1, 32)
    above = np.zeros(31, np.uint8)
    for row, got in zip(rows, filtered, strict=True):
        ways = reference.filtered_rows(row, above)
        pairs = [len(set(itertools.pairwise(way))) for way in ways]
        assert list(got) == [pairs.index(min(pairs)), *ways[pairs.index(min(pairs))]]
        above = row
    assert set(filtered[:, 0]) == set(range(5))


def test_a_filtered_graphic_comes_back_pixel_for_pixel() -> None:
    y, x = np.mgrid[:120, :160]
    ramp = ((x + 2 * y) % 251).astype(np.uint8)
    pixels = np.stack([ramp, ramp, ramp], axis=2)
    pixels[40:80, 40:120] = 255
    image = fewcolors.quantize(pixels, 256)
    filtered = encode_png(image, "max", is_graphic=True)
    assert len(filtered) < len(encode_png(image, "max"))
    with Image.open(io.BytesIO(filtered)) as png:
        np.testing.assert_array_equal(np.asarray(png.convert("RGB")), pixels)


def test_repetitive_frames_of_large_animations_are_deflated_quickly() -> None:
    flat = np.zeros((1000, 1000), np.uint8)
    flat[200:300, 400:600] = 255
    noisy = np.random.default_rng(0).integers(0, 2, (40, 40), np.uint8) * 255
    for picture, is_repetitive in ((flat, True), (noisy, False)):
        image = fewcolors.quantize(picture, 2)
        alone = deflated_png(image, "max", is_graphic=True)
        of_many = deflated_png(image, "max", is_graphic=True, is_of_many=True)
        with Image.open(io.BytesIO(of_many)) as read:
            np.testing.assert_array_equal(np.asarray(read.convert("L")), picture)
        assert (of_many != alone) == is_repetitive
        assert len(of_many) < len(alone) + 100


def test_zopfli_makes_drawings_smaller_at_effort_max(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zopfli")
    image = fewcolors.quantize(np.tile(picture_of(12), (6, 6, 1)), 12)
    smaller = deflated_png(image, "max", is_graphic=True, n_threads=2)
    assert deflated_png(image, "max", is_graphic=True) == smaller
    monkeypatch.setitem(sys.modules, "zopfli", None)
    without = deflated_png(image, "max", is_graphic=True)
    assert len(smaller) < len(without)
    for png in (smaller, without):
        with Image.open(io.BytesIO(png)) as shown:
            np.testing.assert_array_equal(np.asarray(shown.convert("RGB")), image.to_rgb())
