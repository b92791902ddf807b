"""Formats: every one gives back the indexed image to the pixel, and goes by name or extension."""

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import MakePicture, Run, names
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import fewcolors
from fewcolors import EncodeError
from fewcolors.encode import encode
from fewcolors.encode.bmp import encode_bmp
from fewcolors.encode.gif import encode_gif
from fewcolors.formats import EXTENSIONS, FORMAT_NAMES, FORMATS, Format, FormatChoice, format_of


def pixels_of(data: bytes) -> Any:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGBA"))


def picture_of(n_colors: int, width: int, height: int, alphas: tuple[int, ...] = (255,)) -> Any:
    """Random pixels, in runs of many lengths, of so many colours."""
    rng = np.random.default_rng(n_colors * width + height)
    colors = rng.integers(0, 256, (n_colors, 4), np.uint8)
    colors[:, 3] = rng.choice(alphas, n_colors)
    lengths = rng.choice([1, 1, 1, 2, 3, 9, 300], width * height)
    indices = np.repeat(rng.integers(0, n_colors, width * height), lengths)[: width * height]
    indices[:n_colors] = np.arange(n_colors)[: width * height]
    return colors[indices].reshape(height, width, 4)


# What is written comes back


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("alphas", [(255,), (0, 255), (0, 90, 200, 255)], ids=str)
@pytest.mark.parametrize("n_colors", [1, 2, 3, 4, 5, 16, 17, 129, 256])
def test_every_pixel_comes_back(format_: Format, alphas: tuple[int, ...], n_colors: int) -> None:
    picture = picture_of(n_colors, 37, 29, alphas)
    result = fewcolors.compress(picture, 256, format=format_)
    assert result.format == format_
    with Image.open(io.BytesIO(result.data)) as image:
        assert image.format == FORMAT_NAMES[format_]
    np.testing.assert_array_equal(pixels_of(result.data), result.indexed.to_rgba())
    if format_ != "gif":
        assert result.mse == 0


@settings(max_examples=40)
@given(st.integers(1, 20), st.integers(1, 9), st.sampled_from([1, 2, 7, 16, 100]))
def test_every_size_comes_back(width: int, height: int, n_colors: int) -> None:
    image = fewcolors.quantize(picture_of(n_colors, width, height), 256)
    for format_ in FORMATS:
        data = encode(image, format_, "fast").data
        np.testing.assert_array_equal(pixels_of(data), image.to_rgba())


@pytest.mark.parametrize("effort", ["fast", "balanced", "max"])
def test_webp_is_lossless_at_every_effort(effort: Any) -> None:
    result = fewcolors.compress(picture_of(90, 60, 50), 90, format="webp", effort=effort)
    np.testing.assert_array_equal(pixels_of(result.data), result.indexed.to_rgba())


def test_auto_is_the_smaller_of_png_and_webp() -> None:
    picture = picture_of(40, 80, 60)
    sizes = {}
    choices: tuple[FormatChoice, ...] = ("png", "webp", "auto")
    for format_ in choices:
        result = fewcolors.compress(picture, 40, format=format_)
        sizes[format_] = result.bytes_out
    assert sizes["auto"] == min(sizes["png"], sizes["webp"])


# GIF


def test_a_gif_of_few_colours_has_short_codes() -> None:
    flat = fewcolors.quantize(picture_of(2, 300, 200), 2)
    data = encode_gif(flat)
    with io.BytesIO() as file:
        flat.to_pil().save(file, "GIF", optimize=False, interlace=0)
        assert len(data) < len(file.getvalue())


@pytest.mark.parametrize("method", ["perceptual", "classic"])
@pytest.mark.parametrize("n_opaque", [4, 6])
def test_one_colour_of_a_gif_is_opaque_or_transparent(method: Any, n_opaque: int) -> None:
    pixels = np.zeros((10, 10, 4), np.uint8)
    pixels[:n_opaque] = (200, 100, 50, 255)
    result = fewcolors.compress(pixels, 1, method=method, format="gif")
    with Image.open(io.BytesIO(result.data)) as image:
        alphas = set(image.convert("RGBA").getchannel("A").tobytes())
    assert alphas == {255 if n_opaque == 6 else 0}
    assert "became opaque or transparent" in (result.note or "")


