"""From checked rows to a fit: equal rows are joined, starts are made, and the best one counts."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from .. import _core
from ..kmeans import Clustering, fit_points
from .iterations import Iteration, iterate
from .numbers_in import Matrix, Rows, check_finite, check_squares, own_numbers
from .parameters import Parameters

__all__ = ["Fit", "Labels", "Watch", "assigned", "fit_rows"]

Labels = npt.NDArray[np.int32]

Watch: TypeAlias = Callable[[Iterator[Iteration], float], None]
"""Is given the states from each start that is fitted on all rows, and the tolerance that ends them.
It makes no difference to the fit."""


class Fit(NamedTuple):
    """What `KMeans.fit` finds.

    Attributes:
        centers: (k, d) float64, all of which the rows' dtype can hold.
        labels: (n,) int32, the nearest centre of each row.
        inertia: the sum over rows of weight x squared distance to it.
        n_iter: iterations of the final fit.
        n_found: clusters that have any rows.
    """

    centers: Matrix
    labels: Labels
    inertia: float
    n_iter: int
    n_found: int


class _Points(NamedTuple):
    """Distinct rows, and how much of the rows' weight each has."""

    values: Any  # (n, d) and (n,) float64, which the kernels and NumPy take alike
    weights: Any


def fit_rows(
    rows: Rows, weights: Matrix | None, parameters: Parameters, watch: Watch | None = None
) -> Fit:
    """Clusters rows.

    Args:
        rows: at least as many as there are to be clusters.
        weights: (n,) from 0, not all 0, in memory of our own; None for 1 each.
        parameters: those of the estimator.
        watch: is told of each start, or None.

    Returns:
        The best fit.

    Raises:
        TypeError, ValueError: init does not give centroids as it should, or numbers are too large.
    """
    total = float(len(rows.values) if weights is None else weights.sum())
    check_squares("X or sample_weight", rows.values.shape[1], rows.largest, total)
    start = None if isinstance(parameters.init, str) else parameters.init
    if start is not None and not callable(start):
        start = _checked_start(start, rows, parameters.n_clusters, total)
        parameters = _with_one_start(parameters)
    join = _core.unique_byte_rows if rows.values.dtype == np.uint8 else _core.unique_rows
    values, point_weights, places = join(rows.values, weights, parameters.n_threads)
    points = _Points(np.asarray(values), np.asarray(point_weights))
    # The points are ours alone; the rows may have been written to since they were checked.
    largest = check_finite("X", points.values)
    check_squares("X", points.values.shape[1], largest, total)
    tolerance = parameters.tol * _core.mean_variance(points.values, points.weights)
    if len(points.weights) < parameters.n_clusters:
        fit = _fit_repeated(points, parameters, watch)
    elif start is None:
        fit = _fit_drawn(points, parameters, tolerance, watch)
    else:
        starts = _starts(start, rows, parameters, total)
        fit = _fit_from(points, starts, parameters, tolerance, watch)
    if rows.dtype == np.float32:
        # Labels and inertia are those of the centres that are kept.
        rounded = np.asarray(fit.centroids).astype(np.float32).astype(np.float64)
        n_iter = fit.n_iter
        fit = assigned(points.values, points.weights, rounded, parameters.n_threads)
        fit = fit._replace(n_iter=n_iter)
    return _of_rows(fit, rows.values, weights, np.asarray(places), parameters.n_threads)


def assigned(rows: Any, weights: Any, centroids: Matrix, n_threads: int) -> Clustering:
    """Returns the labels and the inertia of rows for centroids as they are."""
    return Clustering(*_core.lloyd(rows, weights, centroids, 0, 0.0, n_threads))


def _of_rows(fit: Clustering, rows: Any, weights: Matrix | None, places: Labels, n: int) -> Fit:
    """Returns a fit of the distinct rows as one of all rows, those of no weight included."""
    point_labels = np.asarray(fit.labels)
    centers = np.array(fit.centroids)
    labels = point_labels.take(places, mode="clip")
    left_out = np.flatnonzero(weights == 0.0) if weights is not None else ()
    if len(left_out) > 0:
        labels[left_out] = _core.nearest(rows[left_out].astype(np.float64), centers, n)
    n_found = np.count_nonzero(np.bincount(point_labels))
    return Fit(centers, labels, fit.inertia, fit.n_iter, int(n_found))


