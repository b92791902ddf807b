"""Gives `fewcolors compress` files whose structure was changed, and looks at how it ends.

    python benchmarks/mutations.py [--slice 3/100] [--seed 0] [--each 1000]

Each file is compressed by the command in a process of its own, whose processor time and memory are
limited. It has to end with status 0 or 1, with no signal and no traceback, within ten seconds and
one gigabyte. A slice holds as many files as --each says: a hundred slices are 100,000 files.
"""

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from mutants import SOURCES, mutant

from fewcolors.cli import main as run_command

MAX_SECONDS = 10
MAX_MEGABYTES = 1000
HANGS = 120
"""Seconds after which a process that does not even compute is ended."""
MOST_BYTES = 4 << 30
"""Of address space: protects the machine; the limit is on what is used."""
CRASHED = 70
"""The status of a process whose command raised instead of returning."""


class Ending(NamedTuple):
    """How the command ended."""

    status: int  # negative for a signal
    seconds: float
    megabytes: float
    words: str


def main() -> None:
    """Prints the faults and the figures of a slice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slice", default="1/100")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="folder for files that show a fault")
    arguments = parser.parse_args()
    number, n_slices = map(int, arguments.slice.split("/"))
    if not 1 <= number <= n_slices:
        parser.error("--slice: a number of slices, such as 3/100")
    numbers = range((number - 1) * arguments.each, number * arguments.each)
    n_faults = run_slice(arguments.seed, numbers, arguments.keep)
    sys.exit(1 if n_faults else 0)


def run_slice(seed: int, numbers: range, keep: Path | None) -> int:
    """Runs the files of these numbers; returns how many showed a fault."""
    sources = {kind: make() for kind, make in SOURCES.items()}
    n_faults, n_taken, slowest, largest = 0, 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["FEWCOLORS_CACHE"] = str(folder / "cache")
        load_modules(list(sources.values()), folder)
        for number in numbers:
            draws = random.Random(f"{seed}/{number}")
            kind = draws.choice(list(sources))
            data = mutant(kind, draws, sources[kind])
            path = folder / "mutant"
            path.write_bytes(data)
            ending = ending_of(path, folder)
            n_taken += ending.status == 0
            slowest, largest = max(slowest, ending.seconds), max(largest, ending.megabytes)
            if fault := fault_of(ending):
                n_faults += 1
                print(f"{number} ({kind}): {fault}", flush=True)
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"{seed}-{number}").write_bytes(data)
    print(
        f"{len(numbers)} files, {n_taken} taken, {n_faults} faults;"
        f" at most {slowest:.1f} s of processor time and {largest:.0f} MB",
        flush=True,
    )
    return n_faults


def load_modules(sources: list[bytes], folder: Path) -> None:
    """Compresses the sound files once, so that no child has to import what all of them need."""
    path = folder / "sound"
    for data in sources:
        path.write_bytes(data)
        run_command([*command_for(path, folder / "result"), "--quiet"])


def command_for(path: Path, target: Path) -> list[str]:
    """Returns the words of the command that a child runs."""
    options = ["--force", "--effort", "fast", "--threads", "1"]
    return ["compress", str(path), "-o", f"{target}.png", *options]


def ending_of(path: Path, folder: Path) -> Ending:
    """Compresses a file in a process of its own, and waits for it."""
    words = folder / "words"
    process = os.fork()
    if process == 0:
        run_limited(path, folder / "result", words)
    _, status, usage = os.wait4(process, 0)
    return Ending(
        os.waitstatus_to_exitcode(status),
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * 1024 / 1e6,
        words.read_text(errors="replace"),
    )


def run_limited(path: Path, target: Path, words: Path) -> None:
    """Runs the command with limits, and ends the process."""
    status = CRASHED
    try:
        output = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        signal.alarm(HANGS)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        status = run_command([*command_for(path, target), "--quiet"])
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def fault_of(ending: Ending) -> str | None:
    """Returns what is wrong with an ending, if anything is."""
    last = ending.words.strip().splitlines()[-1:] or ["no word"]
    if ending.status == -signal.SIGXCPU:
        return f"more than {MAX_SECONDS} s"
    if ending.status < 0:
        return f"ended by {signal.Signals(-ending.status).name}"
    if "Traceback" in ending.words or ending.status not in (0, 1):
        return f"status {ending.status}: {last[0]}"
    if ending.status == 1 and len(ending.words.splitlines()) != 1:
        return f"not one line: {ending.words!r}"
    if ending.megabytes > MAX_MEGABYTES:
        return f"{ending.megabytes:.0f} MB"
    return None


if __name__ == "__main__":
    main()
