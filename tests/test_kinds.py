"""Opaque, translucent and transparent pixels, however they come by their entries."""

from typing import Any

import numpy as np
import pytest

import fewcolors
from fewcolors import Palette

WAYS: list[dict[str, Any]] = [
    *({"n_colors": 12, "dither": how} for how in ("size-aware", "auto", "none", "ordered", 1.0)),
    {"n_colors": 12, "method": "classic"},
    {"n_colors": 12, "effort": "fast"},
    {"quality": 60},
    {"quality": 60, "effort": "fast"},
    {"quality": 60, "dither": 1.0},
    *({"dither": how} for how in ("size-aware", "none", "ordered", 1.0)),
]
GIVEN = [(r, g, b, 255) for r in (0, 255) for g in (0, 255) for b in (0, 255)]
GIVEN += [(0, 0, 0, 128), (255, 255, 255, 128), (255, 0, 0, 0), (0, 0, 255, 0)]


@pytest.fixture(scope="module")
def cut_out() -> Any:
    """A noisy picture whose alpha fades from 0 to 255, with red and blue where nothing is seen."""
    rng = np.random.default_rng(0)
    across = np.linspace(0, 255, 96)
    rgb = across[None, :, None] * [1.0, 0.6, 0.3] + rng.normal(0, 12, (80, 96, 3))
    alpha = np.clip((across - 64) * 2, 0, 255)[None, :, None].repeat(80, axis=0)
    pixels = np.concatenate([rgb, alpha], axis=2).clip(0, 255).astype(np.uint8)
    hidden = pixels[:, :, 3] == 0
    pixels[hidden] = (255, 0, 0, 0)
    pixels[40:][hidden[40:]] = (0, 0, 255, 0)
    return pixels


def options_of(way: dict[str, Any]) -> dict[str, Any]:
    if "n_colors" in way or "quality" in way:
        return way
    return {**way, "palette": Palette(bytes(np.array(GIVEN, np.uint8)))}


def result_of(pixels: Any, way: dict[str, Any], **options: Any) -> Any:
    image = fewcolors.quantize(pixels, **options_of(way), **options)
    indices = np.frombuffer(image.data, np.uint8).reshape(pixels.shape[:2])
    return image.palette.colors[indices]


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_opaque_and_transparent_pixels_stay_so(cut_out: Any, way: dict[str, Any]) -> None:
    alpha, found = cut_out[:, :, 3], result_of(cut_out, way)[:, :, 3]
    assert (found[alpha == 255] == 255).all()
    assert (found[alpha == 0] == 0).all()


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_colours_that_are_not_seen_are_kept_where_asked_for(
    cut_out: Any, way: dict[str, Any]
) -> None:
    hidden = cut_out[:, :, 3] == 0
    found = result_of(cut_out, way, keep_transparent_colors=True)
    error = np.abs(found[hidden].astype(int) - cut_out[hidden])
    assert error.max() <= 40, "red stays red, and blue blue"


def test_a_result_with_kept_colours_decodes_to_its_indices(cut_out: Any) -> None:
    options: dict[str, Any] = {"quality": 60, "effort": "fast", "keep_transparent_colors": True}
    expected = result_of(cut_out, options)
    data = fewcolors.compress(cut_out, **options).data
    decoded = np.frombuffer(fewcolors.decode(data).data, np.uint8).reshape(cut_out.shape)
    assert np.array_equal(decoded, expected)
