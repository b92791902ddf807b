"""Main colours: those a person would name, exact where they are drawn; and the command's lists."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PICTURES, MakePicture, Run, names
from PIL import Image, ImageDraw

import fewcolors
from fewcolors import Palette, PaletteError

BEACH = (222, 200, 160)
SEA = (30, 110, 170)
UMBRELLA = (215, 30, 40)


def beach() -> Any:
    """Noisy sand and sea, and an umbrella on half a percent of the picture."""
    image = Image.new("RGB", (200, 200), BEACH)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 199, 80), fill=SEA)
    draw.ellipse((100, 120, 115, 135), fill=UMBRELLA)
    noise = np.random.default_rng(0).normal(0, 8, (200, 200, 1))
    return (np.asarray(image) + noise).clip(0, 255).astype(np.uint8)


def logo() -> Image.Image:
    """Four flat colours with soft edges between them."""
    image = Image.new("RGB", (800, 400), (250, 250, 245))
    draw = ImageDraw.Draw(image)
    for x, color in ((100, (20, 30, 90)), (320, (240, 120, 0)), (540, (0, 150, 110))):
        draw.ellipse((x, 100, x + 180, 280), fill=color)
    return image.resize((200, 100), Image.Resampling.LANCZOS)


def distance(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    return max(abs(x - y) for x, y in zip(a[:3], b[:3], strict=True))


# The colours


def test_few_colours_are_exact_with_their_shares() -> None:
    pixels = np.array([[[9, 9, 9], [200, 0, 0], [9, 9, 9], [0, 7, 0]]], np.uint8)
    palette = fewcolors.palette_of(pixels)
    assert palette.hex() == ["#090909", "#000700", "#c80000"]
    assert palette.shares == (0.5, 0.25, 0.25)


def test_drawn_colours_are_exact_though_their_edges_are_soft() -> None:
    palette = fewcolors.palette_of(logo(), n_colors=4)
    assert set(palette.hex()) == {"#fafaf5", "#141e5a", "#f07800", "#00966e"}


@pytest.mark.parametrize("n_colors", [3, 5, 8])
def test_small_areas_of_another_colour_are_named(n_colors: int) -> None:
    palette = fewcolors.palette_of(beach(), n_colors=n_colors)
    for color in (BEACH, SEA, UMBRELLA):
        assert min(distance(color, found) for found in palette) < 40, palette


@pytest.mark.parametrize("n_colors", [1, 2, 7, 64, 256])
def test_colours_are_distinct_opaque_sorted_and_all_of_the_picture(n_colors: int) -> None:
    palette = fewcolors.palette_of(PICTURES["photo.png"](), n_colors=n_colors)
    assert 1 <= len(set(palette)) == len(palette) <= n_colors
    assert palette.n_opaque == len(palette)
    assert list(palette.shares) == sorted(palette.shares, reverse=True)
    assert sum(palette.shares) == pytest.approx(1)


def test_a_plain_picture_has_fewer_colours_than_asked_for() -> None:
    grey = np.random.default_rng(0).integers(126, 130, (40, 40, 3)).astype(np.uint8)
    assert len(fewcolors.palette_of(grey)) == 1


def test_pictures_count_by_their_pixels() -> None:
    small, large = np.full((2, 2), 0, np.uint8), np.full((2, 6), 255, np.uint8)
    palette = fewcolors.palette_of(small, large)
    assert palette.hex() == ["#ffffff", "#000000"]
    assert palette.shares == (0.75, 0.25)
    assert fewcolors.palette_of(large, small) == palette


def test_pixels_count_by_their_alpha() -> None:
    pixels = np.array([[[255, 0, 0, 255], [255, 0, 0, 51], [0, 0, 255, 51], [9, 9, 9, 0]]])
    palette = fewcolors.palette_of(pixels.astype(np.uint8))
    assert palette.hex() == ["#ff0000", "#0000ff"]
    assert palette.shares == pytest.approx((6 / 7, 1 / 7))
    soft = fewcolors.palette_of(PICTURES["soft-shadow.png"]())
    assert soft.n_opaque == len(soft)
    assert "#d23c28" in soft.hex()


def test_nothing_visible_is_an_error() -> None:
    with pytest.raises(PaletteError, match="no pixel is visible"):
        fewcolors.palette_of(np.zeros((3, 3, 4), np.uint8))


def test_wrong_arguments() -> None:
    with pytest.raises(ValueError, match="at least one image"):
        fewcolors.palette_of()
    with pytest.raises(ValueError, match="n_colors must be 1 to 256, got 0"):
        fewcolors.palette_of(beach(), n_colors=0)
    with pytest.raises(ValueError, match="n_threads"):
        fewcolors.palette_of(beach(), n_threads=0)


def test_threads_change_nothing() -> None:
    one, three = (fewcolors.palette_of(beach(), n_threads=n) for n in (1, 3))
    assert (one, one.shares) == (three, three.shares)


def test_drawn_windows_have_the_colours_they_are_drawn_in(shared_images: Path) -> None:
    palette = fewcolors.palette_of(shared_images / "graphics" / "windows95.png")
    assert palette.hex()[:4] == ["#c0c0c0", "#ffffff", "#808080", "#000000"]
    assert {"#000080", "#00ffff", "#ffff00"} <= set(palette.hex())


# The command


def test_the_command_lists_colours_and_shares(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    run = run_command("palette", "photo.png", "-k", "4")
    assert (run.returncode, run.stderr) == (0, b"")
    lines = run.stdout.decode().splitlines()
    palette = fewcolors.palette_of(path, n_colors=4)
    assert [line[:7] for line in lines] == palette.hex()
    for line, share in zip(lines, palette.shares, strict=True):
        match = re.fullmatch(r"#[0-9a-f]{6} +([\d.]+)%", line)
        assert match
        assert float(match[1]) == pytest.approx(100 * share, abs=0.051)


@pytest.mark.parametrize("name", ["hex", "css", "json", "gpl", "aco", "ase", "png"])
def test_the_command_writes_every_format(run_command: Run, picture: MakePicture, name: str) -> None:
    path = picture("photo.png")
    run = run_command("palette", "photo.png", "-o", f"p.{name}")
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
    saved = path.with_name(f"p.{name}")
    assert Palette.load(saved) == fewcolors.palette_of(path)


@pytest.mark.parametrize("name", ["gpl", "aco"])
def test_the_command_writes_to_standard_output(
    run_command: Run, picture: MakePicture, tmp_path: Path, name: str
) -> None:
    path = picture("photo.png")
    run = run_command("palette", "-", "--format", name, input=path.read_bytes())
    assert (run.returncode, run.stderr) == (0, b"")
    (tmp_path / f"p.{name}").write_bytes(run.stdout)
    assert Palette.load(tmp_path / f"p.{name}") == fewcolors.palette_of(path)


def test_json_has_the_shares(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    run = run_command("palette", "photo.png", "--json")
    colors = json.loads(run.stdout)["colors"]
    shares = [color["share"] for color in colors]
    assert shares == pytest.approx(fewcolors.palette_of(path).shares, abs=1e-6)


def test_pictures_have_a_common_palette(run_command: Run, picture: MakePicture) -> None:
    paths = [picture("photo.png"), picture("soft-shadow.png")]
    run = run_command("palette", *paths, "--format", "hex")
    assert run.stdout.decode().split() == [
        color[1:] for color in fewcolors.palette_of(*paths).hex()
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["none.png"], 1, "none.png: no such file"),
        (["photo.png", "none.png"], 1, "none.png: no such file"),
        (["photo.png", "-o", "photo.png"], 2, "is also INPUT"),
        (["photo.png", "-o", "p.txt"], 2, "--output must end in one of .hex"),
        (["photo.png", "-o", "there.gpl"], 1, "there.gpl: exists; replace it with --force"),
        (["photo.png", "-o", "no/p.gpl"], 1, "there is no folder no"),
        (["photo.png", "-k", "0"], 2, "--colors must be a whole number"),
        (["photo.png", "--max-pixels", "10"], 1, "photo.png: 96 x 64 is 6,144 pixels"),
        (["-", "-"], 2, "INPUT - can be given once"),
        (["there.gpl"], 1, "there.gpl: not a picture"),
    ],
)
def test_faults_are_one_line_and_nothing_is_written(
    run_command: Run,
    picture: MakePicture,
    tmp_path: Path,
    arguments: list[str],
    status: int,
    message: str,
) -> None:
    picture("photo.png")
    (tmp_path / "there.gpl").write_text("GIMP Palette\n")
    run = run_command("palette", *arguments)
    (line,) = run.stderr.decode().splitlines()
    assert (run.returncode, message in line, run.stdout) == (status, True, b""), line
    assert names(tmp_path) == ["photo.png", "there.gpl"]
    assert (tmp_path / "there.gpl").read_text() == "GIMP Palette\n"


def in_terminal(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Runs the command with a terminal for standard output; returns status and outputs."""
    import pty

    ours, theirs = pty.openpty()
    run = subprocess.run(
        [sys.executable, "-m", "fewcolors", *arguments],
        stdout=theirs,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, **environment},
        timeout=60,
        check=False,
    )
    os.close(theirs)
    output = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # all is read
            break
        if not part:
            break
        output += part
    os.close(ours)
    return run.returncode, output.decode(), run.stderr.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="of terminals on Linux")
