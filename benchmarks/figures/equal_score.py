"""Bytes at equal scores, on Kodak's photos: each effort against pngquant followed by oxipng.

pngquant runs at 16 to 256 colours, dithered and not, and always plays its best card.
"""

import statistics
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import (
    PNGQUANT_COLORS,
    Point,
    command_of,
    module_of,
    on_all_processors,
    pngquant,
    recompressed,
    score,
)

import fewcolors
from fewcolors.options import EFFORTS, Effort

from .lab import Lab
from .pareto import mean_saving

QUALITIES = (30, 40, 50, 60, 70, 75, 80, 85, 90, 95)
OXIPNG_LEVEL = 4


def points_of_pngquant(path: Path) -> list[Point]:
    """Returns what pngquant makes of a photo."""
    picture = path.read_bytes()
    points = []
    for n_colors in PNGQUANT_COLORS:
        for dithers in (True, False):
            output = pngquant(picture, str(n_colors), dithers=dithers)
            points.append(Point(len(recompressed(output, OXIPNG_LEVEL)), score(picture, output)))
    return points


def points_of_fewcolors(path: Path, effort: Effort) -> list[Point]:
    """Returns what fewcolors makes of a photo."""
    picture = path.read_bytes()
    points = []
    for quality in QUALITIES:
        data = fewcolors.compress(path, quality=quality, effort=effort, n_threads=1).data
        points.append(Point(len(data), score(picture, data)))
    return points


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the share of bytes saved: the mean, the least and the most of all photos."""
    command_of("pngquant")
    module_of("oxipng", "oxipng-pybind")
    photos = lab.photos()
    theirs = on_all_processors(points_of_pngquant, photos)
    for effort in EFFORTS:
        ours = on_all_processors(partial(points_of_fewcolors, effort=effort), photos)
        savings = [
            saving
            for pair in zip(ours, theirs, strict=True)
            if (saving := mean_saving(*pair)) is not None
        ]
        yield f"{effort}.saved", statistics.mean(savings)
        yield f"{effort}.saved.least", min(savings)
        yield f"{effort}.saved.most", max(savings)
