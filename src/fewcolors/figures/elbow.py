"""Inertia against the number of clusters: the curve in which people look for an elbow."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..compare.pictures import Picture, pixels_of
from ..histogram import build_histogram
from ..kmeans import fit_kmeans
from ..limits import MAX_COLORS, available_processors, check_integer, items
from ..options import Options
from ..progress import with_progress
from .style import BLUE, QUIET_INK, axes_or_new, style, unit_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["elbow", "inertias"]

COLORS = (1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64, 91, 128, 181, 256)
"""Two steps an octave: the curve is drawn over the logarithm."""

SIZE = (7.0, 4.2)
ENDS_LABELLED = ((10, -4), (0, 10))
"""Where the first and the last point have their texts, in points away."""


def inertias(
    source: Picture, colors: Iterable[int] = COLORS, *, progress: bool = False
) -> dict[int, float]:
    """Finds the inertia of k-means on the RGB values of a picture, for many numbers of clusters.

    Args:
        source: a path, bytes, a file, a PIL image, an array, `IndexedImage` or `Compressed`.
        colors: numbers of clusters, 1 to 256 each.
        progress: whether to show a bar, by tqdm (``pip install "fewcolors[progress]"``).

    Returns:
        The inertia by number of clusters: squared distances in RGB, 0 to 255, summed over pixels.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: progress is to be shown, and tqdm is not installed.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> import numpy as np
        >>> inertias(np.array([[0, 0, 3]], np.uint8), (1, 2))
        {1: 18.0, 2: 0.0}
    """
    checked = sorted(
        {check_integer("each of colors", k, 1, MAX_COLORS) for k in items("colors", colors)}
    )
    if not checked:
        raise ValueError("colors must not be empty")
    histogram = build_histogram(pixels_of(source), available_processors())
    found = {}
    for k in with_progress(checked, len(checked), "k-means", progress=progress):
        if k >= histogram.n_colors:
            found[k] = 0.0
        else:
            found[k] = fit_kmeans(histogram, k, Options(k, method="classic")).inertia
    return found


def elbow(
    source: "Picture | Mapping[int, float]",
    colors: Iterable[int] = COLORS,
    *,
    ax: "Axes | None" = None,
    progress: bool = False,
) -> "Axes":
    """Draws inertia against the number of clusters.

    Args:
        source: a picture; or inertias by number of clusters, as `inertias` returns them.
        colors: numbers of clusters, 1 to 256 each, for a picture.
        ax: where to draw; None for a new figure.
        progress: whether to show a bar, by tqdm.

    Returns:
        The axes.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: matplotlib is not installed, or tqdm and progress is to be shown.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> ax = elbow({1: 900.0, 2: 300.0, 4: 100.0})
    """
    found = dict(source) if isinstance(source, Mapping) else None
    if found is None:
        found = inertias(source, colors, progress=progress)  # type: ignore[arg-type]
    if len(found) < 2:
        raise ValueError("colors must be at least two numbers of clusters")
    with style():
        from matplotlib.ticker import NullFormatter, ScalarFormatter

        ax = axes_or_new(ax, SIZE)
        ks = sorted(found)
        unit, unit_name = unit_of(found[ks[0]])
        ax.plot(ks, [found[k] / unit for k in ks], "o-", color=BLUE, markersize=5, linewidth=1.6)
        ax.set_xscale("log", base=2)
        ax.set_xticks([k for k in (1, 2, 4, 8, 16, 32, 64, 128, 256) if ks[0] <= k <= ks[-1]])
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_ylim(bottom=0)
        ax.grid(axis="y")
        ax.set_axisbelow(True)
        ax.set_xlabel("number of clusters k, logarithmic")
        ax.set_ylabel(f"inertia: squared distance in RGB,\nsummed over all pixels{unit_name}")
        ax.set_title("Inertia falls smoothly as clusters are added")
        for k, offset in zip((ks[0], ks[-1]), ENDS_LABELLED, strict=True):
            ax.annotate(
                f"k = {k}: {found[k] / unit:.2g}",
                (k, found[k] / unit),
                xytext=offset,
                textcoords="offset points",
                ha="left" if k == ks[0] else "right",
                color=QUIET_INK,
                fontsize=9,
            )
    return ax
