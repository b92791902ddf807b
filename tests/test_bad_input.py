"""Bad input ends in one line that says what is wrong and what to do, and leaves nothing behind."""

import os
import stat
import sys
from pathlib import Path

import pytest
from conftest import Completed, MakePicture, Run, build_png, names, photo

FILE_FAULT, USAGE_FAULT = 1, 2


def only_line(result: Completed, status: int) -> str:
    """Returns the one line on standard error, once it is known to be one and of the right form."""
    assert result.stdout == b""
    lines = result.stderr.decode().splitlines()
    assert len(lines) == 1, lines
    line = lines[0]
    assert line.startswith("fewcolors"), line
    assert len(line) < 400, line
    assert result.returncode == status, line
    _, separator, remedy = line.rpartition("; ")
    assert separator, f"no remedy in: {line}"
    assert len(remedy) > 5, line
    return line


# What is read


def animation(folder: Path, name: str) -> Path:
    first, *others = (photo(seed) for seed in range(3))
    first.save(folder / name, save_all=True, append_images=others, duration=100)
    return folder / name


def written(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_missing_file(run_command: Run, tmp_path: Path) -> None:
    line = only_line(run_command("compress", "missing.png"), FILE_FAULT)
    assert line == "fewcolors: missing.png: no such file; check the path"
    assert names(tmp_path) == []


def test_a_folder(run_command: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    line = only_line(run_command("compress", "folder"), FILE_FAULT)
    assert line == "fewcolors: folder: is a folder; --recursive takes the pictures in it"


def test_a_path_through_a_file(run_command: Run, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    line = only_line(run_command("compress", "photo.png/photo.png", "-o", "a.png"), FILE_FAULT)
    assert line.startswith("fewcolors: photo.png/photo.png: ")
    assert names(tmp_path) == ["photo.png"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.png", b"", "empty"),
        ("text.png", b"This is no picture.\n" * 9, "not a picture"),
        ("signature.png", b"\x89PNG\r\n\x1a\n", "damaged"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        ("no-width.png", build_png((0, 9), bytes(99)), ""),
        ("no-height.png", build_png((9, 0), bytes(99)), ""),
        ("no-pixels.png", build_png((9, 9), b""), "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_picture(
    run_command: Run, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    path = written(tmp_path, name, data)
    for arguments in ([name], [name, "-o", "a.png", "--figure", "b.png", "--force"]):
        line = only_line(run_command("compress", *arguments), FILE_FAULT)
        assert line.startswith(f"fewcolors: {name}: "), line
        assert words in line
        assert line.count(name) == 1, f"named twice: {line}"
        assert names(tmp_path) == [name]
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", ["photo.png", "photo.jpg", "photo.webp", "photo.bmp", "photo.ppm"])
def test_a_truncated_picture(
    run_command: Run, picture: MakePicture, tmp_path: Path, name: str
) -> None:
    data = picture(name).read_bytes()
    written(tmp_path, name, data[: len(data) // 2])
    line = only_line(run_command("compress", name, "--force"), FILE_FAULT)
    assert line.startswith(f"fewcolors: {name}: damaged or incomplete")
    assert names(tmp_path) == [name]


def test_standard_input_is_named_in_words(run_command: Run, tmp_path: Path) -> None:
    for data in (b"", b"no picture"):
        line = only_line(run_command("compress", "-", input=data), FILE_FAULT)
        assert line.startswith("fewcolors: standard input: ")
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["animation.png", "animation.gif", "animation.webp"])
def test_a_cut_animation(run_command: Run, tmp_path: Path, name: str) -> None:
    data = animation(tmp_path, name).read_bytes()
    written(tmp_path, name, data[: len(data) * 3 // 4])
    line = only_line(run_command("compress", name), FILE_FAULT)
    assert line.startswith(f"fewcolors: {name}: damaged or incomplete")
    assert names(tmp_path) == [name]


def test_an_animation_over_the_limit(run_command: Run, tmp_path: Path) -> None:
    animation(tmp_path, "a.gif")
    result = run_command("compress", "a.gif", "--max-pixels", "18431")
    line = only_line(result, FILE_FAULT)
    assert line.startswith("fewcolors: a.gif: 3 frames of 96 x 64 are 18,432 pixels, over the")
    assert "--max-pixels" in line


def test_a_picture_over_the_limit(run_command: Run, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    result = run_command("compress", "photo.png", "--max-pixels", "6143", "-k", "8")
    line = only_line(result, FILE_FAULT)
    assert line.startswith("fewcolors: photo.png: 96 x 64 is 6,144 pixels, over the limit of 6,143")
    assert "--max-pixels" in line
    assert names(tmp_path) == ["photo.png"]
    result = run_command("compress", "photo.png", "--max-pixels", "6144", "-k", "8")
    assert result.returncode == 0


@pytest.mark.parametrize("side", [12_000, 30_000, 60_000])
def test_a_decompression_bomb_is_refused_by_its_claim(
    run_command: Run, tmp_path: Path, side: int
) -> None:
    written(tmp_path, "bomb.png", build_png((side, side), bytes(1000)))
    line = only_line(run_command("compress", "bomb.png", timeout=10), FILE_FAULT)
    assert f"bomb.png: {side} x {side} is {side * side:,} pixels, over the limit" in line
    assert "--max-pixels" in line
    assert names(tmp_path) == ["bomb.png"]


def test_the_limit_can_be_raised_over_pillows_own(run_command: Run, tmp_path: Path) -> None:
    written(tmp_path, "wide.png", build_png((30_000, 10_000), bytes(1000)))
    result = run_command("compress", "wide.png", "--max-pixels", "299999999")
    assert "30000 x 10000 is 300,000,000 pixels, over the limit of 299,999,999" in only_line(
        result, FILE_FAULT
    )


# What is written


def test_an_existing_target(run_command: Run, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    old = written(tmp_path, "photo-fewcolors.png", b"old")
    for option in ([], ["-o", "photo-fewcolors.png"], ["-o", "a.png", "--figure", old.name]):
        line = only_line(run_command("compress", "photo.png", *option), FILE_FAULT)
        assert line.startswith("fewcolors: photo-fewcolors.png: exists; replace it with --force")
    assert old.read_bytes() == b"old"
    assert names(tmp_path) == ["photo-fewcolors.png", "photo.png"]


UNWRITABLE = {
    "missing/a.png": "there is no folder missing; make it first",
    "folder": "is a folder",
    "folder/": "is a folder",
    "photo.png/a.png": "cannot be written",
    "a" * 252 + ".png": "File name too long",
}


@pytest.mark.parametrize("target", UNWRITABLE)
@pytest.mark.parametrize("force", [False, True])
def test_an_unwritable_target(
    run_command: Run, picture: MakePicture, tmp_path: Path, target: str, force: bool
) -> None:
    picture("photo.png")
    (tmp_path / "folder").mkdir()
    options = ["-k", "8", *(["--force"] if force else [])]
    line = only_line(run_command("compress", "photo.png", "-o", target, *options), FILE_FAULT)
    assert line.startswith(f"fewcolors: {target}: ")
    assert UNWRITABLE[target] in line
    assert names(tmp_path) == ["folder", "photo.png"]
    assert names(tmp_path / "folder") == []


@pytest.mark.parametrize("target", [name for name in UNWRITABLE if name.endswith(".png")])
def test_an_unwritable_figure(
    run_command: Run, picture: MakePicture, tmp_path: Path, target: str
) -> None:
    picture("photo.png")
    result = run_command("compress", "photo.png", "-k", "8", "--figure", target)
    assert result.returncode == FILE_FAULT
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith(f"fewcolors: {target}: ")
    assert "-o" not in line.split()  # which would not help
    assert set(names(tmp_path)) <= {"photo.png", "photo-fewcolors.png"}


def test_a_figure_does_not_replace_the_result(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("photo.png")
    for force in ([], ["--force"]):
        result = run_command("compress", "photo.png", "-o", "a.png", "--figure", "./a.png", *force)
        assert "--figure" in only_line(result, USAGE_FAULT)
    assert names(tmp_path) == ["photo.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_force_does_not_replace_a_device(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("photo.png")
    os.mkfifo(tmp_path / "pipe")  # stands for /dev/null, which the test had better spare
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        run_command("compress", "photo.png", "-k", "8", "-o", "pipe", "--force", timeout=10)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert names(tmp_path) == ["photo.png", "pipe"]


# How it is called


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "COMMAND"),
        (["compress"], "INPUT"),
        (["squeeze", "photo.png"], "no command squeeze"),
        (["compress", "photo.png", "--colours", "3"], "--colours"),
        (["compress", "photo.png", "-k"], "-k"),
        (["compress", "photo.png", "-k", "0"], "1 to 256, got '0'"),
        (["compress", "photo.png", "-k", "257"], "1 to 256, got '257'"),
        (["compress", "photo.png", "-k", "-1"], "-k"),
        (["compress", "photo.png", "-k", "many"], "1 to 256, got 'many'"),
        (["compress", "photo.png", "-k", "2.5"], "1 to 256, got '2.5'"),
        (["compress", "photo.png", "--method", "magic"], "perceptual"),
        (["compress", "photo.png", "--effort", "none"], "balanced"),
        (["compress", "photo.png", "--init", "none"], "k-means++"),
        (["compress", "photo.png", "--n-init", "0"], "1 to 10000, got '0'"),
        (["compress", "photo.png", "--max-iter", "0"], "1 to 2147483647, got '0'"),
        (["compress", "photo.png", "--seed", "-1"], "--seed"),
        (["compress", "photo.png", "--seed", str(1 << 64)], "got '18446744073709551616'"),
        (["compress", "photo.png", "--threads", "0"], "1 to 256, got '0'"),
        (["compress", "photo.png", "--max-pixels", "0"], "1 to 4294967295, got '0'"),
        (["compress", "photo.png", "--figure", "figure.xyz"], "'figure.xyz'"),
        (["compress", "photo.png", "--figure", "-"], "--figure"),
        (["compress", "photo.png", "photo.jpg", "-o", "a.png"], "--output takes one INPUT, got 2"),
        (["compress", "photo.png", "photo.jpg", "-o", "-"], "--output takes one INPUT, got 2"),
        (["compress", "photo.png", "photo.jpg", "--figure", "a.png"], "--figure takes one INPUT"),
        (["compress", "-", "-"], "once"),
        (["compress", ""], ""),
        (["compress", "photo.png", "-o", ""], ""),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage(
    run_command: Run, picture: MakePicture, tmp_path: Path, arguments: list[str], words: str
) -> None:
    picture("photo.png")
    picture("photo.jpg")
    result = run_command(*arguments, input=b"")
    empty_name = "" in arguments  # a fault of the file, or of the usage, as one likes
    line = only_line(result, result.returncode if empty_name else USAGE_FAULT)
    assert result.returncode in (FILE_FAULT, USAGE_FAULT)
    assert words in line
    assert names(tmp_path) == ["photo.jpg", "photo.png"]


@pytest.mark.parametrize("option", ["-k", "--threads", "--n-init", "--seed"])
def test_a_very_long_number_is_a_fault_like_any_other(run_command: Run, option: str) -> None:
    result = run_command("compress", "photo.png", option, "9" * 5000)
    assert result.returncode in (FILE_FAULT, USAGE_FAULT)
    assert b"Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("option", ["--threads", "--max-iter", "--max-pixels"])
@pytest.mark.parametrize("number", [100_000, 2**31, 2**32 + 1, 2**63, 2**64])
def test_a_large_number_does_no_harm(
    run_command: Run, picture: MakePicture, option: str, number: int
) -> None:
    picture("photo.png")
    result = run_command(
        "compress", "photo.png", "-k", "2", "-o", "-", option, str(number), timeout=10
    )
    assert b"Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.returncode in (0, USAGE_FAULT)
