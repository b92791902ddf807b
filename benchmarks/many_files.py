"""Compresses trees of tiny pictures in place, twice: first unmarked, then marked.

    python benchmarks/many_files.py [--files 10000 100000]

Time has to grow as the number of files, and memory by no more than their names.
"""

import argparse
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

from measure import command_of, print_table

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from mutants import png_of

SIDE = 16
FILES_A_FOLDER = 500
TEXT = b"Comment\0" + 400 * b"x"
"""Left out of results, so that each of them is smaller than its original."""


def main() -> None:
    """Prints the time and the memory of each run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[10_000, 100_000])
    arguments = parser.parse_args()
    rows = []
    for n_files in arguments.files:
        with tempfile.TemporaryDirectory() as name:
            os.environ["FEWCOLORS_CACHE"] = str(Path(name, "cache"))
            make_files(Path(name, "tree"), n_files)
            for state in ("unmarked", "marked"):
                rows.append([f"{n_files:,}", state, *measured(Path(name, "tree"))])
    print_table(["files", "before", "seconds", "of the processors", "MB"], rows)


def make_files(folder: Path, n_files: int) -> None:
    """Makes pictures of one hue each, no two alike."""
    draws = random.Random(1)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    for number in range(n_files):
        red, green, blue = draws.randbytes(3)
        lines = (
            bytes(value for x in range(SIDE) for value in (red ^ x & 7, green ^ y & 7, blue))
            for y in range(SIDE)
        )
        pixels = zlib.compress(b"".join(b"\0" + line for line in lines), 0)
        path = folder / f"{number // FILES_A_FOLDER:04}" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        chunks = [(b"IHDR", header), (b"tEXt", TEXT), (b"IDAT", pixels), (b"IEND", b"")]
        path.write_bytes(png_of(chunks))


def measured(folder: Path) -> list[str]:
    """Compresses a tree in place; returns seconds, those of the processors, and megabytes."""
    options = ["-r", "--in-place", "--effort", "fast", "--quiet"]
    start = time.perf_counter()
    process = subprocess.Popen([command_of("fewcolors"), "compress", *options, str(folder)])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"status {process.returncode}")
    busy = usage.ru_utime + usage.ru_stime
    return [f"{seconds:.1f}", f"{busy:.1f}", f"{usage.ru_maxrss * 1024 / 1e6:.0f}"]


if __name__ == "__main__":
    main()
