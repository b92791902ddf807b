"""Deflating as the size-aware assignment has planned it."""

import io
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import fewcolors
from fewcolors import _core
from fewcolors.assign.size_aware import REACHES, SizeAware
from fewcolors.encode.png import deflated_png, encode_png
from fewcolors.indexed import IndexedImage, Palette
from fewcolors.options import EFFORTS, Effort


def assigned(pixels: Any, n_colors: int, fidelity: float, effort: Effort = "fast") -> SizeAware:
    """Random colours for pixels of shape (h, w, 3), and no contrast anywhere."""
    height, width, channels = pixels.shape
    palette = np.random.default_rng(3).integers(0, 256, (n_colors, 4), np.uint8)
    palette[:, 3] = 255
    contrast = bytes(height * width)
    reach = REACHES[effort]
    return SizeAware(
        *_core.assign_size_aware(
            pixels.tobytes(),
            width,
            channels,
            contrast,
            palette,
            fidelity=fidelity,
            rows=reach.rows,
            columns=reach.columns,
            far_tries=reach.far_tries,
            n_threads=2,
        )
    )


def scanlines(indices: memoryview, width: int) -> bytes:
    return bytes(_core.pack_scanlines(indices, width, 8))


def inflated(found: SizeAware, width: int, n_threads: int = 2) -> bytes:
    return zlib.decompress(
        _core.deflate_copy_plan(found.indices, width, found.copy_plan, n_threads)
    )


def noise(height: int, width: int, levels: int = 256) -> Any:
    picture = np.random.default_rng(5).integers(0, levels, (height, width, 3))
    return picture.astype(np.uint8)


@pytest.mark.parametrize(
    ("height", "width"),
    [(1, 1), (1, 2), (1, 300), (300, 1), (129, 3), (5, 70_000), (2, 200_000), (260, 390)],
)
@pytest.mark.parametrize("effort", EFFORTS)
def test_zlib_finds_the_scanlines_again(height: int, width: int, effort: Effort) -> None:
    found = assigned(noise(height, width, 90), 40, 300.0, effort)
    assert inflated(found, width) == scanlines(found.indices, width)


@pytest.mark.parametrize("width", [1, 3, 258, 259, 260, 261, 262, 517, 66_000])
def test_one_colour_becomes_one_copy(width: int) -> None:
    found = assigned(np.full((9, width, 3), 80, np.uint8), 30, 1000.0)
    assert inflated(found, width) == scanlines(found.indices, width)


@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(1, 256),
    st.floats(1, 1e6),
    st.integers(2, 9),
)
@settings(max_examples=60, deadline=None)
def test_any_picture(height: int, width: int, n_colors: int, fidelity: float, levels: int) -> None:
    found = assigned(noise(height, width, levels) * np.uint8(28), n_colors, fidelity)
    assert inflated(found, width) == scanlines(found.indices, width)


def test_steps_of_a_row_add_up_to_its_width() -> None:
    found = assigned(noise(20, 333), 50, 200.0, "max")
    lengths = np.asarray(found.copy_plan)[:, 0].astype(np.int64)
    ends = np.cumsum(lengths)
    assert set(range(333, 333 * 20 + 1, 333)) <= set(ends.tolist())


def test_counts_of_any_skew_get_codes() -> None:
    # Fibonacci numbers make the longest codes: without a limit some would have 20 bits and more.
    counts = [1, 1]
    while sum(counts) < 90_000:
        counts.append(counts[-1] + counts[-2])
    indices = np.repeat(np.arange(len(counts), dtype=np.uint8), counts)
    indices = np.random.default_rng(1).permutation(indices)
    parse = np.array([[len(indices) // 2, 0], [len(indices) - len(indices) // 2, 0]], np.uint16)
    stream = _core.deflate_copy_plan(indices, len(indices), parse, 1)
    assert zlib.decompress(stream)[1:] == indices.tobytes()
    assert len(stream) <= len(zlib.compress(indices.tobytes(), 9))


def test_threads_change_nothing() -> None:
    found = assigned(noise(300, 400, 30), 200, 500.0)
    streams = [
        bytes(_core.deflate_copy_plan(found.indices, 400, found.copy_plan, n)) for n in (1, 2, 5)
    ]
    assert streams[0] == streams[1] == streams[2]


def test_one_colour_takes_next_to_nothing() -> None:
    found = assigned(np.full((500, 500, 3), 7, np.uint8), 20, 100.0)
    assert len(_core.deflate_copy_plan(found.indices, 500, found.copy_plan, 1)) < 1500


@pytest.mark.parametrize("seed", [0, 1])
def test_the_file_has_the_indices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ramp = np.linspace(0, 200, 320)[None, :, None] + rng.normal(0, 12, (240, 320, 3))
    pixels = np.clip(ramp, 0, 255).astype(np.uint8)
    result = fewcolors.compress(pixels, quality=60, effort="fast")
    with Image.open(io.BytesIO(result.data)) as png:
        assert (np.asarray(png) == result.indexed.indices).all()
    planless = encode_png(result.indexed, "fast")
    assert result.data != planless  # the copy plan was followed
    with Image.open(io.BytesIO(planless)) as png:
        assert (np.asarray(png) == result.indexed.indices).all()


def test_few_colours_are_packed_and_parsed_anew() -> None:
    data = bytes(range(16)) * 16
    palette = Palette(b"".join(bytes([i, i, i, 255]) for i in range(16)))
    steps = np.array([[16, 0]] * 16, np.uint16).data
    image = IndexedImage(palette, data, 16, 16, [16] * 16, 0.0)
    with Image.open(io.BytesIO(deflated_png(image, "fast", copy_plan=steps))) as png:
        assert png.tobytes() == data
