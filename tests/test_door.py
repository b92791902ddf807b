"""What comes in at a public name is right, or refused by name; nothing ends the process.

FEWCOLORS_DRAWS is the number of draws of the property test (default 1,000).
"""

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fewcolors
from fewcolors import Histogram, IndexedImage, Options, Palette, Pixels, Weights

DRAWS = int(os.environ.get("FEWCOLORS_DRAWS", "1000"))
DRAWS_A_PROCESS = 2500
SEED = "door"

OPTIONS = Options(8, n_threads=2, n_init=1)
TWO = Palette(bytes([0, 0, 0, 255, 255, 255, 255, 255]))


def pixels(width: int = 80, height: int = 60, channels: int = 3) -> Pixels:
    draws = np.random.default_rng(width * height)
    data = draws.integers(0, 256, width * height * channels, np.uint8).tobytes()
    return Pixels(data, width, height, channels, len(data), None)


def image(**changes: Any) -> IndexedImage:
    arguments = {"palette": TWO, "data": bytes([0, 1, 1, 0, 1, 1]), "width": 3, "height": 2}
    return IndexedImage(**{**arguments, "counts": [2, 4], "mse": 0.0, **changes})


def run(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *(["-c", code] if code else []), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


# Draws


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, DRAWS, DRAWS_A_PROCESS))
def test_whatever_comes_in_is_answered_or_refused_by_name(first: int) -> None:
    program = str(Path(__file__).with_name("door_draws.py"))
    count = min(DRAWS_A_PROCESS, DRAWS - first)
    result = run("", program, SEED, str(first), str(count))
    draws = [line for line in result.stdout.splitlines() if line.startswith(f"{SEED}-")]
    assert result.returncode == 0, f"{draws[-1]} ends the process: {result.stderr}"
    assert draws[-1] == f"{SEED}-{first + count - 1}"
    assert "FAULT" not in result.stdout, result.stdout[result.stdout.index("FAULT") :]


# Pixels and weights


WRONG_PIXELS: dict[str, tuple[dict[str, Any], str]] = {
    "no channels": ({"channels": 0}, "pixels.channels must be 3 to 4, got 0"),
    "seven channels": ({"channels": 7}, "pixels.channels must be 3 to 4, got 7"),
    "no width": ({"width": 0}, "pixels.width must be 1 to"),
    "no height": ({"height": -1}, "pixels.height must be 1 to"),
    "no integer": ({"width": 80.0}, "pixels.width must be an integer"),
    "too wide": ({"width": 81}, "pixels.data must hold 60 x 81 x 3 bytes, got 14400"),
    "empty": ({"data": b""}, "pixels.data must hold"),
    "no buffer": ({"data": "abc"}, "pixels.data must be a buffer of bytes"),
    "other items": ({"data": np.zeros(14400)}, "pixels.data must hold bytes"),
    "strided": ({"data": np.zeros(28800, np.uint8)[::2]}, "pixels.data must be C-contiguous"),
    "columns first": ({"data": np.zeros((80, 60, 3), np.uint8)}, "pixels.data must hold 60 x 80"),
}


@pytest.mark.parametrize("name", WRONG_PIXELS)
def test_pixels_that_do_not_fit_together(name: str) -> None:
    changes, message = WRONG_PIXELS[name]
    right = pixels()
    wrong = right._replace(**changes)
    histogram = fewcolors.build_histogram(right)
    for stage in (
        lambda: fewcolors.weigh(wrong, OPTIONS),
        lambda: fewcolors.build_histogram(wrong),
        lambda: fewcolors.assign(wrong, histogram, TWO, OPTIONS),
    ):
        with pytest.raises((TypeError, ValueError), match=message):
            stage()


def test_pixels_of_any_buffer() -> None:
    right = pixels(channels=4)
    array = np.frombuffer(right.data, np.uint8).reshape(60, 80, 4)
    expected = fewcolors.build_histogram(right)
    for data in (bytearray(right.data), memoryview(right.data), array, array.ravel()):
        buffer: Any = data
        given = right._replace(data=buffer)
        assert fewcolors.build_histogram(given) == expected
        assert fewcolors.weigh(given, OPTIONS) == fewcolors.weigh(right, OPTIONS)


