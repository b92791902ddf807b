"""Replacing pictures: whole, at once, and as they were in all but their pixels."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import build_png, names, photo, png_chunk, save_picture
from PIL import Image

from fewcolors.cli import main
from fewcolors.mark import read_mark
from fewcolors.saving.temporary import TEMPORARY, remove_if_left_over, temporary_beside
from fewcolors.saving.write import ChangedError, replace_file

posix = pytest.mark.skipif(sys.platform == "win32", reason="of POSIX")


def is_result(path: Path) -> bool:
    return read_mark(path.read_bytes()) is not None


def compress(*paths: Path, options: tuple[str, ...] = ()) -> int:
    return main(["compress", *map(str, paths), "--in-place", "-k", "8", *options])


@posix
def test_keeps_the_mode(tmp_path: Path) -> None:
    for mode in (0o600, 0o640, 0o664):
        path = save_picture("photo.png", tmp_path, f"{mode}.png")
        path.chmod(mode)
        assert compress(path) == 0
        assert stat.S_IMODE(path.stat().st_mode) == mode
        assert is_result(path)


@posix
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives away")
def test_keeps_the_owner(tmp_path: Path) -> None:
    path = save_picture("photo.png", tmp_path)
    os.chown(path, 1234, 1235)
    assert compress(path) == 0
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1235)


@pytest.mark.parametrize("preserves", [False, True])
def test_keeps_times_where_asked_to(tmp_path: Path, preserves: bool) -> None:
    path = save_picture("photo.png", tmp_path)
    os.utime(path, ns=(10**18, 10**18))
    assert compress(path, options=("--preserve-times",) if preserves else ()) == 0
    assert (path.stat().st_mtime_ns == 10**18) is preserves


@posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = save_picture("photo.png", tmp_path / "real")
    link = tmp_path / "link.png"
    link.symlink_to(Path("real") / "photo.png")
    assert compress(link) == 0
    assert link.is_symlink()
    assert is_result(real)
    assert names(tmp_path) == ["link.png", "real"]


@posix
def test_a_file_reached_twice_is_taken_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_picture("photo.png", tmp_path)
    (tmp_path / "a-link.png").symlink_to("photo.png")
    assert main(["compress", "-r", str(tmp_path), "--in-place"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@posix
def test_other_names_of_a_file_keep_what_they_have(tmp_path: Path) -> None:
    path = save_picture("photo.png", tmp_path)
    backup = tmp_path / "backup"
    backup.hardlink_to(path)
    before = path.read_bytes()
    assert compress(path) == 0
    assert is_result(path)
    assert backup.read_bytes() == before


@posix
def test_a_read_only_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save_picture("photo.png", tmp_path)
    path.chmod(0o444)
    before = path.read_bytes()
    assert compress(path) == 1
    assert "is read-only" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_picture_of_another_format_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo, disguised = save_picture("photo.jpg", tmp_path), tmp_path / "photo.png"
    disguised.write_bytes(photo.read_bytes())
    for path in (photo, disguised):
        before = path.read_bytes()
        assert compress(path) == 1
        assert "is no PNG" in capsys.readouterr().err
        assert path.read_bytes() == before
    disguised.unlink()
    assert main(["compress", "-r", str(tmp_path), "--in-place"]) == 0  # folders: PNGs alone


def test_what_somebody_writes_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    before = path.stat()
    path.write_bytes(b"newer than what was read")
    with pytest.raises(ChangedError):
        replace_file(str(path), b"result", before)
    assert path.read_bytes() == b"newer than what was read"
    assert names(tmp_path) == ["a.png"]


@posix
def test_a_temporary_file_is_left_over_when_its_process_is_gone(tmp_path: Path) -> None:
    with temporary_beside(str(tmp_path / "a.png"), b"data") as path:
        assert TEMPORARY.fullmatch(os.path.basename(path))
        remove_if_left_over(path)
        assert os.path.exists(path)
        os.rename(path, tmp_path / "a.png")
    code = (
        "import os, sys; from fewcolors.saving.temporary import temporary_beside\n"
        "with temporary_beside(sys.argv[1], b'data'): os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "b.png"], check=True, timeout=60)
    (left,) = [name for name in names(tmp_path) if TEMPORARY.fullmatch(name)]
    assert main(["compress", "-r", str(tmp_path)]) == 1  # a.png is no picture
    assert left not in names(tmp_path)


def start(folder: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "fewcolors", "compress", "-r", str(folder), "--in-place"]
    return subprocess.Popen(
        [*command, "--effort", "fast"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


@posix
def test_a_kill_at_any_instant_leaves_every_file_whole(tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    folder.mkdir()
    original = save_picture("photo.png", tmp_path).read_bytes()
    draws = random.Random(1)
    for _ in range(4):
        for number in range(30):
            (folder / f"{number:02}.png").write_bytes(original)
        process = start(folder)
        assert process.stdout is not None
        process.stdout.readline()  # the first is done
        time.sleep(draws.uniform(0, 0.1))
        process.kill()
        process.wait()
        process.stdout.close()
        for path in folder.glob("[0-9]*.png"):
            with Image.open(path) as image:
                image.load()
            assert is_result(path) or path.read_bytes() == original
        assert len(list(folder.glob("[0-9]*.png"))) == 30
    assert main(["compress", "-r", str(folder), "--in-place", "--effort", "fast"]) == 0
    assert names(folder) == [f"{number:02}.png" for number in range(30)]
    assert all(is_result(path) for path in folder.iterdir())


@posix
def test_control_c_ends_cleanly(tmp_path: Path) -> None:
    original = save_picture("photo.png", tmp_path).read_bytes()
    folder = tmp_path / "tree"
    folder.mkdir()
    for number in range(100):
        (folder / f"{number:02}.png").write_bytes(original)
    process = start(folder)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    process.stdout.close()
    assert process.wait(timeout=60) == 130
    assert len(names(folder)) == 100
    assert all(is_result(path) or path.read_bytes() == original for path in folder.iterdir())


def rows_of(image: Image.Image) -> bytes:
    """Returns the rows of an RGB picture, each with the filter that changes nothing."""
    size = 3 * image.width
    data = image.tobytes()
    return b"".join(b"\0" + data[at : at + size] for at in range(0, len(data), size))


def with_half_of_its_rows() -> bytes:
    rows = rows_of(photo())
    return build_png(photo().size, rows[: len(rows) // 2])


def with_a_stream_that_breaks_off() -> bytes:
    png = build_png(photo().size, rows_of(photo()))
    at = png.index(b"IDAT")
    data = png[at + 4 : at + 4 + int.from_bytes(png[at - 4 : at], "big") // 2]
    return png[: at - 4] + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def with_a_wrong_checksum() -> bytes:
    png = bytearray(build_png(photo().size, rows_of(photo())))
    png[png.index(b"IEND") - 5] ^= 1  # the last byte of the checksum of IDAT
    return bytes(png)


def cut_at_two_thirds() -> bytes:
    png = build_png(photo().size, rows_of(photo()))
    return png[: len(png) * 2 // 3]


@pytest.mark.parametrize(
    "damaged",
    [
        with_half_of_its_rows,
        with_a_stream_that_breaks_off,
        with_a_wrong_checksum,
        cut_at_two_thirds,
    ],
)
def test_a_damaged_file_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damaged: Callable[[], bytes]
) -> None:
    path, data = tmp_path / "a.png", damaged()
    path.write_bytes(data)
    save_picture("photo.png", tmp_path)
    for options in ([], ["--force"], ["--again"]):
        assert main(["compress", "-r", str(tmp_path), "--in-place", "-k", "8", *options]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith(f"fewcolors: {path}: damaged")
        assert path.read_bytes() == data
    assert is_result(tmp_path / "photo.png")
