"""Graphics: equal colours stay equal, small areas keep theirs, and no colour is wasted."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import fewcolors
from fewcolors import _core
from fewcolors.options import EFFORTS, Effort

RED = (230, 20, 30)


def drawing(badge: tuple[int, int, int] | None = RED) -> Any:
    """A window in blues and greys with text, thousands of whose pixels outweigh a small badge."""
    image = Image.new("RGB", (320, 256), (236, 240, 245))
    draw = ImageDraw.Draw(image)
    for x in range(320):
        draw.line((x, 0, x, 40), fill=(20 + x // 4, 60 + x // 5, 140 + x // 5))
    for row in range(10):
        shade = 30 + 12 * row
        draw.text((12, 50 + 20 * row), "sphinx of black quartz, judge my vow", fill=(shade,) * 3)
    if badge is not None:
        draw.rectangle((300, 200, 305, 205), fill=badge)
    return np.asarray(image)


def missed(colors: Any, counts: Any, palette: Any, limit: int = 32) -> list[tuple[int, ...]]:
    found = _core.missed_colors(
        np.array(colors, np.uint8), np.array(counts, np.float64), np.array(palette, np.uint8), limit
    )
    return [tuple(color) for color in np.asarray(found).reshape(-1, 4).tolist()]


def away_from(color: tuple[int, ...], rgb: Any) -> int:
    return int(np.abs(rgb.astype(np.int64) - color).max())


def test_the_drawing_is_a_graphic_of_many_colours() -> None:
    weights = fewcolors.weigh(fewcolors.decode(drawing()), fewcolors.Options())
    assert weights.is_graphic
    assert fewcolors.build_histogram(fewcolors.decode(drawing())).n_colors > 90


# Small areas


@pytest.mark.parametrize("effort", EFFORTS)
def test_a_small_badge_keeps_its_colour_at_low_quality(effort: Effort) -> None:
    result = fewcolors.quantize(drawing(), quality=40, effort=effort)
    assert away_from(RED, result.to_rgb()[200:206, 300:306]) <= 8


@pytest.mark.parametrize("n_colors", [8, 16, 40])
def test_a_small_badge_keeps_its_colour_within_few_colours(n_colors: int) -> None:
    result = fewcolors.quantize(drawing(), n_colors)
    assert result.n_colors <= n_colors
    assert away_from(RED, result.to_rgb()[200:206, 300:306]) <= 8


def test_missed_is_what_is_far_from_all_entries_and_large_enough() -> None:
    grey, red, blue = (120, 120, 120, 255), (230, 20, 30, 255), (10, 30, 220, 255)
    colors, palette = [grey, red, blue], [grey]
    assert missed(colors, [1000, 36, 20], palette) == [red, blue]
    assert missed(colors, [1000, 20, 400], palette) == [blue, red]
    assert missed(colors, [1000, 36, 15], palette) == [red]  # too small to be seen as an area
    assert missed(colors, [1000, 36, 20], palette, limit=1) == [red]
    assert missed(colors, [1000, 36, 20], palette, limit=0) == []
    assert missed(colors, [1000, 36, 20], [grey, red]) == [blue]
    assert missed(colors, [1000, 36, 20], colors) == []


def test_an_area_of_several_shades_is_missed_once_as_its_most_frequent() -> None:
    shades = [(228 + i, 20 + i, 30, 255) for i in range(5)]
    assert missed(shades, [4, 4, 9, 4, 4], [(0, 0, 0, 255)]) == [shades[2]]


def test_transparency_can_be_missed() -> None:
    opaque, clear = (90, 90, 90, 255), (0, 0, 0, 0)
    assert missed([opaque, clear], [500, 50], [opaque]) == [clear]


# Repetition


@settings(max_examples=25)
@given(
    st.integers(0, 2**32 - 1),
    st.one_of(
        st.integers(1, 256).map(lambda n: {"n_colors": n}),
        st.integers(0, 100).map(lambda q: {"quality": q}),
    ),
)
def test_equal_colours_get_equal_indices(seed: int, options: dict[str, Any]) -> None:
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (8, 9, 3), np.uint8)
    pixels = blocks.repeat(5, axis=0).repeat(4, axis=1)
    indices = fewcolors.quantize(pixels, **options).indices
    colors = pixels.astype(np.int64) @ np.array([65536, 256, 1])
    seen: dict[int, int] = {}
    for color, index in zip(colors.ravel().tolist(), indices.ravel().tolist(), strict=True):
        assert seen.setdefault(color, index) == index


@pytest.mark.parametrize("quality", [30, 60, 90])
def test_letters_repeat_exactly(quality: int) -> None:
    image = Image.new("RGB", (300, 256), "white")
    ImageDraw.Draw(image).text((5, 5), "minimum", fill=(40, 30, 90))
    page = np.array(image)
    page[40:256] = np.tile(page[:24], (9, 1, 1))
    indices = fewcolors.quantize(page, quality=quality).indices
    for copy in range(9):
        np.testing.assert_array_equal(indices[40 + 24 * copy : 64 + 24 * copy], indices[:24])


# Few colours, and how few


@pytest.mark.parametrize("n_colors", [200, 256, None])
def test_few_colours_stay_exact(n_colors: int | None) -> None:
    pixels = drawing() // 8 * 8
    quality = None if n_colors else 100
    result = fewcolors.compress(pixels, n_colors, quality=quality)
    np.testing.assert_array_equal(result.indexed.to_rgb(), pixels)
    assert (result.score, result.mse) == (100.0, 0.0)


@pytest.mark.long
def test_a_higher_score_takes_more_colours_and_is_reached() -> None:
    results = [fewcolors.compress(drawing(), quality=quality) for quality in (30, 60, 80, 95)]
    counts = [result.n_colors for result in results]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    for quality, result in zip((30, 60, 80, 95), results, strict=True):
        assert result.score >= min(quality - 1.0, result.ceiling - 0.5)
        assert result.score <= result.ceiling


def test_colours_bound_the_search() -> None:
    result = fewcolors.compress(drawing(), 12, quality=100)
    assert result.n_colors <= 12
    assert result.score == result.ceiling


def test_like_colours_stand_side_by_side() -> None:
    def steps(palette: Any) -> float:
        return float(np.abs(np.diff(palette.astype(np.float64), axis=0)).sum())

    image = fewcolors.quantize(drawing(), 64)
    by_count = image.palette.colors[np.argsort(image.counts)[::-1]]
    assert steps(image.palette.colors) < 0.7 * steps(by_count)


# Transparency


def icon() -> Any:
    """A disc of shades on nothing, with a red spot and a yellow one."""
    image = Image.new("RGBA", (64, 64))
    draw = ImageDraw.Draw(image)
    for inset in range(20):
        box = (2 + inset, 2 + inset, 61 - inset, 61 - inset)
        draw.ellipse(box, fill=(20, 60 + 3 * inset, 120 + 4 * inset, 255))
    draw.rectangle((28, 28, 33, 33), fill=(250, 10, 10, 255))
    draw.rectangle((20, 36, 25, 41), fill=(250, 240, 10, 255))
    return np.asarray(image)


@pytest.mark.parametrize("options", [*({"n_colors": n} for n in (2, 3, 4, 5, 9)), {"quality": 1}])
def test_transparent_stays_transparent_beside_missed_colours(options: dict[str, Any]) -> None:
    pixels = icon()
    assert fewcolors.weigh(fewcolors.decode(pixels), fewcolors.Options()).is_graphic
    image = fewcolors.quantize(pixels, **options)
    assert image.n_colors <= options.get("n_colors", 256)
    alpha = image.to_rgba()[:, :, 3]
    np.testing.assert_array_equal(alpha == 0, pixels[:, :, 3] == 0)
    np.testing.assert_array_equal(alpha == 255, pixels[:, :, 3] == 255)