def test_a_contrast_that_is_shorter_than_the_picture() -> None:
    for contrast in (bytes(80 * 60 - 1), np.zeros((80, 60), np.uint8), np.zeros(80 * 60)):
        weights = Weights(contrast, is_graphic=False)  # type: ignore[arg-type]
        with pytest.raises((TypeError, ValueError), match=r"weights\.contrast must hold"):
            fewcolors.build_histogram(pixels(), weights=weights)


def test_weights_travel_between_processes() -> None:
    weights = fewcolors.weigh(pixels(), OPTIONS)
    assert len(weights.contrast) == 80 * 60
    assert pickle.loads(pickle.dumps(weights)) == weights
    assert copy.deepcopy(weights) == weights


# Histograms


def test_a_histogram_that_lacks_colours_of_the_picture() -> None:
    for channels in (3, 4):
        other = fewcolors.build_histogram(pixels(4, 4, channels))
        with pytest.raises(ValueError, match="histogram must have all colours of the pixels"):
            fewcolors.assign(pixels(channels=channels), other, TWO, OPTIONS)
        merged = other.merge(fewcolors.build_histogram(pixels(channels=channels)))
        assert fewcolors.assign(pixels(channels=channels), merged, TWO, OPTIONS).width == 80


FINITE = "weights must be above 0, and finite"
ORDER = "colors must be distinct, and in the order"


def wrong_histograms() -> dict[str, tuple[Any, str]]:
    colors, weights = fewcolors.build_histogram(pixels())
    array = np.array(weights)
    return {
        "fewer weights": ((colors, weights[:9]), r"weights must have shape \(\d+,\), got \(9,\)"),
        "no weights": ((colors, array * 0), FINITE),
        "infinite": ((colors, np.full_like(array, np.inf)), FINITE),
        "no numbers": ((colors, array * np.nan), FINITE),
        "single": ((colors, array.astype(np.float32)), "weights must hold floating numbers"),
        "three bytes": (
            (np.array(colors)[:, :3].copy(), array),
            r"colors must have shape \(n, 4\)",
        ),
        "reversed": ((np.array(colors)[::-1].copy(), array), ORDER),
        "repeated": (
            (np.array([[1, 2, 3, 4]] * 2, np.uint8), array[:2]),
            ORDER,
        ),
    }


@pytest.mark.parametrize("name", wrong_histograms())
def test_histograms_that_are_none(name: str) -> None:
    (colors, weights), message = wrong_histograms()[name]
    right, wrong = fewcolors.build_histogram(pixels()), Histogram(colors, weights)
    with pytest.raises((TypeError, ValueError), match=f"other.{message}"):
        right.merge(wrong)
    with pytest.raises((TypeError, ValueError), match=f"histogram.{message}"):
        wrong.merge(right)
    with pytest.raises((TypeError, ValueError), match=f"histogram.{message}"):
        fewcolors.build_palette(wrong, OPTIONS)
    with pytest.raises((TypeError, ValueError), match=f"histogram.{message}"):
        fewcolors.assign(pixels(), wrong, TWO, OPTIONS)


def test_a_histogram_of_arrays() -> None:
    histogram = fewcolors.build_histogram(pixels())
    arrays: Any = (np.array(histogram.colors), np.array(histogram.weights))
    given = Histogram(*arrays)
    palette = fewcolors.build_palette(histogram, OPTIONS)
    assert fewcolors.build_palette(given, OPTIONS) == palette
    assert given.merge(given).n_colors == histogram.n_colors


def test_a_histogram_of_no_colours() -> None:
    histogram = fewcolors.build_histogram(pixels())
    empty = histogram.of_kind("transparent")
    assert (empty.n_colors, empty.is_opaque, empty.has_transparent) == (0, True, False)
    assert pickle.loads(pickle.dumps(empty)).n_colors == 0
    assert empty.merge(histogram) == histogram == histogram.merge(empty)
    with pytest.raises(ValueError, match="histogram must have at least one colour"):
        fewcolors.build_palette(empty, OPTIONS)


