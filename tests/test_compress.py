"""The pipeline as a whole: what `compress` and `quantize` promise."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import fewcolors
from fewcolors.options import EFFORTS, METHODS, Effort, Method


def photo(seed: int = 0, height: int = 90, width: int = 120, channels: int = 3) -> Any:
    """Something like a photo: smooth colours with noise, thousands of them."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / (9 + 7 * c) + c) + np.cos(y / (13 + 5 * c)) for c in range(channels)]
    smooth = np.stack(waves, axis=-1) * 60 + 128
    return (smooth + rng.normal(0, 6, smooth.shape)).clip(0, 255).astype(np.uint8)


pictures = st.builds(
    lambda seed, height, width, channels, levels: (
        np.random.default_rng(seed).integers(0, levels, (height, width, channels)) * (255 // levels)
    ).astype(np.uint8),
    st.integers(0, 2**32 - 1),
    st.integers(1, 24),
    st.integers(1, 24),
    st.sampled_from([3, 4]),
    st.sampled_from([2, 5, 40]),
)
counts = st.sampled_from([1, 2, 3, 7, 16, 256])
methods = st.sampled_from(METHODS)


@settings(max_examples=50)
@given(pictures, counts, methods)
def test_the_palette_is_no_larger_than_asked_and_indices_are_in_it(
    pixels: Any, n_colors: int, method: Method
) -> None:
    image = fewcolors.quantize(pixels, n_colors, method=method)
    assert 1 <= len(image.palette) <= n_colors
    assert len(set(image.palette)) == len(image.palette)
    assert image.indices.shape == pixels.shape[:2]
    assert image.indices.max() < len(image.palette)
    assert image.counts == np.bincount(image.indices.ravel()).tolist()
    assert all(image.counts)


@settings(max_examples=50)
@given(pictures, counts, methods)
def test_compressing_a_result_again_changes_no_pixel(
    pixels: Any, n_colors: int, method: Method
) -> None:
    once = fewcolors.compress(pixels, n_colors, method=method)
    again = fewcolors.compress(once.data, n_colors, method=method)
    np.testing.assert_array_equal(again.indexed.to_rgba(), once.indexed.to_rgba())
    assert again.mse == 0
    # The result of a photo may repeat itself as drawings do, and is then stored as one.
    settled = once if method == "classic" else fewcolors.compress(again.data, n_colors)
    assert again.data == settled.data


@settings(max_examples=50)
@given(pictures, counts)
def test_the_error_reported_is_the_error_made(pixels: Any, n_colors: int) -> None:
    image = fewcolors.quantize(pixels, n_colors, method="classic")
    full = np.full((*pixels.shape[:2], 4), 255.0)
    full[:, :, : pixels.shape[2]] = pixels

    def premultiplied(rgba: Any) -> Any:
        rgba = rgba.astype(np.float64)
        return np.concatenate([rgba[:, :, :3] * rgba[:, :, 3:] / 255, rgba[:, :, 3:]], axis=2)

    error = ((premultiplied(full) - premultiplied(image.to_rgba())) ** 2).sum(axis=2).mean()
    assert image.mse == pytest.approx(error, abs=1e-9)


@pytest.mark.long
@settings(max_examples=50)
@given(pictures, counts, methods)
def test_transparent_stays_transparent(pixels: Any, n_colors: int, method: Method) -> None:
    rgba = np.concatenate([pixels[:, :, :3], pixels[:, :, -1:]], axis=2)
    result = fewcolors.quantize(rgba, max(n_colors, 2), method=method).to_rgba()
    assert (result[rgba[:, :, 3] == 0] == 0).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("n_colors", [2, 16, 100])
def test_each_pixel_gets_its_nearest_colour(method: Method, n_colors: int) -> None:
    import reference

    pixels = photo()
    if method == "classic":
        image = fewcolors.quantize(pixels, n_colors, method="classic")
    else:  # which may dither, or take what deflates better; the stage by itself does not
        decoded, options = fewcolors.decode(pixels), fewcolors.Options(n_colors)
        histogram = fewcolors.build_histogram(decoded)
        palette = fewcolors.build_palette(histogram, options)
        image = fewcolors.assign(decoded, histogram, palette, options)
    space = reference.oklab if method == "perceptual" else lambda rgb: rgb.astype(np.float64)
    wanted = reference.nearest(space(pixels.reshape(-1, 3)), space(image.palette.colors[:, :3]))
    chosen = image.indices.ravel()
    differ = wanted != chosen  # only where two entries are equally near, to the last digits
    points, entries = space(pixels.reshape(-1, 3)[differ]), space(image.palette.colors[:, :3])
    to_wanted = ((points - entries[wanted[differ]]) ** 2).sum(axis=1)
    to_chosen = ((points - entries[chosen[differ]]) ** 2).sum(axis=1)
    np.testing.assert_allclose(to_wanted, to_chosen, rtol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_a_seed_gives_the_same_bytes_on_any_number_of_threads(
    method: Method, effort: Effort
) -> None:
    pixels = photo(height=300, width=400)
    results = {
        fewcolors.compress(pixels, 32, method=method, effort=effort, seed=7, n_threads=n).data
        for n in (1, 2, 5)
    }
    assert len(results) == 1


def test_seeds_differ() -> None:
    pixels = photo()
    assert len({fewcolors.quantize(pixels, 5, seed=s, n_init=1).palette for s in range(8)}) > 1


@pytest.mark.parametrize("method", METHODS)
def test_more_colours_leave_less_error(method: Method) -> None:
    errors = [fewcolors.quantize(photo(), k, method=method).mse for k in (1, 2, 4, 16, 64, 256)]
    assert errors == sorted(errors, reverse=True)


def test_classic_is_about_as_good_as_the_best_of_many_fits() -> None:
    pixels = photo(height=200, width=300)
    best = min(
        fewcolors.quantize(pixels, 16, method="classic", effort="max", seed=seed).mse
        for seed in range(3)
    )
    assert fewcolors.quantize(pixels, 16, method="classic").mse < 1.01 * best
    assert fewcolors.quantize(pixels, 16, method="classic", effort="fast").mse < 1.1 * best


def test_one_colour_is_the_mean() -> None:
    pixels = photo()
    image = fewcolors.quantize(pixels, 1, method="classic")
    mean = pixels.reshape(-1, 3).mean(axis=0)
    assert np.abs(np.array(next(iter(image.palette))[:3]) - mean).max() <= 0.5
    assert image.shares == [1.0]


def test_a_picture_of_one_colour_works() -> None:
    flat = np.full((10, 12, 3), (1, 2, 3), np.uint8)
    for n_colors in (1, 2, 256):
        result = fewcolors.compress(flat, n_colors)
        assert result.indexed.palette.hex() == ["#010203"]
        assert result.mse == 0


def test_few_distinct_colours_are_kept_exactly_with_a_note() -> None:
    pixels = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], np.uint8)
    result = fewcolors.compress(pixels, 16)
    assert result.note == "the picture has only 3 colours: kept exactly"
    np.testing.assert_array_equal(result.indexed.to_rgb(), pixels)
    assert fewcolors.compress(photo(), 16).note is None


