"""Many files in one call: on one thread and on all, against pngquant, and a second time.

Whole processes. The tree is made of photos, graphics and pictures with alpha, cut and scaled from
icons to a megapixel.
"""

import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from measure import Run, command_of, run_process
from tree import build_tree

from .lab import Lab

FILES = 2000
PAIRS = 3
MEGABYTE = 1e6


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields times, rates, memory and bytes."""
    command_of("pngquant")
    folder, out = lab.folder / "tree", lab.folder / "out"
    os.environ["FEWCOLORS_CACHE"] = str(lab.folder / "cache")
    paths = build_tree(folder, lab.pictures("photos")[0].parents[1], FILES)
    one, both = [], []
    for _ in range(1):
        one.append(compress(folder, out, "--threads", "1"))
        both.append(compress(folder, out))
    yield from figures_of("one_thread", one, size_of(out, ".png"))
    yield from figures_of("threads", both, size_of(out, ".png"))
    yield "threads.times_one", one[0].seconds / both[0].seconds
    yield from against_pngquant(folder, paths, out)
    yield from again(folder)


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
    return run_process([command_of("pngquant"), "--force", "--ext", "-fs8.png", *map(str, copies)])


def against_pngquant(folder: Path, paths: Sequence[Path], out: Path) -> Iterator[tuple[str, float]]:
    """Yields effort fast and pngquant, run in turn."""
    ours, theirs = [], []
    our_size = their_size = 0
    for _ in range(PAIRS):
        ours.append(compress(folder, out, "--effort", "fast"))
        our_size = size_of(out, ".png")
        theirs.append(pngquant(paths, out))
        their_size = size_of(out, "-fs8.png")
    yield from figures_of("fast", ours, our_size)
    yield from figures_of("pngquant", theirs, their_size)
    pairs = list(zip(ours, theirs, strict=True))
    yield "fast.times_pngquant", statistics.median(b.seconds / a.seconds for a, b in pairs)


def figures_of(name: str, runs: Sequence[Run], n_bytes: int) -> Iterator[tuple[str, float]]:
    """Yields the medians of runs."""
    seconds = statistics.median(run.seconds for run in runs)
    yield f"{name}.seconds", seconds
    yield f"{name}.files_a_second", FILES / seconds
    yield f"{name}.mib", max(run.peak_mib for run in runs)
    yield f"{name}.megabytes", n_bytes / MEGABYTE


def size_of(folder: Path, suffix: str) -> int:
    """Returns the bytes of all files with a suffix."""
    return sum(path.stat().st_size for path in folder.rglob(f"*{suffix}"))


def again(folder: Path) -> Iterator[tuple[str, float]]:
    """Runs the same command in place twice, and yields what the second time does."""
    command = [command_of("fewcolors"), "compress", "-r", "--in-place", "--quiet", str(folder)]
    run_process([*command, "--effort", "fast"])
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.png")}
    second = run_process([*command, "--effort", "fast"])
    yield "again.seconds", second.seconds
    yield "again.files_a_second", FILES / second.seconds
    yield "again.changed", sum(path.stat().st_mtime_ns != then for path, then in before.items())
