"""Kernels read safely what another thread writes to, and what fits nothing: they never crash."""

import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest

from fewcolors import _core

CHANGED_WHILE_READ = """
import contextlib
import threading
import numpy as np
from fewcolors import _core

rng = np.random.default_rng(0)
spread, alike = rng.integers(0, 256, 3_000_000, np.uint8), np.full(3_000_000, 7, np.uint8)
pixels = spread.copy()
contrast = np.zeros(len(pixels) // 3, np.uint8)
rows, ones = spread[:1_200_000].reshape(-1, 3) / 1.0, np.ones(400_000)
weights = ones.copy()
centroids = rows[:20].copy()
done = threading.Event()

def change():
    while not done.is_set():
        pixels[:], weights[:], rows[:9000] = alike, 0.0, np.nan
        pixels[:], weights[:], rows[:9000] = spread, 1.0, rows[9000:18000]

thread = threading.Thread(target=change)
thread.start()
try:
    for _ in range(6):
        _core.count_colors(pixels, 3, contrast, False, 2)
        _core.count_colors(pixels[: len(pixels) // 4 * 4], 4, b"", False, 2)
        for dims in (3, 6):
            with contextlib.suppress(ValueError):  # rows that are not finite are refused
                _core.unique_rows(rows.reshape(-1, dims), weights[: rows.size // dims], 2)
        _core.coarsen(rows, weights, 64)
        _core.lloyd(rows[:9000], weights[:9000], centroids, 3, 0.0, 2)
        _core.best_restarts(
            rows[:9000], weights[:9000], k=9, seeding=_core.Seeding.PLUS_PLUS, n_init=2,
            n_best=1, max_iter=3, tolerance=0.0, seed=1, n_threads=2,
        )
finally:
    done.set()
    thread.join()
"""


def test_buffers_may_change_while_they_are_read() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHANGED_WHILE_READ], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("channels", [3, 4])
def test_pixels_whose_colours_have_no_label_take_some_label(channels: int) -> None:
    pixels = np.arange(300 * channels, dtype=np.uint32).astype(np.uint8)
    for colors in (np.zeros((0, 4), np.uint8), np.array([[0, 0, 0, 255]], np.uint8)):
        labels = np.full(len(colors), 3, np.uint8)
        indices = _core.map_colors(pixels, channels, colors, labels, 2)
        assert set(bytes(indices)) <= {0, 3}


def test_indices_beyond_the_palette_are_transparent_black() -> None:
    pixels = np.zeros(3 * 16, np.uint8)
    palette = np.array([[0, 0, 0, 255]], np.uint8)
    indices = np.array([0, 255] * 8, np.uint8)
    counts, error = _core.compare(pixels, 4, 3, indices, palette, 1)
    assert (counts, error) == ([8], 8 * 255.0**2)
    assert _core.score(pixels, 4, 3, indices, palette, 1) == 100.0
    _core.renumber(indices, b"\5", 1)
    assert bytes(indices) == bytes([5, 0] * 8)


WIDTH, HEIGHT = 300, 40


def plans() -> dict[str, Any]:
    rng = np.random.default_rng(1)
    steps = rng.integers(0, 2**16, (2000, 2), np.uint16)
    return {
        "none": np.zeros((0, 2), np.uint16),
        "of nothing": np.zeros((5000, 2), np.uint16),
        "too short": np.array([[100, 0], [200, 301]], np.uint16),
        "beyond the row": np.full((HEIGHT, 2), 65535, np.uint16),
        "beyond the window": np.array([[WIDTH, 32769]] * HEIGHT, np.uint16),
        "too short copies": np.array([[1, 301], [2, 1], [1, 1]] * 4000, np.uint16),
        "of another picture": np.array([[7, 0], [293, 5]] * HEIGHT, np.uint16),
        "any": steps,
        "any small": steps % 400,
    }


@pytest.mark.parametrize("name", plans())
@pytest.mark.parametrize("n_values", [1, 2, 200])
def test_any_plan_gives_a_stream_of_the_indices(name: str, n_values: int) -> None:
    indices = np.random.default_rng(2).integers(0, n_values, (HEIGHT, WIDTH), np.uint8)
    stream = _core.deflate_copy_plan(indices.ravel(), WIDTH, plans()[name], 2)
    assert zlib.decompress(stream) == b"".join(b"\0" + row.tobytes() for row in indices)


def test_a_plan_may_copy_the_zeros_before_rows() -> None:
    indices = np.zeros((HEIGHT, WIDTH), np.uint8)
    plan = np.array([[WIDTH, 0], *[[WIDTH, 200]] * (HEIGHT - 1)], np.uint16)
    stream = _core.deflate_copy_plan(indices.ravel(), WIDTH, plan, 1)
    assert zlib.decompress(stream) == bytes((WIDTH + 1) * HEIGHT)
    assert len(stream) < 150
