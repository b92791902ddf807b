"""Quality as a score: the curve behind it, how near results come, and what is refused."""

import io
import itertools
import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import MakePicture, Run, names
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import fewcolors
from fewcolors import _core
from fewcolors.options import EFFORTS, Effort
from fewcolors.quality.fidelity import BEST_FIDELITY, FIDELITIES, GIVEN_AWAY, Curve

NEAR = 6.0  # points that the score of a single photo may be away from the one asked for


def clouds(height: int = 256, width: int = 384, channels: int = 3, seed: int = 0) -> Any:
    """Structure of every size, as photos have it, and thousands of colours."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    frequency[0, 0] = 1

    def noise() -> Any:
        spectrum = np.fft.rfft2(rng.normal(size=(height, width))) / frequency**1.2
        values = np.fft.irfft2(spectrum, s=(height, width))
        return (values - values.mean()) / values.std()

    light = noise() * 45 + 120
    planes = [light + noise() * 20 for _ in range(channels)]
    return np.stack(planes, axis=2).clip(0, 255).astype(np.uint8)


def score_of_png(pixels: Any, png: bytes) -> float:
    with Image.open(io.BytesIO(png)) as image:
        decoded = np.asarray(image.convert("RGB"))
    height, width, _ = pixels.shape
    return _core.ssimulacra2(pixels.ravel(), decoded.ravel(), width, height, 2)


# The curve


curves = st.builds(
    Curve, st.floats(20.0, 99.0), st.sampled_from(EFFORTS), st.sampled_from([-0.5, 0.0, 0.4])
)
scores = st.floats(0.0, 100.0)


@given(curves, scores, scores)
def test_a_higher_score_asks_for_no_less_fidelity(curve: Curve, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 < curve.fidelity(low) <= curve.fidelity(high)


@given(curves, st.lists(st.floats(100.0, 1e8), min_size=2, unique=True))
def test_more_fidelity_gives_no_lower_score(curve: Curve, fidelities: list[float]) -> None:
    expected = [curve.score(fidelity) for fidelity in sorted(fidelities)]
    assert expected == sorted(expected)
    assert expected[-1] < 100


@given(curves, scores)
def test_fidelity_is_capped_at_the_knee(curve: Curve, score: float) -> None:
    fidelity = curve.fidelity(score)
    assert fidelity <= curve.knee <= BEST_FIDELITY * math.exp(0.5 + 0.05)
    if fidelity < curve.knee:
        assert curve.score(fidelity) == pytest.approx(score, abs=1e-6)


@given(curves)
def test_what_cannot_be_reached_asks_for_the_knee(curve: Curve) -> None:
    assert curve.fidelity(100.0) == curve.knee
    assert curve.score(curve.knee) < 100


@given(curves, st.floats(1_000.0, 1e6), st.floats(-0.5, 0.5))
def test_a_curve_goes_through_what_was_measured(curve: Curve, fidelity: float, by: float) -> None:
    measured = curve.score(fidelity * math.exp(by))
    moved = curve.calibrated_by(fidelity, measured)
    assert moved.score(fidelity) == pytest.approx(measured, abs=1e-6)
    assert moved._replace(shift=0) == curve._replace(shift=0)


def test_a_score_above_what_the_palette_shows_moves_no_curve() -> None:
    curve = Curve(70.0, "balanced")
    assert curve.calibrated_by(50_000.0, 99.0) == curve


@pytest.mark.parametrize("effort", EFFORTS)
def test_with_a_perfect_palette_the_curve_is_the_table(effort: Effort) -> None:
    curve = Curve(100.0, effort)
    for fidelity, away in zip(FIDELITIES, GIVEN_AWAY[effort], strict=True):
        assert curve.score(fidelity) == pytest.approx(100 - away)


# How near it comes


def test_scores_come_near_what_was_asked_for_and_more_costs_more() -> None:
    pixels = clouds()
    asked = (50, 65, 80)
    results = [fewcolors.compress(pixels, quality=q) for q in asked]
    for quality, result in zip(asked, results, strict=True):
        assert not result.is_estimate
        assert abs(result.score - quality) <= NEAR
        assert result.score <= result.ceiling
    for worse, better in itertools.pairwise(results):
        assert worse.score < better.score
        assert worse.bytes_out < better.bytes_out


def test_effort_fast_estimates_the_score() -> None:
    pixels = clouds()
    results = [fewcolors.compress(pixels, quality=q, effort="fast") for q in (50, 65, 80)]
    for result in results:
        assert result.is_estimate
        assert abs(result.score - score_of_png(pixels, result.data)) <= NEAR
        assert result.score <= result.ceiling
    for worse, better in itertools.pairwise(results):
        assert worse.score < better.score
        assert worse.bytes_out < better.bytes_out


def test_a_lowest_score_is_held_against_the_measured_one() -> None:
    pixels = clouds()
    result = fewcolors.compress(pixels, quality=65, min_quality=40, effort="fast")
    assert not result.is_estimate
    assert result.score == pytest.approx(score_of_png(pixels, result.data), abs=1e-6)


def test_effort_max_comes_nearer() -> None:
    pixels = clouds(160, 160, seed=1)
    asked = 60
    best, usual = (fewcolors.compress(pixels, quality=asked, effort=e) for e in ("max", "balanced"))
    assert abs(best.score - asked) < 1
    assert abs(best.score - asked) <= abs(usual.score - asked)


@pytest.mark.parametrize("name", ["kodim03", "kodim08", "kodim23"])
def test_scores_of_photos_come_near_what_was_asked_for(shared_images: Path, name: str) -> None:
    path = shared_images / "photos" / f"{name}.png"
    results = [fewcolors.compress(path, quality=quality) for quality in (50, 65, 80)]
    for quality, result in zip((50, 65, 80), results, strict=True):
        assert abs(result.score - min(quality, result.ceiling)) <= NEAR
    assert results[0].score < results[1].score < results[2].score
    assert results[0].bytes_out < results[1].bytes_out < results[2].bytes_out
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert score_of_png(pixels, results[1].data) == results[1].score


@pytest.mark.parametrize("options", [{"quality": 60}, {"n_colors": 20}, {"n_colors": 256}], ids=str)
@pytest.mark.parametrize("method", ["perceptual", "classic"])
@pytest.mark.parametrize("size", [(256, 256), (256, 300), (301, 257)])
def test_the_score_is_that_of_the_decoded_file(
    size: tuple[int, int], method: Any, options: dict[str, Any]
) -> None:
    if method == "classic" and "quality" in options:
        options = {}
    pixels = clouds(*size)
    result = fewcolors.compress(pixels, method=method, **options)
    assert score_of_png(pixels, result.data) == result.score <= result.ceiling


def test_without_quality_and_colours_the_score_is_75() -> None:
    pixels = clouds()
    assert fewcolors.compress(pixels).data == fewcolors.compress(pixels, quality=75).data
    assert abs(fewcolors.compress(pixels).score - 75) <= NEAR


@pytest.mark.long
def test_a_number_of_colours_alone_asks_for_their_best_look() -> None:
    pixels = clouds()
    for n_colors in (4, 30, 256):
        result = fewcolors.compress(pixels, n_colors)
        best = fewcolors.compress(pixels, n_colors, quality=100)
        plain = fewcolors.compress(pixels, n_colors, method="classic")
        assert best.score - 0.5 <= result.score <= result.ceiling
        assert result.score > plain.score
        if n_colors > 64:  # fewer are dithered where that looks better
            assert result.bytes_out <= best.bytes_out


def test_colours_bound_quality() -> None:
    pixels = clouds()
    result = fewcolors.compress(pixels, 16, quality=95)
    assert result.n_colors <= 16
    assert result.note is not None
    assert f"a score of {result.score:.0f} of the 95 asked for; with 16 colours" in result.note


def test_a_score_that_is_reached_needs_no_note() -> None:
    assert fewcolors.compress(clouds(), quality=50).note is None


@pytest.mark.long
@pytest.mark.parametrize("quality", [0, 30, 75, 100])
@pytest.mark.parametrize("channels", [3, 4])
def test_any_quality_gives_the_same_bytes_on_any_number_of_threads(
    quality: float, channels: int
) -> None:
    pixels = clouds(150, 90, channels)
    results = {fewcolors.compress(pixels, quality=quality, n_threads=n).data for n in (1, 2, 3)}
    assert len(results) == 1


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (3, 2)])
@pytest.mark.parametrize("quality", [0, 50, 100])
def test_tiny_pictures_have_a_quality_too(size: tuple[int, int], quality: float) -> None:
    pixels = clouds(20, 20)[: size[0], : size[1]]
    result = fewcolors.compress(pixels, quality=quality)
    assert result.indexed.indices.shape == size
    assert result.score <= 100


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_of_one_colour_is_perfect_at_any_quality(shade: int) -> None:
    result = fewcolors.compress(np.full((20, 30, 3), shade, np.uint8), quality=10)
    assert (result.score, result.mse, result.note) == (100.0, 0.0, None)


def test_quality_100_keeps_few_colours_exactly() -> None:
    pixels = clouds(64, 64) // 64 * 64
    np.testing.assert_array_equal(fewcolors.quantize(pixels, quality=100).to_rgb(), pixels)


# The least that is accepted


def test_less_than_the_least_quality_is_an_error_that_tells_the_score() -> None:
    pixels = clouds()
    with pytest.raises(fewcolors.QualityTooLowError, match="below the 90 asked for") as raised:
        fewcolors.compress(pixels, 8, min_quality=90)
    error = raised.value
    assert error.min_quality == 90
    assert error.score == fewcolors.compress(pixels, 8).score
    assert f"{error.score:.1f}" in str(error)
    assert isinstance(error, fewcolors.FewcolorsError)


def test_the_least_quality_changes_nothing_where_it_is_reached() -> None:
    pixels = clouds()
    result = fewcolors.compress(pixels, quality=60, min_quality=50)
    assert result.data == fewcolors.compress(pixels, quality=60).data


def test_the_least_quality_goes_with_classic_too() -> None:
    with pytest.raises(fewcolors.QualityTooLowError):
        fewcolors.compress(clouds(), 4, method="classic", min_quality=80)


def test_the_error_travels_between_processes() -> None:
    error = fewcolors.QualityTooLowError(41.25, 50)
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is fewcolors.QualityTooLowError
    assert (copy.score, copy.min_quality, str(copy)) == (41.25, 50, str(error))


# What is refused


@pytest.mark.parametrize("name", ["quality", "min_quality"])
@pytest.mark.parametrize("value", [-1, 100.5, math.nan, math.inf, -math.inf])
def test_a_quality_out_of_range_is_refused(name: str, value: float) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"{name} must be 0 to 100, got"):
        fewcolors.compress(clouds(9, 9), **options)


@pytest.mark.parametrize("name", ["quality", "min_quality"])
@pytest.mark.parametrize("value", ["75", b"75", True, [75]])
def test_what_is_no_number_is_no_quality(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"{name} must be a number, 0 to 100, got"):
        fewcolors.compress(clouds(9, 9), **{name: value})


@pytest.mark.parametrize("value", [50, 50.0, np.float32(50), np.int64(50)])
def test_any_kind_of_number_is_a_quality(value: Any) -> None:
    pixels = clouds(40, 40)
    result = fewcolors.compress(pixels, quality=value)
    assert result.data == fewcolors.compress(pixels, quality=50.0).data


def test_classic_knows_no_quality() -> None:
    with pytest.raises(ValueError, match="quality needs method 'perceptual'"):
        fewcolors.compress(clouds(9, 9), quality=50, method="classic")


# The command


@pytest.fixture
def photo(tmp_path: Path) -> str:
    Image.fromarray(clouds()).save(tmp_path / "photo.png")
    return "photo.png"


def test_the_command_takes_a_quality(run_command: Run, photo: str, tmp_path: Path) -> None:
    result = run_command("compress", photo, "-q", "55", "--json")
    told = json.loads(result.stdout)
    assert (result.returncode, told["note"]) == (0, None)
    assert abs(told["score"] - 55) <= NEAR
    expected = fewcolors.compress(tmp_path / photo, quality=55)
    assert (tmp_path / told["output"]).read_bytes() == expected.data
    assert (told["score"], told["ceiling"]) == (
        round(expected.score, 2),
        round(expected.ceiling, 2),
    )


def test_the_command_tells_of_a_score_it_cannot_reach(run_command: Run, photo: str) -> None:
    result = run_command("compress", photo, "-q", "95", "-k", "16")
    assert result.returncode == 0
    (note,) = result.stderr.splitlines()
    assert b"of the 95 asked for; with 16 colours about" in note


@pytest.mark.parametrize("output", [[], ["-o", "small.png"], ["-o", "-"], ["--force"]], ids=str)
def test_too_low_a_quality_exits_with_99_and_writes_nothing(
    run_command: Run, photo: str, tmp_path: Path, output: list[str]
) -> None:
    result = run_command("compress", photo, "-k", "8", "--min-quality", "90", *output)
    assert (result.returncode, result.stdout) == (99, b"")
    (line,) = result.stderr.splitlines()
    assert line.startswith(b"fewcolors: photo.png: reaches a score of ")
    assert b"below the 90 asked for" in line
    assert names(tmp_path) == [photo]


@pytest.mark.parametrize("order", [("photo.png", "bad.png"), ("bad.png", "photo.png")])
def test_too_low_a_quality_does_not_hide_a_failure(
    run_command: Run, photo: str, tmp_path: Path, order: tuple[str, str]
) -> None:
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    result = run_command("compress", *order, "-k", "8", "--min-quality", "90")
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 2


def test_too_low_a_quality_does_not_stop_the_others(
    run_command: Run, photo: str, picture: MakePicture, tmp_path: Path
) -> None:
    picture("flat.bmp")
    result = run_command("compress", photo, "flat.bmp", "-k", "8", "--min-quality", "90")
    assert result.returncode == 99
    assert names(tmp_path) == ["flat-fewcolors.png", "flat.bmp", photo]


@pytest.mark.parametrize("option", ["-q", "--quality", "--min-quality"])
@pytest.mark.parametrize("value", ["-1", "101", "nan", "inf", "high", ""])
def test_the_command_refuses_other_qualities(
    run_command: Run, photo: str, tmp_path: Path, option: str, value: str
) -> None:
    result = run_command("compress", photo, option, value)
    assert (result.returncode, result.stdout) == (2, b"")
    (line,) = result.stderr.splitlines()
    assert b"must be a number, 0 to 100, got" in line
    assert names(tmp_path) == [photo]


def test_the_command_refuses_quality_with_classic(
    run_command: Run, photo: str, tmp_path: Path
) -> None:
    result = run_command("compress", photo, "-q", "50", "--method", "classic")
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert b"--quality needs --method perceptual" in line
    assert names(tmp_path) == [photo]


def colorful_scene() -> Any:
    """Draws all hues over slow changes of lightness, with grain: 40 colours fall far short."""
    rng = np.random.default_rng(8)
    y, x = np.mgrid[0:144, 0:144] / 144
    waves = [np.sin(6 * x + 2 * y + phase) * np.cos(3 * y + phase) for phase in (0.0, 2.1, 4.2)]
    picture = 128 + 90 * np.stack(waves, axis=2) + rng.normal(0, 6, (144, 144, 3))
    return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("n_colors", [8, 40])
@pytest.mark.parametrize("dither", ["size-aware", "auto"])
def test_quality_100_looks_as_good_as_the_number_of_colours_alone(
    n_colors: int, dither: Any
) -> None:
    picture = colorful_scene()
    alone = fewcolors.compress(picture, n_colors, dither=dither)
    best = fewcolors.compress(picture, n_colors, dither=dither, quality=100)
    assert best.score >= alone.score
    assert best.ceiling >= alone.score


@pytest.mark.parametrize("n_colors", [8, 40])
@pytest.mark.parametrize("dither", ["size-aware", "auto"])
def test_the_ceiling_told_can_be_reached(n_colors: int, dither: Any) -> None:
    picture = colorful_scene()
    short = fewcolors.compress(picture, n_colors, dither=dither, quality=99)
    best = fewcolors.compress(picture, n_colors, dither=dither, quality=100)
    assert short.note is not None
    assert "is the most" in short.note
    assert abs(short.ceiling - best.score) < 0.5


@pytest.mark.long
def test_quality_100_of_a_photo_reaches_what_64_colours_reach(shared_images: Path) -> None:
    path = shared_images / "photos" / "kodim23.png"
    alone = fewcolors.compress(path, 64)
    assert fewcolors.compress(path, 64, quality=100).score >= alone.score
    assert fewcolors.compress(path, 64, quality=60).ceiling >= alone.score - 0.5


@pytest.mark.parametrize(
    ("score", "is_estimate", "word"),
    [
        (100.0, False, "like the original"),
        (89.96, False, "like the original"),
        (89.94, False, "high"),
        (89.6, True, "like the original"),
        (70.0, False, "high"),
        (69.9, False, "fair"),
        (49.9, False, "poor"),
        (-47.0, False, "poor"),
    ],
)
def test_a_score_has_a_word(score: float, is_estimate: bool, word: str) -> None:
    result = fewcolors.compress(clouds(16, 16), 4)
    result.score, result.is_estimate = score, is_estimate
    assert result.quality_word == word
