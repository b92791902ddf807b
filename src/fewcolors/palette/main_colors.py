"""The few colours that a person would name in pictures, for themselves rather than for a file.

To compress is to lower the error, in which large areas count for most: eight colours of a beach
are eight sands. To name them is to see the red umbrella too. So k-means runs on the cells of a grid
over OKLab, each weighing the cube root of its pixels, and lightness counts for less than hue.
"""

import math
from array import array
from collections.abc import Iterable
from typing import Any

from .. import _core
from ..decode import ImageSource, decode
from ..errors import PaletteError
from ..exact_math import pow
from ..histogram import Histogram, build_histogram, merge_histograms
from ..indexed import Palette
from ..kmeans import SPACES, fit_points
from ..limits import MAX_COLORS, MAX_PIXELS, MAX_THREADS, check_integer
from ..options import DEFAULT_MAIN_COLORS, Options

__all__ = ["color_counts", "main_colors", "palette_of"]


OKLAB = SPACES["perceptual"]

CELL_LEVELS = 64
"""Grid steps along each of L, a and b: a cell holds what hardly anyone tells apart."""

DAMPING = 1 / 3
"""The power of its pixels that a cell weighs. With 1/2 rafters in red life vests, and motorcycles
on a lawn, lose their red and green to greys (15 photos and graphics looked at)."""

SCALES = (0.6, 1.0, 1.0)
"""Of L, a and b: two shades of a colour have one name, two hues have two."""

SPECK_SHARE = 0.0002
"""Cells with a smaller share of the pixels are noise and edges; nobody names them."""

DOMINANT_SHARE = 0.2
"""From this share of its cluster on a colour stands for it, exactly as it is: drawn areas have
one colour among the mixed ones of their edges, photos have none."""

SAME_NAME = 0.035
"""Colours nearer than this in OKLab, some two just noticeable differences, count as one."""

STARTS = 10
ITERATIONS = 100


