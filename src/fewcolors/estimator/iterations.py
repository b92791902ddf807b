"""Lloyd's algorithm one iteration at a time, for whoever wants to watch it.

A fit is made in one go elsewhere, so that watching never changes a result. Both go the same way;
their sums may differ in the last bits, unless they are whole numbers.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import _core
from ..kmeans import Clustering

__all__ = ["Iteration", "iterate"]


class Iteration(NamedTuple):
    """The state of k-means after some iterations from one start.

    Attributes:
        centroids: (k, d) float64.
        inertia: the sum over points of weight x squared distance to the nearest of these centroids.
        shift: the squared distances by which the centroids move next, summed; None in the
            last state.
    """

    centroids: npt.NDArray[np.float64]
    inertia: float
    shift: float | None


def iterate(
    points: Any, weights: Any, max_iter: int, tolerance: float, n_threads: int, start: Any
) -> Iterator[Iteration]:
    """Runs Lloyd's algorithm (S. P. Lloyd, 1982, doi:10.1109/TIT.1982.1056489) step by step.

    Args:
        points: (n, d) float64, distinct.
        weights: (n,) float64, above 0.
        max_iter: the most iterations.
        tolerance: the largest sum of squared shifts of the centroids that ends the run.
        n_threads: threads to use.
        start: (k, d) float64, the first centroids.

    Yields:
        The state at the start, and after each iteration.
    """

    def run(centroids: Any, iterations: int) -> Clustering:
        return Clustering(
            *_core.lloyd(points, weights, centroids, iterations, tolerance, n_threads)
        )

    fit = run(start, 0)
    old_labels = None
    for _ in range(max_iter):
        labels = np.asarray(fit.labels)
        centroids = np.asarray(fit.centroids)
        if old_labels is not None and np.array_equal(labels, old_labels):
            break
        moved = run(fit.centroids, 1)
        step = np.asarray(moved.centroids) - centroids
        shift = float((step * step).sum())
        yield Iteration(centroids, fit.inertia, shift)
        old_labels, fit = labels, moved
        if shift <= tolerance:
            break
    yield Iteration(np.asarray(fit.centroids), fit.inertia, None)
