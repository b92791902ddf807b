"""What the report tells: counts, errors and the score, beside NumPy."""

from typing import Any

import numpy as np
import pytest

import fewcolors
from fewcolors import _core
from fewcolors.assign.order import indexed_image


def case(height: int, width: int, channels: int, n_entries: int, seed: int = 0) -> Any:
    """Returns pixels, indices and a palette that have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, channels), np.uint8)
    indices = rng.integers(0, n_entries, (height, width), np.uint8)
    palette = rng.integers(0, 256, (n_entries, 4), np.uint8)
    if channels == 3:
        palette[:, 3] = 255
    return pixels, indices, palette


def with_alpha(pixels: Any) -> Any:
    alpha = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return np.concatenate([pixels, alpha], axis=2)[:, :, :4]


def premultiplied(rgba: Any) -> Any:
    rgba = rgba.astype(np.float64)
    return np.concatenate([rgba[:, :, :3] * rgba[:, :, 3:] / 255, rgba[:, :, 3:]], axis=2)


def compare(pixels: Any, indices: Any, palette: Any, n_threads: int = 1) -> Any:
    _, width, channels = pixels.shape
    return _core.compare(pixels.ravel(), width, channels, indices.ravel(), palette, n_threads)


def score(pixels: Any, indices: Any, palette: Any, n_threads: int = 2) -> float:
    _, width, channels = pixels.shape
    return _core.score(pixels.ravel(), width, channels, indices.ravel(), palette, n_threads)


def ssimulacra2(original: Any, result: Any) -> float:
    height, width, _ = original.shape
    original, result = (np.ascontiguousarray(picture).ravel() for picture in (original, result))
    return _core.ssimulacra2(original, result, width, height, 2)


def on(background: int, rgba: Any) -> Any:
    wide = rgba.astype(np.int64)
    alpha = wide[:, :, 3:]
    return ((wide[:, :, :3] * alpha + background * (255 - alpha) + 127) // 255).astype(np.uint8)


def noisy_ramp(height: int, width: int, channels: int = 3) -> tuple[Any, Any, Any]:
    """Returns pixels, and indices and palette that are somewhat like them."""
    y, x = np.mgrid[:height, :width]
    light = (x * 3 + y * 2) % 256
    shown = np.stack([light, 255 - light, light // 2 + 60, 255 - light // 3], axis=2)
    palette = np.stack([np.arange(0, 256, 16)] * 4, axis=1)
    palette = np.stack(
        [palette[:, 0], 255 - palette[:, 0], palette[:, 0] // 2 + 60, 255 - palette[:, 0] // 3],
        axis=1,
    )
    if channels == 3:
        palette[:, 3] = 255
    indices = (light // 16).astype(np.uint8)
    return shown[:, :, :channels].astype(np.uint8), indices, palette.astype(np.uint8)


# Counts and errors


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (50, 60), (300, 900)])
@pytest.mark.parametrize("n_entries", [1, 5, 256])
def test_counts_and_error_are_numpys(size: tuple[int, int], n_entries: int, channels: int) -> None:
    pixels, indices, palette = case(*size, channels, n_entries)
    counts, error = compare(pixels, indices, palette)
    assert counts == np.bincount(indices.ravel(), minlength=n_entries).tolist()
    away = premultiplied(with_alpha(pixels)) - premultiplied(palette[indices])
    assert error == pytest.approx((away**2).sum(), rel=1e-12)
    assert all(compare(pixels, indices, palette, n) == (counts, error) for n in (2, 3))


def test_the_same_picture_has_no_error() -> None:
    _, indices, palette = case(20, 30, 4, 200)
    assert compare(palette[indices], indices, palette)[1] == 0


@pytest.mark.parametrize("count", [0, 1, 1000, 300_001])
def test_renumbering_is_a_look_up(count: int) -> None:
    rng = np.random.default_rng(count)
    indices, places = rng.integers(0, 256, count, np.uint8), rng.permutation(256).astype(np.uint8)
    for n_threads in (1, 3):
        renumbered = indices.copy()
        _core.renumber(renumbered, places, n_threads)
        np.testing.assert_array_equal(renumbered, places[indices])


@pytest.mark.parametrize("in_place", [False, True])
def test_indices_are_renumbered_in_place_only_where_that_is_asked(in_place: bool) -> None:
    given = memoryview(bytearray([0, 1, 1, 1]))
    pixels = fewcolors.decode(np.array([[[9, 9, 9], [200, 0, 0], [200, 0, 0], [200, 0, 0]]], "u1"))
    palette = fewcolors.Palette(bytes([9, 9, 9, 255, 200, 0, 0, 255]))
    image = indexed_image(pixels, palette, given, fewcolors.Options(), in_place=in_place)
    assert bytes(image.data) == bytes([1, 0, 0, 0])  # the most used first
    assert bytes(given) == (bytes([1, 0, 0, 0]) if in_place else bytes([0, 1, 1, 1]))


# The score

LEAST_SIDE = 225  # six scales take no less


def repeated(picture: Any) -> Any:
    rows, columns = (np.arange(max(side, LEAST_SIDE)) % side for side in picture.shape[:2])
    return picture[rows][:, columns]


@pytest.mark.parametrize("size", [(256, 256), (256, 400), (301, 257)])
def test_the_score_is_that_of_the_picture(size: tuple[int, int]) -> None:
    pixels, indices, palette = noisy_ramp(*size)
    expected = ssimulacra2(pixels, palette[indices][:, :, :3])
    assert 0 < expected < 95
    assert {score(pixels, indices, palette, n) for n in (1, 2, 3)} == {expected}


@pytest.mark.parametrize("size", [(1, 1), (9, 30), (64, 64), (224, 300), (400, 100)])
def test_a_small_picture_is_repeated(size: tuple[int, int]) -> None:
    # The measure would leave out its coarser scales, and be far too kind.
    pixels, indices, palette = noisy_ramp(*size)
    result = palette[indices][:, :, :3]
    expected = ssimulacra2(*(repeated(picture) for picture in (pixels, result)))
    # Only one of the repeated pictures counts, without the border of them all.
    assert score(pixels, indices, palette) == pytest.approx(expected, abs=2.0)


def test_a_small_picture_counts_once_and_whole() -> None:
    pixels = np.full((50, 60, 3), 128, np.uint8)
    indices = np.zeros((50, 60), np.uint8)
    palette = np.array([[128, 128, 128, 255], [150, 128, 128, 255]], np.uint8)
    assert score(pixels, indices, palette) == 100.0
    corners = [(0, 0), (0, 59), (49, 0), (49, 59), (25, 30)]
    for corner in corners:
        indices[:] = 0
        indices[corner] = 1
        assert 60 < score(pixels, indices, palette) < 99


@pytest.mark.parametrize("size", [(256, 256), (40, 300)])
def test_with_alpha_white_mid_grey_and_black_count_alike(size: tuple[int, int]) -> None:
    pixels, indices, palette = noisy_ramp(*size, channels=4)
    opaque = np.array([[0, 0, 0, 255]] * len(palette), np.uint8)
    scores = []
    for background in (255, 128, 0):
        view, opaque[:, :3] = on(background, pixels), on(background, palette[None])[0]
        scores.append(score(view, indices, opaque))
    assert len(set(scores)) == 3
    assert score(pixels, indices, palette) == pytest.approx(sum(scores) / 3, abs=1e-9)


@pytest.mark.parametrize("lightness", [0, 255])
def test_a_fault_on_one_background_alone_is_seen(lightness: int) -> None:
    # What is black, or white, and should be nothing shows on the other background alone.
    pixels, indices = np.zeros((256, 256, 4), np.uint8), np.zeros((256, 256), np.uint8)
    indices[100:140, 100:140] = 1
    palette = np.array([[0, 0, 0, 0], [lightness, lightness, lightness, 255]], np.uint8)
    assert score(pixels, indices, palette) < 90


@pytest.mark.parametrize(("height", "width"), [(1030, 2040), (2040, 1030), (9000, 250)])
def test_beyond_two_megapixels_eight_tiles_are_a_sample(height: int, width: int) -> None:
    pixels, indices, palette = noisy_ramp(height, width)
    columns = np.arange(max(width, LEAST_SIDE)) % width
    original, result = pixels[:, columns], palette[indices][:, :, :3][:, columns]
    tall, wide = (2, 4) if width >= height else (4, 2)
    tile_width = min(512, len(columns))
    scores = []
    for row in range(tall):
        top = (height - 512) * (2 * row + 1) // (2 * tall)
        for column in range(wide):
            left = (len(columns) - tile_width) * (2 * column + 1) // (2 * wide)
            window = np.s_[top : top + 512, left : left + tile_width]
            scores.append(ssimulacra2(original[window], result[window]))
    assert score(pixels, indices, palette) == pytest.approx(np.mean(scores), abs=1e-9)


@pytest.mark.parametrize("channels", [3, 4])
def test_the_same_picture_scores_100(channels: int) -> None:
    _, indices, palette = case(30, 40, channels, 99)
    assert score(palette[indices][:, :, :channels], indices, palette) == 100.0
