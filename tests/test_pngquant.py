"""The command line of pngquant: what is promised of ours holds for pngquant itself too.

Where pngquant is installed, beside this Python or on the search path, the same tests run it: as a
program of its own, and on Linux, since its builds for other systems read and write PNG otherwise.
"""

import io
import os
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from conftest import Completed, MakePicture, names, png_chunk
from PIL import Image

import fewcolors
from fewcolors.cli.faults import Fault, reading
from fewcolors.cli.pngquant import main
from fewcolors.cli.pngquant.arguments import Request, parse
from fewcolors.cli.pngquant.chunks import kept_chunks
from fewcolors.cli.pngquant.options import compress_options
from fewcolors.cli.pngquant.quality import (
    LEAST_SCORES,
    QUALITIES,
    TARGET_SCORES,
    least_score_of,
    quality_of_score,
    target_score_of,
)
from fewcolors.cli.pngquant.statuses import STATUSES
from fewcolors.cli.pngquant.values import WrongUsage

Tool: TypeAlias = Callable[..., Completed]


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """Runs fewcolors-pngquant in the test's folder; in this process, which has started already."""

    def run(*arguments: str, input: bytes = b"") -> Completed:
        stdin, stdout, stderr = (io.BytesIO(data) for data in (input, b"", b""))
        streams = {"stdin": stdin, "stdout": stdout, "stderr": stderr}
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name, stream in streams.items():
                patch.setattr(sys, name, io.TextIOWrapper(stream))
            status = main(list(arguments))
            sys.stdout.flush()
            return Completed(arguments, status, stdout.getvalue(), stderr.getvalue())

    return run


@pytest.fixture
def theirs(tmp_path: Path) -> Tool:
    """Runs pngquant in the test's folder."""
    places = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])
    found = shutil.which("pngquant", path=places)
    if found is None or sys.platform != "linux":
        pytest.skip("no pngquant for Linux; there, pip install pngquant-cli")

    def run(*arguments: str, input: bytes = b"") -> Completed:
        command = [found, *arguments]
        return subprocess.run(
            command, input=input, capture_output=True, cwd=tmp_path, timeout=60, check=False
        )

    return run


@pytest.fixture(params=["ours", "theirs"])
def tool(request: pytest.FixtureRequest) -> Tool:
    """Runs each of the two."""
    chosen: Tool = request.getfixturevalue(request.param)
    return chosen


def n_colors(png: bytes | Path) -> int:
    with Image.open(io.BytesIO(png) if isinstance(png, bytes) else png) as image:
        assert (image.format, image.mode) == ("PNG", "P")
        return len(image.getcolors() or [])


# Names


@pytest.mark.parametrize(
    ("arguments", "name", "result"),
    [
        ([], "x.png", "x-fs8.png"),
        ([], "x.PNG", "x-fs8.png"),
        ([], "x.Png", "x.Png-fs8.png"),
        ([], "noext", "noext-fs8.png"),
        ([], "x.png.png", "x.png-fs8.png"),
        (["--floyd"], "x.png", "x-fs8.png"),
        (["--floyd=0.5"], "x.png", "x-fs8.png"),
        (["--floyd=0"], "x.png", "x-or8.png"),
        (["--nofs"], "x.png", "x-or8.png"),
        (["--ordered"], "x.png", "x-or8.png"),
        (["--speed", "11"], "x.png", "x-or8.png"),
        (["--posterize", "2"], "x.png", "x-fs8.png"),
        (["--ext", "-small.png"], "x.png", "x-small.png"),
        (["--ext", "-small.png"], "noext", "noext-small.png"),
        (["-o", "other.png"], "x.png", "other.png"),
        (["16", "--strip", "--transbug", "-s3", "--"], "x.png", "x-fs8.png"),
    ],
)
def test_names_the_result(
    tool: Tool,
    picture: MakePicture,
    tmp_path: Path,
    arguments: list[str],
    name: str,
    result: str,
) -> None:
    picture("photo.png").rename(tmp_path / name)
    done = tool(*arguments, name)
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == sorted([name, result])
    assert n_colors(tmp_path / result) > 2


