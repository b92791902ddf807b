"""Pictures that are read in strips: as in memory, in every format, whole or not at all."""

import contextlib
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from conftest import Run, names
from PIL import Image

import fewcolors
from fewcolors.assign.size_aware import size_aware
from fewcolors.decode.color.icc_write import Primaries, build_profile
from fewcolors.decode.color.profiles import find_profile
from fewcolors.decode.color.to_srgb import converter
from fewcolors.decode.color.tone_curves import SRGB_CURVE
from fewcolors.options import Options
from fewcolors.weigh import weigh_as_photo

tifffile = pytest.importorskip("tifffile", reason="needs fewcolors[gigapixel]: pip install it")
pytest.importorskip("imagecodecs", reason="needs fewcolors[gigapixel]: pip install it")
zarr = pytest.importorskip("zarr", reason="needs fewcolors[gigapixel]: pip install it")

from fewcolors.gigapixel import compress_large  # noqa: E402
from fewcolors.gigapixel.plan import make_plan  # noqa: E402
from fewcolors.gigapixel.read import open_source, source  # noqa: E402
from fewcolors.gigapixel.sample import read_sample  # noqa: E402
from fewcolors.gigapixel.target import Target  # noqa: E402

HEIGHT, WIDTH = 300, 410

pytestmark = pytest.mark.filterwarnings(
    # Zarr warns of itself: codecs that its specification does not have yet.
    "ignore:.*do(es)? not have a Zarr V3 specification.*"
)

Array = npt.NDArray[Any]


