"""Weights: smooth areas count for more in the palette, and drawings are told from photos."""

from typing import Any

import numpy as np
import pytest
import reference
from PIL import Image, ImageDraw

import fewcolors
from fewcolors import _core
from fewcolors.options import METHODS, Method


def noisy_photo(height: int = 80, width: int = 90, channels: int = 3, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    smooth = np.stack([90 + 50 * np.sin((x + c * y) / 19) for c in range(channels)], axis=2)
    rough = np.where(x > width // 2, 25, 2)[:, :, None]
    return (smooth + rng.normal(0, 1, smooth.shape) * rough).clip(0, 255).astype(np.uint8)


def page() -> Any:
    image = Image.new("RGB", (200, 120), "white")
    draw = ImageDraw.Draw(image)
    for row in range(8):
        draw.text((5, 4 + 14 * row), "how vexingly quick daft zebras jump", fill=(20, 20, 40))
    return np.asarray(image)


def weights_of(pixels: Any, **options: Any) -> fewcolors.Weights:
    return fewcolors.weigh(fewcolors.decode(pixels), fewcolors.Options(**options))


def weighted_counts(pixels: Any, contrast: Any, n_threads: int = 1) -> dict[Any, float]:
    colors, weights = _core.count_colors(
        pixels.ravel(), pixels.shape[2], contrast, False, n_threads
    )
    return dict(zip(map(tuple, np.array(colors).tolist()), list(weights), strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_a_photo_is_no_graphic(seed: int) -> None:
    weights = weights_of(noisy_photo(seed=seed))
    assert not weights.is_graphic
    assert len(weights.contrast) == 80 * 90


@pytest.mark.parametrize(
    "pixels", [np.full((50, 60, 3), 255, np.uint8), page()], ids=["white", "text"]
)
def test_a_page_is_a_graphic_whose_pixels_all_weigh_the_same(pixels: Any) -> None:
    weights = weights_of(pixels)
    assert weights.is_graphic
    assert len(weights.contrast) == 0


@pytest.mark.parametrize("pixels", [noisy_photo(), page()], ids=["photo", "page"])
def test_classic_weighs_nothing(pixels: Any) -> None:
    weights = weights_of(pixels, method="classic")
    assert (weights.is_graphic, len(weights.contrast)) == (False, 0)


def test_pixels_on_smooth_ground_weigh_more() -> None:
    pixels = noisy_photo()
    weights = reference.palette_weights()[np.asarray(weights_of(pixels).contrast)].reshape(80, 90)
    assert weights[:, :35].min() > weights[:, 55:].max()


@pytest.mark.parametrize("channels", [3, 4])
def test_a_colour_weighs_what_its_pixels_do(channels: int) -> None:
    pixels = noisy_photo(channels=channels) // 32 * 32
    if channels == 4:
        pixels[:, :, 3] = np.random.default_rng(1).choice([0, 90, 255], pixels.shape[:2])
    contrast = np.random.default_rng(2).integers(0, 256, pixels.shape[:2], np.uint8).ravel()
    expected: dict[Any, float] = {}
    for pixel, byte in zip(pixels.reshape(-1, channels).tolist(), contrast, strict=True):
        color = tuple([*pixel, 255][:4]) if [*pixel, 255][3] else (0, 0, 0, 0)
        expected[color] = expected.get(color, 0) + reference.palette_weights()[byte]
    for n_threads in (1, 2, 5):
        assert weighted_counts(pixels, contrast, n_threads) == expected


def test_no_weight_means_one_a_pixel() -> None:
    pixels = noisy_photo()
    decoded = fewcolors.decode(pixels)
    unweighted = fewcolors.Weights(b"", is_graphic=False)
    assert sum(fewcolors.build_histogram(decoded, 1, unweighted).weights) == 80 * 90
    assert sum(fewcolors.build_histogram(decoded).weights) == 80 * 90


@pytest.mark.parametrize("channels", [3, 4])
def test_weighted_halves_merge_into_the_whole(channels: int) -> None:
    pixels = noisy_photo(channels=channels)
    contrast = np.asarray(weights_of(pixels).contrast).reshape(80, 90)

    def histogram(rows: slice) -> fewcolors.Histogram:
        part = fewcolors.decode(np.ascontiguousarray(pixels[rows]))
        weights = fewcolors.Weights(contrast[rows].tobytes(), is_graphic=False)
        return fewcolors.build_histogram(part, 2, weights)

    whole = histogram(slice(None))
    merged = histogram(slice(0, 33)).merge(histogram(slice(33, None)))
    assert bytes(merged.colors) == bytes(whole.colors)
    assert list(merged.weights) == list(whole.weights)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_picture_counted_in_parts_is_counted_right(weighted: bool) -> None:
    height, width = 2100, 2003  # beyond the 2^22 pixels of a part
    greys = np.random.default_rng(3).integers(0, 256, height * width, np.uint8)
    contrast = np.roll(greys, 12345)
    weights = reference.palette_weights()[contrast] if weighted else None
    pixels = np.repeat(greys, 3).reshape(height, width, 3)
    expected = np.bincount(greys, weights, minlength=256)
    counts = weighted_counts(pixels, contrast if weighted else b"", 2)
    assert [counts[grey, grey, grey, 255] for grey in range(256)] == expected.tolist()


@pytest.mark.parametrize("method", METHODS)
def test_a_palette_of_a_weighted_picture_leans_to_the_smooth_side(method: Method) -> None:
    image = np.concatenate([noisy_photo(seed=1), 255 - noisy_photo(seed=1)], axis=1)
    pixels, options = fewcolors.decode(image), fewcolors.Options(n_colors=24, method=method)
    weights = fewcolors.weigh(pixels, options)
    plain = fewcolors.build_palette(fewcolors.build_histogram(pixels), options)
    weighted = fewcolors.build_palette(fewcolors.build_histogram(pixels, 1, weights), options)
    assert (plain == weighted) == (method == "classic")
