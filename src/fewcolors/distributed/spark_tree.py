"""A tree of merges on Spark's executors: partitions become parts, and parts one."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeAlias, TypeVar

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

__all__ = ["Batches", "merged_parts"]

Batches: TypeAlias = Iterator[pa.RecordBatch]

Part = TypeVar("Part")

FAN_IN = 8
"""Parts that one task merges. It holds them all, and the histogram of all colours there are takes
200 MB. A million parts take seven levels."""

SCHEMA = "number bigint, part binary"
"""A part as a row: its place among its level's, and itself, pickled."""


def merged_parts(
    df: DataFrame,
    make: Callable[[Batches], Part | None],
    merge: Callable[[Iterable[Part]], Part | None],
) -> Part | None:
    """Makes a part of each partition, and merges them up a tree.

    Which parts are merged, and in what order, depends on nothing but their partitions.

    Args:
        df: what `make` is given, in Arrow batches.
        make: makes a part of a partition's batches, or None of nothing; runs on the executors.
        merge: makes one part of several, or None of nothing; runs on the executors.

    Returns:
        The part of all partitions, or None where there is none. The driver is sent this one only.
    """
    made = df.mapInArrow(partial(_made, make=make), SCHEMA).persist()
    try:
        # This job makes the parts. What they are is asked for later, and they are kept until then.
        last = made.agg(sql.max("number")).head()
        if last is None or last[0] is None:
            return None
        level, n_parts = made, int(last[0]) + 1
        while n_parts > 1:
            n_parts = -(-n_parts // FAN_IN)
            group = sql.floor(sql.col("number") / FAN_IN).cast("int")
            level = level.repartitionById(n_parts, group).mapInArrow(
                partial(_merged, merge=merge), SCHEMA
            )
        rows = level.collect()
    finally:
        made.unpersist()
    return merge(pickle.loads(row["part"]) for row in rows)


def _made(batches: Batches, *, make: Callable[[Batches], Part | None]) -> Batches:
    context = TaskContext.get()
    assert context is not None  # it is there wherever an executor runs a task
    part = make(batches)
    if part is not None:
        yield _row(context.partitionId(), part)


def _merged(batches: Batches, *, merge: Callable[[Iterable[Part]], Part | None]) -> Batches:
    # They come in the order in which they were fetched.
    rows = sorted(
        (number.as_py(), data)
        for batch in batches
        for number, data in zip(batch.column("number"), batch.column("part"), strict=True)
    )
    part = merge(pickle.loads(data.as_buffer()) for _, data in rows)
    if part is not None:
        yield _row(rows[0][0] // FAN_IN, part)


def _row(number: int, part: object) -> pa.RecordBatch:
    data = pickle.dumps(part, pickle.HIGHEST_PROTOCOL)
    columns = [pa.array([number], pa.int64()), pa.array([data], pa.binary())]
    return pa.RecordBatch.from_arrays(columns, names=["number", "part"])
