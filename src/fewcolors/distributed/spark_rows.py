"""Rows of a Spark column as NumPy has them, and as distinct rows with weights."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.ml.functions import vector_to_array
from pyspark.ml.linalg import VectorUDT
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as sql
from pyspark.sql.types import ArrayType, NumericType

from .. import _core
from ..estimator.numbers_in import Matrix, check_finite, own_weights
from .spark_tree import Batches

__all__ = [
    "WeightedRows",
    "features_and_weights",
    "features_of",
    "joined",
    "rows_in",
    "rows_of_part",
]

LEAST_ROWS = 1 << 20
"""Rows that wait to be joined: 32 MB of three coordinates and a weight. Joining each batch of
10,000 by itself takes ten times as long."""

FEATURES, WEIGHTS = "features", "weights"


class WeightedRows(NamedTuple):
    """Distinct rows, and how much each weighs.

    Attributes:
        values: (n, d) float64, or uint8 where all are integers from 0 to 255, an eighth as large.
        weights: (n,) float64, each above 0, unless they are not joined yet.
        fault: what is wrong with the rows, or None. An exception on an executor would fail the job
            three times more, and reach the caller in a page of Java.
    """

    values: npt.NDArray[Any]
    weights: Matrix
    fault: str | None = None


def features_and_weights(df: DataFrame, features: str, weights: str | None) -> DataFrame:
    """Returns a DataFrame of arrays of numbers and, where there are weights, of these.

    Args:
        df: any.
        features: the name of a column of vectors, or of arrays of numbers.
        weights: the name of a column of numbers, or None.

    Raises:
        ValueError: there is no such column.
        TypeError: it is of another type.
    """
    columns = [features_of(df, features).alias(FEATURES)]
    if weights is not None:
        if not isinstance(_type(df, "weightCol", weights), NumericType):
            raise TypeError(f"weightCol {weights!r} must hold numbers")
        columns.append(sql.col(weights).cast("double").alias(WEIGHTS))
    return df.select(columns)


def features_of(df: DataFrame, name: str) -> Column:
    """Returns a column of vectors, or of arrays of numbers, as one of arrays.

    Raises:
        ValueError, TypeError: as for `features_and_weights`.
    """
    kind = _type(df, "featuresCol", name)
    if isinstance(kind, VectorUDT):
        # A vector as it is would travel as a structure, which Spark writes to Arrow in a time that
        # grows with the square of the batch: 3 s instead of .3 for 616,001 pixels.
        return vector_to_array(sql.col(name))
    if isinstance(kind, ArrayType) and isinstance(kind.elementType, NumericType):
        return sql.col(name)
    raise TypeError(
        f"featuresCol {name!r} must hold vectors or arrays of numbers, got {kind.simpleString()}"
    )


def _type(df: DataFrame, parameter: str, name: str) -> Any:
    if name not in df.columns:
        raise ValueError(f"{parameter} {name!r} is no column; there are {', '.join(df.columns)}")
    return df.schema[name].dataType


def rows_in(column: pa.ListArray, n_features: int | None = None) -> Matrix:
    """Returns the rows of an Arrow column of lists.

    Args:
        column: of one list of numbers a row.
        n_features: how many each must have; None for any number that all have.

    Returns:
        (n, d) float64, C-contiguous and finite.

    Raises:
        ValueError: rows are null, not of the same length, or not finite.
    """
    numbers = column.flatten()
    if column.null_count or numbers.null_count:
        raise ValueError("featuresCol has nulls")
    if len(column) == 0:
        return np.empty((0, n_features or 0))
    least, most = pc.min_max(pc.list_value_length(column)).as_py().values()
    wanted = n_features or most
    if least != wanted or most != wanted or wanted == 0:
        sizes = f"{least}" if least == most else f"{least} to {most}"
        raise ValueError(f"featuresCol must have rows of {wanted or 'some'} numbers, got {sizes}")
    rows = numbers.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    check_finite("featuresCol", rows)
    return np.ascontiguousarray(rows.reshape(len(column), wanted))


def rows_of_part(batches: Batches) -> WeightedRows | None:
    """Makes the part of a partition, from what `features_and_weights` returns."""
    try:
        return _joined(_weighted(batches))
    except ValueError as fault:
        return _faulty(str(fault))


def joined(parts: Iterable[WeightedRows]) -> WeightedRows | None:
    """Adds parts up; the first with a fault stands for all."""
    parts = list(parts)
    for part in parts:
        if part.fault is not None:
            return part
    widths = {part.values.shape[1] for part in parts}
    if len(widths) > 1:
        return _faulty(f"featuresCol has rows of {min(widths)} and of {max(widths)} numbers")
    return _joined(parts)


def _faulty(fault: str) -> WeightedRows:
    return WeightedRows(np.empty((0, 0)), np.empty(0), fault)


def _weighted(batches: Batches) -> Iterator[WeightedRows]:
    n_features = None
    for batch in batches:
        values = rows_in(batch.column(FEATURES), n_features)
        if len(values) == 0:
            continue
        n_features = values.shape[1]
        weights = None
        if WEIGHTS in batch.schema.names:
            column = batch.column(WEIGHTS)
            if column.null_count:
                raise ValueError("weightCol has nulls")
            weights = column.to_numpy()
        try:
            yield WeightedRows(values, own_weights(weights, len(values)))
        except ValueError as fault:
            raise ValueError(str(fault).replace("sample_weight", "weightCol")) from None


def _joined(parts: Iterable[WeightedRows]) -> WeightedRows | None:
    """Joins equal rows, many parts at a time: each row is looked at twice or so."""
    total, waiting, n_waiting = None, list[WeightedRows](), 0
    for part in parts:
        waiting.append(part)
        n_waiting += len(part.weights)
        if n_waiting >= max(LEAST_ROWS, 0 if total is None else len(total.weights)):
            total, waiting, n_waiting = _distinct(waiting, total), [], 0
    return _distinct(waiting, total) if waiting else total


def _distinct(parts: list[WeightedRows], total: WeightedRows | None) -> WeightedRows:
    parts = parts if total is None else [total, *parts]
    weights = np.concatenate([part.weights for part in parts])
    values = np.concatenate([part.values for part in parts])  # float64 unless all are bytes
    n_bytes = 3
    if values.dtype == np.uint8 and values.shape[1] <= n_bytes:
        found = _core.unique_byte_rows(values, weights, 1)
    else:
        found = _core.unique_rows(values.astype(np.float64, copy=False), weights, 1)
    rows = np.asarray(found[0])
    with np.errstate(invalid="ignore"):
        small = rows.astype(np.uint8)
    return WeightedRows(small if np.array_equal(small, rows) else rows, np.asarray(found[1]))
