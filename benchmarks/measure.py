"""What the benchmarks share: whole processes measured in turn, and tables."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Run", "compare", "print_table", "run_process"]


class Run(NamedTuple):
    """One process from start to end."""

    seconds: float
    peak_mib: float


def run_process(command: Sequence[str]) -> Run:
    """Runs a command and waits for it; the figures are the operating system's own."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        assert process.stderr is not None
        sys.exit(f"{' '.join(command)}: {process.stderr.read().decode()}")
    return Run(seconds, usage.ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10)))


def compare(ours: Sequence[str], theirs: Sequence[str], n_pairs: int) -> tuple[Run, Run, float]:
    """Runs two commands in turn, so that a machine that slows down slows both.

    Returns:
        The medians of ours, those of theirs, and the median of the ratios of time, pair by pair.
    """
    run_process(ours)
    run_process(theirs)
    pairs = [(run_process(ours), run_process(theirs)) for _ in range(n_pairs)]
    medians = [
        Run(
            statistics.median(pair[side].seconds for pair in pairs),
            statistics.median(pair[side].peak_mib for pair in pairs),
        )
        for side in (0, 1)
    ]
    ratio = statistics.median(mine.seconds / other.seconds for mine, other in pairs)
    return medians[0], medians[1], ratio


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    print("\n".join("| " + " | ".join(line) + " |" for line in lines), flush=True)
