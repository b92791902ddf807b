"""Flat areas: found, told apart as people see colours, and kept by every palette of a drawing."""

import itertools
from typing import Any

import numpy as np
import pytest
from ciede2000 import ciede2000, lab_of_srgb
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import fewcolors
from fewcolors import _core

LEAST_AREA = 64
TOLERANCE = 1.0

# Sharma, Wu, Dalal 2005, table 1: pairs that reveal a wrong mean of hues or a wrong sign.
SHARMA = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, 2.8361, -74.0200), (50.0, 0.0, -82.7485), 3.4412),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, -1.1848, -84.8006), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, -0.9009, -85.5211), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0010), 7.1792),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0011), 7.2195),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0012), 7.2195),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0009, -2.4900), 4.8045),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0010, -2.4900), 4.8045),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0011, -2.4900), 4.7461),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
    ((50.0, 2.5, 0.0), (50.0, 3.1736, 0.5854), 1.0000),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]

rgb = st.tuples(*[st.integers(0, 255)] * 3)


def difference(one: Any, other: Any) -> float:
    return float(
        ciede2000(lab_of_srgb(np.array(one[:3]) / 255), lab_of_srgb(np.array(other[:3]) / 255))
    )


@pytest.mark.parametrize(("one", "other", "expected"), SHARMA)
def test_differences_are_those_published(one: Any, other: Any, expected: float) -> None:
    assert _core.ciede2000(*one, *other) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(one, other) == pytest.approx(expected, abs=5e-5)


@given(rgb, rgb)
def test_differences_of_colours_are_those_of_the_formula_in_numpy(one: Any, other: Any) -> None:
    found = _core.color_difference(bytes([*one, 255]), bytes([*other, 255]))
    assert found == pytest.approx(difference(one, other), abs=2e-3)


