"""The mean squared error of the classic method, with 8-bit palettes and no dithering.

The squared distance is summed over red, green and blue and averaged over pixels, then over photos,
as in the literature.
"""

import statistics
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from measure import on_all_processors

import fewcolors
from fewcolors.options import EFFORTS, Effort

from .lab import Lab

COLORS = (16, 64, 256)


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the error on Kodak's photos, and the time from file to indices of one."""
    photos = lab.photos()
    for effort in EFFORTS:
        for n_colors in COLORS:
            error_of = partial(error, n_colors=n_colors, effort=effort)
            if not lab.is_timed:
                errors = on_all_processors(partial(error_of, n_threads=1), photos)
            else:
                start = time.perf_counter()
                errors = list(map(error_of, photos))
                seconds = (time.perf_counter() - start) / len(photos)
                yield f"{effort}.k{n_colors}.milliseconds", 1000 * seconds
            yield f"{effort}.k{n_colors}.mse", statistics.mean(errors)


def error(photo: Path, n_colors: int, effort: Effort, n_threads: int | None = None) -> float:
    """Returns the error on one photo."""
    return fewcolors.quantize(
        photo, n_colors, method="classic", effort=effort, n_threads=n_threads
    ).mse
