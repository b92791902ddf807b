"""The figure: both pictures as they are, and the palette under them."""

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

import fewcolors
from fewcolors.figures.side_by_side import side_by_side


def drawn(pixels: Any, n_colors: int, name: str = "figure.png") -> Image.Image:
    result = fewcolors.compress(pixels, n_colors)
    return Image.open(io.BytesIO(side_by_side(pixels, result, name)))


def contains(figure: Any, picture: Any) -> bool:
    height, width = picture.shape[:2]
    for top in range(figure.shape[0] - height + 1):
        hits = (figure[top, : figure.shape[1] - width + 1] == picture[0, 0]).all(axis=-1)
        for left in np.flatnonzero(hits):
            if (figure[top : top + height, left : left + width] == picture).all():
                return True
    return False


def test_both_pictures_stand_in_it_pixel_for_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (300, 500, 3), np.uint8)
    figure = np.asarray(drawn(pixels, 7).convert("RGB"))
    assert contains(figure, pixels)
    assert contains(figure, fewcolors.quantize(pixels, 7).to_rgb())


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 2000, 3), (2000, 5, 3), (40, 40, 4)])
def test_every_shape_fits(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    figure = drawn(pixels, 256)
    assert 600 < figure.width < 3200
    assert 100 < figure.height < 4000


@pytest.mark.parametrize(
    ("name", "kind"), [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.webp", "WEBP")]
)
def test_the_extension_decides_the_format(name: str, kind: str) -> None:
    pixels = np.zeros((9, 9, 3), np.uint8)
    assert drawn(pixels, 2, name).format == kind