def test_a_terminal_shows_the_colours(picture: MakePicture, tmp_path: Path) -> None:
    picture("flat.png")
    status, output, error = in_terminal(tmp_path, "palette", "flat.png")
    assert (status, error) == (0, "")
    assert "\x1b[48;2;0;0;0m" in output
    assert output.count("\x1b[0m") == 2
    _, plain, _ = in_terminal(tmp_path, "palette", "flat.png", NO_COLOR="1")
    assert "\x1b" not in plain
    assert "#000000" in plain
    status, output, error = in_terminal(tmp_path, "palette", "flat.png", "--format", "aco")
    assert (status, output) == (1, "")
    assert "is a terminal" in error


def test_the_command_imports_no_heavy_library(picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    for arguments in (
        ["palette", "photo.png", "-o", "p.png"],
        ["compress", "photo.png", "--palette", "p.png", "--keep-palette-order"],
    ):
        code = (
            f"import sys; from fewcolors.cli import main; assert main({arguments}) == 0;"
            "print(sorted({'numpy', 'scipy', 'PIL.ImageCms'} & set(sys.modules)), file=sys.stderr)"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, check=True, timeout=60
        )
        assert run.stderr.decode().strip() == "[]"
    with Image.open(io.BytesIO((tmp_path / "p.png").read_bytes())) as image:
        assert image.mode == "P"