def _fit_repeated(points: _Points, parameters: Parameters, watch: Watch | None) -> Clustering:
    """Makes centroids of all points, of which there are too few, and of some again."""
    repeated = np.resize(points.values, (parameters.n_clusters, points.values.shape[1]))
    fit = assigned(points.values, points.weights, repeated, parameters.n_threads)
    if watch is not None:
        watch(iter([Iteration(repeated, fit.inertia, None)]), 0.0)
    return fit._replace(n_iter=1)


def _fit_drawn(
    points: _Points, parameters: Parameters, tolerance: float, watch: Watch | None
) -> Clustering:
    """Fits from centroids that are drawn."""
    return fit_points(
        points.values,
        points.weights,
        parameters.n_clusters,
        init="random" if parameters.init == "random" else "k-means++",
        n_init=parameters.n_init,
        max_iter=parameters.max_iter,
        tolerance=tolerance,
        seed=int.from_bytes(parameters.random_draws.bytes(8), "little"),
        n_threads=parameters.n_threads,
        on_start=watch and _watched(points, parameters, tolerance, watch),
    )


def _fit_from(
    points: _Points,
    starts: list[Matrix],
    parameters: Parameters,
    tolerance: float,
    watch: Watch | None,
) -> Clustering:
    """Fits from given centroids; the first of equally good fits counts."""
    fits = []
    for start in starts:
        if watch is not None:
            _watched(points, parameters, tolerance, watch)(start)
        fits.append(
            Clustering(
                *_core.lloyd(
                    points.values,
                    points.weights,
                    start,
                    parameters.max_iter,
                    tolerance,
                    parameters.n_threads,
                )
            )
        )
    return min(fits, key=lambda fit: fit.inertia)


def _watched(
    points: _Points, parameters: Parameters, tolerance: float, watch: Watch
) -> Callable[[memoryview | Matrix], None]:
    """Returns a function that shows the iterations from a start."""

    def on_start(start: memoryview | Matrix) -> None:
        max_iter, n_threads = parameters.max_iter, parameters.n_threads
        states = iterate(points.values, points.weights, max_iter, tolerance, n_threads, start)
        watch(states, tolerance)

    return on_start


def _starts(start: Any, rows: Rows, parameters: Parameters, total: float) -> list[Matrix]:
    """Returns the one start that init is, or those that it makes."""
    if not callable(start):
        return [start]
    starts = []
    for _ in range(parameters.n_init):
        own_copy = rows.values.astype(rows.dtype)  # which the function may write to
        made = start(own_copy, parameters.n_clusters, random_state=parameters.random_draws)
        starts.append(_checked_start(made, rows, parameters.n_clusters, total))
    return starts


def _checked_start(given: Any, rows: Rows, n_clusters: int, total: float) -> Matrix:
    """Returns centroids to start from, as float64, in memory of our own."""
    start = own_numbers("init", given)
    n_features = rows.values.shape[1]
    asked = f"init must have shape (n_clusters, n_features) = ({n_clusters}, {n_features})."
    if start.ndim != 2:
        raise ValueError(f"{asked} It has shape {start.shape}.")
    if len(start) != n_clusters:
        raise ValueError(
            f"{asked} The shape of the initial centers {start.shape} does not match the number of "
            f"clusters {n_clusters}."
        )
    if start.shape[1] != n_features:
        raise ValueError(
            f"{asked} The shape of the initial centers {start.shape} does not match the number of "
            f"features of the data {n_features}."
        )
    largest = max(rows.largest, check_finite("init", start))
    check_squares("init", n_features, largest, total)
    return start


def _with_one_start(parameters: Parameters) -> Parameters:
    """Returns the parameters with one start, and warns if they have more."""
    if parameters.n_init != 1:
        warnings.warn(
            f"Explicit initial center position passed: performing only one init in KMeans instead "
            f"of n_init={parameters.n_init}.",
            RuntimeWarning,
            stacklevel=5,
        )
    return parameters._replace(n_init=1)
