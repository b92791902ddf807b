"""Dithering: right on the mean, clean where nothing is to be dithered, the same on all threads."""

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import reference
from conftest import MakePicture, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import fewcolors
from fewcolors import Options, _core
from fewcolors.quality.dithering import LEAST_GAIN

ROWS_OF_BAND = 128  # of kernels/assign/diffusion.cpp
BLACK_AND_WHITE = np.array([[0, 0, 0, 255], [255, 255, 255, 255]], np.uint8)
ORDERED = "ordered"
WAYS: list[Any] = [0.5, 1.0, ORDERED]
SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "blue_noise.py"


def dithered(pixels: Any, palette: Any, how: Any, n_threads: int = 1) -> Any:
    height, width, channels = pixels.shape
    data = np.ascontiguousarray(pixels).ravel()
    if how == ORDERED:
        indices = _core.dither_ordered(data, width, channels, palette, n_threads)
    else:
        indices = _core.diffuse_error(data, width, channels, palette, how, n_threads)
    return np.asarray(indices).reshape(height, width)


def greys(*values: int) -> Any:
    return np.array([[value] * 3 + [255] for value in values], np.uint8)


def flat(color: tuple[int, ...], height: int = 64, width: int = 64) -> Any:
    return np.full((height, width, len(color)), color, np.uint8)


def gradient(height: int, width: int, channels: int = 3) -> Any:
    y, x = np.mgrid[:height, :width]
    planes = [(x * 3 + y * (c + 1)) % 256 for c in range(channels)]
    picture = np.stack(planes, axis=2).astype(np.uint8)
    if channels == 4:
        picture[:, :, 3] = np.array([0, 90, 255], np.uint8)[(x // 7 + y // 5) % 3]
    return picture


def random_palette(n_entries: int, alphas: tuple[int, ...] = (255,), seed: int = 3) -> Any:
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 256, (n_entries, 4), np.uint8)
    palette[:, 3] = np.resize(alphas, n_entries)
    palette[palette[:, 3] == 0] = 0
    return palette


def mean_light(indices: Any, palette: Any) -> float:
    lights = reference.oklab(palette[:, :3].astype(float))[:, 0]
    return float(lights[indices].mean())


# Any shape, any palette


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 7), (129, 8), (400, 30)])
def test_any_shape_gets_the_same_indices_on_any_number_of_threads(
    size: tuple[int, int], channels: int, how: Any
) -> None:
    pixels = gradient(*size, channels)
    palette = random_palette(21, (255, 0, 90) if channels == 4 else (255,))
    alone = dithered(pixels, palette, how)
    for n_threads in (2, 3):
        np.testing.assert_array_equal(dithered(pixels, palette, how, n_threads), alone)


