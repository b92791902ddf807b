"""What `FewColorsKMeans` has fitted: labels, a summary, and a form in which it can be saved."""

from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.ml import Model
from pyspark.ml.linalg import Vector
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import (
    HasFeaturesCol,
    HasMaxIter,
    HasPredictionCol,
    HasSeed,
    HasTol,
    HasWeightCol,
)
from pyspark.ml.util import (
    DefaultParamsReader,
    DefaultParamsWriter,
    MLReadable,
    MLReader,
    MLWritable,
    MLWriter,
)
from pyspark.sql import DataFrame
from pyspark.sql.pandas.functions import arrow_udf

from .. import _core
from ..estimator.numbers_in import check_finite, own_numbers
from ..limits import of_type
from .spark_rows import features_of, rows_in

__all__ = ["FewColorsKMeansModel", "KMeansParameters", "KMeansSummary"]

CENTERS = "clusterCenters"
"""Where a saved model has its centroids."""


class KMeansParameters(HasFeaturesCol, HasMaxIter, HasPredictionCol, HasSeed, HasTol, HasWeightCol):
    """The parameters that estimator and model have."""

    k: "Param[int]" = Param(
        Params._dummy(), "k", "the number of clusters (>= 1).", TypeConverters.toInt
    )

    def __init__(self) -> None:
        super().__init__()
        self._setDefault(k=2, maxIter=300, tol=1e-4, seed=0)

    def getK(self) -> int:
        """Returns the number of clusters that is asked for."""
        return int(self.getOrDefault(self.k))

    def setFeaturesCol(self, value: str) -> Self:
        """Sets the name of the column of rows."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> Self:
        """Sets the name of the column of labels that `transform` adds."""
        return self._set(predictionCol=value)

    def check_prediction_column(self, df: DataFrame) -> None:
        """Raises ValueError where the column that `transform` adds is there already."""
        if self.getPredictionCol() in df.columns:
            raise ValueError(f"predictionCol {self.getPredictionCol()!r} is a column already")


class FewColorsKMeansModel(Model, KMeansParameters, MLReadable["FewColorsKMeansModel"], MLWritable):
    """What `FewColorsKMeans` has fitted.

    Attributes:
        numFeatures: the number of coordinates of each row.
        hasSummary: whether there is a summary: a model that was loaded has none.
        summary: the `KMeansSummary` of the training.
    """

    def __init__(self, centers: npt.ArrayLike) -> None:
        """Takes the centroids.

        Args:
            centers: (k, d) numbers.
        """
        super().__init__()
        self._centers = own_numbers("centers", centers)
        self._summary: KMeansSummary | None = None

    def clusterCenters(self) -> list[npt.NDArray[np.float64]]:
        """Returns the centroids, (d,) float64 each; their place is the label."""
        return list(self._centers.copy())

    @property
    def numFeatures(self) -> int:
        """The number of coordinates of each row."""
        return int(self._centers.shape[1])

    @property
    def hasSummary(self) -> bool:
        """Whether there is a summary."""
        return self._summary is not None

    @property
    def summary(self) -> "KMeansSummary":
        """The summary of the training.

        Raises:
            RuntimeError: the model was loaded.
        """
        if self._summary is None:
            raise RuntimeError("No training summary available for this FewColorsKMeansModel")
        return self._summary

    def predict(self, value: Any) -> int:
        """Finds the nearest centroid of one row.

        Args:
            value: a vector, or as many numbers as the rows had.

        Returns:
            Its label, from 0.

        Raises:
            TypeError, ValueError: it is something else.
        """
        numbers = value.toArray() if isinstance(value, Vector) else value
        row = own_numbers("value", numbers).reshape(1, -1)
        if row.shape[1] != self.numFeatures:
            raise ValueError(f"value must have {self.numFeatures} numbers, got {row.shape[1]}")
        check_finite("value", row)
        return int(_core.nearest(row, self._centers, 1)[0])

    def _transform(self, dataset: DataFrame) -> DataFrame:
        df = of_type("dataset", dataset, DataFrame)
        self.check_prediction_column(df)
        centers = self._centers

        def nearest(features: pa.Array) -> pa.Array:
            rows = rows_in(features, centers.shape[1])
            return pa.array(np.asarray(_core.nearest(rows, centers, 1)))

        label = arrow_udf(nearest, "int")  # type: ignore[call-overload]  # its kind is in its hints
        return df.withColumn(self.getPredictionCol(), label(features_of(df, self.getFeaturesCol())))

    def write(self) -> MLWriter:
        """Returns what writes the model."""
        return _ModelWriter(self)

    @classmethod
    def read(cls) -> "MLReader[FewColorsKMeansModel]":
        """Returns what reads a model."""
        return _ModelReader()


class KMeansSummary:
    """What is known of a training.

    Attributes:
        trainingCost: the sum over rows of weight x squared distance to the nearest centroid.
        numIter: iterations of the final fit.
        k: the number of centroids.
        featuresCol, predictionCol: the names of the columns.
        predictions: the DataFrame of the training with labels, lazy.
        cluster: its labels alone.
    """

    def __init__(self, model: FewColorsKMeansModel, df: DataFrame, cost: float, n: int) -> None:
        """Takes the model, its DataFrame, the cost and the number of iterations."""
        self.trainingCost = cost
        self.numIter = n
        self.k = len(model.clusterCenters())
        self.featuresCol = model.getFeaturesCol()
        self.predictionCol = model.getPredictionCol()
        self.predictions = model.transform(df)
        self.cluster = self.predictions.select(self.predictionCol)

    @cached_property
    def clusterSizes(self) -> list[int]:
        """The rows of each cluster; the first time, a job counts them."""
        counts: dict[int, int] = dict(self.cluster.groupBy(self.predictionCol).count().collect())
        return [counts.get(label, 0) for label in range(self.k)]


class _ModelWriter(MLWriter):
    """Writes parameters and centroids as Spark writes the parameters of a stage."""

    def __init__(self, model: FewColorsKMeansModel) -> None:
        super().__init__()
        self.model = model

    def saveImpl(self, path: str) -> None:
        further = {CENTERS: [center.tolist() for center in self.model.clusterCenters()]}
        DefaultParamsWriter.saveMetadata(self.model, path, self.sparkSession, further)


class _ModelReader(MLReader[FewColorsKMeansModel]):
    """Reads what `_ModelWriter` writes."""

    def load(self, path: str) -> FewColorsKMeansModel:
        metadata = DefaultParamsReader.loadMetadata(path, self.sparkSession)
        model = FewColorsKMeansModel(metadata[CENTERS])
        model._resetUid(metadata["uid"])
        DefaultParamsReader.getAndSetParams(model, metadata)
        return model
