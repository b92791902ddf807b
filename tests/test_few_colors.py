"""Large pictures of few colours are kept as indices, with the same results in less memory."""

import importlib
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

import fewcolors
from fewcolors import _core
from fewcolors.decode import FewColors, decode_compactly

few_colors = importlib.import_module("fewcolors.decode.few_colors")
strips = importlib.import_module("fewcolors.decode.strips")

LIMITS: dict[str, Any] = {
    "max_pixels": 1 << 20,
    "max_file_bytes": 1 << 20,
    "keep_profile": False,
    "keep_metadata": False,
    "allow_damaged": False,
}


def tiles(colors: Any, side: int = 7) -> Any:
    """Returns a picture of 26 x 40 flat tiles of these colours."""
    labels = np.random.default_rng(3).integers(0, len(colors), (26, 40))
    return colors[labels.repeat(side, 0).repeat(side, 1)]


def file_of(picture: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def some_colors(count: int, channels: int) -> Any:
    if channels == 1:
        return np.arange(0, 5 * count, 5, dtype=np.uint8)[:, None]
    return np.random.default_rng(5).integers(0, 256, (count, channels), np.uint8)


def with_hidden_colors() -> Any:
    colors = some_colors(40, 4)
    colors[:9, 3], colors[9:25, 3] = 0, 255
    return tiles(colors)


def few_above_many() -> Any:
    picture = with_hidden_colors()
    lower = picture[150:]
    lower[:] = np.random.default_rng(7).integers(0, 256, lower.shape)
    return picture


PICTURES = {
    "RGB": tiles(some_colors(40, 3)),
    "grey": tiles(some_colors(40, 1))[..., 0],
    "alpha 255 everywhere": np.dstack([tiles(some_colors(40, 3)), np.full((182, 280), 255, "u1")]),
    "hidden colours": with_hidden_colors(),
    "noise": some_colors(200, 3)[np.random.default_rng(4).integers(0, 200, (150, 200))],
    "few above many": few_above_many(),
}
CHOICES: list[dict[str, Any]] = [
    {},
    {"n_colors": 256},
    {"n_colors": 50, "dither": "ordered"},
    {"n_colors": 20},
    {"method": "classic", "effort": "fast"},
    {"quality": 100, "format": "webp"},
    {"keep_transparent_colors": True},
]


@pytest.fixture
def small_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "STRIP_PIXELS", 3_000)


@pytest.mark.parametrize("options", CHOICES, ids=str)
@pytest.mark.parametrize("name", PICTURES)
def test_results_are_those_of_the_pixels(
    name: str, options: dict[str, Any], small_strips: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = file_of(PICTURES[name])
    of_pixels = fewcolors.compress(data, **options)
    monkeypatch.setattr(few_colors, "LARGE_PIXELS", 1)
    of_indices = fewcolors.compress(data, **options)
    assert of_indices.data == of_pixels.data
    for attribute in ("score", "ceiling", "is_estimate", "n_distinct", "bytes_in", "note"):
        assert getattr(of_indices, attribute) == getattr(of_pixels, attribute)
    assert of_indices.indexed.counts == of_pixels.indexed.counts
    assert of_indices.indexed.mse == of_pixels.indexed.mse


@pytest.mark.parametrize("most_colors", [39, 40])
def test_more_colors_give_pixels(
    most_colors: int, small_strips: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = PICTURES["grey"].repeat(3).reshape(182, 280, 3)
    monkeypatch.setattr(few_colors, "LARGE_PIXELS", 1)
    file = file_of(PICTURES["grey"])
    decoded = decode_compactly(file, most_colors=most_colors, **LIMITS)
    if most_colors == 39:
        assert bytes(decoded.data) == picture.tobytes()  # type: ignore[union-attr]
        return
    assert isinstance(decoded, FewColors)
    palette = np.frombuffer(decoded.palette, np.uint8).reshape(-1, 4)
    shown = palette[np.frombuffer(decoded.indices, np.uint8)]
    assert shown[:, :3].tobytes() == picture.tobytes()
    assert sum(decoded.counts) == picture.shape[0] * picture.shape[1]


def test_pixels_behind_few_colors_keep_what_they_hide(
    small_strips: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = few_above_many()
    monkeypatch.setattr(few_colors, "LARGE_PIXELS", 1)
    decoded = decode_compactly(file_of(picture), most_colors=256, **LIMITS)
    assert bytes(decoded.data) == picture.tobytes()  # type: ignore[union-attr]


def test_pictures_that_are_turned_stay_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(few_colors, "LARGE_PIXELS", 1)
    file, exif = io.BytesIO(), Image.Exif()
    exif[274] = 6
    Image.fromarray(PICTURES["RGB"]).save(file, "PNG", exif=exif)
    decoded = decode_compactly(file.getvalue(), most_colors=256, **LIMITS)
    assert not isinstance(decoded, FewColors)


@pytest.mark.parametrize("shape", [(1, 3000), (3000, 1), (130, 2500), (1, 1)])
@pytest.mark.parametrize("channels", [3, 4])
def test_repetition_of_indices_is_that_of_pixels(shape: tuple[int, int], channels: int) -> None:
    random = np.random.default_rng(6)
    palette = (120 + random.integers(0, 9, (4, 4))).astype(np.uint8)
    palette[:, 3] = 255 if channels == 3 else [0, 90, 255, 255]
    indices = random.integers(0, 4, shape).astype(np.uint8)
    pixels = np.ascontiguousarray(palette[indices][..., :channels])
    expected = _core.repetition(pixels.ravel(), shape[1], channels, 2)
    assert _core.repetition_of_indices(indices.ravel(), shape[1], palette, 2) == expected
    assert max(expected) > 0 or shape == (1, 1) or 1 in shape
