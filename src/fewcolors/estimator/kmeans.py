"""k-means with scikit-learn's conventions, for rows of any kind and number of features."""

import warnings
from collections.abc import Iterator
from numbers import Real
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .. import _core
from ..kmeans import Clustering, fit_points
from ..limits import (
    MAX_ITERATIONS,
    MAX_STARTS,
    MAX_THREADS,
    available_processors,
    check_choice,
    check_integer,
)
from ..options import INITS, Init
from .base import ConvergenceWarning, EstimatorBase, Matrix

__all__ = ["KMeans"]

RANDOM_STARTS = 10
"""What n_init="auto" means for random starts, as in scikit-learn; all others are made once."""

MAX_ROWS = 2**31 - 1
"""What 32-bit labels can number."""

CHUNK = 1 << 14
"""Numbers worked on at a time, 128 kB: temporary arrays stay in the cache."""

FITTED = ("cluster_centers_", "labels_", "inertia_", "n_iter_")

Labels = npt.NDArray[np.int32]


class KMeans(EstimatorBase):
    """k-means clustering as ``sklearn.cluster.KMeans`` does it, much faster for pixels.

    Lloyd's algorithm from greedy k-means++ starts. Equal rows are joined first and clustered as one
    of greater weight, which changes no result: pixels are mostly repeats. With up to four features
    and many distinct rows the starts are compared on a coarser grid; the final fit is always on all
    rows. The same random_state gives the same bits on every machine, for any number of threads and,
    with weights of whole numbers, for any order of the rows. It is made for few features; from some
    ten on, scikit-learn's matrix products are faster.

    With scikit-learn installed (``pip install fewcolors[sklearn]``) this is one of its estimators,
    for pipelines, ``clone``, ``set_output`` and the like; without, NumPy is enough.

    Args:
        n_clusters: the number of clusters, at least 1.
        init: ``"k-means++"``, ``"random"`` for rows drawn by weight, or the first centroids
            themselves as an array of shape (n_clusters, n_features).
        n_init: starts, of which the best counts, at least 1; ``"auto"`` makes ten random ones or
            one of any other kind. An array is always one start.
        max_iter: the most iterations of a start, at least 1.
        tol: a start ends when the squared shifts of the centroids add up to no more than tol times
            the mean variance of the features; at least 0.
        random_state: of all draws: an integer from 0 to 2^32 - 1, a RandomState, or None for
            NumPy's global state.
        n_threads: threads to use, at least 1; None for one a processor. Never changes the result.

    Attributes:
        cluster_centers_: (n_clusters, n_features) float64. With fewer distinct rows than clusters
            these come first, and repeats fill it up.
        labels_: (n_samples,) int32, the nearest centroid of each row, as `predict` gives it.
        inertia_: the sum over rows of weight x squared distance to the nearest centroid.
        n_iter_: iterations of the final fit.
        n_features_in_: the number of features seen by `fit`.
        feature_names_in_: their names, where scikit-learn is there and X has some.

    Examples:
        >>> from fewcolors import KMeans
        >>> X = [[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]]
        >>> model = KMeans(n_clusters=2, random_state=0).fit(X)
        >>> sorted(model.cluster_centers_.tolist())
        [[1.0, 2.0], [10.0, 2.0]]
        >>> model.inertia_
        16.0
    """

    cluster_centers_: Matrix
    labels_: Labels
    inertia_: float
    n_iter_: int

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Init | npt.ArrayLike = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: int | np.random.RandomState | None = None,
        n_threads: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.n_threads = n_threads

    def fit(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> Self:
        """Finds the clusters of some rows.

        Args:
            X: (n_samples, n_features) finite numbers, at least n_clusters rows. float64 in C order
                is used as it is, all else converted.
            y: ignored.
            sample_weight: (n_samples,) finite numbers, none below 0, or one number; None for 1.
                A weight of 2 is a row given twice, one of 0 a row left out.

        Returns:
            The estimator itself.

        Raises:
            TypeError: X is sparse, or a parameter is of the wrong type.
            ValueError: X, sample_weight or a parameter is not as described.

        Warns:
            ConvergenceWarning: fewer clusters than n_clusters have rows.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit([[0.0], [1.0]], sample_weight=[3, 1]).cluster_centers_
            array([[0.25]])
        """
        self._fit(X, sample_weight)
        return self

    def predict(self, X: npt.ArrayLike) -> Labels:
        """Finds the nearest centroid of each row.

        Args:
            X: (n_samples, n_features) finite numbers.

        Returns:
            (n_samples,) int32, the first of equally near ones.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: X is sparse.
            ValueError: X is not as described.

        Examples:
            >>> from fewcolors import KMeans
            >>> model = KMeans(n_clusters=2, init=[[0.0], [8.0]]).fit([[0.0], [1.0], [9.0]])
            >>> model.predict([[7.0], [2.0]])
            array([1, 0], dtype=int32)
        """
        self._check_fitted()
        rows = self._checked_rows(X, reset=False)
        return np.array(_core.nearest(rows, self.cluster_centers_, self._threads))

    def transform(self, X: npt.ArrayLike) -> Matrix:
        """Measures the distance from each row to each centroid.

        Args:
            X: (n_samples, n_features) finite numbers.

        Returns:
            (n_samples, n_clusters) float64, Euclidean, from differences of coordinates: small
            distances far from the origin are as exact as any.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: X is sparse.
            ValueError: X is not as described.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit([[0.0, 0.0]]).transform([[3.0, 4.0]])
            array([[5.]])
        """
        self._check_fitted()
        return _distances(self._checked_rows(X, reset=False), self.cluster_centers_)

    def score(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> float:
        """Tells how near the rows are to their centroids.

        Args:
            X: (n_samples, n_features) finite numbers.
            y: ignored.
            sample_weight: as for `fit`.

        Returns:
            Minus the sum of weight x squared distance to the nearest centroid.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: X is sparse.
            ValueError: X or sample_weight is not as described.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit([[0.0], [2.0]]).score([[1.0], [4.0]])
            -9.0
        """
        self._check_fitted()
        rows = self._checked_rows(X, reset=False)
        weights = _checked_weights(sample_weight, len(rows))
        return -_assigned(rows, weights, self.cluster_centers_, self._threads).inertia

    def fit_predict(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> Labels:
        """Fits the rows and returns their labels.

        Args:
            X: as for `fit`.
            y: ignored.
            sample_weight: as for `fit`.

        Returns:
            (n_samples,) int32, `labels_`.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=2, init=[[0.0], [8.0]]).fit_predict([[0.0], [1.0], [9.0]])
            array([0, 0, 1], dtype=int32)
        """
        self._fit(X, sample_weight)
        return self.labels_

    def fit_transform(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> Matrix:
        """Fits the rows and measures their distances to the centroids.

        Args:
            X: as for `fit`.
            y: ignored.
            sample_weight: as for `fit`.

        Returns:
            (n_samples, n_clusters) float64, as `transform` gives them.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit_transform([[0.0], [4.0]])
            array([[2.], [2.]])
        """
        return _distances(self._fit(X, sample_weight), self.cluster_centers_)

    def _fit(self, X: npt.ArrayLike, sample_weight: npt.ArrayLike | None) -> Matrix:
        """Does what `fit` says, and returns X as `_checked_rows` does."""
        self._check_parameters()
        rows = self._checked_rows(X, reset=True)
        for fitted in FITTED:  # of an earlier fit, which no longer goes with n_features_in_
            self.__dict__.pop(fitted, None)
        if len(rows) > MAX_ROWS:
            raise ValueError(f"X has {len(rows)} rows, more than the {MAX_ROWS} that are supported")
        if len(rows) < self.n_clusters:
            raise ValueError(f"n_samples={len(rows)} should be >= n_clusters={self.n_clusters}.")
        start = self._checked_start(rows.shape[1])
        weights = _checked_weights(sample_weight, len(rows))
        if not weights.any():
            raise ValueError("sample_weight is zero for every row")
        points, point_weights, places = _core.unique_rows(rows, weights, self._threads)
        tolerance = self.tol * _mean_variance(np.asarray(points), np.asarray(point_weights))

        if len(point_weights) < self.n_clusters:
            repeated = np.resize(points, (self.n_clusters, rows.shape[1]))
            fit = _assigned(points, point_weights, repeated, self._threads)._replace(n_iter=1)
        elif start is not None:
            fit = Clustering(
                *_core.lloyd(points, point_weights, start, self.max_iter, tolerance, self._threads)
            )
        else:
            fit = fit_points(
                points,
                point_weights,
                self.n_clusters,
                init="random" if self.init == "random" else "k-means++",
                n_init=self._starts,
                max_iter=self.max_iter,
                tolerance=tolerance,
                seed=_draw_seed(self.random_state),
                n_threads=self._threads,
            )

        labels = np.asarray(fit.labels)
        self.cluster_centers_ = np.array(fit.centroids)
        self.labels_ = labels.take(np.asarray(places), mode="clip")
        left_out = np.flatnonzero(weights == 0.0)
        if len(left_out) > 0:
            self.labels_[left_out] = _core.nearest(
                rows[left_out], self.cluster_centers_, self._threads
            )
        self.inertia_ = fit.inertia
        self.n_iter_ = fit.n_iter
        n_found = np.count_nonzero(np.bincount(labels))
        if n_found < self.n_clusters:
            warnings.warn(
                f"Number of distinct clusters ({n_found}) found smaller than "
                f"n_clusters ({self.n_clusters}). Possibly due to duplicate points in X.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return rows

    def _check_parameters(self) -> None:
        check_integer("n_clusters", self.n_clusters, 1)
        if isinstance(self.init, str):
            check_choice("init", self.init, INITS)
        if self.n_init != "auto":
            check_integer("n_init", self.n_init, 1, MAX_STARTS)
        check_integer("max_iter", self.max_iter, 1, MAX_ITERATIONS)
        _check_tol(self.tol)
        if self.n_threads is not None:
            check_integer("n_threads", self.n_threads, 1, MAX_THREADS)

    def _checked_start(self, n_features: int) -> Matrix | None:
        """Returns the centroids given as init, or None where they are to be drawn."""
        if isinstance(self.init, str):
            return None
        start = np.array(self.init, dtype=np.float64, order="C")
        if start.shape != (self.n_clusters, n_features):
            raise ValueError(
                f"init must have shape (n_clusters, n_features) = "
                f"({self.n_clusters}, {n_features}), got {start.shape}"
            )
        if not np.isfinite(start).all():
            raise ValueError("init contains NaN or infinity")
        if self._starts != 1:
            warnings.warn(
                f"init gives the centroids: one start is made, not n_init={self.n_init}",
                RuntimeWarning,
                stacklevel=4,
            )
        return start

    @property
    def _starts(self) -> int:
        if isinstance(self.n_init, str):
            return RANDOM_STARTS if isinstance(self.init, str) and self.init == "random" else 1
        return self.n_init

    @property
    def _threads(self) -> int:
        return self.n_threads or min(available_processors(), MAX_THREADS)

    @property
    def _n_features_out(self) -> int:
        return len(self.cluster_centers_)


def _check_tol(tol: object) -> None:
    """Raises TypeError or ValueError unless tol is a number from 0."""
    if not isinstance(tol, Real):
        raise TypeError(f"tol must be a number, at least 0, got {tol!r}")
    if not float(tol) >= 0.0:
        raise ValueError(f"tol must be at least 0, got {tol}")


def _checked_weights(sample_weight: npt.ArrayLike | None, n_samples: int) -> Matrix:
    """Returns sample_weight as (n_samples,) float64, C-contiguous."""
    if sample_weight is None:
        return np.ones(n_samples)
    weights = np.asarray(sample_weight, dtype=np.float64, order="C")
    if weights.ndim == 0:
        weights = np.full(n_samples, weights)
    if weights.shape != (n_samples,):
        raise ValueError(
            f"sample_weight must have shape (n_samples,) = ({n_samples},), got {weights.shape}"
        )
    if not np.isfinite(weights).all():
        raise ValueError("sample_weight contains NaN or infinity")
    if weights.min() < 0.0:
        raise ValueError(f"sample_weight must be at least 0, got {weights.min()}")
    return weights


def _draw_seed(random_state: Any) -> int:
    """Draws the kernels' seed, 64 bits, from what scikit-learn allows as a random_state."""
    if random_state is None or random_state is np.random:
        drawn = np.random.bytes(8)
    elif isinstance(random_state, np.random.RandomState):
        drawn = random_state.bytes(8)
    else:
        check_integer("random_state", random_state, 0, 2**32 - 1)
        drawn = np.random.RandomState(random_state).bytes(8)
    return int.from_bytes(drawn, "little")


def _mean_variance(rows: Matrix, weights: Matrix) -> float:
    """Returns the mean over features of the weighted variance.

    Raises:
        ValueError: it is too large for float64, and so would be the distances.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        total = weights.sum()
        mean = np.einsum("i,ij->j", weights, rows) / total
        variances = np.zeros_like(mean)
        for part in _chunks(*rows.shape):
            away = rows[part] - mean
            variances += np.einsum("i,ij,ij->j", weights[part], away, away)
        variance = float(np.mean(variances / total))
    if not np.isfinite(variance):
        raise ValueError("X or sample_weight is too large: squared distances overflow float64")
    return variance


def _assigned(rows: Any, weights: Any, centroids: Matrix, n_threads: int) -> Clustering:
    """Returns the labels and the inertia of rows for centroids as they are."""
    return Clustering(*_core.lloyd(rows, weights, centroids, 0, 0.0, n_threads))


def _distances(rows: Matrix, centroids: Matrix) -> Matrix:
    """Returns the (rows, centroids) Euclidean distances."""
    distances = np.zeros((len(rows), len(centroids)))
    for part in _chunks(*distances.shape):
        squares = distances[part]
        for row_values, centroid_values in zip(rows[part].T, centroids.T, strict=True):
            away = np.subtract.outer(row_values, centroid_values)
            away *= away
            squares += away
        np.sqrt(squares, out=squares)
    return distances


def _chunks(n_rows: int, width: int) -> Iterator[slice]:
    """Cuts rows of some width into slices of about CHUNK numbers."""
    step = max(1, CHUNK // width)
    return (slice(first, first + step) for first in range(0, n_rows, step))