def test_the_most_used_colour_comes_first() -> None:
    shares = fewcolors.quantize(photo(), 20).shares
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)


def test_random_starts_work_as_well() -> None:
    image = fewcolors.quantize(photo(), 8, method="classic", init="random")
    usual = fewcolors.quantize(photo(), 8, method="classic")
    assert len(image.palette) == 8
    assert image.mse < 1.2 * usual.mse


def test_the_result_tells_its_sizes_and_saves_itself(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(photo()).save(file, "PNG")
    result = fewcolors.compress(file.getvalue(), 16)
    assert result.bytes_in == len(file.getvalue())
    assert result.bytes_out == len(result.data)
    assert result.ratio == result.bytes_in / result.bytes_out > 3
    path = tmp_path / "small.png"
    result.save(path)
    assert path.read_bytes() == result.data
    with pytest.raises(FileExistsError):
        result.save(path)
    result.save(path, force=True)


def test_results_travel_between_processes() -> None:
    import pickle

    result = fewcolors.compress(photo(), 16)
    copy = pickle.loads(pickle.dumps(result))
    assert copy.data == result.data
    assert copy.options == result.options
    np.testing.assert_array_equal(copy.indexed.to_rgba(), result.indexed.to_rgba())
    histogram = fewcolors.build_histogram(fewcolors.decode(photo()))
    copied = pickle.loads(pickle.dumps(histogram))
    assert bytes(copied.colors) == bytes(histogram.colors)
    assert list(copied.weights) == list(histogram.weights)
    assert copied.merge(histogram).n_colors == histogram.n_colors


def test_two_pictures_can_share_a_palette_made_from_their_histograms() -> None:
    first, second = (fewcolors.decode(photo(seed)) for seed in (1, 2))
    histograms = [fewcolors.build_histogram(pixels) for pixels in (first, second)]
    options = fewcolors.Options(n_colors=20)
    palette = fewcolors.build_palette(histograms[0].merge(histograms[1]), options)
    images = [
        fewcolors.assign(pixels, histogram, palette, options)
        for pixels, histogram in zip((first, second), histograms, strict=True)
    ]
    assert set(images[0].palette) | set(images[1].palette) <= set(palette)
    assert len(palette) == 20


def test_the_image_converts_itself() -> None:
    image = fewcolors.quantize(photo(channels=4), 30)
    rgba = image.to_rgba()
    np.testing.assert_array_equal(image.to_rgb(), rgba[:, :, :3])
    np.testing.assert_array_equal(np.asarray(image.to_pil().convert("RGBA")), rgba)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"n_colors": 0}, ValueError, "n_colors must be 1 to 256, got 0"),
        ({"n_colors": 257}, ValueError, "n_colors must be 1 to 256, got 257"),
        ({"n_colors": 2.5}, TypeError, "n_colors must be an integer, 1 to 256, got 2.5"),
        ({"method": "magic"}, ValueError, "method must be one of 'perceptual', 'classic'"),
        ({"effort": "much"}, ValueError, "effort must be one of"),
        ({"init": "zeros"}, ValueError, "init must be one of"),
        ({"n_init": 0}, ValueError, "n_init must be 1 to 10000, got 0"),
        ({"max_iter": 0}, ValueError, "max_iter must be 1 to 2147483647, got 0"),
        ({"seed": -1}, ValueError, "seed must be 0 to 18446744073709551615, got -1"),
        ({"n_threads": 0}, ValueError, "n_threads must be 1 to 256, got 0"),
        ({"colours": 3}, TypeError, "colours"),
    ],
)
def test_wrong_options_are_refused_by_name(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        fewcolors.compress(photo(), **options)


@settings(max_examples=10)
@given(st.integers(1, 400), st.integers(1, 3))
def test_odd_sizes_work(width: int, height: int) -> None:
    image = fewcolors.quantize(photo(width, height, width), 4)
    assert image.indices.shape == (height, width)
