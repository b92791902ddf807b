"""k-means on the pixels of a Spark DataFrame, as users of Spark's own KMeans know it.

Each partition joins its equal rows to one of greater weight, the parts are merged up a tree, and
k-means runs once, on the driver; `FewColorsKMeansModel` assigns rows where they are. That suits
pixels, which are mostly repeats, or else of few kinds: there are 16.8 million colours. For rows
that hardly repeat, or of many features, `pyspark.ml.clustering.KMeans` is made, which leaves them
on the executors.
"""

import math
from typing import Any, Self

import numpy as np
from pyspark.ml import Estimator
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import DataFrame

from ..estimator.numbers_in import check_squares
from ..kmeans import Clustering, fit_points
from ..limits import (
    MAX_ITERATIONS,
    MAX_THREADS,
    available_processors,
    check_integer,
    check_number,
    of_type,
)
from .spark_kmeans_model import FewColorsKMeansModel, KMeansParameters, KMeansSummary
from .spark_rows import WeightedRows, features_and_weights, joined, rows_of_part
from .spark_tree import merged_parts

__all__ = ["FewColorsKMeans", "FewColorsKMeansModel", "KMeansSummary"]

STARTS = 10
"""Starts, of which the best counts. Single ones differ by up to 9 % in their cost at 16 clusters,
and by 1 % at 256."""

MOST_EXACT = 1 << 20
"""Up to so many distinct rows every start is fitted to the end, which takes a second or two for a
photo. Of more rows the starts are ranked on a coarser grid."""

SEEDS = 1 << 64
"""The kernels' random numbers start from 64 bits; of a longer seed the lowest ones count."""


class FewColorsKMeans(
    Estimator["FewColorsKMeansModel"],
    KMeansParameters,
    DefaultParamsReadable["FewColorsKMeans"],
    DefaultParamsWritable,
):
    """k-means on pixels, with the names of ``pyspark.ml.clustering.KMeans``.

    The engine is that of `fewcolors.KMeans`. With weights of whole numbers the fit depends neither
    on the partitions nor on the order of the rows. These differ from Spark's own:

    - Initial centroids are drawn by k-means++ on the driver, ten times, of which the best counts.
      There are no initMode, initSteps, distanceMeasure, solver and maxBlockSizeInMB.
    - maxIter is 300 unless it is given: iterations run on the driver and take milliseconds.

    Args:
        featuresCol: the column of rows: vectors, or arrays of numbers.
        predictionCol: the column of labels that `transform` adds, integers from 0.
        k: the number of clusters, at least 1. Where there are fewer distinct rows, these are the
            centroids.
        seed: of all draws, any integer.
        weightCol: the column of weights, numbers from 0; None for 1 each.
        maxIter: the most iterations of a start, at least 1.
        tol: a start ends when the squared shifts of the centroids add up to no more than tol
            squared, so that none moves farther than tol; at least 0.

    Raises:
        TypeError: an argument is of the wrong type.

    Examples:
        >>> pixels = spark.createDataFrame([([0, 0, 9],), ([0, 0, 7],), ([90, 0, 0],)], ["rgb"])
        >>> model = FewColorsKMeans(k=2, featuresCol="rgb").fit(pixels)
        >>> sorted(center.tolist() for center in model.clusterCenters())
        [[0.0, 0.0, 8.0], [90.0, 0.0, 0.0]]
        >>> model.summary.trainingCost
        2.0
    """

    def __init__(
        self,
        *,
        featuresCol: str = "features",
        predictionCol: str = "prediction",
        k: int = 2,
        seed: int = 0,
        weightCol: str | None = None,
        maxIter: int = 300,
        tol: float = 1e-4,
    ) -> None:
        super().__init__()
        self._set(
            featuresCol=featuresCol,
            predictionCol=predictionCol,
            k=k,
            seed=seed,
            weightCol=weightCol,  # None leaves it unset
            maxIter=maxIter,
            tol=tol,
        )

    def setK(self, value: int) -> Self:
        """Sets the number of clusters."""
        return self._set(k=value)

    def setSeed(self, value: int) -> Self:
        """Sets the seed of all draws."""
        return self._set(seed=value)

    def setWeightCol(self, value: str) -> Self:
        """Sets the name of the column of weights."""
        return self._set(weightCol=value)

    def setMaxIter(self, value: int) -> Self:
        """Sets the most iterations of a start."""
        return self._set(maxIter=value)

    def setTol(self, value: float) -> Self:
        """Sets the tolerance that ends a start."""
        return self._set(tol=value)

    def _fit(self, dataset: DataFrame) -> "FewColorsKMeansModel":
        k = check_integer("k", self.getK(), 1)
        max_iter = check_integer("maxIter", self.getMaxIter(), 1, MAX_ITERATIONS)
        tol = check_number("tol", self.getTol(), 0, math.inf)
        df = of_type("dataset", dataset, DataFrame)
        self.check_prediction_column(df)
        weight_col = self.getWeightCol() if self.isDefined(self.weightCol) else ""
        columns = features_and_weights(df, self.getFeaturesCol(), weight_col or None)
        part = merged_parts(columns, rows_of_part, joined)
        if part is None:
            raise ValueError("dataset has no rows")
        if part.fault is not None:
            raise ValueError(part.fault)
        if len(part.weights) == 0:
            raise ValueError(f"weightCol {weight_col!r} is zero for every row")
        fit = self._fit_driver(part, min(k, len(part.weights)), max_iter, tol)
        model = FewColorsKMeansModel(np.asarray(fit.centroids))
        self._copyValues(model._resetUid(self.uid))
        model._summary = KMeansSummary(model, df, fit.inertia, fit.n_iter)
        return model

    def _fit_driver(self, rows: WeightedRows, k: int, max_iter: int, tol: float) -> Clustering:
        values: Any = np.ascontiguousarray(rows.values, dtype=np.float64)
        weights: Any = rows.weights
        largest, total = float(np.abs(values).max()), float(weights.sum())
        check_squares("featuresCol or weightCol", values.shape[1], largest, total)
        return fit_points(
            values,
            weights,
            k,
            init="k-means++",
            n_init=STARTS,
            max_iter=max_iter,
            tolerance=tol * tol,
            seed=self.getSeed() % SEEDS,
            n_threads=min(available_processors(), MAX_THREADS),
            rank="exact" if len(values) <= MOST_EXACT else "coarse",
        )
