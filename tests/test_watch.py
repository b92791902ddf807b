"""What is written to a watched folder is compressed as it arrives."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import save_picture

from fewcolors.cli import main
from fewcolors.mark import read_mark

pytest.importorskip("watchfiles")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="interrupted by a signal")

PATIENCE_SECONDS = 40


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_result(path: Path) -> bool:
    return path.exists() and read_mark(path.read_bytes()) is not None


def first_line_about(name: bytes, watcher: "subprocess.Popen[bytes]") -> bytes:
    assert watcher.stdout is not None
    impatience = threading.Timer(PATIENCE_SECONDS, watcher.kill)  # which ends the lines
    impatience.start()
    lines = iter(watcher.stdout.readline, b"")
    found = next((line for line in lines if line.startswith(name + b":")), b"")
    impatience.cancel()
    return found


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    (tmp_path / "in").mkdir()
    save_picture("photo.png", tmp_path / "in", "before.png")
    command = [sys.executable, "-m", "fewcolors", "compress", "--watch", "in", "--in-place"]
    process = subprocess.Popen(
        [*command, "--effort", "fast"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_what_arrives_is_compressed_once(
    watcher: "subprocess.Popen[bytes]", tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    wait_for(lambda: is_result(folder / "before.png"))
    data = save_picture("photo.png", tmp_path).read_bytes()
    with open(folder / "slow.png", "wb") as file:
        for part in range(4):
            file.write(data[part * len(data) // 4 : (part + 1) * len(data) // 4])
            file.flush()
            time.sleep(0.1)
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no picture either")
    names = [first_line_about(b"in/slow.png", watcher).split(b":")[0]]
    assert is_result(folder / "slow.png")
    watcher.send_signal(signal.SIGINT)
    out, _ = watcher.communicate(timeout=PATIENCE_SECONDS)
    names += [line.split(b":")[0] for line in out.splitlines()]
    assert names == [b"in/slow.png"]  # it is told when it is written, and only then
    assert watcher.returncode in (0, 1)  # as bad.png was looked at, or not yet
    assert sorted(path.name for path in folder.iterdir()) == [
        "bad.png",
        "before.png",
        "notes.txt",
        "slow.png",
    ]


def test_needs_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["compress", "--watch", str(save_picture("photo.png", tmp_path))])
    assert stopped.value.code == 2
    assert "--watch needs folders" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.parametrize("format_", ["gif", "webp"])
def test_results_without_a_mark_are_not_compressed_again(tmp_path: Path, format_: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    save_picture("photo.png", folder, "before.png")
    command = [sys.executable, "-m", "fewcolors", "compress", "--watch", "in"]
    process = subprocess.Popen(
        [*command, "--format", format_, "--effort", "fast"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"FEWCOLORS_CACHE": os.devnull},  # where nothing can be remembered
    )
    try:
        wait_for((folder / f"before-fewcolors.{format_}").exists)
        save_picture("photo.png", folder, "later.png")
        wait_for((folder / f"later-fewcolors.{format_}").exists)
        save_picture("photo.png", folder, "last.png")  # by then, later's result has settled
        wait_for((folder / f"last-fewcolors.{format_}").exists)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_SECONDS)
    names = {
        f"{stem}{end}"
        for stem in ("before", "later", "last")
        for end in (".png", f"-fewcolors.{format_}")
    }
    assert {path.name for path in folder.iterdir()} == names
