"""Histograms: every colour once, with its number of pixels, and they add up."""

from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st

from fewcolors import Histogram, build_histogram, decode


def histogram_of(pixels: Any, threads: int = 1) -> Histogram:
    return build_histogram(decode(pixels), threads)


def counts_of(histogram: Histogram) -> dict[tuple[int, ...], float]:
    colors = [tuple(color) for color in np.array(histogram.colors).tolist()]
    assert len(set(colors)) == len(colors)
    return dict(zip(colors, list(histogram.weights), strict=True))


def same(a: Histogram, b: Histogram) -> bool:
    return bytes(a.colors) == bytes(b.colors) and bytes(a.weights) == bytes(b.weights)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("high", [3, 256])
def test_counts_are_those_of_counting(channels: int, high: int) -> None:
    rng = np.random.default_rng(channels)
    pixels = rng.integers(0, high, (50, 60, channels), np.uint8)
    expected = reference.count_colors(pixels.reshape(-1, channels))
    assert counts_of(histogram_of(pixels)) == expected


def test_alpha_zero_is_one_colour_and_comes_last() -> None:
    pixels = np.array([[[9, 9, 9, 0], [1, 2, 3, 0], [1, 2, 3, 255], [200, 2, 3, 7]]], np.uint8)
    histogram = histogram_of(pixels)
    assert histogram.has_transparent
    assert not histogram.is_opaque
    assert np.array(histogram.colors)[-1].tolist() == [0, 0, 0, 0]
    assert list(histogram.weights)[-1] == 2
    assert histogram.without_transparent().n_colors == 2


def test_threads_and_arrangement_do_not_matter() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (700, 400, 3), np.uint8)
    mirrored = np.ascontiguousarray(pixels[::-1, ::-1].transpose(1, 0, 2))
    assert same(histogram_of(pixels, 1), histogram_of(mirrored, 4))


pictures = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(0, 4, (6, 7, 4), np.uint8) * np.uint8(85)
)


@given(pictures, pictures, pictures)
def test_merging_commutes_and_associates(a: Any, b: Any, c: Any) -> None:
    x, y, z = (histogram_of(pixels) for pixels in (a, b, c))
    assert same(x.merge(y), y.merge(x))
    assert same(x.merge(y).merge(z), x.merge(y.merge(z)))


@given(pictures, pictures)
def test_a_merged_histogram_is_that_of_both_pictures(a: Any, b: Any) -> None:
    both = np.concatenate([a, b])
    assert same(histogram_of(a).merge(histogram_of(b)), histogram_of(both))
