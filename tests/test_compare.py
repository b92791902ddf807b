"""compare: the measures of any two pictures of one size, in Python and on the command line."""

import json
import math
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import MakePicture, Run, photo, soft_shadow
from PIL import Image

import fewcolors
from fewcolors.compare.flip import is_flip_installed
from fewcolors.compare.visible_error import masked_error, visible_error


def test_a_result_is_measured_as_it_measures_itself() -> None:
    picture = photo().resize((320, 240))
    result = fewcolors.compress(picture, 8)
    measured = fewcolors.compare(picture, result)
    assert measured.mse == pytest.approx(result.mse)
    assert measured.score == pytest.approx(result.score, abs=0.001)
    assert measured.colors_compressed == result.n_colors
    assert measured.bytes_compressed == result.bytes_out
    assert measured.ratio == measured.bytes_original / result.bytes_out
    assert fewcolors.compare(picture, result.indexed).mse == measured.mse


def test_the_score_of_a_small_picture_is_about_its_own() -> None:
    result = fewcolors.compress(photo(), 32)
    assert fewcolors.compare(photo(), result).score == pytest.approx(result.score, abs=2)


def test_the_errors_are_those_of_numpy() -> None:
    first, second = np.asarray(photo()), np.asarray(photo(2))
    measured = fewcolors.compare(first, second)
    squares = (first.astype(float) - second) ** 2
    assert measured.mse == pytest.approx(squares.sum(axis=2).mean())
    assert measured.psnr == pytest.approx(10 * math.log10(255**2 / squares.mean()))


def test_the_same_picture_has_no_error() -> None:
    measured = fewcolors.compare(photo(), photo())
    assert (measured.mse, measured.score, measured.psnr) == (0.0, 100.0, math.inf)
    assert measured.flip in (None, 0.0)


def test_alpha_counts_over_white_and_over_black() -> None:
    """White under alpha 0 differs from nothing over white, and over black it does."""
    clear, white = np.zeros((20, 20, 4), np.uint8), np.full((20, 20, 3), 255, np.uint8)
    assert fewcolors.compare(clear, white).mse == 3 * 255**2
    assert fewcolors.compare(clear, clear).mse == 0.0


def test_sizes_must_agree() -> None:
    with pytest.raises(ValueError, match=r"compressed must be 96 x 64.*got 9 x 8"):
        fewcolors.compare(photo(), photo().resize((9, 8)))


@pytest.mark.parametrize("argument", ["original", "compressed"])
def test_what_is_no_picture_is_named(argument: str) -> None:
    given = {"original": photo(), "compressed": photo(), argument: 3}
    with pytest.raises(TypeError, match=argument):
        fewcolors.compare(**given)  # type: ignore[arg-type]


def test_flip_sees_what_differs() -> None:
    if not is_flip_installed():
        pytest.skip("needs the package flip-evaluator")
    picture = photo()
    coarse, fine = (fewcolors.compare(picture, fewcolors.quantize(picture, k)) for k in (2, 64))
    assert coarse.flip is not None
    assert fine.flip is not None
    assert 0 < fine.flip < coarse.flip < 1


def test_error_hides_in_texture() -> None:
    """The same step, once in a smooth half and once in noise."""
    draws = np.random.default_rng(0)
    first = np.full((64, 64, 3), 128, np.uint8)
    first[:, 32:] = draws.integers(60, 200, (64, 32, 3))
    second = first.copy()
    second[20:40, 8:24] += 12
    second[20:40, 40:56] += 12
    errors = masked_error(Image.fromarray(first), Image.fromarray(second))
    assert errors[22:38, 10:22].mean() > 2 * errors[22:38, 42:54].mean()
    assert errors[:10].max() == 0.0


def test_the_map_is_of_flip_where_there_is_flip(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fewcolors.decode(photo())
    after = fewcolors.decode(fewcolors.quantize(photo(), 4).to_pil())
    if is_flip_installed():
        assert visible_error(before, after).name == "FLIP"
    module = sys.modules["fewcolors.compare.visible_error"]
    monkeypatch.setattr(module, "is_flip_installed", lambda: False)
    error = visible_error(before, after)
    assert error.name.startswith("masked")
    assert error.values.shape == (64, 96)


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_butteraugli_is_told_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "butteraugli_main"
    program.write_text('#!/bin/sh\n[ -s "$1" ] && [ -s "$2" ] && echo "1.5"; echo "3-norm: 0.75"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert fewcolors.compare(photo(), photo(2)).butteraugli is None
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert fewcolors.compare(photo(), photo(2)).butteraugli == 0.75
    program.write_text("#!/bin/sh\nexit 1\n")
    assert fewcolors.compare(photo(), photo(2)).butteraugli is None


# The command


def test_the_command_tells_bytes_colours_and_measures(
    picture: MakePicture, run_command: Run, tmp_path: Path
) -> None:
    original = picture("photo.png")
    fewcolors.compress(original, 8).save(tmp_path / "small.png")
    done = run_command("compare", "photo.png", "small.png")
    assert done.returncode == 0, done.stderr
    first, second, score, error, *_ = done.stdout.decode().splitlines()
    assert first.startswith("photo.png: ")
    assert "times smaller, 8 colours" in second
    assert score.startswith("SSIMULACRA 2: ")
    assert "PSNR: " in error


def test_the_command_writes_json_and_a_figure(
    picture: MakePicture, run_command: Run, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    picture("photo.png")
    done = run_command("compare", "photo.png", "photo.png", "--json", "-o", "same.png")
    told = json.loads(done.stdout)
    assert (told["mse"], told["psnr"], told["score"], told["ratio"]) == (0.0, None, 100.0, 1.0)
    with Image.open(tmp_path / "same.png") as drawn:
        assert drawn.width > 800
    again = run_command("compare", "photo.png", "photo.png", "-o", "same.png")
    assert again.returncode == 1
    assert b"--force" in again.stderr


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("photo.png", "missing.png"), 1, "missing.png: no such file"),
        (("photo.png", "other.png"), 1, "other.png: compressed must be 96 x 64"),
        (("-", "-"), 2, "cannot both be standard input"),
        (("photo.png", "photo.png", "-o", "figure.txt"), 2, "--output must end in one of"),
    ],
)
def test_faults_are_one_line(
    words: tuple[str, ...], status: int, message: str, run_command: Run, tmp_path: Path
) -> None:
    photo().save(tmp_path / "photo.png")
    soft_shadow().resize((20, 20)).save(tmp_path / "other.png")
    done = run_command("compare", *words)
    assert done.returncode == status
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.process
def test_the_command_compares_without_numpy_where_nothing_is_drawn(tmp_path: Path) -> None:
    photo().save(tmp_path / "photo.png")
    code = (
        "import sys; import importlib.util as u; find = u.find_spec;"
        "u.find_spec = lambda n, *a: None if n == 'flip_evaluator' else find(n, *a);"
        "from fewcolors.cli import main; main(sys.argv[1:]); print('numpy' in sys.modules)"
    )
    path = str(tmp_path / "photo.png")
    done = subprocess.run(
        [sys.executable, "-c", code, "compare", path, path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
