"""Compresses on eight threads and forks meanwhile: bytes stay identical, and memory flat.

    python benchmarks/threads_and_forks.py [--minutes 10] [--threads 8]

The main thread forks again and again while the others are anywhere in their work; each child
compresses a picture itself. A child that hangs is ended and counts as a fault.
"""

import argparse
import contextlib
import itertools
import os
import random
import resource
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from mutants import SOURCES, picture, saved

import fewcolors

HANGS = 60
PAUSE = 0.5
"""Seconds between forks."""
SIDE = 160
WARM_SHARE = 0.2
"""Of the time, after which memory is to stay flat."""
MOST_GROWTH = 1.1


def jobs() -> list[tuple[bytes, dict[str, object]]]:
    """Pictures, and options that lead through every stage."""
    large = saved(picture("RGBA").resize((SIDE, SIDE)), "PNG")
    sources = [large, *(SOURCES[kind]() for kind in ("png", "jpeg", "tiff", "webp", "apng"))]
    options: list[dict[str, object]] = [
        {"n_threads": 2},
        {"effort": "fast", "n_threads": 1},
        {"method": "classic", "n_colors": 16},
        {"dither": "auto", "quality": 60.0},
        {"format": "webp"},
    ]
    return list(itertools.product(sources, options))


def result_of(job: tuple[bytes, dict[str, object]]) -> bytes:
    source, options = job
    return fewcolors.compress(source, **options).data  # type: ignore[arg-type]


class Workers:
    """Threads that compress the same pictures over and over, each in an order of its own."""

    def __init__(self, n_threads: int, expected: list[bytes]) -> None:
        self.expected = expected
        self.jobs = jobs()
        self.n_done = 0
        self.faults: list[str] = []
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, args=(number,)) for number in range(n_threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        draws = random.Random(number)
        while not self._is_over.is_set():
            at = draws.randrange(len(self.jobs))
            try:
                is_same = result_of(self.jobs[at]) == self.expected[at]
            except Exception as error:
                self.faults.append(f"thread {number}, job {at}: {error!r}")
                continue
            with self._lock:
                self.n_done += 1
            if not is_same:
                self.faults.append(f"thread {number}, job {at}: other bytes")


def status_of_fork(job: tuple[bytes, dict[str, object]], expected: bytes) -> int:
    """Compresses in a child; returns its status: 0 for the same bytes."""
    with warnings.catch_warnings(action="ignore"):  # forking with threads is what is tried
        process = os.fork()
    if process == 0:
        status = 2
        with contextlib.suppress(BaseException):
            signal.alarm(HANGS)
            status = 0 if result_of(job) == expected else 1
        os._exit(status)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status)


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Prints what was done, the faults, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--threads", type=int, default=8)
    arguments = parser.parse_args()
    expected = [result_of(job) for job in jobs()]
    workers = Workers(arguments.threads, expected)
    start, seconds = time.monotonic(), arguments.minutes * 60
    memory: list[tuple[float, float]] = []
    draws, n_forks = random.Random(0), 0
    workers.start()
    while (passed := time.monotonic() - start) < seconds:
        at = draws.randrange(len(expected))
        if status := status_of_fork(workers.jobs[at], expected[at]):
            workers.faults.append(f"fork, job {at}: status {status}")
        n_forks += 1
        memory.append((passed, resident_megabytes()))
        time.sleep(PAUSE)
    workers.stop()
    early = max(size for at, size in memory if at <= max(WARM_SHARE * seconds, memory[0][0]))
    latest = max(size for at, size in memory if at >= min(0.8 * seconds, memory[-1][0]))
    for fault in workers.faults:
        print(fault)
    print(
        f"{workers.n_done:,} pictures, {n_forks} forks, {len(workers.faults)} faults;"
        f" {early:.0f} MB in the first fifth, {latest:.0f} MB in the last"
    )
    sys.exit(1 if workers.faults or latest > MOST_GROWTH * early else 0)


if __name__ == "__main__":
    main()