# Palettes and indexed images


def test_a_palette_of_no_colours_or_too_many() -> None:
    for size in (0, 3, 1200):
        with pytest.raises(
            ValueError, match=f"palette must have 1 to 256 colours .* got {size} bytes"
        ):
            Palette(bytes(size))


def test_a_palette_does_not_change() -> None:
    data: Any = bytearray(range(8))
    palette = Palette(data)
    data[0] = 9
    assert palette.data == bytes(range(8))
    with pytest.raises(AttributeError):
        palette.data = b""  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(palette)) == copy.deepcopy(palette) == palette


def test_shares_that_do_not_fit_a_palette() -> None:
    with pytest.raises(ValueError, match="shares must be one a colour, or none, got 1"):
        Palette(bytes(8), (1.0,))
    with pytest.raises(ValueError, match="each of shares must be 0 to 1, got 2"):
        Palette(bytes(8), (2, -1))


WRONG_IMAGES: dict[str, tuple[dict[str, Any], str]] = {
    "no width": ({"width": 0}, "width must be 1 to"),
    "higher than the data": ({"height": 5}, "data must hold 5 x 3 bytes, got 6"),
    "beyond the palette": (
        {"data": bytes([0, 1, 2, 0, 0, 0])},
        "data must be indices of 2",
    ),
    "columns first": ({"data": np.zeros((3, 2), np.uint8)}, "data must hold 2 x 3 bytes"),
    "wider items": ({"data": np.zeros((2, 3), np.int64)}, "data must hold bytes"),
    "no palette": ({"palette": bytes(8)}, "palette must be of class Palette"),
    "too few counts": ({"counts": [6]}, "counts must be one a colour, or none, got 1"),
    "no profile": ({"profile": b"icc"}, "profile must be of class Profile"),
}


@pytest.mark.parametrize("name", WRONG_IMAGES)
def test_images_that_do_not_fit_together(name: str) -> None:
    changes, message = WRONG_IMAGES[name]
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        image(**changes)
    changed = image()
    for attribute, value in changes.items():
        setattr(changed, attribute, value)
    for is_graphic in (False, True):
        with pytest.raises((TypeError, ValueError), match=rf"^image\.{message}"):
            fewcolors.encode_png(changed, is_graphic=is_graphic)
    for view in (changed.to_pil, changed.to_rgb, changed.to_rgba, lambda: changed.indices):
        with pytest.raises((TypeError, ValueError), match=message):
            view()


def test_an_image_of_an_array_of_indices() -> None:
    indices = np.array([[0, 1, 1], [0, 1, 1]], np.uint8)
    assert fewcolors.encode_png(image(data=indices)) == fewcolors.encode_png(image())
    assert np.array_equal(image(data=indices).indices, indices)


def test_wrong_ways_to_encode() -> None:
    with pytest.raises(ValueError, match="effort must be one of"):
        fewcolors.encode_png(image(), "slow")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="is_graphic must be True or False"):
        fewcolors.encode_png(image(), is_graphic=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="image must be of class IndexedImage"):
        fewcolors.encode_png(b"GIF89a")  # type: ignore[arg-type]


# Options and results


def test_numbers_of_numpy_are_numbers() -> None:
    options = Options(np.int64(8), quality=np.float32(50), seed=np.uint8(1))  # type: ignore[arg-type]
    assert options == Options(8, quality=50.0, seed=1)
    assert type(options.n_colors) is int
    assert fewcolors.quantize(np.zeros((2, 2), np.uint8), np.int64(8)).n_colors == 1  # type: ignore[arg-type]
    histogram = fewcolors.build_histogram(pixels())
    for n_colors in (1, 2):
        palette = fewcolors.build_palette(histogram, OPTIONS, np.int64(n_colors))  # type: ignore[arg-type]
        assert len(palette) == n_colors