def test_half_transparency_becomes_hard_in_a_gif_and_is_told() -> None:
    picture = np.full((10, 20, 4), 200, np.uint8)
    picture[:, :, 3] = np.arange(20) * 13
    result = fewcolors.compress(picture, format="gif")
    assert set(result.indexed.palette.data[3::4]) == {0, 255}
    alphas = pixels_of(result.data)[:, :, 3]
    np.testing.assert_array_equal(alphas, np.where(picture[:, :, 3] >= 128, 255, 0))
    assert "190 pixels became opaque or transparent" in (result.note or "")
    assert result.mse > 0  # against the picture as it was
    assert result.score < fewcolors.compress(picture, format="png").score


def test_a_gif_has_255_colours_and_transparency() -> None:
    picture = picture_of(3000, 80, 80)
    picture[:5, :, 3] = 0
    result = fewcolors.compress(picture, 256, format="gif")
    assert result.n_colors == 256
    np.testing.assert_array_equal(pixels_of(result.data)[:, :, 3], picture[:, :, 3])


def test_half_transparent_colours_cannot_be_encoded_as_gif() -> None:
    image = fewcolors.quantize(picture_of(9, 9, 9, (100,)), 9)
    with pytest.raises(EncodeError, match="quantize with format='gif'"):
        encode_gif(image)


def test_all_transparent_entries_stay_transparent_in_a_gif() -> None:
    alphas = np.array([[0, 0, 0, 255, 0, 255]], np.uint8)
    colors = np.array([[[200, 0, 0], [0, 200, 0], [0, 0, 200], [9, 9, 9], [0, 200, 0], [8, 0, 0]]])
    picture = np.dstack([colors.astype(np.uint8), alphas])
    result = fewcolors.compress(picture, format="gif", keep_transparent_colors=True)
    np.testing.assert_array_equal(pixels_of(result.data)[..., 3], alphas)
    assert "the colours under alpha 0 became one" in (result.note or "")


# BMP


def bmp_header(data: bytes) -> tuple[int, int]:
    """Returns the bits a pixel and the compression."""
    return struct.unpack_from("<HI", data, 28)


@pytest.mark.parametrize(
    ("n_colors", "depth"), [(1, 1), (2, 1), (3, 4), (16, 4), (17, 8), (256, 8)]
)
def test_a_bmp_has_the_fewest_bits_and_no_runs(n_colors: int, depth: int) -> None:
    grey = (np.arange(90 * 70) % n_colors).astype(np.uint8).reshape(70, 90) ^ 255
    for picture in (grey, np.sort(grey)):
        data = encode_bmp(fewcolors.quantize(picture, 256))
        assert bmp_header(data) == (depth, 0)
        np.testing.assert_array_equal(pixels_of(data)[:, :, 0], picture)


def test_a_bmp_of_the_darkest_greys_is_understood_by_pillow() -> None:
    greys = np.repeat(np.arange(16, dtype=np.uint8), np.arange(32, 0, -2))[:, np.newaxis]
    for picture in (greys, np.tile(greys, (1, 30))):
        image = fewcolors.quantize(picture, 16)
        np.testing.assert_array_equal(pixels_of(encode_bmp(image)), image.to_rgba())


def test_a_bmp_with_alpha_has_32_bits() -> None:
    result = fewcolors.compress(picture_of(9, 9, 9, (0, 100, 255)), format="bmp")
    assert bmp_header(result.data) == (32, 3)


# TIFF


@pytest.mark.parametrize(("n_colors", "depth"), [(16, 4), (17, 8)])
def test_a_tiff_is_one_deflated_strip_with_a_palette(n_colors: int, depth: int) -> None:
    result = fewcolors.compress(picture_of(n_colors, 301, 400), 256, format="tiff")
    with Image.open(io.BytesIO(result.data)) as image:
        assert image.mode == "P"
        assert image.info["compression"] == "tiff_adobe_deflate"
        tags = image.getexif()
        assert (tags[258], tags[278]) == (depth, 400)  # bits a pixel, rows of a strip


# Too large


