"""Many files in one call: against one core, against itself a second time, against pngquant.

    pip install pngquant-cli
    python benchmarks/batch.py SHARED/images [--files 2000] [--runs 3]

Whole processes, both sides in turn. The tree is made of photos, graphics and pictures with alpha,
cut and scaled from icons to a megapixel.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from measure import Run, command_of, print_table, run_process
from tree import build_tree


def main() -> None:
    """Prints tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name, "tree"), Path(name, "out")
        os.environ["FEWCOLORS_CACHE"] = str(Path(name, "cache"))
        paths = build_tree(folder, arguments.images, arguments.files)
        n_bytes = sum(path.stat().st_size for path in paths)
        print(f"{len(paths)} files, {n_bytes / 1e6:.0f} MB, {os.cpu_count()} processors\n")
        print_table(
            ["", "time", "files/s", "peak memory", "bytes"],
            [
                *rows_of_cores(folder, out, len(paths), arguments.runs),
                *rows_against_pngquant(folder, paths, out, arguments.runs),
            ],
        )
        print()
        print_again(folder)


def compress(folder: Path, out: Path, *options: str) -> Run:
    """Compresses the tree to an empty folder."""
    shutil.rmtree(out, ignore_errors=True)
    command = [command_of("fewcolors"), "compress", "-r", str(folder), "--output-dir", str(out)]
    return run_process([*command, "--again", "--quiet", *options])


def pngquant(paths: Sequence[Path], out: Path) -> Run:
    """Compresses the same files in one call of pngquant."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    copies = [out / path.name for path in paths]
    for path, copy in zip(paths, copies, strict=True):
        shutil.copyfile(path, copy)
    os.chdir(out)
    names = [copy.name for copy in copies]
    return run_process([command_of("pngquant"), "--force", "--ext", "-fs8.png", *names])


def rows_of_cores(folder: Path, out: Path, n_files: int, n_runs: int) -> list[list[str]]:
    """Measures one core against all."""
    one, all_ = [], []
    for _ in range(n_runs):
        one.append(compress(folder, out, "--threads", "1"))
        all_.append(compress(folder, out))
    gain = statistics.median(a.seconds / b.seconds for a, b in zip(one, all_, strict=True))
    size = size_of(out, ".png")
    return [
        row("fewcolors, one core", one, n_files, size),
        row(f"fewcolors, all cores: {gain:.2f} times one", all_, n_files, size),
    ]


def rows_against_pngquant(
    folder: Path, paths: Sequence[Path], out: Path, n_runs: int
) -> list[list[str]]:
    """Measures effort fast against pngquant, in turn."""
    ours, theirs = [], []
    for _ in range(n_runs):
        ours.append(compress(folder, out, "--effort", "fast"))
        our_size = size_of(out, ".png")
        theirs.append(pngquant(paths, out))
        their_size = size_of(out, "-fs8.png")
    gain = statistics.median(b.seconds / a.seconds for a, b in zip(ours, theirs, strict=True))
    name = f"fewcolors --effort fast: {gain:.2f} times pngquant"
    return [
        row(name, ours, len(paths), our_size),
        row("pngquant", theirs, len(paths), their_size),
    ]


def row(name: str, runs: Sequence[Run], n_files: int, n_bytes: int) -> list[str]:
    """Returns a table's row with the medians of runs."""
    seconds = statistics.median(run.seconds for run in runs)
    peak = max(run.peak_mib for run in runs)
    rate = n_files / seconds
    return [name, f"{seconds:.1f} s", f"{rate:.0f}", f"{peak:.0f} MiB", f"{n_bytes / 1e6:.1f} MB"]


def size_of(folder: Path, suffix: str) -> int:
    """Returns the bytes of all files with a suffix."""
    return sum(path.stat().st_size for path in folder.rglob(f"*{suffix}"))


def print_again(folder: Path) -> None:
    """Runs the same command in place three times."""
    command = [command_of("fewcolors"), "compress", "-r", "--in-place", "--quiet", str(folder)]
    seconds, changed = [], []
    for _ in range(3):
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.png")}
        start = time.perf_counter()
        run_process(command)
        seconds.append(time.perf_counter() - start)
        changed.append(sum(path.stat().st_mtime_ns != then for path, then in before.items()))
    rows = [
        [f"run {number + 1}", f"{taken:.2f} s", f"{seconds[0] / taken:.0f}", f"{count}"]
        for number, (taken, count) in enumerate(zip(seconds, changed, strict=True))
    ]
    print_table(["in place", "time", "times faster than the first", "files changed"], rows)


if __name__ == "__main__":
    main()