@settings(max_examples=60)
@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from([3, 4]),
    st.sampled_from([1, 2, 7, 8, 9, 255, 256]),
    st.sampled_from(WAYS),
    st.integers(0, 2**32 - 1),
)
def test_any_small_picture_gets_indices_of_its_palette(
    height: int, width: int, channels: int, n: int, how: Any, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    palette = random_palette(n, (0, 255, 77) if channels == 4 else (255,), seed)
    indices = dithered(pixels, palette, how)
    assert indices.shape == (height, width)
    assert indices.max() < n


def test_strength_0_is_the_nearest_entry() -> None:
    pixels, palette = gradient(40, 50), random_palette(30)
    entries = reference.planes(palette[None, :, :3])[0]
    rows = reference.planes(pixels).reshape(-1, 3)
    distances = reference.squared_distances(rows, entries)
    chosen = distances[np.arange(len(rows)), dithered(pixels, palette, 0.0).ravel()]
    assert (chosen - distances.min(axis=1)).max() < 1e-6


# What dithering is for


@pytest.mark.parametrize(("how", "within"), [(1.0, 0.01), (ORDERED, 0.01)])
@pytest.mark.parametrize("grey", [100, 110, 120])
def test_a_flat_grey_between_two_entries_comes_right_on_the_mean(
    grey: int, how: Any, within: float
) -> None:
    palette = greys(80, 140)
    light = mean_light(np.zeros((1, 1), int), greys(grey))
    indices = dithered(flat((grey,) * 3), palette, how)
    assert mean_light(indices, palette) == pytest.approx(light, abs=within)


@pytest.mark.parametrize("how", WAYS)
def test_an_area_of_an_entry_s_colour_has_no_dots(how: Any) -> None:
    picture = gradient(64, 96)
    picture[10:40, 20:70] = (200, 40, 40)
    palette = np.concatenate([random_palette(6), np.array([[200, 40, 40, 255]], np.uint8)])
    assert (dithered(picture, palette, how)[10:40, 20:70] == 6).all()


@pytest.mark.parametrize("how", WAYS)
def test_an_area_close_to_an_entry_has_no_dots(how: Any) -> None:
    assert (dithered(flat((84, 84, 84)), greys(80, 140), how) == 0).all()


def test_error_does_not_cross_an_edge() -> None:
    picture = flat((120, 120, 120), 64, 64)
    picture[:, 32:] = (10, 10, 10)
    beside = dithered(picture, greys(0, 20, 100, 140), 1.0)[:, 32:]
    assert beside.mean() > 0
    alone = dithered(np.ascontiguousarray(picture[:, 32:]), greys(0, 20, 100, 140), 1.0)
    assert beside.mean() == pytest.approx(alone.mean(), abs=0.02)
    assert beside.max() <= 1


def test_bands_meet_without_a_seam() -> None:
    picture = flat((112, 112, 112), 3 * ROWS_OF_BAND, 256)
    picture += (np.arange(256) // 16).astype(np.uint8)[None, :, None]
    indices = dithered(picture, greys(80, 140), 1.0).astype(float)
    rows = indices.mean(axis=1)
    changes = np.abs(np.diff(indices, axis=0)).mean(axis=1)
    inside = np.r_[40:120, 140:250, 262:380]
    for seam in (ROWS_OF_BAND, 2 * ROWS_OF_BAND):
        assert rows[seam] == pytest.approx(rows[inside].mean(), abs=0.03)
        assert changes[inside].min() - 0.1 < changes[seam - 1] < changes[inside].max() + 0.1


# Alpha


@pytest.mark.parametrize("how", WAYS)
def test_kinds_do_not_mix(how: Any) -> None:
    pixels = gradient(140, 60, 4)
    palette = random_palette(30, (0, 255, 60, 130))
    chosen = palette[dithered(pixels, palette, how)][:, :, 3]

    def kinds(alphas: Any) -> Any:
        return np.select([alphas == 0, alphas == 255], [0, 2], 1)

    np.testing.assert_array_equal(kinds(chosen), kinds(pixels[:, :, 3]))


@pytest.mark.parametrize("how", WAYS)
def test_transparent_pixels_neither_give_nor_take_error(how: Any) -> None:
    picture = np.concatenate([gradient(40, 60), np.full((40, 60, 1), 255, np.uint8)], axis=2)
    picture[:, 30:33, 3] = 0
    other = picture.copy()
    other[:, 30:33, :3] = 99
    palette = random_palette(12, (255, 255, 255, 0))
    indices = dithered(picture, palette, how)
    np.testing.assert_array_equal(dithered(other, palette, how), indices)
    other[:, 33:, :3] ^= 255
    changed = dithered(other, palette, how)
    np.testing.assert_array_equal(changed[:, :33], indices[:, :33])


def test_a_palette_that_lacks_a_kind_still_serves() -> None:
    picture = gradient(30, 40, 4)
    for alphas in ((255,), (0,), (90,)):
        for how in WAYS:
            assert dithered(picture, random_palette(5, alphas), how).max() < 5


# Ordered


def test_an_ordered_index_depends_on_colour_place_and_palette_alone() -> None:
    palette, rng = random_palette(40), np.random.default_rng(1)
    first = gradient(150, 80)
    second = rng.integers(0, 256, first.shape, np.uint8)
    same = rng.random(first.shape[:2]) < 0.5
    second[same] = first[same]
    np.testing.assert_array_equal(
        dithered(second, palette, ORDERED)[same], dithered(first, palette, ORDERED)[same]
    )


def thresholds() -> Any:
    """Returns the mask's ranks, as the kernel's source has them."""
    header = SCRIPT.parents[1] / "kernels" / "assign" / "blue_noise.hpp"
    if not header.exists():
        pytest.skip(f"no sources: {header}")
    rows = [
        line.split('"(')[1].split(')"')[0]
        for line in header.read_text().splitlines()
        if 'R"(' in line
    ]
    digits = np.frombuffer("".join(rows).encode(), np.uint8).reshape(64, 64, 2).astype(int) - 48
    return digits[:, :, 0] * 64 + digits[:, :, 1]


def assert_blue(ranks: Any) -> None:
    side = len(ranks)
    assert sorted(ranks.ravel()) == list(range(side * side))
    frequencies = np.hypot(*np.meshgrid(*[np.fft.fftfreq(side)] * 2))
    low, high = (frequencies > 0) & (frequencies < 0.15), frequencies > 0.35
    for share in (0.1, 0.25, 0.5, 0.8):
        energy = np.abs(np.fft.fft2(ranks < share * side * side)) ** 2
        assert energy[low].mean() < 0.1 * energy[high].mean()


def test_the_mask_is_blue_noise() -> None:
    assert_blue(thresholds())


def test_the_mask_s_script_makes_blue_noise_and_the_same_again() -> None:
    if not SCRIPT.exists():
        pytest.skip(f"no sources: {SCRIPT}")
    script = runpy.run_path(str(SCRIPT))
    ranks = script["void_and_cluster"](32)
    assert_blue(ranks)
    np.testing.assert_array_equal(script["void_and_cluster"](32), ranks)


def test_the_mask_is_what_the_kernel_uses() -> None:
    ranks = thresholds()
    palette = greys(0, 255)
    light = mean_light(np.zeros((1, 1), int), greys(99))
    expected = ranks + 0.5 < light * 4096
    np.testing.assert_array_equal(dithered(flat((99, 99, 99)), palette, ORDERED), expected)


# As an option


@pytest.fixture
def photo(picture: MakePicture) -> Path:
    return picture("photo.png")


def test_a_number_of_colours_alone_is_kept(photo: Path) -> None:
    for how in (None, "none", 0.7, "auto", "ordered"):
        assert fewcolors.compress(photo, 12, dither=how).n_colors == 12


def test_none_is_the_nearest_colours(photo: Path) -> None:
    nearest = fewcolors.quantize(photo, 12, dither="none")
    for how in (None, 0, 0.0):
        assert bytes(fewcolors.quantize(photo, 12, dither=how).data) == bytes(nearest.data)
    pixels, options = fewcolors.decode(photo), Options(n_colors=12, dither="none")
    histogram = fewcolors.build_histogram(pixels, 1, fewcolors.weigh(pixels, options))
    image = fewcolors.assign(pixels, histogram, nearest.palette, options)
    assert nearest.palette == image.palette
    assert bytes(nearest.data) == bytes(image.data)


def test_auto_takes_what_scores_best(photo: Path) -> None:
    plain = fewcolors.compress(photo, 12, dither="none").score
    auto = fewcolors.compress(photo, 12, dither="auto").score
    assert auto == plain or auto >= plain + LEAST_GAIN
    assert auto >= fewcolors.compress(photo, 12, dither=1.0).score - LEAST_GAIN


def test_auto_leaves_a_picture_alone_whose_colours_all_fit(picture: MakePicture) -> None:
    assert fewcolors.compress(picture("palette.png"), 64, dither="auto").score == 100


def test_a_quality_steers_the_number_of_colours(photo: Path) -> None:
    few = fewcolors.compress(photo, quality=40, dither=1.0)
    more = fewcolors.compress(photo, quality=75, dither=1.0)
    assert few.n_colors < more.n_colors
    assert more.score >= 74


@pytest.mark.parametrize("how", ["none", "auto", "ordered", 1.0])
def test_a_palette_that_was_given_is_dithered_onto(photo: Path, how: Any) -> None:
    palette = ["#000000", "#ffffff", "#ff0000", "#0000ff"]
    image = fewcolors.quantize(photo, palette=palette, dither=how)
    assert set(image.palette.hex()) <= set(palette)
    kept = fewcolors.quantize(photo, palette=palette, dither=how, keep_palette_order=True)
    assert kept.palette.hex() == palette


@pytest.mark.parametrize("how", ["auto", "ordered", 1.0])
def test_classic_dithers_too(photo: Path, how: Any) -> None:
    plain = fewcolors.compress(photo, 6, method="classic", dither=None)
    assert fewcolors.compress(photo, 6, method="classic", dither=how).score > plain.score


@pytest.mark.parametrize("how", ["floyd", "0.5", 2, -0.1, float("nan")])
def test_a_wrong_way_to_dither_is_refused(how: Any) -> None:
    with pytest.raises(ValueError, match="dither must be"):
        fewcolors.quantize(np.zeros((2, 2), np.uint8), dither=how)


@pytest.mark.parametrize("how", [True, b"auto", [1]])
def test_the_wrong_type_is_refused(how: Any) -> None:
    with pytest.raises(TypeError, match="dither must be"):
        fewcolors.quantize(np.zeros((2, 2), np.uint8), dither=how)


def test_the_command_dithers(photo: Path, run_command: Run) -> None:
    for how, given_in_python in (("auto", "auto"), ("none", None), ("0.8", 0.8), ("ordered",) * 2):
        target = photo.with_name(f"{how}.png")
        done = run_command("compress", photo, "-k", "9", "--dither", how, "-o", target, "--force")
        assert done.returncode == 0, done.stderr
        expected: Any = fewcolors.quantize(photo, 9, dither=given_in_python)  # type: ignore[arg-type]
        with Image.open(target) as image:
            np.testing.assert_array_equal(np.asarray(image.convert("RGB")), expected.to_rgb())


def test_the_command_names_a_wrong_way(photo: Path, run_command: Run) -> None:
    done = run_command("compress", photo, "--dither", "1.5")
    assert done.returncode == 2
    assert b"--dither must be one of size-aware, auto, none, ordered or a number" in done.stderr