@pytest.mark.parametrize(("format_", "side"), [("webp", 16384), ("gif", 65536)])
def test_what_is_too_large_for_a_format_is_told(format_: Format, side: int) -> None:
    line = np.zeros((1, side), np.uint8)
    with pytest.raises(EncodeError, match=f"no more than {side - 1:,} pixels a side"):
        fewcolors.compress(line, format=format_)
    assert fewcolors.compress(line, format="auto").format == "png"


# Names


def test_wrong_formats_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"format must be one of 'png', 'gif', .* got 'jpeg'"):
        fewcolors.compress(picture_of(2, 2, 2), format="jpeg")  # type: ignore[arg-type]


def test_each_extension_stands_for_one_format() -> None:
    for format_, extensions in EXTENSIONS.items():
        for extension in extensions:
            assert format_of(f"folder.gif/a{extension.upper()}") == format_
    assert format_of("png") is None


@pytest.mark.parametrize("format_", FORMATS)
def test_the_default_name_has_the_extension_of_the_format(
    run_command: Run, picture: MakePicture, tmp_path: Path, format_: Format
) -> None:
    picture("photo.ppm")
    options = ["--format", format_, "-k", "8", "--effort", "fast", "--json"]
    result = run_command("compress", "photo.ppm", *options)
    assert (result.returncode, result.stderr) == (0, b"")
    target = f"photo-fewcolors{EXTENSIONS[format_][0]}"
    assert names(tmp_path) == sorted([target, "photo.ppm"])
    report = json.loads(result.stdout)
    assert (report["output"], report["format"]) == (target, format_)
    with Image.open(tmp_path / target) as image:
        assert image.format == FORMAT_NAMES[format_]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.gif", "GIF"), ("a.WebP", "WEBP"), ("a.tif", "TIFF"), ("a.bmp", "BMP"), ("a", "PNG")],
)
def test_the_extension_of_the_target_decides(
    run_command: Run, picture: MakePicture, tmp_path: Path, name: str, kind: str
) -> None:
    picture("photo.png")
    result = run_command("compress", "photo.png", "-k", "8", "-o", name, "--effort", "fast")
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / name) as image:
        assert image.format == kind


def test_auto_names_its_target_after_what_it_chose(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("photo.png")
    options = ["--format", "auto", "-k", "8", "--effort", "fast"]
    result = run_command("compress", "photo.png", *options, "--json")
    report = json.loads(result.stdout)
    assert names(tmp_path) == sorted(["photo.png", report["output"]])
    assert report["output"] == f"photo-fewcolors.{report['format']}"
    again = run_command("compress", "photo.png", *options)
    assert again.returncode == 0
    assert b"its result is up to date" in again.stdout
    other = run_command("compress", "photo.png", *options, "-k", "9")
    assert other.returncode == 1
    assert f"{report['output']}: exists".encode() in other.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--format", "jpeg"], "png"),
        (["-o", "a.jpg"], "--output must end in one of .png"),
        (["-o", "a.png", "--format", "gif"], "'a.png' is no name for --format gif"),
        (["-o", "a.png", "--format", "auto"], "'a.png' is no name for --format auto"),
    ],
)
def test_names_that_do_not_fit_are_refused(
    run_command: Run, picture: MakePicture, tmp_path: Path, options: list[str], words: str
) -> None:
    picture("photo.png")
    result = run_command("compress", "photo.png", *options)
    (line,) = result.stderr.decode().splitlines()
    assert result.returncode == 2
    assert words in line
    assert names(tmp_path) == ["photo.png"]


def test_a_format_asked_for_is_written_though_it_is_larger(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("flat.png")
    result = run_command("compress", "flat.png", "--format", "bmp")
    assert result.returncode == 0
    assert b"not smaller than the original PNG, but the BMP you asked for" in result.stderr
    assert names(tmp_path) == ["flat-fewcolors.bmp", "flat.png"]


def test_an_original_of_the_same_format_is_copied_where_told(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    small = encode_gif(fewcolors.quantize(np.zeros((9, 9), np.uint8)))
    (tmp_path / "small.gif").write_bytes(small)
    result = run_command("compress", "small.gif", "-o", "copy.gif")
    assert b"the original was copied" in result.stdout
    assert (tmp_path / "copy.gif").read_bytes() == small
