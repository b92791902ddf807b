"""Time and memory from a tenth to 200 megapixels, and from a thousand to millions of colours."""

import math
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from measure import command_of, run_process
from PIL import Image

from .against_pngquant import save_fading
from .lab import LARGE_SIDES, Lab

MEGAPIXELS = (0.1, 1, 4, 16, 64, 200)
SLOPE_FROM = 1.0
"""Megapixels; below, starting is most of the time."""

COLORS = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
COLORS_SIDE = 4096
RECIPES = {
    "classic": ("-k", "256", "--method", "classic", "--effort", "fast"),
    "fast": ("--effort", "fast"),
    "balanced": (),
}
FADING = "fading"
"""The default on pictures whose alpha fades throughout: the worst case."""

MOST_PIXELS = "1000000000"
MEGAPIXEL = 1e6


def slope(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Returns by which power values grow with sizes, by least squares of the logarithms."""
    result = statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, values)])
    return result.slope


def taken(path: Path, recipe: Sequence[str], target: Path) -> tuple[float, float, float]:
    """Returns seconds, processor seconds and MiB of compressing a picture."""
    options = ["--max-pixels", MOST_PIXELS, "--again", "--force", "-o", str(target)]
    run = run_process([command_of("fewcolors"), "compress", str(path), *recipe, *options])
    return run.seconds, run.processor_seconds, run.peak_mib


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields what each size and each number of colours takes, and the slopes."""
    target = lab.folder / "grown.png"
    paths = {}
    for size in MEGAPIXELS:
        scale = math.sqrt(size * MEGAPIXEL / math.prod(LARGE_SIDES))
        sides = round(LARGE_SIDES[0] * scale), round(LARGE_SIDES[1] * scale)
        paths[size] = lab.large(f"{size:g}mp.png", sides)
    for recipe in (*RECIPES, FADING):
        options = RECIPES.get(recipe, ())
        found = {}
        for size, path in paths.items():
            if recipe == FADING:
                save_fading(path, path)
            found[size] = taken(path, options, target)
        for size, (seconds, processor_seconds, mib) in found.items():
            yield f"{recipe}.{size:g}mp.seconds", seconds
            yield f"{recipe}.{size:g}mp.processor_seconds", processor_seconds
            yield f"{recipe}.{size:g}mp.mib", mib
        sizes = [size for size in MEGAPIXELS if size >= SLOPE_FROM]
        for column, name in enumerate(("time", "processor_time", "memory")):
            yield f"{recipe}.slope.{name}", slope(sizes, [found[size][column] for size in sizes])
    for n_colors in COLORS:
        path = lab.folder / "colours.png"
        save_colors(path, n_colors)
        for recipe, options in RECIPES.items():
            seconds, processor_seconds, mib = taken(path, options, target)
            yield f"{recipe}.{n_colors}colours.seconds", seconds
            yield f"{recipe}.{n_colors}colours.processor_seconds", processor_seconds
            yield f"{recipe}.{n_colors}colours.mib", mib


def save_colors(path: Path, n_colors: int) -> None:
    """Writes a picture of 16.8 megapixels in which so many colours stand in an even mixture."""
    draws = np.random.default_rng(1)
    colors = draws.permutation(1 << 24)[:n_colors].astype(np.uint32)
    pixels = draws.permutation(np.resize(colors, COLORS_SIDE * COLORS_SIDE))
    channels = np.stack([pixels >> 16, pixels >> 8, pixels], axis=1).astype(np.uint8)
    Image.frombytes("RGB", (COLORS_SIDE, COLORS_SIDE), channels.tobytes()).save(
        path, compress_level=1
    )
