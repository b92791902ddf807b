"""Indices that deflate well: right in every shape, and the nearest where only error counts."""

import itertools
import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st

from fewcolors import _core
from fewcolors.assign.size_aware import REACHES

ROWS_OF_BAND = 128  # of kernels/assign/size_aware.cpp: drift starts anew there
HUGE = 1e15  # fidelity at which no bit counts
EVERY_REACH = sorted(REACHES.values())
BALANCED = REACHES["balanced"]


def photo(height: int, width: int, channels: int = 3, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    smooth = np.stack([128 + 60 * np.sin((x + c * y) / (17 + c)) for c in range(channels)], axis=2)
    noisy = smooth + rng.normal(0, 8, smooth.shape)
    if channels == 4:
        noisy[:, :, 3] = rng.choice([0, 100, 255], (height, width))
    return noisy.clip(0, 255).astype(np.uint8)


def random_palette(n_entries: int, alphas: tuple[int, ...] = (255,), seed: int = 5) -> Any:
    rng = np.random.default_rng(seed)
    colors = rng.permutation(2**15)[:n_entries]
    rgb = np.stack([colors >> 10, colors >> 5 & 31, colors & 31], axis=1) * 8
    alpha = np.resize(np.array(alphas), n_entries)[:, None]
    palette = np.concatenate([rgb, alpha], axis=1).astype(np.uint8)
    palette[palette[:, 3] == 0] = 0
    return palette


def grey_palette(n_entries: int) -> Any:
    greys = np.linspace(0, 255, n_entries).round()
    return np.stack([greys, greys, greys, np.full(n_entries, 255)], axis=1).astype(np.uint8)


def assigned(
    pixels: Any, palette: Any, fidelity: float, n_threads: int = 1, reach: Any = BALANCED
) -> Any:
    height, width, channels = pixels.shape
    data = np.ascontiguousarray(pixels).ravel()
    contrast = _core.local_contrast(data, width, channels, 1)
    rows, columns, far_tries = reach
    indices, _ = _core.assign_size_aware(
        data,
        width,
        channels,
        contrast,
        palette,
        fidelity=fidelity,
        rows=rows,
        columns=columns,
        far_tries=far_tries,
        n_threads=n_threads,
    )
    return np.asarray(indices).reshape(height, width)


def bytes_deflated(indices: Any) -> int:
    return len(zlib.compress(b"".join(b"\0" + row.tobytes() for row in indices), 9))


# Any shape, any palette


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize(
    "size",
    [
        (1, 1),
        (1, 500),
        (500, 1),
        (7, 3),
        (3, 7),
        (300, 20),
        (3, 40_000),
        (2, 32_767),
        (2, 32_768),
        (3, 140_000),
    ],
)
def test_any_shape_gets_the_same_indices_on_any_number_of_threads(
    size: tuple[int, int], channels: int
) -> None:
    pixels = photo(*size, channels)
    palette = random_palette(20, (255, 0, 120) if channels == 4 else (255,))
    alone = assigned(pixels, palette, 30_000.0)
    assert alone.max() < len(palette)
    for n_threads in (2, 3):
        np.testing.assert_array_equal(assigned(pixels, palette, 30_000.0, n_threads), alone)


@pytest.mark.parametrize("n_entries", [1, 2, 7, 8, 9, 17, 255, 256])
@pytest.mark.parametrize("fidelity", [1.0, 5_000.0, 1e7])
def test_indices_are_in_the_palette(n_entries: int, fidelity: float) -> None:
    indices = assigned(photo(40, 50), random_palette(n_entries), fidelity)
    assert indices.max() < n_entries


@settings(max_examples=150)
@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from([3, 4]),
    st.sampled_from([1, 2, 5, 40, 256]),
    st.sampled_from([0.001, 300.0, 30_000.0, 1e7]),
    st.sampled_from(EVERY_REACH),
    st.integers(0, 2**32 - 1),
)
def test_any_small_picture_gets_indices_of_its_palette(
    height: int, width: int, channels: int, n: int, fidelity: float, reach: Any, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, channels), np.uint8) // 64 * 64
    palette = random_palette(n, (0, 255, 77) if channels == 4 else (255,), seed)
    indices = assigned(pixels, palette, fidelity, reach=reach)
    assert indices.shape == (height, width)
    assert indices.max() < n