def palette_of(
    *images: ImageSource,
    n_colors: int = DEFAULT_MAIN_COLORS,
    n_threads: int | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Palette:
    """Finds the colours that pictures mainly have in common, as a person would name them.

    Every pixel counts the same, so that larger pictures count for more, and by its alpha:
    transparent pixels have no colour. Pictures of no more colours than asked for keep them exactly.

    Args:
        *images: at least one; see `decode`.
        n_colors: the most colours, 1 to 256. Fewer come back where more would look the same.
        n_threads: threads of the kernels, 1 to 256; None for one a processor.
        max_pixels: larger pictures are refused; 1 to 2^32 - 1.

    Returns:
        Opaque colours, the most frequent first, with their shares.

    Raises:
        DecodeError: an image cannot be read as a picture.
        PaletteError: no pixel is visible.
        OSError: a file cannot be read.
        TypeError, ValueError: an argument is not allowed.

    >>> import numpy as np
    >>> stripes = np.array([[[200, 16, 46], [200, 16, 46], [255, 255, 255]]], np.uint8)
    >>> palette = palette_of(stripes)
    >>> palette.hex(), palette.shares
    (['#c8102e', '#ffffff'], (0.666, 0.333))
    """
    if not images:
        raise ValueError("at least one image is needed")
    n_colors = check_integer("n_colors", n_colors, 1, MAX_COLORS)
    if n_threads is not None:
        check_integer("n_threads", n_threads, 1, MAX_THREADS)
    options = Options(n_threads=n_threads, max_pixels=max_pixels)
    total = merge_histograms(color_counts(image, options) for image in images)
    assert total is not None  # there is an image
    return main_colors(total, n_colors, options)


def color_counts(image: ImageSource, options: Options) -> Histogram:
    """Counts the pixels of each colour of a picture; threads and max_pixels are used."""
    return build_histogram(decode(image, max_pixels=options.max_pixels), options.threads)


def main_colors(histogram: Histogram, n_colors: int, options: Options) -> Palette:
    """Does what `palette_of` does, from the counts of all pictures; threads are used."""
    colors, weights = _visible(histogram)
    if len(weights) <= n_colors:
        return _sorted([colors[4 * i : 4 * i + 4] for i in range(len(weights))], list(weights))
    rows = _core.to_space(memoryview(colors).cast("B", (len(weights), 4)), OKLAB, 3)
    centroids, labels = _clusters(rows, weights, n_colors, options)
    means = bytes(_core.from_space(centroids, OKLAB))
    totals, heaviest = [0.0] * n_colors, [(0.0, 0)] * n_colors
    for number, (label, weight) in enumerate(zip(labels, weights, strict=True)):
        totals[label] += weight
        if weight > heaviest[label][0]:
            heaviest[label] = (weight, number)
    names = [means[4 * i : 4 * i + 4] for i in range(n_colors)]
    for label, (weight, number) in enumerate(heaviest):
        if weight >= DOMINANT_SHARE * totals[label]:
            names[label] = colors[4 * number : 4 * number + 4]
    return _sorted(*_joined(names, totals))


def _visible(histogram: Histogram) -> tuple[bytes, Any]:
    """Returns the colours that can be seen, as opaque ones, and how much of each."""
    visible = histogram.without_transparent()
    if visible.n_colors == 0:
        raise PaletteError("no pixel is visible, so no colour; choose another picture")
    colors = bytes(visible.colors)
    if visible.is_opaque:
        return colors, visible.weights
    totals: dict[bytes, float] = {}
    for number, weight in enumerate(visible.weights):
        at = 4 * number
        color = colors[at : at + 3]
        totals[color] = totals.get(color, 0.0) + weight * colors[at + 3] / 255
    return b"".join(color + b"\xff" for color in totals), _doubles(totals.values())


def _doubles(values: Iterable[float]) -> Any:
    return memoryview(array("d", values))


def _rows(values: list[float]) -> Any:
    return _doubles(values).cast("B").cast("d", (len(values) // 3, 3))


def _clusters(rows: Any, weights: Any, n_colors: int, options: Options) -> tuple[Any, Any]:
    """Clusters damped cells; returns the means of the pixels, and the cluster of each colour."""
    cells, cell_weights = _core.coarsen(rows, weights, CELL_LEVELS)
    least = SPECK_SHARE * math.fsum(weights)
    damped = _damped(weight if weight >= least else 0.0 for weight in cell_weights)
    kept = [number for number, weight in enumerate(damped) if weight > 0]
    if len(kept) < n_colors:  # then the colours themselves, of which there are enough
        cells, damped, kept = rows, _damped(weights), list(range(len(weights)))
    points = [cells[number, axis] * SCALES[axis] for number in kept for axis in range(3)]
    fit = fit_points(
        _rows(points),
        _doubles(damped[number] for number in kept),
        n_colors,
        init="k-means++",
        n_init=STARTS,
        max_iter=ITERATIONS,
        tolerance=0.0,
        seed=0,
        n_threads=options.threads,
        rank="exact",
    )
    ends: Any = fit.centroids
    found = [ends[number, axis] / SCALES[axis] for number in range(n_colors) for axis in range(3)]
    centroids, labels, _, _ = _core.lloyd(rows, weights, _rows(found), 1, 0.0, options.threads)
    return centroids, labels


def _damped(weights: Iterable[float]) -> list[float]:
    """Returns the weights to the power of `DAMPING`; each is computed once, as many are equal."""
    given = list(weights)
    powers = {weight: pow(weight, DAMPING) for weight in set(given)}
    return [powers[weight] for weight in given]


def _joined(names: list[bytes], totals: list[float]) -> tuple[list[bytes], list[float]]:
    """Counts colours that look the same as the most frequent of them, and leaves out the empty."""
    order = sorted(range(len(names)), key=lambda number: (-totals[number], names[number]))
    rows = _core.to_space(
        memoryview(b"".join(names[number] for number in order)).cast("B", (len(names), 4)), OKLAB, 3
    )
    found: list[int] = []  # places in that order
    shares: list[float] = []
    for place, number in enumerate(order):
        if totals[number] == 0:
            continue
        distances = [_squared_distance(rows, place, p) for p in found]
        if distances and min(distances) < SAME_NAME * SAME_NAME:
            shares[distances.index(min(distances))] += totals[number]
        else:
            found.append(place)
            shares.append(totals[number])
    return [names[order[place]] for place in found], shares


def _squared_distance(rows: Any, one: int, other: int) -> float:
    differences = [rows[one, axis] - rows[other, axis] for axis in range(3)]
    return math.fsum(difference * difference for difference in differences)


def _sorted(names: list[bytes], totals: list[float]) -> Palette:
    order = sorted(range(len(names)), key=lambda number: (-totals[number], names[number]))
    everything = math.fsum(totals)
    return Palette(
        b"".join(names[number] for number in order),
        tuple(totals[number] / everything for number in order),
    )
