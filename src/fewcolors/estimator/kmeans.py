"""k-means with scikit-learn's conventions, for rows of any kind and number of features."""

import warnings
from functools import partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from .. import _core
from ..notebook import facts, swatches
from .base import ConvergenceWarning, EstimatorBase
from .distances import Distances, distances_to
from .fit import Fit, Labels, Watch, assigned, fit_rows
from .iterations import Iteration
from .numbers_in import Rows, check_finite, check_squares, checked_rows, own_centers, own_weights
from .parameters import Algorithm, InitLike, checked_parameters, n_starts, threads_for
from .verbose import print_iterations

__all__ = ["KMeans"]

MAX_ROWS = 2**31 - 1
"""What 32-bit labels can number."""

FITTED = ("cluster_centers_", "labels_", "inertia_", "n_iter_")


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

    The parameters are scikit-learn's, and n_threads. These differ in what they do:

    - A sparse X is made dense first, which takes n_samples x n_features x 8 bytes.
    - float32 rows are clustered in float64; the centroids are rounded to float32 at the end, and
      labels and inertia are those of the rounded ones.
    - A function as init is given X as it is; scikit-learn takes the mean of each feature off first.
    - Numbers so large that a squared distance overflows float64, from some 1e153 on, are refused.

    Args:
        n_clusters: the number of clusters, at least 1 and at most the number of rows.
        init: ``"k-means++"``; ``"random"`` for rows drawn by weight; the first centroids themselves
            as an array of shape (n_clusters, n_features); or a function that returns such an array
            for each start, called as ``init(X, n_clusters, random_state=draws)`` with a copy of X
            and a RandomState.
        n_init: starts, of which the best counts, 1 to 10,000; ``"auto"`` makes ten random ones or
            ten by a function, or one of any other kind. An array is always one start.
        max_iter: the most iterations of a start, 1 to 2^31 - 1.
        tol: a start ends when the squared shifts of the centroids add up to no more than tol times
            the mean variance of the features; at least 0.
        verbose: whether to print the inertia of each iteration, as scikit-learn does: 0 or False
            for no, any other number or True for yes. The result is the same. Starts that are only
            compared on the coarser grid are not printed.
        random_state: of all draws: an integer from 0 to 2^32 - 1, a RandomState, or None for
            NumPy's global state.
        copy_x: True or False. Both do the same: X is never written to.
        algorithm: ``"lloyd"`` or ``"elkan"``. Both do the same: they would find the same clusters.
        n_threads: threads to use, 1 to 256; None for one a processor. Never changes the result.

    Attributes:
        cluster_centers_: (n_clusters, n_features) float64, or float32 for float32 rows. With fewer
            distinct rows than clusters these come first, and repeats fill it up.
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

    cluster_centers_: Distances
    labels_: Labels
    inertia_: float
    n_iter_: int

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: InitLike = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int | bool = 0,
        random_state: int | np.random.RandomState | None = None,
        copy_x: bool = True,
        algorithm: Algorithm = "lloyd",
        n_threads: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.copy_x = copy_x
        self.algorithm = algorithm
        self.n_threads = n_threads

    def fit(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> Self:
        """Finds the clusters of some rows.

        Args:
            X: (n_samples, n_features) finite numbers of any real dtype, n_clusters to 2^31 - 1
                rows, or such a sparse matrix. float64 in C order is used as it is, all else
                converted.
            y: ignored.
            sample_weight: (n_samples,) finite numbers, each 0 or at least 1e-200, or one number;
                None for 1. A weight of 2 is a row given twice, one of 0 a row left out.

        Returns:
            The estimator itself.

        Raises:
            TypeError: X or sample_weight is not of numbers, or a parameter is of the wrong type.
            ValueError: X, sample_weight or a parameter is not as described.

        Warns:
            ConvergenceWarning: fewer clusters than n_clusters have rows.
            RuntimeWarning: n_init asks for several starts and init is an array, or algorithm is
                ``"elkan"`` for one cluster.

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
            X: (n_samples, n_features) finite numbers of any real dtype, or such a sparse matrix.

        Returns:
            (n_samples,) int32 from 0 to n_clusters - 1, the first of equally near ones.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: X is not of numbers, or `cluster_centers_` has been set to no numbers.
            ValueError: X is not as described, or `cluster_centers_` has been set to an array that
                does not go with it.

        Examples:
            >>> from fewcolors import KMeans
            >>> model = KMeans(n_clusters=2, init=[[0.0], [8.0]]).fit([[0.0], [1.0], [9.0]])
            >>> model.predict([[7.0], [2.0]])
            array([1, 0], dtype=int32)
        """
        self._check_fitted()
        rows = self._checked_rows(X, reset=False)
        centers = self._own_centers(rows)
        return np.array(_core.nearest(rows.values, centers.values, threads_for(self.n_threads)))

    def transform(self, X: npt.ArrayLike) -> Distances:
        """Measures the distance from each row to each centroid.

        Args:
            X: (n_samples, n_features) finite numbers of any real dtype, or such a sparse matrix.

        Returns:
            (n_samples, n_clusters) Euclidean distances, float32 if both X and `cluster_centers_`
            are, or else float64. They are made from differences of coordinates: small distances far
            from the origin are as exact as any.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: X is not of numbers, or `cluster_centers_` has been set to no numbers.
            ValueError: X is not as described, or `cluster_centers_` has been set to an array that
                does not go with it.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit([[0.0, 0.0]]).transform([[3.0, 4.0]])
            array([[5.]])
        """
        self._check_fitted()
        rows = self._checked_rows(X, reset=False)
        return distances_to(rows, self._own_centers(rows))

    def score(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> float:
        """Tells how near the rows are to their centroids.

        Args:
            X: (n_samples, n_features) finite numbers of any real dtype, or such a sparse matrix.
            y: ignored.
            sample_weight: as for `fit`.

        Returns:
            Minus the sum of weight x squared distance to the nearest centroid: at most 0.

        Raises:
            NotFittedError: `fit` has not been called.
            TypeError: X or sample_weight is not of numbers, or `cluster_centers_` has been set to
                no numbers.
            ValueError: X or sample_weight is not as described, or `cluster_centers_` has been set
                to an array that does not go with X.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit([[0.0], [2.0]]).score([[1.0], [4.0]])
            -9.0
        """
        self._check_fitted()
        rows = self._checked_rows(X, reset=False)
        centers = self._own_centers(rows)
        n_samples, n_features = rows.values.shape
        weights = own_weights(sample_weight, n_samples)
        largest = max(rows.largest, centers.largest)
        check_squares("X or sample_weight", n_features, largest, float(weights.sum()))
        n_threads = threads_for(self.n_threads)
        inertia = assigned(rows.values, weights, centers.values, n_threads).inertia
        check_finite("X", np.array(inertia))  # another thread may have written to it
        return -inertia

    def fit_predict(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> Labels:
        """Fits the rows and returns their labels.

        Args:
            X: as for `fit`.
            y: ignored.
            sample_weight: as for `fit`.

        Returns:
            (n_samples,) int32 from 0 to n_clusters - 1, `labels_`.

        Raises:
            TypeError, ValueError: as for `fit`.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=2, init=[[0.0], [8.0]]).fit_predict([[0.0], [1.0], [9.0]])
            array([0, 0, 1], dtype=int32)
        """
        _, fit = self._fit(X, sample_weight)
        return fit.labels

    def fit_transform(
        self, X: npt.ArrayLike, y: object = None, sample_weight: npt.ArrayLike | None = None
    ) -> Distances:
        """Fits the rows and measures their distances to the centroids.

        Args:
            X: as for `fit`.
            y: ignored.
            sample_weight: as for `fit`.

        Returns:
            (n_samples, n_clusters) float64, or float32 for float32 rows, as `transform` gives them.

        Raises:
            TypeError, ValueError: as for `fit`.

        Examples:
            >>> from fewcolors import KMeans
            >>> KMeans(n_clusters=1).fit_transform([[0.0], [4.0]])
            array([[2.], [2.]])
        """
        rows, fit = self._fit(X, sample_weight)
        return distances_to(rows, Rows(fit.centers, rows.dtype, rows.largest))

    def iterations(
        self, X: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None
    ) -> list[list[Iteration]]:
        """Fits the rows, and returns the centroids and the inertia after each iteration.

        The estimator is fitted as by `fit`. `fewcolors.figures.convergence` draws such lists.

        Args:
            X: as for `fit`.
            sample_weight: as for `fit`.

        Returns:
            A list for each start that was fitted on all rows; starts that are only compared on the
            coarser grid are left out. Its items are the states of the start and after each
            iteration: `centroids`, (n_clusters, n_features) float64; `inertia`; and `shift`, the
            squared distances by which the centroids move next, summed, None at the end.

        Raises:
            TypeError, ValueError: as for `fit`.

        Examples:
            >>> from fewcolors import KMeans
            >>> [run] = KMeans(2, init=[[0.0], [1.0]]).iterations([[0.0], [1.0], [8.0], [9.0]])
            >>> [state.inertia for state in run], run[-1].centroids.tolist()
            ([113.0, 14.0, 1.0], [[0.5], [8.5]])
        """
        runs: list[list[Iteration]] = []
        self._fit(X, sample_weight, lambda states, _: runs.append(list(states)))
        return runs

    def _repr_html_(self) -> str:
        """Shows the fit in a notebook; its centroids as colours, where they can be some."""
        if not hasattr(self, "cluster_centers_"):
            return facts(repr(self))
        centers, labels = self.cluster_centers_, self.labels_
        lines = (
            repr(self),
            f"{len(centers)} clusters of {len(labels):,} rows, inertia {self.inertia_:.6g}, "
            f"{self.n_iter_} iterations",
        )
        is_rgb = centers.shape[1] == 3 and 1 < centers.max() <= 255 and centers.min() >= 0
        if not is_rgb:
            return facts(*lines)
        names = [f"#{bytes(center).hex()}" for center in centers.round().astype(np.uint8)]
        counts = np.bincount(labels, minlength=len(centers))
        return facts(*lines) + swatches(names, (counts / len(labels)).tolist())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Is what notebooks ask first; scikit-learn's own would come before `_repr_html_`."""
        return {"text/plain": repr(self), "text/html": self._repr_html_()}

    def _fit(
        self,
        X: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None,
        watch: Watch | None = None,
    ) -> tuple[Rows, Fit]:
        """Does what `fit` says; returns the rows and their fit."""
        parameters = checked_parameters(self)
        if watch is None and parameters.is_verbose:
            watch = partial(print_iterations, parameters.max_iter)
        for fitted in FITTED:  # a fit that fails leaves none behind that does not go with X
            self.__dict__.pop(fitted, None)
        rows = self._checked_rows(X, reset=True, keeps_bytes=True)
        n_samples, n_clusters = len(rows.values), parameters.n_clusters
        if n_samples > MAX_ROWS:
            raise ValueError(f"X has {n_samples} rows, more than the {MAX_ROWS} that are supported")
        if n_samples < n_clusters:
            raise ValueError(f"n_samples={n_samples} should be >= n_clusters={n_clusters}.")
        weights = None if sample_weight is None else own_weights(sample_weight, n_samples)
        if weights is not None and not weights.any():
            raise ValueError("sample_weight is zero for every row")
        if parameters.algorithm == "elkan" and n_clusters == 1:
            warnings.warn(
                "algorithm='elkan' doesn't make sense for a single cluster. Using 'lloyd' instead.",
                RuntimeWarning,
                stacklevel=3,
            )
        fit = fit_rows(rows, weights, parameters, watch)
        self.cluster_centers_ = fit.centers.astype(rows.dtype)
        self.labels_ = fit.labels
        self.inertia_ = fit.inertia
        self.n_iter_ = fit.n_iter
        if fit.n_found < n_clusters:
            warnings.warn(
                f"Number of distinct clusters ({fit.n_found}) found smaller than "
                f"n_clusters ({n_clusters}). Possibly due to duplicate points in X.",
                ConvergenceWarning,
                stacklevel=3,
            )
        return rows, fit

    def _checked_rows(self, X: Any, *, reset: bool, keeps_bytes: bool = False) -> Rows:
        """Returns X, checked; with reset it decides about n_features_in_, or else has to agree."""
        try:
            values = self._validated(X, reset=reset)
        except (TypeError, ValueError, OverflowError) as fault:
            if "X " in str(fault):
                raise
            error = TypeError if isinstance(fault, TypeError) else ValueError
            raise error(f"X cannot be used: {fault}") from fault
        return checked_rows(values, keeps_bytes=keeps_bytes)

    def _own_centers(self, rows: Rows) -> Rows:
        """Returns `cluster_centers_`, checked."""
        return own_centers(self.cluster_centers_, rows.values.shape[1])

    @property
    def _n_init(self) -> int:
        """The number of starts, by the name that scikit-learn has for it."""
        return n_starts(self.init, self.n_init)

    @property
    def _n_features_out(self) -> int:
        return len(self.cluster_centers_)