# Where error is all that counts


def assert_nearest_to_what_is_aimed_at(pixels: Any, palette: Any, indices: Any) -> None:
    """Follows the drift row by row, and finds no entry clearly nearer to a pixel's target."""
    entries = reference.planes(palette[None, :, :3])[0]
    originals = reference.planes(pixels)
    for y, original in enumerate(originals):
        if y % ROWS_OF_BAND == 0:
            drift = reference.Drift(pixels.shape[1])
        target = original - drift.correction
        distances = reference.squared_distances(target, entries)
        chosen = distances[np.arange(len(target)), indices[y]]
        assert (chosen - distances.min(axis=1)).max() < 1e-6, y
        drift.add(entries[indices[y]] - original)


@pytest.mark.parametrize("reach", EVERY_REACH)
@pytest.mark.parametrize("size", [(30, 40), (300, 17), (9, 8), (60, 5), (1, 90)])
@pytest.mark.parametrize("n_entries", [3, 30])
def test_the_nearest_to_the_drift_corrected_target_is_taken(
    n_entries: int, size: tuple[int, int], reach: Any
) -> None:
    pixels, palette = photo(*size), random_palette(n_entries)
    assert_nearest_to_what_is_aimed_at(pixels, palette, assigned(pixels, palette, HUGE, 2, reach))


@settings(max_examples=40)
@given(st.integers(1, 30), st.integers(1, 20), st.integers(2, 9), st.integers(0, 2**32 - 1))
def test_so_it_is_in_narrow_pictures_of_few_colours(
    height: int, width: int, n_entries: int, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 3, (height, width, 3), np.uint8) * np.uint8(90)
    palette = random_palette(n_entries, seed=seed)
    assert_nearest_to_what_is_aimed_at(pixels, palette, assigned(pixels, palette, HUGE))


@pytest.mark.parametrize("reach", EVERY_REACH)
@pytest.mark.parametrize("size", [(1, 1), (20, 11), (300, 7), (2, 33_000), (140, 60)])
@pytest.mark.parametrize("alphas", [(255,), (255, 0, 120)])
def test_a_picture_of_the_palettes_colours_comes_back(
    alphas: tuple[int, ...], size: tuple[int, int], reach: Any
) -> None:
    palette = random_palette(25, alphas)[: 25 if alphas == (255,) else 3]
    indices = np.random.default_rng(0).integers(0, len(palette), size)
    pixels = palette[indices][:, :, : 3 if alphas == (255,) else 4]
    np.testing.assert_array_equal(assigned(pixels, palette, 1e9, reach=reach), indices)


@pytest.mark.parametrize("width", range(1, 40))
def test_noise_of_three_colours_comes_back_at_any_width(width: int) -> None:
    # Copies from the end of a row to the start of the next are frequent here.
    palette = np.array([[0, 0, 0, 255], [255, 255, 255, 255], [255, 0, 0, 255]], np.uint8)
    for seed in range(25):
        indices = np.random.default_rng(seed).integers(0, 3, (8, width))
        pixels = palette[indices][:, :, :3]
        np.testing.assert_array_equal(assigned(pixels, palette, 1e9), indices)


def test_a_smooth_ramp_keeps_its_local_mean() -> None:
    ramp = np.linspace(40, 215, 256).round().astype(np.uint8)
    pixels = np.repeat(np.tile(ramp, (96, 1))[:, :, None], 3, axis=2)
    palette = grey_palette(7)
    lightness = reference.planes(palette[None, :, :3])[0, :, 0]
    wanted = reference.planes(pixels)[:, :, 0]

    def means(light: Any) -> Any:
        return light.reshape(3, 32, 16, 16).mean(axis=(1, 3))

    nearest = np.abs(lightness[:, None, None] - wanted).argmin(axis=0)
    away_nearest = np.abs(means(lightness[nearest]) - means(wanted)).max()
    away = np.abs(means(lightness[assigned(pixels, palette, 1e7)]) - means(wanted)).max()
    assert away < 0.02
    assert away < away_nearest / 2


