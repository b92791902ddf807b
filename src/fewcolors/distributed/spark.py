"""Spark: DataFrames of pictures (``pip install "fewcolors[spark]"``).

    pictures -> rows, where the pictures are
    pictures -> partial histograms -> a tree of merges -> one fit -> rows

What travels besides the pictures are histograms and one palette. Batches between Java and Python
are bounded by their bytes: Spark 4.1 and later sends at most 64 MiB at a time, or one picture
(``spark.sql.execution.arrow.maxBytesPerBatch``), and results are handed back in small batches.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.types import (
    BinaryType,
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    StructType,
)

from ..histogram import Histogram, merge_histograms
from ..indexed import Palette
from ..limits import of_type
from ..options import Options
from ..palette.shared import shared_palette
from .items import histogram_of_items
from .row import Row, compressed_row
from .spark_tree import Batches, merged_parts

__all__ = ["apply_palette", "compress_images", "fit_palette"]

COLUMNS = {
    "data": (BinaryType(), pa.binary()),
    "bytes_in": (LongType(), pa.int64()),
    "bytes_out": (LongType(), pa.int64()),
    "ratio": (DoubleType(), pa.float64()),
    "width": (IntegerType(), pa.int32()),
    "height": (IntegerType(), pa.int32()),
    "n_colors": (IntegerType(), pa.int32()),
    "score": (DoubleType(), pa.float64()),
    "error": (StringType(), pa.string()),
}
"""The fields of `Row`: their types in Spark and in Arrow."""

RESULT_BYTES = 4 << 20
"""Bytes of files that are handed back at a time: some megabytes beside the 64 MiB that came in, and
enough that what a batch costs, half a millisecond, is nothing."""


def compress_images(
    df: DataFrame,
    quality: float | None = 80,
    n_colors: int | None = None,
    *,
    content: str = "content",
    **options: Any,
) -> DataFrame:
    """Compresses each picture of a DataFrame; a fault of one becomes a row, and the job goes on.

    Args:
        df: has a binary column of files, as ``spark.read.format("binaryFile")`` makes it.
        quality: the score to aim at, 0 to 100; None as for `fewcolors.compress`.
        n_colors: the most colours of a file, 1 to 256; None for 256.
        content: the name of that column.
        **options: see `fewcolors.Options`; n_threads, of each task, is 1 unless it is given.

    Returns:
        The DataFrame, lazy, with the fields of `Row` in the place of the content: the file in
        ``data``, sizes, ratio, score, and ``error``. The files are those of `fewcolors.compress`.

    Raises:
        TypeError, ValueError: an argument is not allowed.
    """
    options = {"n_threads": 1, **options}
    return _with_rows(df, content, Options(n_colors, quality=quality, **options))


def fit_palette(
    df: DataFrame, n_colors: int | None = None, *, content: str = "content", **options: Any
) -> Palette:
    """Chooses one palette for all pictures of a DataFrame.

    Each partition makes a histogram of its pictures, histograms are merged up a tree on the
    executors, and k-means runs once, on the driver. The palette does not depend on the partitions,
    unless a picture or a part has more than 65,536 translucent colours. Pixels of photos weigh as
    much as errors show at them; what is no picture is left out.

    Args:
        df: as for `compress_images`.
        n_colors: the most colours, 1 to 256; None for 256.
        content: the name of the column of files.
        **options: see `fewcolors.Options`; n_threads, if it is given, is also that of each task.

    Returns:
        The palette; entries that are not opaque come first, then by brightness.

    Raises:
        ValueError: df has no picture that can be decoded, or an argument is not allowed.
        TypeError: an argument is not allowed.
    """
    choices = Options(n_colors, **options)
    make = partial(_histogram, options=choices._replace(n_threads=choices.n_threads or 1))
    histogram = merged_parts(_checked(df, content).select(content), make, merge_histograms)
    if histogram is None:
        raise ValueError("df has no picture that can be decoded")
    return shared_palette(histogram, choices)


def apply_palette(
    df: DataFrame, palette: Any, *, content: str = "content", **options: Any
) -> DataFrame:
    """Compresses each picture of a DataFrame to files that all have the entries of one palette.

    Args:
        df: as for `compress_images`.
        palette: a `Palette`, or what `Palette.of` takes.
        content: the name of the column of files.
        **options: see `fewcolors.Options`; of these quality is the score to aim at: without it,
            each picture gets the best look that the palette allows.

    Returns:
        The DataFrame, lazy, as from `compress_images`.

    Raises:
        PaletteError, OSError: the palette's file cannot be read.
        TypeError, ValueError: an argument is not allowed.
    """
    options = {"n_threads": 1, "keep_palette_order": True, **options}
    return _with_rows(df, content, Options(palette=palette, **options))


def _checked(df: object, content: str) -> DataFrame:
    frame = of_type("df", df, DataFrame)
    if content not in frame.columns:
        raise ValueError(f"df has no column {content!r}; it has {', '.join(frame.columns)}")
    kind = frame.schema[content].dataType
    if not isinstance(kind, BinaryType):
        raise TypeError(f"df's column {content!r} must be binary, got {kind.simpleString()}")
    return frame


def _with_rows(df: DataFrame, content: str, options: Options) -> DataFrame:
    """Returns a DataFrame with a row's fields in the place of the content."""
    kept = [field for field in _checked(df, content).schema.fields if field.name != content]
    twice = {field.name for field in kept} & set(COLUMNS)
    if twice:
        raise ValueError(f"df has a column {min(twice)!r}, as the result has; rename it")
    schema = StructType(kept)
    for name, (kind, _) in COLUMNS.items():
        schema.add(name, kind)
    return df.mapInArrow(partial(_rows, content=content, options=options), schema)


def _histogram(batches: Batches, *, options: Options) -> Histogram | None:
    """Makes the histogram of a partition; runs on the executors."""
    files = (file.as_py() or b"" for batch in batches for file in batch.column(0))
    return histogram_of_items(files, options)


def _rows(batches: Batches, *, content: str, options: Options) -> Batches:
    """Compresses what comes in; runs on the executors."""
    for batch in batches:
        files, kept = batch.column(content), batch.drop_columns([content])
        first, rows, n_bytes = 0, list[Row](), 0
        for number, file in enumerate(files):
            rows.append(compressed_row(file.as_py() or b"", options))
            n_bytes += rows[-1].bytes_out or 0
            if n_bytes >= RESULT_BYTES or number + 1 == len(files):
                yield _batch(kept.slice(first, len(rows)), rows)
                first, rows, n_bytes = number + 1, [], 0


def _batch(kept: pa.RecordBatch, rows: Iterable[Row]) -> pa.RecordBatch:
    columns = [
        pa.array(values, kind)
        for values, (_, kind) in zip(zip(*rows, strict=True), COLUMNS.values(), strict=True)
    ]
    return pa.RecordBatch.from_arrays(
        [*kept.columns, *columns], names=[*kept.schema.names, *COLUMNS]
    )
