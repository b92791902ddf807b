"""The mean squared error of the classic method, with 8-bit palettes and no dithering.

The squared distance is summed over red, green and blue and averaged over pixels, then over photos,
as in the literature.
"""

import statistics
import time
from collections.abc import Iterator

import fewcolors
from fewcolors.options import EFFORTS

from .lab import Lab

COLORS = (16, 64, 256)


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the error on Kodak's photos, and the time from file to indices of one."""
    photos = lab.photos()
    for effort in EFFORTS:
        for n_colors in COLORS:
            start = time.perf_counter()
            errors = [
                fewcolors.quantize(photo, n_colors, method="classic", effort=effort).mse
                for photo in photos
            ]
            seconds = (time.perf_counter() - start) / len(photos)
            yield f"{effort}.k{n_colors}.mse", statistics.mean(errors)
            if lab.is_timed:
                yield f"{effort}.k{n_colors}.milliseconds", 1000 * seconds
