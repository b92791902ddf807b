"""Palettes: distinct 8-bit colours, exact where a picture has few, with an entry for alpha 0."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fewcolors import Palette, _core, build_histogram, decode, quantize
from fewcolors.options import METHODS, Method, Options
from fewcolors.palette import build_palette


def palette_of(pixels: Any, n_colors: int, method: Method = "classic") -> Palette:
    return build_palette(build_histogram(decode(pixels)), Options(n_colors, method=method))


def test_centroids_are_rounded_and_equal_ones_joined() -> None:
    centroids: Any = np.array([[0.4, 0.5, 254.6], [0.0, 1.0, 255.0], [9.0, 9.0, 9.0]])
    palette = Palette.from_centroids(memoryview(centroids), _core.Space.SRGB)
    assert list(palette) == [(0, 1, 255, 255), (9, 9, 9, 255)]


def test_colours_are_written_as_css_has_them() -> None:
    palette = Palette(bytes([1, 2, 3, 255, 255, 0, 16, 128]))
    assert palette.hex() == ["#010203", "#ff001080"]
    assert palette.colors.tolist() == [[1, 2, 3, 255], [255, 0, 16, 128]]
    assert len(palette) == 2
    assert repr(palette) == "<Palette of 2: #010203 #ff001080>"


def test_equal_palettes_are_equal() -> None:
    assert Palette(bytes(4)) == Palette(bytes(4)) != Palette(bytes(8))
    assert len({Palette(bytes(4)), Palette(bytes(4))}) == 1


@pytest.mark.parametrize("method", METHODS)
def test_few_colours_are_kept_exactly(method: Method) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (1, 20, 4), np.uint8)
    pixels[0, :3, 3] = 0
    wanted = {tuple(color) if color[3] else (0, 0, 0, 0) for color in pixels[0].tolist()}
    assert set(palette_of(pixels, 20, method)) == wanted


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n_colors", [2, 5, 30])
def test_alpha_zero_has_an_entry_of_its_own(method: Method, n_colors: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (30, 30, 4), np.uint8)
    pixels[:5, :, 3] = 0
    palette = palette_of(pixels, n_colors, method)
    assert len(palette) <= n_colors
    assert [color for color in palette if color[3] == 0] == [(0, 0, 0, 0)]


def test_a_small_palette_is_the_means_of_its_clusters() -> None:
    dark = np.array([[10, 20, 30], [12, 20, 30], [14, 20, 30]], np.uint8)
    pixels = np.concatenate([dark, 200 + dark])[None]
    assert set(palette_of(pixels, 2)) == {(12, 20, 30, 255), (212, 220, 230, 255)}


@pytest.mark.parametrize(("count", "dims"), [(1, 3), (2, 1), (40, 4), (256, 3)])
def test_a_chain_goes_on_with_the_nearest_point_left(count: int, dims: int) -> None:
    rows = np.random.default_rng(count).integers(0, 9, (count, dims)).astype(float)  # with ties
    left = list(range(count))
    expected = [left.pop(0)]
    while left:
        distances = ((rows[left] - rows[expected[-1]]) ** 2).sum(axis=1)
        expected.append(left.pop(int(distances.argmin())))
    assert list(_core.chain_alike(rows)) == expected


def test_entries_are_taken_by_number_and_by_slice() -> None:
    palette = Palette(bytes(range(12)), (0.5, 0.25, 0.25))
    assert (palette[0], palette[-1]) == ((0, 1, 2, 3), (8, 9, 10, 11))
    assert palette[1:] == Palette(bytes(range(4, 12)))
    assert palette[1:].shares == (0.25, 0.25)
    assert list(palette) == [palette[0], palette[1], palette[2]]
    with pytest.raises(IndexError):
        palette[3]
    with pytest.raises(ValueError, match="1 to 256"):
        palette[3:]


def test_an_indexed_image_is_an_array_and_a_picture() -> None:
    opaque = quantize(np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8))
    assert np.asarray(opaque).tolist() == [[[1, 2, 3], [4, 5, 6]]]
    assert np.array(opaque, dtype=float).dtype == np.float64
    clear = quantize(np.array([[[1, 2, 3, 255], [0, 0, 0, 0]]], np.uint8))
    assert np.asarray(clear).shape == (1, 2, 4)
    with Image.open(io.BytesIO(clear._repr_png_())) as image:
        assert (np.asarray(image.convert("RGBA")) == clear.to_rgba()).all()


def test_a_palette_shows_its_colours_in_a_notebook() -> None:
    shown = Palette(bytes([255, 0, 0, 255, 0, 0, 9, 8]))._repr_html_()
    assert shown.count("<span") == 2
    assert "background:#ff0000" in shown
    assert 'title="#00000908"' in shown
