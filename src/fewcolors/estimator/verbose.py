"""What ``verbose=1`` prints, in scikit-learn's words."""

from typing import Any

import numpy as np

from .. import _core
from ..kmeans import Clustering

__all__ = ["print_iterations", "print_repeated"]


def print_iterations(
    points: Any, weights: Any, max_iter: int, tolerance: float, n_threads: int, start: Any
) -> None:
    """Runs Lloyd's algorithm one iteration at a time, and prints how far each has come.

    The fit itself is made in one go elsewhere, so that printing never changes a result. Both go the
    same way; their sums may differ in the last bits, unless they are whole numbers.

    Args:
        points: (n, d) float64, distinct.
        weights: (n,) float64, above 0.
        max_iter: the most iterations.
        tolerance: the largest sum of squared shifts of the centroids that ends the run.
        n_threads: threads to use.
        start: (k, d) float64, the first centroids.
    """

    def run(centroids: Any, iterations: int) -> Clustering:
        return Clustering(
            *_core.lloyd(points, weights, centroids, iterations, tolerance, n_threads)
        )

    print("Initialization complete")
    fit = run(start, 0)
    old_labels = None
    for iteration in range(max_iter):
        labels = np.asarray(fit.labels)
        print(f"Iteration {iteration}, inertia {fit.inertia}.")
        if old_labels is not None and np.array_equal(labels, old_labels):
            print(f"Converged at iteration {iteration}: strict convergence.")
            return
        moved = run(fit.centroids, 1)
        step = np.asarray(moved.centroids) - np.asarray(fit.centroids)
        shift = float((step * step).sum())
        if shift <= tolerance:
            print(
                f"Converged at iteration {iteration}: center shift {shift} within tolerance "
                f"{tolerance}."
            )
            return
        old_labels, fit = labels, moved


def print_repeated(inertia: float) -> None:
    """Prints what a fit of fewer distinct rows than clusters comes to: nothing has to move."""
    print("Initialization complete")
    print(f"Iteration 0, inertia {inertia}.")
    print("Converged at iteration 0: strict convergence.")