def test_translucent_colours_differ_as_on_the_worst_ground() -> None:
    clear, dark, light = bytes([0, 0, 0, 60]), bytes([0, 0, 0, 80]), bytes([255, 255, 255, 60])
    assert _core.color_difference(clear, clear) == 0.0
    seen = [
        difference(
            *(((0 * a + ground * (255 - a) + 127) // 255,) * 3 for a in (60, 80))  # black
        )
        for ground in (255, 128, 0)
    ]
    assert _core.color_difference(clear, dark) == pytest.approx(max(seen), abs=2e-3)
    assert _core.color_difference(clear, light) > 10  # alike on no ground


# Which areas there are


def areas_of(pixels: Any) -> tuple[dict[tuple[int, ...], int], Any]:
    height, width, channels = pixels.shape
    colors, counts, is_flat = _core.flat_areas(pixels.tobytes(), width, channels)
    found = np.asarray(colors).reshape(-1, 4).tolist()
    flat = np.asarray(is_flat).reshape(height, width)
    return {tuple(c): int(n) for c, n in zip(found, counts, strict=True)}, flat


def areas_by_flooding(pixels: Any) -> tuple[dict[tuple[int, ...], int], Any]:
    """Finds the same by visiting neighbours, pixel by pixel."""
    height, width, channels = pixels.shape
    is_seen, flat = np.zeros((height, width), bool), np.zeros((height, width), np.uint8)
    counts: dict[tuple[int, ...], int] = {}
    for start in np.ndindex(height, width):
        if is_seen[start]:
            continue
        color = tuple(pixels[start].tolist()) + ((255,) if channels == 3 else ())
        area, ahead = [], [start]
        is_seen[start] = True
        while ahead:
            y, x = ahead.pop()
            area.append((y, x))
            for place in ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)):
                inside = 0 <= place[0] < height and 0 <= place[1] < width
                if inside and not is_seen[place] and (pixels[place] == pixels[start]).all():
                    is_seen[place] = True
                    ahead.append(place)
        if len(area) >= LEAST_AREA and color[3] > 0:
            counts[color] = counts.get(color, 0) + len(area)
            for place in area:
                flat[place] = 1
    return counts, flat


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 64), (64, 1), (8, 8), (30, 41), (50, 7)])
@pytest.mark.parametrize("seed", range(4))
def test_areas_are_those_that_flooding_finds(
    seed: int, size: tuple[int, int], channels: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = (rng.random(size) < (0.0, 0.12, 0.35, 0.5)[seed]).astype(int)
    colors = rng.integers(0, 256, (2, channels), np.uint8)
    if channels == 4:
        colors[:, 3] = (255, 0) if seed % 2 else (90, 255)
    pixels = colors[labels]
    (counts, flat), (expected, expected_flat) = areas_of(pixels), areas_by_flooding(pixels)
    assert counts == expected
    np.testing.assert_array_equal(flat, expected_flat)


def test_64_pixels_are_an_area_and_63_are_none() -> None:
    pixels = np.zeros((9, 9, 3), np.uint8)
    pixels[:8, :8] = 200
    assert areas_of(pixels)[0] == {(200, 200, 200, 255): 64}
    pixels[0, 0] = 90
    assert areas_of(pixels)[0] == {}


# What palettes keep


def page(seed: int = 0) -> Any:
    """Swatches in pairs that are just told apart, on a page of gradients and text."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (360, 300), (255, 249, 247))
    draw = ImageDraw.Draw(image)
    for x in range(360):
        draw.line((x, 0, x, 60), fill=(20 + x // 2, 40 + x // 3, 200 - x // 3))
    for row in range(5):
        draw.text((8, 64 + 12 * row), "sphinx of black quartz, judge my vow", fill=(30 * row,) * 3)
    for number in range(24):
        x, y = 8 + 42 * (number % 8), 140 + 52 * (number // 8)
        color = rng.integers(0, 250, 3)
        draw.rectangle((x, y, x + 15, y + 40), fill=tuple(color.tolist()))
        near = color + np.array([5, 5, 4])
        draw.rectangle((x + 16, y, x + 31, y + 40), fill=tuple(near.tolist()))
    return np.asarray(image)


def shown_areas(pixels: Any, shown: Any) -> list[tuple[tuple[int, ...], int, list[Any]]]:
    counts, flat = areas_of(pixels)
    found = []
    for color, count in counts.items():
        where = (pixels == color[:3]).all(axis=2) & (flat == 1)
        found.append((color, count, np.unique(shown[where], axis=0).tolist()))
    return found


@pytest.mark.long
@pytest.mark.parametrize("quality", [75, 90])
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("effort", ["fast", "balanced"])
def test_areas_keep_their_colours(effort: Any, seed: int, quality: float) -> None:
    pixels = page(seed)
    result = fewcolors.compress(pixels, quality=quality, effort=effort)
    areas = shown_areas(pixels, result.indexed.to_rgb())
    assert len(areas) > 40
    for color, count, shown in areas:
        most = 0.0 if count >= 0.01 * pixels.shape[0] * pixels.shape[1] else TOLERANCE
        assert max(difference(color, each) for each in shown) <= most + 1e-3
    entries = {color: tuple(shown[0]) for color, _, shown in areas}
    for color, other in itertools.combinations(entries, 2):
        if difference(color, other) > TOLERANCE + 1e-3:
            assert entries[color] != entries[other]


def test_few_colours_go_to_areas_first() -> None:
    pixels = page()
    pixels = pixels.copy()
    pixels[140:] = (250, 250, 250)
    pixels[150:200, 10:60], pixels[150:200, 80:130] = (255, 0, 190), (245, 0, 170)
    shown = fewcolors.compress(pixels, 16).indexed.to_rgb()
    assert shown[170, 30].tolist() == [255, 0, 190]
    assert shown[170, 100].tolist() == [245, 0, 170]
    assert shown[280, 300].tolist() == [250, 250, 250]


# Bytes and quality


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1])
def test_bytes_do_not_rise_as_quality_falls(seed: int) -> None:
    pixels = page(seed)
    sizes = [fewcolors.compress(pixels, quality=q).bytes_out for q in range(95, 29, -13)]
    for better, worse in itertools.pairwise(sizes):
        assert worse <= 1.005 * better
