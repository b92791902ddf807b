"""Pictures in colours that were given: which entries they take, and which the file has."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PICTURES, MakePicture, Run, names
from PIL import Image

import fewcolors
from fewcolors import Palette, PaletteError
from fewcolors.options import EFFORTS, Effort

COLORS = ["#000000", "#ffffff", "#c04030", "#3060a0", "#80a060", "#e0c080"]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def stored(data: bytes) -> list[str]:
    """Returns the palette of a PNG, as it stands in the file."""
    with opened(data) as image:
        image.load()
        image.apply_transparency()
        return Palette(bytes(image.getpalette("RGBA") or b"")).hex()


def nearest_rgb(pixels: Any, colors: list[str]) -> Any:
    entries = Palette.of(colors).colors[:, :3].astype(np.int64)
    distances = ((pixels[:, :, None].astype(np.int64) - entries) ** 2).sum(axis=3)
    return entries[distances.argmin(axis=2)]


# Which entries pixels take


def test_classic_takes_the_nearest_in_srgb() -> None:
    pixels = np.asarray(PICTURES["photo.png"]())
    result = fewcolors.quantize(pixels, palette=COLORS, method="classic")
    expected = nearest_rgb(pixels, COLORS)
    found = result.to_rgb().astype(np.int64)
    errors = [((image - pixels) ** 2).sum(axis=2) for image in (found, expected)]
    assert (errors[0] == errors[1]).all()


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("quality", [None, 60])
@pytest.mark.parametrize("name", ["photo.png", "soft-shadow.png", "palette-alpha.png", "flat.png"])
def test_only_colours_of_the_palette_come_out(
    picture: MakePicture, name: str, quality: float | None, effort: Effort
) -> None:
    source = picture(name)
    result = fewcolors.compress(source, palette=COLORS, quality=quality, effort=effort)
    with opened(result.data) as image:
        found = {color for _, color in image.convert("RGBA").getcolors() or []}
    assert found <= {*Palette.of(COLORS), (0, 0, 0, 0)}
    assert set(stored(result.data)) <= {*COLORS, "#00000000"}
    assert len(result.indexed.palette) == len(found)  # and no unused ones


def test_colours_of_the_palette_stay_as_they_are() -> None:
    pixels = Palette.of(COLORS).colors[np.random.default_rng(0).integers(0, 6, (40, 40)), :3]
    for method in fewcolors.options.METHODS:
        result = fewcolors.compress(pixels, palette=COLORS, method=method)
        assert (result.indexed.to_rgb() == pixels).all()
        assert result.score == 100


def test_a_score_asked_for_makes_smaller_files() -> None:
    pixels = PICTURES["photo.png"]()
    given = fewcolors.quantize(pixels, n_colors=64).palette
    best = fewcolors.compress(pixels, palette=given)
    worse = fewcolors.compress(pixels, palette=given, quality=max(best.score - 20, 0))
    assert worse.bytes_out < best.bytes_out
    assert worse.score < best.score


# Transparency


def test_transparent_pixels_get_an_entry_if_there_is_none(picture: MakePicture) -> None:
    result = fewcolors.compress(picture("soft-shadow.png"), palette=COLORS)
    with Image.open(picture("soft-shadow.png")) as original:
        clear = np.asarray(original)[:, :, 3] == 0
    assert (result.indexed.to_rgba()[clear] == 0).all()
    assert result.note == ("a transparent entry was added: the picture has transparent pixels")
    kept = fewcolors.compress(picture("soft-shadow.png"), palette=COLORS, keep_palette_order=True)
    assert stored(kept.data) == [*COLORS, "#00000000"]


def test_transparent_entries_of_the_palette_are_used(picture: MakePicture) -> None:
    colors = ["#ff00ff00", "#00000060", "#d23c28"]
    result = fewcolors.compress(picture("soft-shadow.png"), palette=colors, keep_palette_order=True)
    assert result.note is None
    assert stored(result.data) == colors
    with Image.open(picture("soft-shadow.png")) as original:
        clear = np.asarray(original)[:, :, 3] == 0
    assert (result.indexed.to_rgba()[clear][:, 3] == 0).all()
    assert min(result.indexed.counts) > 0


def test_no_room_for_a_transparent_entry_is_an_error(picture: MakePicture) -> None:
    full = Palette(b"".join(bytes([i, i, i, 255]) for i in range(256)))
    with pytest.raises(PaletteError, match="none of the palette's 256 colours is transparent"):
        fewcolors.compress(picture("soft-shadow.png"), palette=full)
    assert fewcolors.compress(picture("photo.png"), palette=full).n_colors <= 256


@pytest.mark.parametrize("name", ["photo.png", "flat.png"])
def test_opaque_pictures_get_no_holes(picture: MakePicture, name: str) -> None:
    result = fewcolors.compress(picture(name), palette=["#00000000", "#fff8", "#00f", "#ff0"])
    assert set(stored(result.data)) <= {"#0000ff", "#ffff00"}
    with pytest.raises(PaletteError, match="no opaque colour"):
        fewcolors.compress(picture(name), palette=["#00000000", "#fff8"])


# What the file has


@pytest.mark.parametrize("quality", [None, 50])
@pytest.mark.parametrize("name", ["photo.png", "flat.png", "soft-shadow.png"])
def test_the_palettes_order_is_kept_with_unused_and_equal_entries(
    picture: MakePicture, name: str, quality: float | None
) -> None:
    colors = ["#00ff00", "#000000", "#00000000", "#ffffff", "#000000", "#c04030", "#ff00ff"]
    source = picture(name)
    kept = fewcolors.compress(source, palette=colors, keep_palette_order=True, quality=quality)
    ours = fewcolors.compress(source, palette=colors, quality=quality)
    assert stored(kept.data) == colors
    assert kept.indexed.palette.hex() == colors
    assert kept.indexed.counts == np.bincount(kept.indexed.indices.ravel(), minlength=7).tolist()
    assert (kept.indexed.to_rgba() == ours.indexed.to_rgba()).all()
    with opened(kept.data) as image:
        assert (np.asarray(image) == kept.indexed.indices).all()


def test_the_same_input_gives_the_same_bytes_on_any_number_of_threads() -> None:
    pixels = PICTURES["photo.png"]()
    one, three = (
        fewcolors.compress(pixels, palette=COLORS, n_threads=n, quality=50) for n in (1, 3)
    )
    assert one.data == three.data


def test_the_stages_take_the_palette_too() -> None:
    options = fewcolors.Options(palette=COLORS)
    pixels = fewcolors.decode(PICTURES["photo.png"]())
    histogram = fewcolors.build_histogram(pixels)
    palette = fewcolors.build_palette(histogram, options)
    assert palette.hex() == COLORS
    assert set(fewcolors.assign(pixels, histogram, palette, options).palette.hex()) <= set(COLORS)


# Options


def test_options_that_do_not_go_together() -> None:
    pixels = np.zeros((2, 2), np.uint8)
    with pytest.raises(ValueError, match="n_colors does not go with palette"):
        fewcolors.compress(pixels, 4, palette=COLORS)
    with pytest.raises(ValueError, match="keep_palette_order needs palette"):
        fewcolors.compress(pixels, keep_palette_order=True)
    with pytest.raises(ValueError, match="palette: '#zzz' is no hex colour"):
        fewcolors.compress(pixels, palette=["#zzz"])


# The command


def test_the_command_takes_files_and_lists(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    Palette.of(COLORS).save(path.with_name("p.gpl"))
    run = run_command("compress", "photo.png", "--palette", "p.gpl", "--keep-palette-order")
    assert (run.returncode, run.stderr) == (0, b"")
    saved = path.with_name("photo-fewcolors.png")
    assert stored(saved.read_bytes()) == COLORS
    run = run_command("compress", "photo.png", "--palette", "#000,fff", "-o", "-")
    assert run.returncode == 0
    assert set(stored(run.stdout)) == {"#000000", "#ffffff"}


def test_the_command_writes_the_colours_though_the_file_be_larger(
    run_command: Run, picture: MakePicture
) -> None:
    path = picture("flat.png")
    run = run_command("compress", "flat.png", "--palette", ",".join(COLORS), "--keep-palette-order")
    assert run.returncode == 0
    assert b"larger" in run.stdout
    assert stored(path.with_name("flat-fewcolors.png").read_bytes()) == COLORS


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["--palette", "none.gpl"], 1, "none.gpl: no such file"),
        (["--palette", "photo.png"], 1, "photo.png: a picture of "),
        (["--palette", "."], 1, ".: is a folder"),
        (["--palette", "#000,#zzz"], 2, "--palette: '#zzz' is no hex colour"),
        (["--palette", ""], 2, "--palette must have 1 to 256 colours, got 0"),
        (["--palette", "#000", "-k", "2"], 2, "--colors does not go with --palette"),
        (["--keep-palette-order"], 2, "--keep-palette-order needs --palette"),
        (["--palette", "#0000"], 1, "photo.png: an opaque picture, and the palette has no opaque"),
    ],
)
def test_faults_are_one_line_and_nothing_is_written(
    run_command: Run,
    picture: MakePicture,
    tmp_path: Path,
    options: list[str],
    status: int,
    message: str,
) -> None:
    picture("photo.png")
    run = run_command("compress", "photo.png", *options)
    (line,) = run.stderr.decode().splitlines()
    assert (run.returncode, message in line) == (status, True), line
    assert names(tmp_path) == ["photo.png"]
