"""Local contrast: where the eye sees error, and where it does not."""

from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st

from fewcolors import _core


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)


def scene(height: int, width: int, channels: int = 3) -> Any:
    """A slope, an edge, and noise on one side of it."""
    y, x = np.mgrid[:height, :width]
    slope = np.stack([(x * (c + 1) + y) // 2 % 256 for c in range(channels)], axis=2)
    slope[:, width // 2 :] = 220
    rough = noise(height, width, channels) // 8
    return np.where((y > height // 2)[:, :, None], slope // 2 + rough, slope).astype(np.uint8)


def contrast_of(pixels: Any, n_threads: int = 1) -> Any:
    height, width, channels = pixels.shape
    contrast = _core.local_contrast(pixels.ravel(), width, channels, n_threads)
    return np.asarray(contrast).reshape(height, width).astype(np.int64)


def assert_agrees(pixels: Any) -> None:
    away = np.abs(contrast_of(pixels) - reference.local_contrast(pixels))
    assert away.max() <= 1
    assert (away > 0).mean() < 0.05 or away.size < 400


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("make", [noise, scene])
@pytest.mark.parametrize(
    "size",
    [(1, 1), (1, 40), (40, 1), (2, 3), (5, 5), (13, 13), (64, 9), (65, 70), (130, 33), (7, 4100)],
)
def test_contrast_is_that_of_the_twin(make: Any, size: tuple[int, int], channels: int) -> None:
    assert_agrees(make(*size, channels))


@settings(max_examples=30)
@given(st.integers(1, 30), st.integers(1, 30), st.sampled_from([3, 4]), st.integers(0, 99))
def test_contrast_of_any_small_picture_is_that_of_the_twin(
    height: int, width: int, channels: int, seed: int
) -> None:
    assert_agrees(noise(height, width, channels, seed))


@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), (13, 200, 99), (9, 8, 7, 6)])
@pytest.mark.parametrize("size", [(1, 1), (3, 200), (150, 31)])
def test_a_flat_picture_has_none(size: tuple[int, int], color: tuple[int, ...]) -> None:
    assert not contrast_of(np.full((*size, len(color)), color, np.uint8)).any()


def test_what_is_far_from_an_edge_has_none() -> None:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, 30:] = 255
    contrast = contrast_of(pixels)
    assert not contrast[:, : 30 - 6].any()
    assert not contrast[:, 30 + 6 :].any()
    assert contrast[:, 28:32].min() > 0


def test_black_and_white_side_by_side_have_the_most() -> None:
    board = np.indices((40, 40)).sum(axis=0) % 2 * 255
    contrast = contrast_of(np.stack([board] * 3, axis=2).astype(np.uint8))
    assert contrast[8:-8, 8:-8].min() >= 254  # away from the edges, which go on as they end


def test_the_smooth_side_of_an_edge_is_spared() -> None:
    pixels = scene(60, 60)
    pixels[:30] = 128
    pixels[30:] = noise(30, 60)
    contrast = contrast_of(pixels)
    assert contrast[27].max() < contrast[33].min()


@pytest.mark.parametrize("size", [(1, 1), (64, 64), (65, 64), (200, 77)])
def test_any_number_of_threads_gives_the_same_contrast(size: tuple[int, int]) -> None:
    pixels = noise(*size)
    alone = contrast_of(pixels)
    for n_threads in (2, 3, 8):
        np.testing.assert_array_equal(contrast_of(pixels, n_threads), alone)


# Pixels like their neighbours


def likeness(pixels: Any, n_threads: int = 1) -> tuple[float, float]:
    _, width, channels = pixels.shape
    return _core.repetition(pixels.ravel(), width, channels, n_threads)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 30), (30, 1), (70, 33), (200, 8)])
@pytest.mark.parametrize("coarseness", [1, 25, 200])
def test_the_shares_are_those_of_counting(
    size: tuple[int, int], channels: int, coarseness: int
) -> None:
    pixels = (noise(*size, channels) // coarseness).astype(np.int64)
    here = pixels[1:, 1:]  # the first row and column have not both neighbours
    left = np.abs(here - pixels[1:, :-1]).max(axis=2, initial=0)
    above = np.abs(here - pixels[:-1, 1:]).max(axis=2, initial=0)
    seen = (here[:, :, 3:] > 0).all(axis=2)  # what is not is left out
    repeated = max((seen & (left == 0)).sum(), (seen & (above == 0)).sum())
    same_alpha = (here == pixels[1:, :-1]) & (here == pixels[:-1, 1:])
    seen &= same_alpha[:, :, 3:].all(axis=2)
    noisy = (seen & (left > 0) & (left <= 8) & (above > 0) & (above <= 8)).sum()
    n_seen = max(1, int((pixels[:, :, 3:] > 0).all(axis=2).sum()))
    expected = (repeated / n_seen, noisy / n_seen)
    assert {likeness(pixels.astype(np.uint8), n) for n in (1, 2, 5)} == {expected}
