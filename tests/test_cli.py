"""The command line: what it writes, and what it says."""

import contextlib
import io
import json
import os
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import Completed, MakePicture, Run, names
from PIL import Image

import fewcolors
from fewcolors.cli import build_parser

OPTIONS = {
    "--allow-damaged",
    "--max-frames",
    "-r",
    *(
        "-o",
        "--output",
        "-k",
        "--colors",
        "-q",
        "--quality",
        "--min-quality",
        "--max-bytes",
        "--method",
        "--effort",
        "--dither",
        "--format",
        "--keep-metadata",
        "--figure",
        "--keep-profile",
        "--force",
        "--json",
        "--palette",
        "--keep-palette-order",
        "--keep-transparent-colors",
    ),
    *("--output-dir", "--in-place", "--preserve-times", "--recursive", "--again", "--watch"),
    "--shared-palette",
    *("--quiet", "--init", "--n-init", "--max-iter", "--seed", "--threads", "--max-pixels"),
    "--max-file-bytes",
    *("-h", "--help", "--keep-transparent-colors"),
}

linux = pytest.mark.skipif(sys.platform != "linux", reason="of Linux")


def header(png: bytes) -> tuple[int, int, int, int]:
    """Returns width, height, bit depth and colour type."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, color_type = struct.unpack(">IIBB", png[16:26])
    return width, height, depth, color_type


def is_one_png(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
    return data.count(b"IHDR") == 1 and data.endswith(b"IEND\xaeB`\x82")


def succeeded(result: Completed) -> Completed:
    assert (result.returncode, b"Traceback" in result.stderr) == (0, False), result.stderr.decode()
    return result


# What it says


def test_reports_a_line(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    result = succeeded(run_command("compress", "photo.png", "-k", "16"))
    saved = path.with_name("photo-fewcolors.png")
    bytes_in, bytes_out = path.stat().st_size, saved.stat().st_size
    line = result.stdout.decode().rstrip("\n")
    match = re.fullmatch(
        r"photo\.png: ([\d.]+) kB -> ([\d.]+) kB, ([\d.]+) times smaller; "
        r"16 colours, score (-?\d+\.\d) \((?:poor|fair)\); saved as photo-fewcolors\.png",
        line,
    )
    assert match, line
    assert float(match[1]) == pytest.approx(bytes_in / 1000, abs=0.051)
    assert float(match[2]) == pytest.approx(bytes_out / 1000, abs=0.051)
    assert float(match[3]) == pytest.approx(bytes_in / bytes_out, abs=0.051)
    assert result.stderr == b""


def test_reports_an_object_a_file(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    picture("cmyk.jpg")
    result = succeeded(run_command("compress", "photo.png", "cmyk.jpg", "-k", "16", "--json"))
    assert result.stderr == b""
    first, second, last = map(json.loads, result.stdout.splitlines())
    saved = path.with_name("photo-fewcolors.png")
    assert (first["input"], first["output"]) == ("photo.png", "photo-fewcolors.png")
    assert first["bytes_in"] == path.stat().st_size
    assert first["bytes_out"] == saved.stat().st_size
    assert first["ratio"] == pytest.approx(first["bytes_in"] / first["bytes_out"], abs=1e-4)
    assert (first["width"], first["height"], first["colors"]) == (96, 64, 16)
    assert first["score"] <= first["ceiling"] < 100
    assert first["mse"] > 0
    assert first["note"] is None
    assert (second["input"], second["output"]) == ("cmyk.jpg", "cmyk-fewcolors.png")
    assert last["summary"]["files"] == last["summary"]["written"] == 2
    assert last["summary"]["bytes_in"] == first["bytes_in"] + second["bytes_in"]


def test_says_nothing_when_quiet(run_command: Run, picture: MakePicture) -> None:
    picture("photo.png")
    picture("flat.png")  # would be worth a note
    result = succeeded(run_command("compress", "photo.png", "flat.png", "--quiet"))
    assert (result.stdout, result.stderr) == (b"", b"")


def test_notes_that_there_were_fewer_colours_than_asked_for(
    run_command: Run, picture: MakePicture
) -> None:
    picture("flat.bmp")
    result = succeeded(run_command("compress", "flat.bmp", "-k", "8"))
    assert b"; 2 colours, score 100.0 (like the original);" in result.stdout
    (note,) = result.stderr.splitlines()
    assert b"only 2 colours" in note


def test_one_colour_is_not_one_colours(run_command: Run, picture: MakePicture) -> None:
    picture("photo.png")
    assert b"; 1 colour, " in succeeded(run_command("compress", "photo.png", "-k", "1")).stdout


def test_tells_its_version(run_command: Run) -> None:
    result = succeeded(run_command("--version"))
    assert result.stdout.decode() == f"fewcolors {fewcolors.__version__}\n"


def test_help_lists_every_option(run_command: Run) -> None:
    text = succeeded(run_command("compress", "--help")).stdout.decode()
    for option in OPTIONS:
        assert re.search(rf"(?<!\S){option}\b", text), option
    assert "Exit status" in text
    assert "compress" in succeeded(run_command("--help")).stdout.decode()


def test_there_is_no_option_but_those() -> None:
    commands = next(a for a in build_parser()._actions if a.dest == "command").choices
    assert commands is not None
    found = set(dict(commands)["compress"]._option_string_actions)
    assert found == OPTIONS


# Where it writes


def test_default_name_stands_beside_the_input(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.jpg")
    (path.parent / "folder").mkdir()
    moved = path.rename(path.parent / "folder" / "my photo.v2.jpg")
    succeeded(run_command("compress", moved, "-k", "8"))
    assert names(moved.parent) == ["my photo.v2-fewcolors.png", "my photo.v2.jpg"]


def test_writes_where_told(run_command: Run, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    result = succeeded(run_command("compress", "photo.png", "-o", "small.png"))
    assert is_one_png((tmp_path / "small.png").read_bytes())
    assert b"saved as small.png" in result.stdout
    assert names(tmp_path) == ["photo.png", "small.png"]


def test_standard_output_carries_the_picture_alone(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    path = picture("photo.png")
    to_file = run_command("compress", "photo.png", "-k", "16")
    from_name = succeeded(run_command("compress", "photo.png", "-k", "16", "-o", "-"))
    from_pipe = succeeded(run_command("compress", "-", "-k", "16", input=path.read_bytes()))
    assert b" times smaller; 16 colours" in from_name.stderr
    assert b" times smaller; 16 colours" in from_pipe.stderr
    assert is_one_png(from_name.stdout)
    assert from_name.stdout == from_pipe.stdout
    assert from_name.stdout == (tmp_path / "photo-fewcolors.png").read_bytes()
    assert to_file.stdout.startswith(b"photo.png")
    assert names(tmp_path) == ["photo-fewcolors.png", "photo.png"]


def test_standard_input_can_go_to_a_file(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    data = picture("photo.jpg").read_bytes()
    result = succeeded(run_command("compress", "-", "-o", "small.png", "--json", input=data))
    assert json.loads(result.stdout)["bytes_in"] == len(data)
    assert is_one_png((tmp_path / "small.png").read_bytes())


def test_no_report_gets_into_the_picture_on_standard_output(
    run_command: Run, picture: MakePicture
) -> None:
    data = picture("photo.png").read_bytes()
    picture("photo.jpg")
    result = succeeded(run_command("compress", "-", "photo.jpg", input=data))
    assert is_one_png(result.stdout)
    assert len(result.stderr.splitlines()) == 3  # the last counts them


def test_json_gives_way_to_the_picture(run_command: Run, picture: MakePicture) -> None:
    picture("photo.png")
    result = succeeded(run_command("compress", "photo.png", "-k", "16", "-o", "-", "--json"))
    assert is_one_png(result.stdout)
    assert json.loads(result.stderr)["colors"] == 16


def test_one_bad_file_does_not_stop_the_others(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("photo.png")
    picture("cmyk.jpg")
    (tmp_path / "bad.png").write_bytes(b"not a picture")
    result = run_command("compress", "photo.png", "bad.png", "cmyk.jpg", "-k", "16")
    assert result.returncode == 1
    assert [line.split(b":")[0] for line in result.stdout.splitlines()] == [
        b"photo.png",
        b"cmyk.jpg",
        b"3 files",
    ]
    (line,) = result.stderr.splitlines()
    assert line.startswith(b"fewcolors: bad.png: ")
    assert {"photo-fewcolors.png", "cmyk-fewcolors.png"} < set(names(tmp_path))


def test_two_inputs_never_share_a_target(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("photo.png")
    picture("photo.jpg")
    for force in ([], ["--force"]):
        result = run_command("compress", "photo.png", "photo.jpg", *force)
        assert result.returncode in (1, 2)
        assert result.stdout.count(b"saved as") <= 1
        assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_named_pipe_is_read_like_a_file(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    data = picture("photo.png").read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[data], daemon=True)
    writer.start()
    result = succeeded(run_command("compress", "pipe", "-o", "small.png", "--json", timeout=5))
    assert json.loads(result.stdout)["bytes_in"] == len(data)


@linux
@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict"])
@pytest.mark.parametrize("name", [b"caf\xe9", "\N{ARTIST PALETTE}".encode()])
def test_names_need_not_suit_the_terminal(
    run_command: Run, picture: MakePicture, tmp_path: Path, encoding: str, name: bytes
) -> None:
    picture("photo.png", os.fsdecode(name + b".png"))
    environment = {"PYTHONIOENCODING": encoding}
    path = os.fsdecode(name + b".png")
    result = succeeded(run_command("compress", path, "-k", "8", environment=environment))
    assert b"8 colours" in result.stdout
    assert names(tmp_path) == sorted([path, os.fsdecode(name + b"-fewcolors.png")])


# Not smaller


def test_the_original_stands_where_the_result_is_not_smaller(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    picture("flat.png")
    result = succeeded(run_command("compress", "flat.png", "-k", "2", "--effort", "fast"))
    assert b"the original stands" in result.stdout
    assert b"--force" in result.stdout
    assert b"saved" not in result.stdout
    assert names(tmp_path) == ["flat.png"]
    result = succeeded(run_command("compress", "flat.png", "-k", "2", "--json"))
    assert json.loads(result.stdout)["output"] is None


def test_an_original_png_is_copied_to_where_told(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    original = picture("flat.png").read_bytes()
    result = succeeded(run_command("compress", "flat.png", "-k", "2", "-o", "small.png"))
    assert (tmp_path / "small.png").read_bytes() == original
    assert b"the original was copied" in result.stdout
    result = succeeded(run_command("compress", "flat.png", "-k", "2", "-o", "b.png", "--json"))
    assert json.loads(result.stdout)["original_kept"] is True
    for source, data in (("flat.png", None), ("-", original)):
        result = succeeded(run_command("compress", source, "-k", "2", "-o", "-", input=data))
        assert result.stdout == original


def test_an_original_of_another_format_is_not_copied(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    path = picture("photo.jpg")
    with Image.open(path) as image:
        image.save(path, quality=5)
    result = succeeded(run_command("compress", "photo.jpg", "-k", "256", "-o", "small.png"))
    assert is_one_png((tmp_path / "small.png").read_bytes())
    assert b"times larger" in result.stdout
    assert b"not smaller than the original JPEG" in result.stderr


def test_force_writes_what_is_not_smaller(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    original = picture("flat.png").read_bytes()
    succeeded(run_command("compress", "flat.png", "-k", "2", "--force"))
    written = (tmp_path / "flat-fewcolors.png").read_bytes()
    assert written != original
    assert header(written) == (96, 64, 1, 3)


def test_force_overwrites(run_command: Run, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    (tmp_path / "photo-fewcolors.png").write_bytes(b"old")
    succeeded(run_command("compress", "photo.png", "--force"))
    assert is_one_png((tmp_path / "photo-fewcolors.png").read_bytes())


def test_force_lets_a_picture_replace_itself(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    succeeded(run_command("compress", "photo.png", "-o", "photo.png", "--force", "-k", "4"))
    assert header(path.read_bytes()) == (96, 64, 2, 3)


# What it makes


@pytest.mark.parametrize(("colors", "depth"), [(1, 1), (2, 1), (4, 2), (16, 4), (17, 8), (256, 8)])
def test_colours_decide_the_bits_a_pixel(
    run_command: Run, picture: MakePicture, tmp_path: Path, colors: int, depth: int
) -> None:
    picture("photo.png")
    succeeded(run_command("compress", "photo.png", "-k", str(colors), "-o", "small.png"))
    assert header((tmp_path / "small.png").read_bytes()) == (96, 64, depth, 3)
    with Image.open(tmp_path / "small.png") as image:
        assert len(image.convert("RGBA").getcolors() or ()) <= colors


def test_every_kind_of_picture_is_compressed(
    run_command: Run, any_picture: Path, tmp_path: Path
) -> None:
    succeeded(run_command("compress", any_picture, "-o", "small.png", "--force"))
    with Image.open(any_picture) as before, Image.open(tmp_path / "small.png") as after:
        assert (after.format, after.mode) == ("PNG", "P")
        assert before.size == after.size
        assert before.has_transparency_data == after.has_transparency_data


def test_seed_and_threads_leave_the_bytes_alone(run_command: Run, picture: MakePicture) -> None:
    picture("photo.png")
    results = {
        succeeded(
            run_command("compress", "photo.png", "-k", "9", "-o", "-", "--seed", "5", *threads)
        ).stdout
        for threads in ([], ["--threads", "1"], ["--threads", "2"], ["--threads", "7"])
    }
    assert len(results) == 1


@pytest.mark.parametrize(
    "options",
    [
        ["--method", "perceptual"],
        ["--method", "classic"],
        ["--method", "classic", "--init", "random"],
        ["--effort", "fast"],
        ["--effort", "balanced"],
        ["--effort", "max"],
        ["--init", "random", "--n-init", "2", "--max-iter", "5"],
        ["--init", "k-means++", "--n-init", "1"],
    ],
    ids=" ".join,
)
def test_every_choice_gives_a_picture(
    run_command: Run, picture: MakePicture, options: list[str]
) -> None:
    picture("photo.png")
    result = succeeded(run_command("compress", "photo.png", "-k", "12", "-o", "-", *options))
    assert header(result.stdout) == (96, 64, 4, 3)


@pytest.mark.parametrize("name", ["figure.png", "figure.JPG", "figure.webp"])
@pytest.mark.parametrize("source", ["photo.png", "soft-shadow.png"])
def test_figure_shows_both_pictures(
    run_command: Run, picture: MakePicture, tmp_path: Path, source: str, name: str
) -> None:
    picture(source)
    succeeded(run_command("compress", source, "-k", "2", "--figure", name))
    with Image.open(tmp_path / name) as file:
        figure = file.convert("RGB")
    assert 1000 <= figure.width <= 3000
    assert 500 <= figure.height <= 2000
    middle = figure.width // 2
    panels = [figure.crop((x + 100, 150, x + 500, 400)) for x in (0, middle)]  # well within
    n_colors = [len(panel.getcolors(panel.width * panel.height) or ()) for panel in panels]
    if name.endswith(".png"):
        assert n_colors[0] > 100
        assert n_colors[1] <= 2 + 2  # and the two of what is under transparency
    assert min(n_colors) > 1


# What it imports


@pytest.mark.parametrize(
    "work",
    [
        "import fewcolors",
        "import fewcolors.cli",
        "from fewcolors.cli import main; main(['compress', 'photo.png', '--figure', 'f.png'])",
        "from fewcolors.cli import main; main(['compress', 'photo.jpg', '-k', '3', '--json'])",
    ],
)
def test_imports_no_heavy_library(picture: MakePicture, tmp_path: Path, work: str) -> None:
    picture("photo.png")
    picture("photo.jpg")
    heavy = {"numpy", "matplotlib", "sklearn", "scipy", "PIL.ImageShow", "tkinter"}
    heavy |= {"inspect", "dataclasses", "difflib"}  # 5 ms each
    code = f"import sys; {work}; print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, check=True, timeout=60
    )
    assert result.stderr.decode().splitlines()[-1] == "[]"


def test_finding_nothing_to_do_loads_no_decoder(picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    work = "from fewcolors.cli import main; main(['compress', '-r', '.', '--in-place'])"
    code = f"import sys; {work}; print(len({{'PIL', 'deflate'}} & set(sys.modules)))"
    lines = []
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, cwd=tmp_path, check=True, timeout=60
        )
        lines.append(result.stdout.decode().splitlines()[-1])
    assert lines == ["1", "0"]  # a plain PNG needs no Pillow, and a second run nothing at all


# Whom it talks to


@pytest.mark.skipif(sys.platform == "win32", reason="of pipes")
@pytest.mark.parametrize("options", [[], ["-o", "-"], ["--json"]], ids=str)
def test_a_closed_pipe_is_no_reason_for_many_words(
    picture: MakePicture, tmp_path: Path, options: list[str]
) -> None:
    picture("photo.png")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "fewcolors", "compress", "photo.png", *options],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert len(result.stderr.splitlines()) <= 1
    assert b"Traceback" not in result.stderr
    assert b"Exception ignored" not in result.stderr
    assert result.returncode == 1


@linux
@pytest.mark.parametrize("options", [[], ["-o", "-", "--quiet"], ["--json"]], ids=str)
def test_a_full_standard_output_is_told_in_a_line(
    picture: MakePicture, tmp_path: Path, options: list[str]
) -> None:
    picture("photo.png")
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "fewcolors", "compress", "photo.png", "-k", "8", *options],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith("fewcolors: ")
    assert "No space left" in line
    assert result.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="of POSIX shells")
@pytest.mark.parametrize(
    ("arguments", "closed"), [(["-"], "<&-"), (["photo.png", "-o", "-"], ">&-")]
)
def test_a_closed_stream_is_told_in_a_line(
    picture: MakePicture, tmp_path: Path, arguments: list[str], closed: str
) -> None:
    picture("photo.png")
    command = [sys.executable, "-m", "fewcolors", "compress", *arguments]
    result = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    (line,) = result.stderr.splitlines()
    assert line.startswith(b"fewcolors: standard ")
    assert result.returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that closes streams")
def test_messages_never_get_into_the_picture(picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    command = f"{sys.executable} -m fewcolors compress"
    run = subprocess.run(
        f"{command} missing.png -o - 2>&-; {command} photo.png -k 256 -o out.png 2>&-; echo $?",
        shell=True,
        capture_output=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert b"missing" not in run.stdout
    assert run.stdout.endswith(b"0\n")


# What it refuses to mislead with


@pytest.mark.parametrize(
    "name", ["x.heif", "x.svg", "x.jp2", "x.ico", "x.txt", "x.jpg", "x.JXL", "x.unheard"]
)
def test_a_name_of_another_format_is_refused(
    run_command: Run, picture: MakePicture, tmp_path: Path, name: str
) -> None:
    picture("photo.png")
    result = run_command("compress", "photo.png", "-o", name)
    assert result.returncode == 2
    assert b"--output must end in one of .png, " in result.stderr
    assert names(tmp_path) == ["photo.png"]


@pytest.mark.parametrize(
    ("name", "format_", "is_taken"),
    [
        ("x", "webp", True),
        ("x.part", "webp", True),
        ("x.webp", "webp", True),
        ("x.png", "webp", False),
        ("x.jpg", "png", False),
        ("x.svg", "png", False),
        ("x", "auto", True),
        ("x.png", "auto", False),
    ],
)
def test_a_format_may_have_any_name_but_that_of_another(
    run_command: Run, picture: MakePicture, name: str, format_: str, is_taken: bool
) -> None:
    picture("photo.png")
    options = ["-o", name, "--format", format_, "--effort", "fast"]
    result = run_command("compress", "photo.png", *options)
    assert result.returncode == (0 if is_taken else 2)
    assert is_taken or b"--output" in result.stderr


def test_auto_writes_the_original_out_where_that_is_smallest(
    run_command: Run, picture: MakePicture
) -> None:
    path = picture("photo.jpg")
    with Image.open(path) as image:
        image.save(path, quality=5)
    options = ["-q", "95", "--format", "auto", "--effort", "fast"]
    result = succeeded(run_command("compress", "-", *options, input=path.read_bytes()))
    assert result.stdout == path.read_bytes()


def test_a_figure_replaces_nothing_without_force(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    path = picture("photo.png")
    succeeded(run_command("compress", "photo.png", "-k", "8"))
    (tmp_path / "figure.png").write_bytes(b"a stranger's")
    os.utime(path, (2e9, 2e9))  # so that the result is replaced
    result = run_command("compress", "photo.png", "-k", "8", "--figure", "figure.png")
    assert result.returncode == 1
    assert b"figure.png: exists; replace it with --force" in result.stderr
    assert (tmp_path / "figure.png").read_bytes() == b"a stranger's"


# What it says of itself


def test_a_result_is_copied_to_standard_output(run_command: Run, picture: MakePicture) -> None:
    path = picture("photo.png")
    succeeded(run_command("compress", "photo.png", "--in-place"))
    result = succeeded(run_command("compress", "photo.png", "-o", "-"))
    assert b"copied to standard output" in result.stderr
    assert result.stdout == path.read_bytes()


def test_a_pipe_is_not_replaced(run_command: Run, picture: MakePicture) -> None:
    data = picture("photo.png").read_bytes()
    result = succeeded(run_command("compress", "-", "-k", "8", input=data))
    assert b"times smaller; 8 colours" in result.stderr
    assert b"replaced" not in result.stderr


def test_what_is_not_smaller_is_not_said_to_be(run_command: Run, picture: MakePicture) -> None:
    picture("flat.png")
    result = succeeded(run_command("compress", "flat.png"))
    assert b"not smaller, so the original stands" in result.stdout
    assert b"smaller;" not in result.stdout


@pytest.mark.parametrize(("options", "word"), [(["-k", "2"], "poor"), (["-q", "95"], "high")])
def test_scores_have_words(
    run_command: Run, picture: MakePicture, tmp_path: Path, options: list[str], word: str
) -> None:
    picture("photo.png")
    for effort in ("fast", "balanced"):
        result = succeeded(run_command("compress", "photo.png", "--effort", effort, *options))
        assert re.search(rf"score (about )?-?[\d.]+ \({word}\); ", result.stdout.decode())
        (tmp_path / "photo-fewcolors.png").unlink()


# How much it reads


@linux
@pytest.mark.parametrize("command", ["compress", "palette"])
def test_no_more_is_read_than_allowed(
    run_command: Run, picture: MakePicture, tmp_path: Path, command: str
) -> None:
    path = picture("photo.png")
    size = path.stat().st_size
    os.mkfifo(tmp_path / "pipe")
    limit = ["--max-file-bytes", str(size - 1)]
    for name, data in (("photo.png", None), ("-", path.read_bytes()), ("/dev/zero", None)):
        result = run_command(command, name, *limit, input=data, timeout=10)
        (line,) = result.stderr.decode().splitlines()
        assert f"more than {size - 1:,} bytes; raise --max-file-bytes" in line
        assert result.returncode == 1
    limit = ["--max-file-bytes", str(size)]
    for name, data in (("photo.png", None), ("-", path.read_bytes())):
        succeeded(run_command(command, name, *limit, input=data))


@linux
def test_a_pipe_that_holds_too_much(run_command: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with contextlib.suppress(BrokenPipeError):
            pipe.write_bytes(bytes(5_000_000))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    result = run_command("compress", "pipe", "--max-file-bytes", "1MB", timeout=10)
    assert b"pipe: more than 1,000,000 bytes" in result.stderr
    writer.join()


# What contradicts


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--shared-palette", "--keep-profile"], "--keep-profile does not go with --shared"),
        (["--shared-palette", "--watch"], "--shared-palette needs all pictures at once"),
        (["--shared-palette", "--palette", "#000"], "two palettes"),
        (["--watch", "-o", "x.png"], "--output is for one picture; leave out --watch"),
        (["--watch", "--figure", "x.png"], "--figure is for one picture; leave out --watch"),
    ],
)
def test_contradictions_are_told_in_a_line(
    run_command: Run, tmp_path: Path, options: list[str], words: str
) -> None:
    (tmp_path / "in").mkdir()
    result = run_command("compress", "in", *options)
    (line,) = result.stderr.decode().splitlines()
    assert words in line
    assert result.returncode == 2


def test_standard_input_has_no_part_in_a_shared_palette(run_command: Run) -> None:
    result = run_command("compress", "-", "--shared-palette", input=b"")
    assert result.returncode == 2
    assert b"--shared-palette reads every INPUT twice" in result.stderr