@pytest.mark.parametrize(
    "value",
    [np.array([1, 2]), 10**5000, 10**400, b"1" * 9999],
    ids=["an array", "5,001 digits", "401 digits", "bytes"],
)
def test_a_wrong_number_is_named_in_a_short_message(value: object) -> None:
    for name in ("n_colors", "quality"):
        with pytest.raises((TypeError, ValueError), match=f"{name} must be") as caught:
            Options(**{name: value})  # type: ignore[arg-type]
        assert len(str(caught.value)) < 150


def test_options_cannot_be_made_unchecked() -> None:
    values = list(Options(8))
    assert Options._make(values) == Options(8)
    with pytest.raises(ValueError, match="n_colors must be 1 to 256"):
        Options._make([0, *values[1:]])


def test_results_travel_between_processes() -> None:
    result = fewcolors.compress(np.zeros((2, 2), np.uint8), palette="#000,#fff", n_threads=1)
    again = pickle.loads(pickle.dumps(result))
    assert again.data == result.data
    assert again.options == result.options
    assert np.array_equal(again.indexed.indices, result.indexed.indices)


def test_a_result_is_made_of_what_the_pipeline_makes() -> None:
    with pytest.raises(TypeError, match="encoded must be of class Encoded"):
        fewcolors.Compressed(None, None, 1, None, OPTIONS)  # type: ignore[arg-type]


# Threads and interpreters

CHANGED_MEANWHILE = """
import threading
import numpy as np
import fewcolors

rng = np.random.default_rng(0)
spread, alike = rng.integers(0, 256, 3_000_000, np.uint8), bytes([7]) * 3_000_000
data, indices = bytearray(spread), bytearray(1_000_000)
pixels = fewcolors.Pixels(data, 1000, 1000, 3, 0, None)
palette, options = fewcolors.Palette(bytes(range(8))), fewcolors.Options(8, n_threads=2)
image = fewcolors.IndexedImage(palette, indices, 1000, 1000, [], 0.0)
histogram = fewcolors.build_histogram(pixels)
rows, weights = spread[:60_000].reshape(-1, 3) / 1.0, np.ones(20_000)
model = fewcolors.KMeans(9, n_init=1, max_iter=3, n_threads=2)
done = threading.Event()

def change():
    while not done.is_set():
        for values in (alike, spread):
            data[:] = values
            try:
                del data[9:]
            except BufferError:
                pass
            else:
                data.extend(spread[9:])
        weights[:], rows[:99] = 0.0, np.nan
        weights[:], rows[:99] = 1.0, rows[99:198]
        indices[:] = bytes([9]) * len(indices)
        indices[:] = bytes(len(indices))

thread = threading.Thread(target=change)
thread.start()
try:
    for _ in range(12):
        for stage in (
            lambda: fewcolors.build_histogram(pixels, 2),
            lambda: fewcolors.weigh(pixels, options),
            lambda: fewcolors.assign(pixels, histogram, palette, options),
            lambda: fewcolors.encode_png(image, "fast"),
            lambda: model.fit(rows, sample_weight=weights).predict(rows),
        ):
            try:
                stage()
            except (TypeError, ValueError):
                pass
finally:
    done.set()
    thread.join()
"""


@pytest.mark.long
def test_another_thread_changes_what_came_in() -> None:
    result = run(CHANGED_MEANWHILE)
    assert result.returncode == 0, result.stderr


IN_ANOTHER_INTERPRETER = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
import sys

if sys.argv[1] == "after":
    import fewcolors._core
other = interpreters.create()
found = interpreters.run_string(other, "import fewcolors._core")  # 3.12 raises, later ones return
if found is not None:
    raise SystemExit(str(found))
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_other_interpreters_are_refused(when: str) -> None:
    result = run(IN_ANOTHER_INTERPRETER, when)
    assert result.returncode == 1
    assert "ImportError" in result.stderr
    assert "interpreter" in result.stderr
