"""The line on the terminal, and the threads that it tells of."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import save_picture

from fewcolors.cli.files.progress import progress_line
from fewcolors.cli.files.report import Report, Totals
from fewcolors.cli.files.threads import TASKS_AHEAD, Gate, in_order, share_threads


def test_the_line_tells_all() -> None:
    totals = Totals()
    for _ in range(250):
        totals.add(Report("written", "", bytes_in=4000, bytes_out=1000))
    assert progress_line(totals, 1000, 10.0) == (
        "[#####---------------] 250 of 1,000, 25.0/s, 750.0 kB saved (75%), 0:30 left"
    )


def test_it_can_be_drawn_before_anything_is_done() -> None:
    assert progress_line(Totals(), 5, 0.0).startswith("[--------------------] 0 of 5, 0.0/s")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_terminal_shows_it_and_ends_clean(tmp_path: Path) -> None:
    import pty

    for number in range(30):
        save_picture("photo.png", tmp_path, f"{number}.png")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "fewcolors", "compress", "-r", ".", "--output-dir", "out"]
    environment = os.environ | {"TERM": "xterm"}
    process = subprocess.Popen(command, cwd=tmp_path, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    shown = b""
    try:
        while data := os.read(master, 4096):
            shown += data
    except OSError:  # the terminal is gone
        pass
    os.close(master)
    assert process.wait(timeout=60) == 0
    assert b" of 30, " in shown
    assert b"saved as" not in shown  # of so many files the progress alone
    assert shown.split(b"\x1b[K")[-1].startswith(b"30 files: 30 compressed; ")


def test_threads_go_to_files_first() -> None:
    assert share_threads(2, 2000) == (2, 1)
    assert share_threads(8, 3) == (3, 2)
    assert share_threads(8, 1) == (1, 8)
    assert share_threads(4, 0) == (1, 4)


@pytest.mark.parametrize("n_workers", [1, 2, 7])
def test_results_come_in_order(n_workers: int) -> None:
    assert list(in_order(range(50), lambda n: n * n, n_workers)) == [n * n for n in range(50)]


@pytest.mark.parametrize("n_workers", [1, 3])
def test_a_fault_of_the_program_is_not_swallowed(n_workers: int) -> None:
    def work(number: int) -> int:
        return 1 // (number - 5)

    results = in_order(range(50), work, n_workers)
    with pytest.raises(ZeroDivisionError):
        list(results)


def test_a_shut_gate_waits_for_who_is_in_and_lets_nobody_else_through() -> None:
    gate = Gate()
    inside, go_on, seen = threading.Event(), threading.Event(), []

    def write() -> None:
        with gate:
            inside.set()
            go_on.wait()
            seen.append("written")

    writer = threading.Thread(target=write)
    writer.start()
    inside.wait()
    threading.Timer(0.05, go_on.set).start()
    gate.shut()
    assert seen == ["written"]
    with pytest.raises(SystemExit), gate:
        pass
    writer.join()


def test_nothing_saved_is_not_minus_nothing() -> None:
    totals = Totals()
    totals.add(Report("written", "", bytes_in=100_000, bytes_out=100_010))
    assert ", 0.0 kB saved (0%), " in progress_line(totals, 2, 1.0)


def test_few_results_are_ahead_of_the_first() -> None:
    go_on, begun = threading.Event(), []

    def work(number: int) -> int:
        begun.append(number)
        if number == 0:
            go_on.wait()
        return number

    results = in_order(iter(range(10 * TASKS_AHEAD)), work, 2)
    reader = threading.Thread(target=lambda: next(results))
    reader.start()
    while len(begun) < TASKS_AHEAD:
        time.sleep(0.001)
    assert max(begun) < TASKS_AHEAD
    go_on.set()
    reader.join()
    results.close()  # type: ignore[attr-defined]
