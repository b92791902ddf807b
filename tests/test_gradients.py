"""Drawings with gradients: no bands where colours can mingle, no streaks where they should not."""

from typing import Any

import numpy as np
import pytest

import fewcolors
from fewcolors import Options, decode
from fewcolors.weigh import weigh


def drawing_with_gradients() -> Any:
    """Flat shapes, and discs of some thousand colours each that run into one another."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:600, :600]
    picture = np.full((600, 600, 3), 250.0)
    for _ in range(7):
        row, column = rng.integers(60, 540, 2)
        inner, outer = rng.integers(0, 256, (2, 3))
        share = np.hypot(y - row, x - column)[:, :, None] / 90
        disc = (share < 1)[:, :, 0]
        picture[disc] = (inner + (outer - inner.astype(int)) * share)[disc]
    return picture.round().clip(0, 255).astype(np.uint8)


def tiles() -> Any:
    """A thousand flat tiles, each of its own colour."""
    rng = np.random.default_rng(5)
    return rng.integers(0, 256, (32, 32, 3), np.uint8).repeat(20, axis=0).repeat(20, axis=1)


def widest_band(shown: Any, pixels: Any) -> int:
    """Returns the longest run of equal colours in a row where the original has none."""
    longest = 0
    same = (shown[:, 1:] == shown[:, :-1]).all(axis=2)
    changes = (pixels[:, 1:] != pixels[:, :-1]).any(axis=2)
    for row in same & changes:
        ends = np.flatnonzero(np.diff(np.concatenate([[0], row, [0]])))
        longest = max(longest, *(ends[1::2] - ends[::2]), 0) if len(ends) else longest
    return longest


@pytest.mark.parametrize("pixels", [drawing_with_gradients(), tiles()])
def test_both_are_graphics(pixels: Any) -> None:
    assert weigh(decode(pixels), Options()).is_graphic


@pytest.mark.long
@pytest.mark.parametrize("quality", [None, 75, 100])
def test_gradients_mingle_where_all_colours_leave_bands(quality: float | None) -> None:
    pixels = drawing_with_gradients()
    nearest = fewcolors.compress(pixels, 32, dither="none")
    result = fewcolors.compress(pixels, 32, quality=quality)
    assert result.score > nearest.score + 3
    shown = (each.indexed.to_rgb() for each in (result, nearest))
    band, nearest_band = (widest_band(each, pixels) for each in shown)
    assert band < nearest_band


@pytest.mark.long
def test_flat_tiles_stay_flat() -> None:
    pixels = tiles()
    shown = fewcolors.compress(pixels).indexed.to_rgb().reshape(32, 20, 32, 20, 3)
    assert (shown == shown[:, :1, :, :1]).all()


def test_a_given_palette_and_dithering_stay_as_asked() -> None:
    pixels = drawing_with_gradients()
    palette = fewcolors.quantize(pixels, 16).palette
    given = fewcolors.compress(pixels, palette=palette)
    again = fewcolors.compress(pixels, palette=palette, dither="none")
    np.testing.assert_array_equal(given.indexed.to_rgb(), again.indexed.to_rgb())