# Transparency


@pytest.mark.parametrize("fidelity", [1_000.0, 30_000.0, 1e7])
@pytest.mark.parametrize("reach", EVERY_REACH)
@pytest.mark.parametrize("width", [5, 12, 50])
def test_each_kind_of_alpha_gets_entries_of_its_kind(
    width: int, reach: Any, fidelity: float
) -> None:
    pixels = photo(200, width, 4)
    palette = random_palette(24, (255, 0, 120))
    palette = np.concatenate([palette[palette[:, 3] > 0], np.zeros((1, 4), np.uint8)])
    chosen = palette[assigned(pixels, palette, fidelity, reach=reach)][:, :, 3]
    for alpha in (0, 100, 255):
        expected = {0: 0, 100: 120, 255: 255}[alpha]
        assert (chosen[pixels[:, :, 3] == alpha] == expected).all()


def test_what_lies_under_transparency_changes_nothing() -> None:
    pixels = photo(60, 40, 4)
    hidden = np.where(pixels[:, :, 3:] == 0, np.uint8(0), pixels)
    palette = random_palette(24, (255, 0, 120))
    for fidelity in (3_000.0, 1e7):
        np.testing.assert_array_equal(
            assigned(pixels, palette, fidelity), assigned(hidden, palette, fidelity)
        )


# Size


@pytest.mark.parametrize("reach", EVERY_REACH)
def test_less_fidelity_gives_smaller_files(reach: Any) -> None:
    pixels = photo(200, 300, seed=4)
    palette = random_palette(200)
    sizes = [
        bytes_deflated(assigned(pixels, palette, fidelity, 2, reach))
        for fidelity in (1e7, 1e6, 2e5, 5e4, 1e4, 5e3, 1e3)
    ]
    for larger, smaller in itertools.pairwise(sizes):
        assert smaller < 1.03 * larger
    assert sizes[5] < 0.6 * sizes[0]


@pytest.mark.parametrize("fidelity", [3_000.0, 10_000.0])
def test_error_goes_where_there_is_contrast(fidelity: float) -> None:
    pixels = photo(120, 160, seed=2)
    rough = np.random.default_rng(1).normal(0, 40, (120, 80, 3))
    pixels[:, 80:] = (pixels[:, 80:] + rough).clip(0, 255)
    palette = random_palette(250)
    chosen = reference.planes(palette[assigned(pixels, palette, fidelity)][:, :, :3])
    error = ((chosen - reference.planes(pixels)) ** 2).sum(axis=2)
    assert error[:, :70].mean() < error[:, 90:].mean()


@pytest.mark.limits
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("kind", ["size-aware", "diffuse", "ordered"])
def test_a_single_row_takes_no_more_memory_than_a_square(kind: str) -> None:
    code = """
import sys
import numpy as np
from fewcolors import _core
width, kind = 4_000_000, sys.argv[1]
pixels, contrast = bytes(3 * width), bytes(width)
palette = np.array([[0, 0, 0, 255]], np.uint8)
def peak():
    return int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
before = peak()
if kind == "size-aware":
    _core.assign_size_aware(pixels, width, 3, contrast, palette, fidelity=9000.0, rows=1,
                            columns=96, far_tries=0, n_threads=2)
elif kind == "diffuse":
    _core.diffuse_error(pixels, width, 3, palette, 0.5, 2)
else:
    _core.dither_ordered(pixels, width, 3, palette, 2)
print((peak() - before) * 1024 / width)
"""
    done = subprocess.run([sys.executable, "-c", code, kind], capture_output=True, check=True)
    assert float(done.stdout) < 16  # bytes a pixel; the index is one of them
