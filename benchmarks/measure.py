"""What the benchmarks share: processes measured in turn, other tools, scores, and tables."""

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import oxipng
from PIL import Image

from fewcolors import _core

__all__ = [
    "PNGQUANT_COLORS",
    "Point",
    "Run",
    "command_of",
    "compare",
    "output_of",
    "pngquant",
    "pngquant_anchors",
    "print_table",
    "recompressed",
    "run_process",
    "score",
]

PNGQUANT_COLORS = (16, 32, 64, 96, 128, 192, 256)
"""Close enough to interpolate bytes and scores in between."""


class Point(NamedTuple):
    """What one setting of a tool makes of a picture."""

    n_bytes: float
    score: float


class Run(NamedTuple):
    """One process from start to end."""

    seconds: float
    peak_mib: float


def command_of(name: str) -> str:
    """Returns the path of a command, installed beside this Python or on the search path."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    return found or sys.exit(f"{name} is not installed")


def output_of(command: Sequence[str], standard_input: bytes = b"") -> bytes:
    """Runs a command and returns what it prints."""
    done = subprocess.run(command, input=standard_input, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode()}")
    return done.stdout


def pngquant(picture: bytes, *options: str, dithers: bool = True) -> bytes:
    """Returns the PNG that pngquant makes of a PNG."""
    dithering = [] if dithers else ["--nofs"]
    return output_of([command_of("pngquant"), *dithering, *options, "-"], picture)


def recompressed(png: bytes, level: int) -> bytes:
    """Returns the smallest PNG of the same pixels that oxipng finds."""
    return oxipng.optimize_from_memory(png, level=level, strip=oxipng.StripChunks.all())


def score(original: bytes, distorted: bytes) -> float:
    """Returns how good a picture looks beside its original, by SSIMULACRA 2."""
    with Image.open(io.BytesIO(original)) as a, Image.open(io.BytesIO(distorted)) as b:
        pixels, other_pixels = (image.convert("RGB").tobytes() for image in (a, b))
        return _core.ssimulacra2(pixels, other_pixels, a.width, a.height, os.cpu_count() or 1)


def pngquant_anchors(path: Path) -> dict[str, dict[tuple[int, bool], Point]]:
    """Reads what pngquant makes of pictures, measured earlier.

    The file is JSON: for each picture's file name the pairs [bytes, score] after oxipng level 4,
    for each of PNGQUANT_COLORS dithered and not.

    Returns:
        For each name the points, by the number of colours and whether they are dithered.
    """
    settings = [(n, dithers) for n in PNGQUANT_COLORS for dithers in (True, False)]
    return {
        name: {setting: Point(*point) for setting, point in zip(settings, points, strict=True)}
        for name, points in json.loads(path.read_text()).items()
    }


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