def photo_like(channels: int = 3, height: int = HEIGHT, width: int = WIDTH) -> Array:
    """Smooth light under noise; with alpha, pixels of each kind."""
    draws = np.random.default_rng(7)
    across = np.linspace(0, 3, width)[None, :, None]
    down = np.linspace(0, 2, height)[:, None, None]
    light = 120 + 90 * np.sin(across * np.arange(1, channels + 1) + down)
    picture = (light + draws.normal(0, 8, light.shape)).clip(0, 255).astype(np.uint8)
    if channels in (2, 4):
        picture[: height // 3, :, -1] = 255
        picture[2 * height // 3 :, :, -1] = 0
    return picture


def page(height: int = HEIGHT, width: int = WIDTH) -> Array:
    """A drawing of four colours."""
    picture = np.full((height, width, 3), 255, np.uint8)
    picture[40:90, 30:200] = (200, 30, 40)
    picture[100:250:6, 50:300] = 0
    picture[::40, :] = (0, 90, 200)
    return picture


@pytest.fixture(autouse=True)
def small_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes strips of a single band, so that small pictures have several."""
    monkeypatch.setattr(source, "STRIP_PIXELS", 1)


@pytest.fixture
def tiled(tmp_path: Path) -> Path:
    """A tiled TIFF of a photo."""
    path = tmp_path / "slide.tif"
    tifffile.imwrite(path, photo_like(), tile=(64, 80), photometric="rgb", compression="zlib")
    return path


def pixels_of(path: Path) -> Array:
    """Returns what a file of ours shows, as RGBA."""
    if path.suffix == ".zarr":
        array = zarr.open_array(path, mode="r")
        colors: Array = fewcolors.Palette.of(array.attrs["palette"]).colors[array[:]]
        return colors
    return np.asarray(Image.open(path).convert("RGBA"))


def rows_of(path: Path, **how: Any) -> Array:
    """Returns what is read of a file, strip by strip."""
    opened = open_source(str(path), 2, **how)
    try:
        strips = [strip.pixels for strip in opened.strips(9)]
        rows = [
            np.frombuffer(strip.data, np.uint8).reshape(strip.height, strip.width, strip.channels)
            for strip in strips
        ]
        return np.concatenate(rows)
    finally:
        opened.close()


# As in memory


@pytest.mark.parametrize("channels", [3, 4])
def test_palette_and_size_aware_indices_are_those_of_the_whole_picture(
    tmp_path: Path, channels: int
) -> None:
    picture, path = photo_like(channels), tmp_path / "slide.tif"
    extra = ["unassalpha"] if channels == 4 else None
    tifffile.imwrite(path, picture, tile=(64, 80), photometric="rgb", extrasamples=extra)
    options = Options(quality=60, n_threads=2)
    result = compress_large(path, tmp_path / "small.png", options)
    pixels = fewcolors.decode(picture)
    weights = weigh_as_photo(pixels, options)
    histogram = fewcolors.build_histogram(pixels, 1, weights)
    assert sorted(result.palette.entries) == sorted(
        fewcolors.build_palette(histogram, options).entries
    )
    opened = open_source(str(path))
    plan = make_plan(read_sample(opened, options), histogram, options)
    opened.close()
    assert plan.way.kind == "size-aware"
    whole = size_aware(pixels, weights, plan.palette, plan.way.strength, options)
    written = np.asarray(Image.open(tmp_path / "small.png"))
    places = np.frombuffer(plan.places, np.uint8)
    assert np.array_equal(written, places[np.asarray(whole.indices)].reshape(HEIGHT, WIDTH))
    assert result.palette == plan.stored
    assert sum(result.palette.shares) == pytest.approx(1)


@pytest.mark.parametrize(
    "choices",
    [
        {"dither": "none", "n_colors": 20},
        {"dither": 0.8, "n_colors": 20},
        {"dither": "ordered", "n_colors": 20},
        {"method": "classic", "n_colors": 12},
        {"palette": "#000,#fff,#c83010,#2050d0", "keep_palette_order": True, "dither": "none"},
    ],
    ids=str,
)
def test_explicit_ways_give_the_pixels_of_quantize(
    tiled: Path, tmp_path: Path, choices: dict[str, Any]
) -> None:
    compress_large(tiled, tmp_path / "small.png", Options(**choices))
    whole = fewcolors.quantize(photo_like(), **choices)
    assert np.array_equal(pixels_of(tmp_path / "small.png"), whole.to_rgba())
    if "palette" in choices:
        assert fewcolors.Palette.load(tmp_path / "small.png").hex()[:4] == whole.palette.hex()[:4]


@pytest.mark.parametrize("picture", [photo_like(), page()])
@pytest.mark.parametrize("choices", [{}, {"quality": 40}, {"n_colors": 9}, {"effort": "fast"}])
def test_score_and_error_are_those_of_what_is_written(
    tmp_path: Path, picture: Array, choices: dict[str, Any]
) -> None:
    path = tmp_path / "picture.zarr"
    zarr.create_array(path, shape=picture.shape, dtype=np.uint8, chunks=(100, 150, 3))[:] = picture
    result = compress_large(path, tmp_path / "small.png", Options(**choices))
    written = fewcolors.compare(picture, tmp_path / "small.png")
    assert result.score == pytest.approx(written.score, abs=0.1)
    assert result.mse == pytest.approx(written.mse, rel=0.01)


def test_colors_that_are_few_are_kept_exactly(tmp_path: Path) -> None:
    path = tmp_path / "page.tif"
    tifffile.imwrite(path, page(), tile=(128, 128), photometric="rgb")
    result = compress_large(path, tmp_path / "page.png", Options(n_colors=200))
    assert (result.score, result.n_colors, result.mse) == (100.0, 4, 0.0)
    assert np.array_equal(pixels_of(tmp_path / "page.png")[:, :, :3], page())


# Sources


KINDS: dict[str, tuple[Array, dict[str, Any]]] = {
    "tiles": (photo_like(), {"tile": (64, 80), "photometric": "rgb"}),
    "big": (photo_like(), {"tile": (64, 80), "photometric": "rgb", "bigtiff": True}),
    "big-endian": (photo_like(), {"tile": (64, 80), "photometric": "rgb", "byteorder": ">"}),
    "lzw": (photo_like(), {"tile": (64, 80), "photometric": "rgb", "compression": "lzw"}),
    "zstd": (photo_like(), {"tile": (256, 256), "photometric": "rgb", "compression": "zstd"}),
    "packbits": (
        photo_like(),
        {"rowsperstrip": 7, "photometric": "rgb", "compression": "packbits"},
    ),
    "predictor": (
        photo_like(),
        {"tile": (32, 32), "photometric": "rgb", "compression": "zlib", "predictor": True},
    ),
    "strips": (photo_like(), {"rowsperstrip": 50, "photometric": "rgb"}),
    "one strip": (photo_like(), {"photometric": "rgb"}),
    "deflated strips": (
        photo_like(),
        {"rowsperstrip": 33, "photometric": "rgb", "compression": "zlib"},
    ),
    "alpha": (photo_like(4), {"tile": (64, 64), "photometric": "rgb", "extrasamples": [2]}),
    "grey": (photo_like(1)[:, :, 0], {"tile": (64, 64), "photometric": "minisblack"}),
    "grey and alpha": (
        photo_like(2),
        {"tile": (64, 64), "photometric": "minisblack", "extrasamples": [2], "planarconfig": 1},
    ),
    "16 bits": (
        photo_like().astype(np.uint16) * 257,
        {"tile": (64, 64), "photometric": "rgb", "byteorder": ">"},
    ),
    "16 bits in strips": (
        photo_like().astype(np.uint16) * 257,
        {"photometric": "rgb", "byteorder": ">"},
    ),
    "1 bit": (photo_like(1)[:, :, 0] > 120, {"photometric": "minisblack"}),
    "1 bit in tiles": (
        photo_like(1)[:, :, 0] > 120,
        {"tile": (64, 64), "compression": "zlib", "photometric": "minisblack"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_tiff_is_read_as_it_is(kind: str, tmp_path: Path) -> None:
    picture, how = KINDS[kind]
    tifffile.imwrite(tmp_path / "picture.tif", picture, **how)
    expected = fewcolors.decode(picture)
    read = rows_of(tmp_path / "picture.tif")
    assert read.tobytes() == expected.data
    assert read.shape == (HEIGHT, WIDTH, expected.channels)


def test_white_that_is_zero_and_palettes_are_read_as_they_look(tmp_path: Path) -> None:
    grey = photo_like(1)[:, :, 0]
    tifffile.imwrite(tmp_path / "white.tif", 255 - grey, tile=(64, 64), photometric="miniswhite")
    assert np.array_equal(rows_of(tmp_path / "white.tif")[:, :, 1], grey)
    colors = np.random.default_rng(1).integers(0, 256, (3, 256), np.uint16)
    tifffile.imwrite(
        tmp_path / "palette.tif",
        grey,
        tile=(64, 64),
        photometric="palette",
        colormap=colors * np.uint16(257),
    )
    assert np.array_equal(rows_of(tmp_path / "palette.tif"), colors.T[grey])


@pytest.mark.parametrize("subsampling", [(1, 1), (2, 2)])
def test_tiles_of_jpeg_are_read_as_pillow_reads_them(
    tmp_path: Path, subsampling: tuple[int, int]
) -> None:
    path = tmp_path / "slide.tif"
    how = {"photometric": "ycbcr", "compression": "jpeg", "subsampling": subsampling}
    tifffile.imwrite(path, photo_like(), tile=(64, 80), **how)
    assert np.array_equal(rows_of(path), tifffile.imread(path))
    with Image.open(path) as image:
        close = np.abs(rows_of(path).astype(int) - np.asarray(image.convert("RGB")))
    assert close.mean() < 3


def test_premultiplied_alpha_is_taken_out(tmp_path: Path) -> None:
    picture = photo_like(4)
    alpha = picture[:, :, 3:].astype(np.uint32)
    stored = np.concatenate(
        [((picture[:, :, :3] * alpha + 127) // 255).astype(np.uint8), picture[:, :, 3:]], axis=2
    )
    path = tmp_path / "sprite.tif"
    tifffile.imwrite(path, stored, tile=(64, 64), photometric="rgb", extrasamples=[1])
    read = rows_of(path)
    is_solid = picture[:, :, 3] > 200
    assert np.abs(read[is_solid].astype(int) - picture[is_solid]).max() <= 1


def test_a_profile_is_converted_or_kept(tmp_path: Path) -> None:
    p3 = Primaries((0.3127, 0.329), (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
    wide = build_profile("wide", p3, SRGB_CURVE)
    tifffile.imwrite(
        tmp_path / "wide.tif", photo_like(), tile=(64, 64), photometric="rgb", iccprofile=wide
    )
    assert np.array_equal(rows_of(tmp_path / "wide.tif", keep_profile=True), photo_like())
    converted = rows_of(tmp_path / "wide.tif")
    image = Image.fromarray(photo_like())
    image.info["icc_profile"] = wide
    profile, _ = find_profile(image)
    assert np.array_equal(converted, np.asarray(converter(image, profile)(image)))
    options = Options(keep_profile=True, n_colors=8)
    compress_large(tmp_path / "wide.tif", tmp_path / "kept.png", options)
    with Image.open(tmp_path / "kept.png") as kept:
        assert kept.info["icc_profile"] == wide


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_zarr_of_both_versions_is_read_as_it_is(tmp_path: Path, version: Any, dtype: Any) -> None:
    picture = photo_like().astype(dtype) * (257 if dtype == np.uint16 else 1)
    array = zarr.create_array(
        tmp_path / "a.zarr",
        shape=picture.shape,
        dtype=dtype,
        chunks=(70, 90, 2),
        zarr_format=version,
    )
    array[:] = picture
    assert rows_of(tmp_path / "a.zarr").tobytes() == fewcolors.decode(picture).data


def test_shards_are_read_as_they_are(tmp_path: Path) -> None:
    how = {"chunks": (32, 32, 3), "shards": (64, 128, 3)}
    array = zarr.create_array(tmp_path / "a.zarr", shape=(HEIGHT, WIDTH, 3), dtype="u1", **how)
    array[:] = photo_like()
    assert np.array_equal(rows_of(tmp_path / "a.zarr"), photo_like())


def test_smaller_pages_are_left_out_with_a_note(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "slide.tif") as writer:
        writer.write(photo_like(), tile=(64, 64), photometric="rgb", subifds=1)
        writer.write(photo_like()[::2, ::2], tile=(64, 64), photometric="rgb", subfiletype=1)
        writer.write(photo_like()[::9, ::9], photometric="rgb", metadata=None)
    result = compress_large(tmp_path / "slide.tif", tmp_path / "small.png", Options(8))
    assert (result.width, result.note) == (WIDTH, "smaller pages were left out (1)")


# Targets


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("n_colors", [2, 11, 200])
def test_every_target_shows_the_same(tmp_path: Path, channels: int, n_colors: int) -> None:
    picture = photo_like(channels)
    kind = {"extrasamples": [2]} if channels == 4 else {}
    tifffile.imwrite(tmp_path / "a.tif", picture, tile=(64, 64), photometric="rgb", **kind)
    targets = [tmp_path / f"out.{ending}" for ending in ("png", "tiff", "zarr")]
    for target in targets:
        result = compress_large(tmp_path / "a.tif", target, Options(n_colors))
        assert result.n_colors <= n_colors
    shown = [pixels_of(target) for target in targets]
    assert np.array_equal(shown[0], shown[1])
    assert np.array_equal(shown[0], shown[2])
    assert rows_of(targets[2]).tobytes() == rows_of(targets[1]).tobytes()  # they can be read again
    assert [line for line in names(tmp_path) if line.startswith(".")] == []


@pytest.mark.skipif(shutil.which("pngcheck") is None, reason="needs pngcheck")
@pytest.mark.process
@pytest.mark.parametrize(
    "choices", [{}, {"effort": "max"}, {"effort": "fast", "n_colors": 5}, {"n_colors": 2}], ids=str
)
@pytest.mark.parametrize("picture", [photo_like(), photo_like(4), page()])
def test_pngs_are_valid(tmp_path: Path, choices: dict[str, Any], picture: Array) -> None:
    kind = {"extrasamples": [2]} if picture.shape[2] == 4 else {}
    tifffile.imwrite(tmp_path / "a.tif", picture, tile=(64, 64), photometric="rgb", **kind)
    compress_large(tmp_path / "a.tif", tmp_path / "a.png", Options(**choices))
    done = subprocess.run(["pngcheck", "-q", tmp_path / "a.png"], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def test_bytes_do_not_depend_on_threads(tiled: Path, tmp_path: Path) -> None:
    files = []
    for n_threads in (1, 3):
        target = tmp_path / f"{n_threads}.png"
        compress_large(tiled, target, Options(quality=70, n_threads=n_threads))
        files.append(target.read_bytes())
    assert files[0] == files[1]


def test_sides_that_a_format_cannot_have_are_named() -> None:
    with pytest.raises(fewcolors.EncodeError, match=r"PNG has 2,147,483,647"):
        Target("a.png", "png").check(2**31, 1)
    Target("a.zarr", "zarr").check(2**31, 1)
    with pytest.raises(fewcolors.EncodeError, match="GIF"):
        Target.of("a.gif")


def test_a_target_that_is_there_is_replaced_only_by_force(tiled: Path, tmp_path: Path) -> None:
    for target in (tmp_path / "a.png", tmp_path / "a.zarr"):
        compress_large(tiled, target, Options(4))
        with pytest.raises(FileExistsError):
            compress_large(tiled, target, Options(4))
        compress_large(tiled, target, Options(6), force=True)
        assert len(np.unique(pixels_of(target).reshape(-1, 4), axis=0)) == 6
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "mine.zarr" / "thesis.txt").write_text("mine")
    with pytest.raises(OSError, match="not a Zarr array"):
        compress_large(tiled, tmp_path / "mine.zarr", Options(4), force=True)
    assert names(tmp_path) == ["a.png", "a.zarr", "mine.zarr", "slide.tif"]


@pytest.mark.parametrize("ending", ["png", "tif", "zarr"])
def test_nothing_is_left_of_what_does_not_come_to_its_end(
    tiled: Path, tmp_path: Path, ending: str
) -> None:
    def interrupt(n_done: int, n_rows: int) -> None:
        if n_done > 2 * n_rows // 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compress_large(tiled, tmp_path / f"a.{ending}", Options(8), watch=interrupt)
    with pytest.raises(fewcolors.QualityTooLowError):
        compress_large(tiled, tmp_path / f"a.{ending}", Options(2, min_quality=90))
    assert names(tmp_path) == ["slide.tif"]


def test_progress_counts_rows_read_twice(tiled: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    compress_large(tiled, tmp_path / "a.png", Options(4), watch=lambda *step: steps.append(step))
    assert steps == [(n, 2 * HEIGHT) for n in (128, 256, 300, 428, 556, 600)]


# What is refused, by name


def refused(path: Path, match: str) -> None:
    with pytest.raises(fewcolors.DecodeError, match=match):
        open_source(str(path))


def test_kinds_that_are_not_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tiles = {"tile": (64, 64)}
    tifffile.imwrite(path, photo_like(), photometric="rgb", compression="jpeg2000", **tiles)
    refused(path, "compression APERIO_JP2000|compression JPEG")
    tifffile.imwrite(path, photo_like(4), photometric="separated", **tiles)
    refused(path, "colours SEPARATED")
    tifffile.imwrite(path, photo_like().astype(np.float32), photometric="rgb", **tiles)
    refused(path, "float32")
    planes = np.moveaxis(photo_like(), 2, 0)
    tifffile.imwrite(path, planes, photometric="rgb", planarconfig="separate", **tiles)
    refused(path, "channels apart")
    tifffile.imwrite(path, np.stack([photo_like()] * 2), photometric="rgb", **tiles)
    refused(path, "several pages")
    tags = [(274, "H", 1, 6, True)]
    tifffile.imwrite(path, photo_like(), photometric="rgb", extratags=tags, **tiles)
    refused(path, "turned or mirrored")


def test_a_strip_that_is_the_picture_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fewcolors.gigapixel.read.tiff.MOST_BAND_BYTES", 100_000)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo_like(), photometric="rgb", compression="zlib", rowsperstrip=HEIGHT)
    refused(path, "store it in tiles")


def test_a_file_that_claims_more_pixels_than_it_can_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo_like(), tile=(256, 256), photometric="rgb", compression="zlib")
    data = path.read_bytes()
    for wrong, right in ((WIDTH, 2**30), (HEIGHT, 2**20)):
        data = data.replace(struct.pack("<HII", 4, 1, wrong), struct.pack("<HII", 4, 1, right), 1)
    path.write_bytes(data)
    with pytest.raises(fewcolors.DecodeError):
        open_source(str(path))
    array = zarr.create_array(
        tmp_path / "a.zarr", shape=(99_999, 99_999), dtype="u1", chunks=(500, 500)
    )
    assert array.nchunks > 0
    with pytest.raises(fewcolors.ImageTooLargeError, match="pixels in"):
        open_source(str(tmp_path / "a.zarr"))


def test_damaged_tiles_end_in_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo_like(), tile=(64, 64), photometric="rgb", compression="zlib")
    data = bytearray(path.read_bytes())
    data[20_000:20_400] = bytes(400)
    path.write_bytes(data)
    with pytest.raises(fewcolors.DecodeError):
        compress_large(path, tmp_path / "a.png")
    path.write_bytes(data[:30_000])
    with pytest.raises(fewcolors.DecodeError):
        compress_large(path, tmp_path / "a.png")
    assert names(tmp_path) == ["a.tif"]


def test_a_tile_of_jpeg_that_says_it_is_larger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, photo_like(), tile=(64, 64), photometric="ycbcr", compression="jpeg")
    data = bytearray(path.read_bytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = b"\xff\xdc\xff\xdc"
    path.write_bytes(data)
    with pytest.raises(fewcolors.DecodeError, match="too large"):
        compress_large(path, tmp_path / "a.png")


def test_a_zarr_of_codecs_that_run_what_they_read_is_refused(tmp_path: Path) -> None:
    array = zarr.create_array(
        tmp_path / "a.zarr", shape=(64, 64), dtype="u1", chunks=(64, 64), zarr_format=2
    )
    array[:] = 1
    metadata = tmp_path / "a.zarr" / ".zarray"
    fields = json.loads(metadata.read_text())
    metadata.write_text(json.dumps({**fields, "filters": [{"id": "pickle", "protocol": 5}]}))
    refused(tmp_path / "a.zarr", "codec 'pickle'")
    metadata.write_text("{")
    refused(tmp_path / "a.zarr", "metadata")


def test_groups_and_other_shapes_are_named(tmp_path: Path) -> None:
    group = zarr.create_group(tmp_path / "g.zarr")
    group.create_array("0", shape=(3, 50, 40), dtype="u1")
    refused(tmp_path / "g.zarr", "group of arrays")
    refused(tmp_path / "g.zarr" / "0", r"shape \(3, 50, 40\)")
    zarr.create_array(tmp_path / "f.zarr", shape=(8, 8), dtype="f4")
    refused(tmp_path / "f.zarr", "float32")


@pytest.mark.parametrize(
    "choices",
    [{"max_bytes": 9}, {"keep_metadata": True}, {"allow_damaged": True}],
    ids=lambda choices: next(iter(choices)),
)
def test_options_that_make_no_sense_are_named(
    tiled: Path, tmp_path: Path, choices: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=next(iter(choices))):
        compress_large(tiled, tmp_path / "a.png", Options(**choices))


# The command


@pytest.mark.process
def test_the_command_streams_what_is_above_its_limit(
    tiled: Path, tmp_path: Path, run_command: Run
) -> None:
    for target in ("a.png", "a.tif", "a.zarr"):
        limit = ("--max-pixels", "1000", "-q", "50", "--json")
        done = run_command("compress", str(tiled), *limit, "-o", target)
        assert done.stderr == b""
        report = json.loads(done.stdout)
        assert (report["status"], report["width"], report["output"]) == ("written", WIDTH, target)
    assert np.array_equal(pixels_of(tmp_path / "a.png"), pixels_of(tmp_path / "a.zarr"))
    done = run_command("compress", "a.zarr/", "--quiet", "--force", "-o", "again.png")
    assert done.returncode == 0
    assert b"saved as a-fewcolors.png" in run_command("compress", "-r", "a.zarr/", "-k2").stdout
    assert np.array_equal(pixels_of(tmp_path / "again.png"), pixels_of(tmp_path / "a.png"))


@pytest.mark.process
def test_the_command_leaves_results_alone_that_are_up_to_date(
    tiled: Path, run_command: Run
) -> None:
    command = ("compress", str(tiled.parent), "-r", "--max-pixels", "1000", "--output-dir", "out")
    assert b"saved as" in run_command(*command).stdout
    again = run_command(*command)
    assert b"its result is up to date" in again.stdout


@pytest.mark.process
@pytest.mark.parametrize(
    ("arguments", "status", "fault"),
    [
        (("--max-bytes", "10kB"), 1, b"--max-bytes is not for pictures that are read in strips"),
        (("--figure", "f.png"), 1, b"--figure is for pictures that fit into memory"),
        (("-o", "-"), 1, b"standard output takes no picture that large"),
        (("--format", "gif"), 1, b"GIF is not written strip by strip"),
        (("--min-quality", "95", "-k", "2"), 99, b"below the 95 asked for"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_command_names_what_makes_no_sense(
    tiled: Path,
    run_command: Run,
    arguments: tuple[str, ...],
    status: int,
    fault: bytes,
) -> None:
    done = run_command("compress", str(tiled), "--max-pixels", "1000", *arguments)
    assert done.returncode == status
    assert fault in done.stderr
    assert names(tiled.parent) == ["slide.tif"]


@pytest.mark.process
def test_pictures_that_are_no_tiff_stay_too_large(tmp_path: Path, run_command: Run) -> None:
    Image.fromarray(photo_like()).save(tmp_path / "a.png")
    done = run_command("compress", "a.png", "--max-pixels", "1000")
    assert b"over the limit of 1,000" in done.stderr
    done = run_command("compress", "a.png", "-o", "b.zarr")
    assert b"neither a TIFF nor a Zarr array" in done.stderr


@pytest.mark.process
def test_without_the_packages_the_command_says_which(tiled: Path) -> None:
    program = (
        "import sys; sys.modules['tifffile'] = None; import fewcolors.cli as cli; "
        "sys.exit(cli.main())"
    )
    command = [sys.executable, "-c", program, "compress", str(tiled), "--max-pixels", "1000"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"over the limit" in done.stderr
    assert b"fewcolors[gigapixel]" in done.stderr


@pytest.mark.process
@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal as POSIX has it")
def test_a_terminal_shows_how_far_it_has_come(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    path = tmp_path / "large.tif"
    tifffile.imwrite(path, np.tile(photo_like(), (8, 6, 1)), tile=(256, 256), photometric="rgb")
    terminal, its_end = pty.openpty()
    pytest.importorskip("termios").tcsetwinsize(terminal, (24, 80))
    command = [sys.executable, "-m", "fewcolors", "compress", str(path), "--max-pixels", "1000"]
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, stderr=its_end, env=environment) as process:
        os.close(its_end)
        shown = b""
        with contextlib.suppress(OSError):  # which is how a terminal ends
            while piece := os.read(terminal, 4096):
                shown += piece
    os.close(terminal)
    assert process.returncode == 0
    assert re.search(rb"\[[#-]{20}\] \d+%, \d+:\d\d left", shown)
    assert shown.endswith(b"\r\x1b[K")


@pytest.mark.process
@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("ending", ["png", "zarr"])
def test_ctrl_c_leaves_nothing(tmp_path: Path, ending: str) -> None:
    large = np.tile(photo_like(), (8, 6, 1))
    path = tmp_path / "large.tif"
    tifffile.imwrite(path, large, tile=(256, 256), photometric="rgb", compression="zlib")
    limit = ("--max-pixels", "1000", "--effort", "max")
    command = [
        sys.executable,
        "-m",
        "fewcolors",
        "compress",
        str(path),
        *limit,
        "-o",
        f"a.{ending}",
    ]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE) as process:
        for _ in range(600):
            if any(name.startswith(".a.") for name in names(tmp_path)):
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert process.returncode == 130
    assert names(tmp_path) == ["large.tif"]