def test_takes_many_files(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        picture("photo.png", name)
    assert tool("8", "a.png", "--nofs", "b.png").returncode == 0
    assert names(tmp_path) == ["a-or8.png", "a.png", "b-or8.png", "b.png"]
    assert n_colors(tmp_path / "b-or8.png") == 8


def test_works_in_place(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    path = picture("photo.png")
    assert tool("-f", "--ext", ".png", "photo.png").returncode == 0
    assert names(tmp_path) == ["photo.png"]
    assert n_colors(path) > 2


def test_maps_to_the_colours_of_a_picture(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    four = Image.new("P", (4, 1))
    four.putpalette(bytes([0, 0, 0, 255, 0, 0, 0, 255, 0, 255, 255, 255]))
    four.putdata([0, 1, 2, 3])
    four.save(tmp_path / "four.png")
    assert tool("--map", "four.png", "photo.png").returncode == 0
    with Image.open(tmp_path / "photo-fs8.png") as result:
        used = {color for _, color in result.convert("RGB").getcolors() or ()}
    assert used <= {(0, 0, 0), (255, 0, 0), (0, 255, 0), (255, 255, 255)}
    assert len(used) > 1


def test_a_missing_palette_is_a_wrong_argument(ours: Tool, picture: MakePicture) -> None:
    picture("photo.png")
    done = ours("--map", "missing.png", "photo.png")
    assert done.returncode == 4
    assert b"missing.png: no such file" in done.stderr


def test_a_palette_that_does_not_suit_the_picture_is_a_wrong_argument(
    ours: Tool, picture: MakePicture, tmp_path: Path
) -> None:
    for name in ("photo.png", "soft-shadow.png"):
        picture(name)
    (tmp_path / "clear.hex").write_text("ff000080\n")
    (tmp_path / "full.hex").write_text("".join(f"0000{level:02x}\n" for level in range(256)))
    done = ours("--map", "clear.hex", "photo.png")
    assert (done.returncode, b"no opaque colour" in done.stderr) == (4, True)
    done = ours("--map", "full.hex", "soft-shadow.png")
    assert (done.returncode, b"has transparent pixels" in done.stderr) == (4, True)
    assert ours("--map", "full.hex", "soft-shadow.png", "photo.png").returncode == 4
    assert (tmp_path / "photo-fs8.png").exists()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (fewcolors.PaletteError("no palette"), 4),
        (fewcolors.TooManyBytesError(200, 100), 98),
        (fewcolors.QualityTooLowError(50, 60), 99),
        (fewcolors.ImageTooLargeError("too large"), 24),
        (fewcolors.DecodeError("damaged"), 25),
        (fewcolors.EncodeError("not written"), 16),
        (MemoryError(), 17),
        (PermissionError(13, "not allowed"), 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_every_error_has_its_status(error: Exception, status: int) -> None:
    with pytest.raises(Fault) as fault, reading("x.png"):
        raise error
    assert STATUSES[fault.value.kind] == status


def test_a_folder_is_refused_without_an_option_of_another_command(
    ours: Tool, picture: MakePicture, tmp_path: Path
) -> None:
    picture("photo.png")
    (tmp_path / "folder").mkdir()
    for arguments in (["folder"], ["--map", "folder", "photo.png"]):
        assert b"--recursive" not in ours(*arguments).stderr


def test_dithers_as_asked(ours: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    results = []
    for arguments in (["--nofs"], ["--floyd=0.5"], ["--floyd=0.9"]):
        assert ours(*arguments, "--force", "-o", "o.png", "4", "photo.png").returncode == 0
        results.append((tmp_path / "o.png").read_bytes())
    assert len(set(results)) == 3


def test_animations_stay_animations(ours: Tool, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (30, 20), color) for color in ("red", "green", "blue")]
    frames[0].save(tmp_path / "a.png", save_all=True, append_images=frames[1:], duration=70)
    assert ours("--force", "--ext", ".png", "a.png").returncode == 0
    with Image.open(tmp_path / "a.png") as result:
        assert getattr(result, "n_frames", 1) == 3


@pytest.mark.parametrize("option", ["--posterize=2", "--transbug"])
def test_an_animation_is_refused_where_only_a_still_palette_can_be_changed(
    ours: Tool, picture: MakePicture, tmp_path: Path, option: str
) -> None:
    frames = [Image.new("RGB", (30, 20), color) for color in ("red", "green", "blue")]
    frames[0].save(tmp_path / "a.png", save_all=True, append_images=frames[1:], duration=70)
    frames[0].save(tmp_path / "one.png", save_all=True)
    picture("photo.png")
    before = (tmp_path / "a.png").read_bytes()
    done = ours(option, "--force", "--ext", ".png", "a.png", "one.png", "photo.png")
    assert done.returncode == 4
    message = f"a.png: is animated, and {option.partition('=')[0]} takes still pictures only"
    assert done.stderr.count(b"error:") == 1
    assert message in done.stderr.decode()
    assert (tmp_path / "a.png").read_bytes() == before
    assert n_colors(tmp_path / "photo.png") > 2  # the others are done
    assert ours("--posterize=0", "a.png").returncode == 0


# Standard input and output


@pytest.mark.parametrize("arguments", [["-"], ["16", "-"], ["16"], ["16", "-", "-o", "-"]])
def test_pipes(tool: Tool, picture: MakePicture, tmp_path: Path, arguments: list[str]) -> None:
    done = tool(*arguments, input=picture("photo.png").read_bytes())
    assert (done.returncode, done.stderr) == (0, b"")
    assert n_colors(done.stdout) <= (16 if "16" in arguments else 256)
    assert names(tmp_path) == ["photo.png"]


def test_sends_the_result_out(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    done = tool("-o", "-", "photo.png")
    assert n_colors(done.stdout) > 2
    assert names(tmp_path) == ["photo.png"]


# Refusals


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], {1}),
        (["--force"], {1}),
        (["1", "x.png"], {4}),
        (["257", "x.png"], {4}),
        (["--speed", "0", "x.png"], {4}),
        (["--speed", "12", "x.png"], {4}),
        (["--posterize", "5", "x.png"], {4}),
        (["--quality", "90-50", "x.png"], {4}),
        (["--quality", "101", "x.png"], {4}),
        (["--quality", "abc", "x.png"], {4}),
        (["--quality", "-", "x.png"], {4}),
        (["-o", "a.png", "--ext", ".png", "x.png"], {4}),
        (["-o", "a.png", "x.png", "y.png"], {4}),
        (["--unknown", "x.png"], {1, 4}),  # pngquant 3, pngquant 2
        (["--force=1", "x.png"], {1, 4}),
        (["-o", "a.png", "-o", "b.png", "x.png"], {1, 4}),
        (["missing.png"], {2}),
        (["--floyd", "0.5", "missing.png"], {2}),
        (["x.png", "16"], {2}),
        (["-", "x.png"], {2}),
        (["bad.png"], {25}),
        (["empty.png"], {25}),
        (["cut.png"], {25}),
        (["folder"], {2, 25}),  # 2 on Windows, which does not open folders
        (["photo.jpg"], {25}),
        (["missing.png", "bad.png", "x.png"], {25}),  # the last that fails
        (["bad.png", "missing.png", "x.png"], {2}),
        (["-o", "nowhere/a.png", "x.png"], {16}),
        (["-f", "-o", "folder", "x.png"], {16}),
        (["-o", "x.png", "x.png"], {15}),
        ([""], {2}),
        (["", "x.png"], {2}),
        (["-o", "", "x.png"], {16}),
        (["-Q", "100-100", "x.png"], {99}),
        (["-Q", "99-", "x.png"], {99}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_refuses(
    tool: Tool, picture: MakePicture, tmp_path: Path, arguments: list[str], status: set[int]
) -> None:
    photo = picture("photo.png", "x.png").read_bytes()
    picture("photo.jpg")
    for name, data in {
        "bad.png": b"no picture\n",
        "empty.png": b"",
        "cut.png": photo[:5000],
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    before = names(tmp_path)
    done = tool(*arguments)
    assert done.returncode in status
    assert done.stdout == b""
    # What can be done is done, whatever else fails.
    made = ["x-fs8.png"] if len(arguments) > 1 and status & {2, 25} and "x.png" in arguments else []
    assert names(tmp_path) == sorted([*before, *made])
    assert b"Traceback" not in done.stderr


def test_does_not_overwrite(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    (tmp_path / "photo-fs8.png").write_bytes(b"kept")
    for arguments in (["photo.png"], ["-o", "photo-fs8.png", "photo.png"], ["-f", "--no-force"]):
        done = tool(*arguments, *(["photo.png"] if "photo.png" not in arguments else []))
        assert done.returncode == 15
        assert b"'photo-fs8.png' exists; not overwriting" in done.stderr
        assert (tmp_path / "photo-fs8.png").read_bytes() == b"kept"
    assert tool("--force", "photo.png").returncode == 0
    assert n_colors(tmp_path / "photo-fs8.png") > 2


# Quality and size


@pytest.mark.parametrize("quality", ["60", "0-60", "-60", "30-", "40-70"])
def test_reaches_the_quality(
    tool: Tool, picture: MakePicture, tmp_path: Path, quality: str
) -> None:
    picture("photo.png")
    assert tool("--quality", quality, "photo.png").returncode == 0
    assert names(tmp_path) == ["photo-fs8.png", "photo.png"]


def test_few_colours_have_the_best_quality(
    tool: Tool, picture: MakePicture, tmp_path: Path
) -> None:
    path = picture("palette.png")
    assert tool("--quality", "100-100", "palette.png").returncode == 0
    with Image.open(path) as original, Image.open(tmp_path / "palette-fs8.png") as result:
        assert original.convert("RGB").tobytes() == result.convert("RGB").tobytes()


def test_lower_quality_is_smaller(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    sizes = []
    for quality in ("0-30", "0-60", "0-100"):
        assert tool("--quality", quality, "-f", "photo.png").returncode == 0
        sizes.append((tmp_path / "photo-fs8.png").stat().st_size)
    assert sizes == sorted(set(sizes))


def test_sends_the_original_on_where_quality_is_missed(tool: Tool, picture: MakePicture) -> None:
    data = picture("photo.png").read_bytes()
    done = tool("--quality", "99-100", "-", input=data)
    assert done.returncode == 99
    assert done.stdout.count(b"IHDR") == 1
    with Image.open(io.BytesIO(data)) as original, Image.open(io.BytesIO(done.stdout)) as sent:
        assert original.convert("RGB").tobytes() == sent.convert("RGB").tobytes()


def test_skips_what_is_not_worth_it(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    assert tool("--quality", "0-50", "-o", "q50.png", "photo.png").returncode == 0
    assert tool("--skip-if-larger", "--quality", "0-49", "q50.png").returncode == 98
    assert tool("--skip-if-larger", "photo.png").returncode == 0
    assert names(tmp_path) == ["photo-fs8.png", "photo.png", "q50.png"]


def test_sends_one_picture_where_it_is_not_worth_it(ours: Tool, picture: MakePicture) -> None:
    """Unlike pngquant, which sends two."""
    small = ours("--quality", "0-50", "-", input=picture("photo.png").read_bytes()).stdout
    done = ours("--skip-if-larger", "--quality", "0-49", "-", input=small)
    assert (done.returncode, done.stdout) == (98, small)


# What goes into the file


@pytest.mark.parametrize("strip", [False, True])
def test_keeps_texts_unless_told(
    tool: Tool, picture: MakePicture, tmp_path: Path, strip: bool
) -> None:
    path = picture("photo.png")
    data = path.read_bytes()
    texts = png_chunk(b"iTXt", b"Licence\0\0\0\0\0free") + png_chunk(b"tEXt", b"Title\0sea")
    path.write_bytes(data[:33] + texts + data[33:])
    assert tool(*["--strip"] * strip, "photo.png").returncode == 0
    with Image.open(tmp_path / "photo-fs8.png") as image:
        expected = {} if strip else {"Licence": "free", "Title": "sea"}
        assert {
            key: image.info[key] for key in ("Licence", "Title") if key in image.info
        } == expected


XMP_HEAD = b"XML:com.adobe.xmp\0"


def xmp(orientation: int, *, element: bool = False) -> bytes:
    value = b"%d" % orientation
    field = b'tiff:Orientation="' + value + b'"'
    if element:
        field = b"><tiff:Orientation>" + value + b"</tiff:Orientation"
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ' + field + b">sea</rdf:RDF></x:xmpmeta>"


def raw_profile(kind: bytes, data: bytes) -> bytes:
    return b"Raw profile type %s\0\n%s\n%8d\n%s\n" % (kind, kind, len(data), data.hex().encode())


def exif(orientation: int) -> bytes:
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


KEPT_CHUNKS = {
    "XMP": png_chunk(b"iTXt", XMP_HEAD + bytes(4) + xmp(1)),
    "XMP as an element": png_chunk(b"iTXt", XMP_HEAD + bytes(4) + xmp(1, element=True)),
    "XMP compressed": png_chunk(b"iTXt", XMP_HEAD + b"\1\0\0\0" + zlib.compress(xmp(1))),
    "a text": png_chunk(b"tEXt", b"Title\0Orientation of the sun"),
    "a long text": png_chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"tiff:Orientation" * 99)),
    "EXIF as a text": png_chunk(b"tEXt", raw_profile(b"exif", exif(1))),
    "XMP as a text, which turns no picture": png_chunk(b"tEXt", raw_profile(b"xmp", xmp(6))),
}


@pytest.mark.parametrize("kept", KEPT_CHUNKS)
def test_copies_what_leaves_the_picture_upright(
    tool: Tool, picture: MakePicture, tmp_path: Path, kept: str
) -> None:
    path = picture("photo.png")
    data = path.read_bytes()
    path.write_bytes(data[:33] + KEPT_CHUNKS[kept] + data[33:])
    assert tool("photo.png").returncode == 0
    result = (tmp_path / "photo-fs8.png").read_bytes()
    assert KEPT_CHUNKS[kept] in result
    assert tool("--strip", "--force", "photo.png").returncode == 0
    assert KEPT_CHUNKS[kept] not in (tmp_path / "photo-fs8.png").read_bytes()


@pytest.mark.parametrize("element", [False, True])
@pytest.mark.parametrize(
    ("name", "head", "is_compressed"),
    [
        (b"iTXt", bytes(4), False),
        (b"iTXt", b"\1\0en\0t\0", True),
        (b"zTXt", b"\0", True),
        (b"tEXt", b"", False),
    ],
)
def test_resets_the_orientation_in_xmp(
    ours: Tool,
    picture: MakePicture,
    tmp_path: Path,
    name: bytes,
    head: bytes,
    is_compressed: bool,
    element: bool,
) -> None:
    path = picture("photo.png")
    data, packet = path.read_bytes(), xmp(6, element=element)
    text = XMP_HEAD + head + (zlib.compress(packet) if is_compressed else packet)
    path.write_bytes(data[:33] + png_chunk(name, text) + data[33:])
    assert ours("photo.png").returncode == 0
    with Image.open(tmp_path / "photo-fs8.png") as image:
        assert image.info["xmp"] == xmp(1, element=element)
        assert image.getexif().get(0x0112, 1) == 1
        with Image.open(path) as original:
            was_turned = original.getexif().get(0x0112) == 6
        assert image.size == ((64, 96) if was_turned else (96, 64))


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"eXIf", exif(6)[6:]),
        png_chunk(b"tEXt", raw_profile(b"exif", exif(6))),
        png_chunk(b"tEXt", raw_profile(b"exif", b"damaged")[:-9] + b"g"),
        png_chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n99\n1")),
        png_chunk(b"iTXt", XMP_HEAD + b"\1\0\0\0" + zlib.compress(bytes(1 << 24) + xmp(6))),
        png_chunk(b"iTXt", XMP_HEAD + b"\1\0\0\0" + zlib.compress(xmp(1))[:-9]),
        png_chunk(b"iTXt", XMP_HEAD),
        png_chunk(b"tEXt", b"Title\0sea")[:-1] + b"?",
    ],
)
def test_copies_no_orientation_that_it_cannot_reset_and_nothing_damaged(
    picture: MakePicture, chunk: bytes
) -> None:
    data = picture("photo.png").read_bytes()
    sound = png_chunk(b"tEXt", b"Author\0Ada")
    assert kept_chunks(data[:33] + sound + chunk + data[33:]) == sound


def test_leaves_out_an_orientation_that_is_applied(ours: Tool, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.effect_noise((40, 30), 90).convert("RGB").save(tmp_path / "x.png", exif=exif)
    assert ours("x.png").returncode == 0
    with Image.open(tmp_path / "x-fs8.png") as image:
        assert (image.size, len(image.getexif())) == ((30, 40), 0)


def test_posterizes(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("photo.png")
    assert tool("--posterize", "4", "photo.png").returncode == 0
    with Image.open(tmp_path / "photo-fs8.png") as image:
        assert {level % 17 for level in image.convert("RGB").tobytes()} == {0}


def test_puts_transparency_last(tool: Tool, picture: MakePicture, tmp_path: Path) -> None:
    picture("soft-shadow.png")
    assert tool("--transbug", "soft-shadow.png").returncode == 0
    with Image.open(tmp_path / "soft-shadow-fs8.png") as image:
        alphas = image.info["transparency"]
        assert alphas.index(0) == len(alphas) - 1 == max(image.tobytes())
        assert image.convert("RGBA").getchannel("A").getpixel((0, 0)) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes of Unix")
def test_in_place_keeps_mode_and_link(ours: Tool, picture: MakePicture, tmp_path: Path) -> None:
    """Unlike pngquant, which puts a file of the usual mode in the link's place."""
    path = picture("photo.png", "real.png")
    path.chmod(0o640)
    (tmp_path / "link.png").symlink_to("real.png")
    assert ours("-f", "--ext", ".png", "link.png").returncode == 0
    assert (tmp_path / "link.png").is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert n_colors(path) > 2


# What it says


def test_verbose_ends_as_scripts_expect(ours: Tool, picture: MakePicture) -> None:
    for name in ("a.png", "b.png"):
        picture("photo.png", name)

    def last_line(*arguments: str) -> str:
        done = ours("--verbose", *arguments)
        assert done.stdout == b""
        return done.stderr.decode().splitlines()[-1]

    assert last_line("a.png", "b.png") == "Quantized 2 images."
    assert last_line("-f", "b.png") == "Quantized 1 image."
    skipped = last_line("-f", "-Q", "100-100", "a.png", "b.png")
    assert skipped == "Skipped 2 files out of a total of 2 files."
    failed = last_line("-f", "a.png", "missing.png")
    assert failed == "There were errors quantizing 1 file out of a total of 2 files."


def test_is_silent_by_default(tool: Tool, picture: MakePicture) -> None:
    picture("photo.png")
    done = tool("photo.png")
    assert (done.stdout, done.stderr) == (b"", b"")


ESCAPE = "\x1b[31mred"


@pytest.mark.skipif(sys.platform == "win32", reason="names of Unix")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--verbose", f"{ESCAPE}.png"],
        [f"missing{ESCAPE}.png", f"{ESCAPE}.txt"],
        ["--map", f"missing{ESCAPE}.png", "x.png"],
        ["--map", f"{ESCAPE}.txt", "x.png"],
        ["-o", f"missing{ESCAPE}/o.png", "x.png"],
        ["-o", f"{ESCAPE}.txt", "x.png"],
        ["--ext", f"{ESCAPE}.png", "--verbose", "x.png"],
        [f"--unknown{ESCAPE}", "x.png"],
        [f"--unknown{ESCAPE}=1", "x.png"],
        [f"-{ESCAPE}", "x.png"],
        ["--quality", ESCAPE, "x.png"],
        ["--speed", ESCAPE, "x.png"],
        ["--colors", ESCAPE, "x.png"],
        ["--floyd=" + ESCAPE, "x.png"],
    ],
    ids=ascii,
)
def test_no_control_character_reaches_the_terminal(
    ours: Tool, picture: MakePicture, tmp_path: Path, arguments: list[str]
) -> None:
    picture("photo.png", "x.png")
    picture("photo.png", f"{ESCAPE}.png")
    (tmp_path / f"{ESCAPE}.txt").write_text(f"{ESCAPE}\n")
    done = ours(*arguments)
    assert done.stderr != b""
    assert done.stderr.decode().replace("\n", "").isprintable()


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_helps(tool: Tool, option: str) -> None:
    done = tool(option, "x.png")
    assert done.returncode == 0
    assert b"usage:" in done.stdout
    for name in ("--force", "--skip-if-larger", "--output", "--ext", "--quality", "--speed"):
        assert name.encode() in done.stdout


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_tells_its_version(tool: Tool, option: str) -> None:
    done = tool(option)
    assert done.returncode == 0
    assert b"." in done.stdout


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_informs_whatever_else_is_wrong(tool: Tool, option: str) -> None:
    assert tool("--quality", "abc", option, "missing.png").returncode == 0


# Spellings


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("-ext -a.png x.png", "ext", "-a.png"),
        ("-nofs x.png", "floyd", 0.0),
        ("-ordered x.png", "floyd", 0.0),
        ("--nofs -fs x.png", "floyd", 1.0),
        ("--nofs --fl x.png", "floyd", 1.0),
        ("--floyd=0.25 x.png", "floyd", 0.25),
        ("-force x.png", "force", True),
        ("-speed 3 x.png", "speed", 3),
        ("-verbose x.png", "verbose", True),
        ("-fv x.png", "force", True),
        ("-vfs3 x.png", "speed", 3),
        ("-v --qui x.png", "verbose", False),
        ("-Q50 x.png", "quality", (45, 50)),
        ("-Q 55 x.png", "quality", (49, 55)),
        ("--qual -50 x.png", "quality", (0, 50)),
        ("--quality=50- x.png", "quality", (50, 100)),
        ("--quality 5-9 --quality 50-90 x.png", "quality", (50, 90)),
        ("--sk x.png", "skip_if_larger", True),
        ("--ou a.png x.png", "output", "a.png"),
        ("0 x.png", "n_colors", 256),
        ("016 x.png", "n_colors", 16),
        ("--colors 20 16", "n_colors", 20),
        ("-- 16 x.png", "n_colors", 16),
        ("-f -- -x.png", "files", ("-x.png",)),
        ("--iebug x.png", "files", ("x.png",)),
        ("--map p.png x.png", "palette", "p.png"),
    ],
)
def test_understands(words: str, field: str, value: object) -> None:
    assert getattr(parse(words.split()), field) == value


@pytest.mark.parametrize(
    "words",
    [
        *("--f x.png", "--q 50 x.png", "--v x.png", "--s 3 x.png", "--o a.png x.png", "-z x.png"),
        *("--floyd=2 x.png", "--floyd=abc x.png", "--floyd=nan x.png", "--speed abc x.png"),
        *("--posterize abc x.png", "--quality 50.5 x.png", "--colors x x.png", "x.png -o"),
    ],
)
def test_does_not_guess(words: str) -> None:
    with pytest.raises(WrongUsage) as fault:
        parse(words.split())
    assert fault.value.status == 4


# Quality and speed as options


def test_quality_and_score_rise_together() -> None:
    for table in (QUALITIES, TARGET_SCORES, LEAST_SCORES):
        assert list(table) == sorted(set(table))
        assert (table[0], table[-1]) == (0, 100)
    assert all(least <= aim for least, aim in zip(LEAST_SCORES, TARGET_SCORES, strict=True))
    for quality in range(101):
        assert quality_of_score(target_score_of(quality)) == pytest.approx(quality)
    assert quality_of_score(-50) == 0


def test_options_say_no_more_than_was_asked() -> None:
    assert compress_options(Request()) == {"effort": "balanced"}
    assert compress_options(parse(["-Q", "60-", "-s1", "x.png"])) == {
        "effort": "max",
        "min_quality": least_score_of(60),
    }
    assert compress_options(parse(["-Q", "-80", "-s10", "x.png"])) == {
        "effort": "fast",
        "quality": target_score_of(80),
    }


def test_is_a_command() -> None:
    code = "from fewcolors.cli.pngquant import run_process; run_process()"
    done = subprocess.run([sys.executable, "-c", code, "-V"], capture_output=True, check=False)
    assert done.stdout.decode().split() == ["fewcolors-pngquant", fewcolors.__version__]


def test_starts_without_numpy() -> None:
    code = (
        "import sys, fewcolors.cli.pngquant.running\n"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'shutil', 'json')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
