"""SSIMULACRA 2: the scores of the Python package of that name."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fewcolors import _core

TOLERANCE = 0.01  # the kernel counts with single precision; a hundredth is nothing to the eye


def wave(steps: Any, period: int) -> Any:
    """Returns a wave of straight lines, 0 to 255: whole numbers, the same on every machine."""
    return abs(steps % (2 * period) - period) * 255 // period


def scene(width: int, height: int) -> Any:
    """Slopes, edges and fine structure."""
    y, x = np.mgrid[:height, :width].astype(np.int64)
    red = (wave(x + y, 90) * 3 + wave(x * 2 - y, 7)) // 4
    green = (wave(x + 3 * y, 131) * 2 + wave(x * y // 16, 23)) // 3
    blue = np.where((x // 24 + y // 17) % 2 == 0, wave(y, 61), 200 - wave(x, 140) // 2)
    return np.stack([red, green, blue], axis=2).astype(np.uint8)


def fewer_levels(picture: Any) -> Any:
    return picture // 32 * 32 + 16


def speckled(picture: Any) -> Any:
    """Flips the last two bits of one value in seven."""
    places = np.arange(picture.size, dtype=np.uint64).reshape(picture.shape)
    moved = places * np.uint64(2654435761) % np.uint64(2**32) < 2**32 // 7
    return np.where(moved, picture ^ 3, picture).astype(np.uint8)


def smeared(picture: Any) -> Any:
    wide = np.pad(picture.astype(np.int64), ((0, 0), (2, 2), (0, 0)), mode="edge")
    width = picture.shape[1]
    return np.mean([wide[:, i : i + width] for i in range(5)], axis=0).astype(np.uint8)


def inverted(picture: Any) -> Any:
    return 255 - picture


DISTORTIONS = {f.__name__: f for f in (fewer_levels, speckled, smeared, inverted)}

# What compute_ssimulacra2 of the package ssimulacra2 0.3.0 returns for the scene and its distorted
# version, saved as PNG: see test_the_package_agrees, which makes them anew where it is installed.
SCORES = {
    (8, 8, "fewer_levels"): 93.92059,
    (8, 8, "speckled"): 98.46539,
    (8, 8, "smeared"): 98.61534,
    (8, 8, "inverted"): 83.66033,
    (15, 9, "fewer_levels"): 86.47874,
    (15, 9, "speckled"): 98.33807,
    (15, 9, "smeared"): 97.40666,
    (15, 9, "inverted"): 80.02809,
    (67, 131, "fewer_levels"): -10.33104,
    (67, 131, "speckled"): 92.21029,
    (67, 131, "smeared"): -20.66659,
    (67, 131, "inverted"): -2323.16082,
    (300, 257, "fewer_levels"): 59.37689,
    (300, 257, "speckled"): 95.18019,
    (300, 257, "smeared"): 20.12979,
    (300, 257, "inverted"): -5820.91360,
    (500, 12, "fewer_levels"): 89.14181,
    (500, 12, "speckled"): 98.26982,
    (500, 12, "smeared"): 89.94990,
    (500, 12, "inverted"): 59.40389,
}


def score(original: Any, distorted: Any, n_threads: int = 1) -> float:
    height, width, _ = original.shape
    return _core.ssimulacra2(original.ravel(), distorted.ravel(), width, height, n_threads)


def score_by_package(package: Any, original: Any, distorted: Any, folder: Path) -> float:
    paths = folder / "original.png", folder / "distorted.png"
    for picture, path in zip((original, distorted), paths, strict=True):
        Image.fromarray(picture).save(path)
    return float(package.compute_ssimulacra2(*paths))


@pytest.mark.parametrize(("width", "height", "distortion"), SCORES)
def test_the_scores_are_the_packages(width: int, height: int, distortion: str) -> None:
    original = scene(width, height)
    expected = SCORES[width, height, distortion]
    assert score(original, DISTORTIONS[distortion](original)) == pytest.approx(
        expected, abs=TOLERANCE
    )


def test_the_package_agrees(tmp_path: Path) -> None:
    package = pytest.importorskip("ssimulacra2")
    for (width, height, distortion), stored in SCORES.items():
        original = scene(width, height)
        distorted = DISTORTIONS[distortion](original)
        expected = score_by_package(package, original, distorted, tmp_path)
        assert stored == pytest.approx(expected, abs=1e-4), (width, height, distortion)
        assert score(original, distorted) == pytest.approx(expected, abs=TOLERANCE)


def test_the_package_agrees_on_a_photo(shared_images: Path, tmp_path: Path) -> None:
    package = pytest.importorskip("ssimulacra2")
    with Image.open(shared_images / "photos" / "kodim05.png") as photo:
        original = np.asarray(photo)
        distorted = np.asarray(photo.quantize(32).convert("RGB"))
    expected = score_by_package(package, original, distorted, tmp_path)
    assert score(original, distorted) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (8, 8), (150, 100)])
def test_the_same_picture_scores_100(size: tuple[int, int]) -> None:
    original = scene(*size)
    assert score(original, original.copy()) == 100.0


@pytest.mark.parametrize("size", [(5, 5), (129, 33), (300, 200)])
def test_any_number_of_threads_gives_the_same_score(size: tuple[int, int]) -> None:
    original = scene(*size)
    distorted = smeared(original)
    alone = score(original, distorted)
    assert all(score(original, distorted, n) == alone for n in (2, 3, 8))


def test_more_change_scores_less() -> None:
    original = scene(120, 90)
    scores = [score(original, original // n * n) for n in (1, 4, 16, 64)]
    assert scores == sorted(set(scores), reverse=True)


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 20), (7, 7), (40, 5)])
def test_a_tiny_picture_is_continued_by_its_mirror_images(size: tuple[int, int]) -> None:
    # The package measures nothing below 8 x 8 pixels and calls every such picture perfect.
    width, height = size
    more = ((0, max(0, 8 - height)), (0, max(0, 8 - width)), (0, 0))
    original = scene(width, height)
    distorted = inverted(original)
    larger = np.pad(original, more, mode="symmetric")
    assert score(original, distorted) == score(larger, inverted(larger)) < 90
