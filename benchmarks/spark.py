"""Spark: k-means beside its own, the adapter beside threads, and many pictures, some of them bad.

    python benchmarks/spark.py PHOTOS kmeans [--photos 1] [--colors 16 256] [--max-iter 300]
    python benchmarks/spark.py PHOTOS adapter
    python benchmarks/spark.py PHOTOS many [--files 1000 10000]

PHOTOS is a folder of pictures. All runs are at local[2], once its workers have started. A hundred
photos are made of fewer by mirroring, turning and cutting them.
"""

import argparse
import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from measure import print_table
from pictures import variations
from PIL import Image
from pyspark.ml.clustering import KMeans
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as sql

import fewcolors
from fewcolors.distributed.spark import compress_images
from fewcolors.distributed.spark_kmeans import FewColorsKMeans

PIXELS = (961, 641)
"""The size of each photo whose pixels are clustered."""

MEGAPIXEL = (1152, 868)
ADAPTER_PICTURES = 24
ADAPTER_ROUNDS = 3

TILE = 32
BAD_SHARE = 100
"""One picture in so many is no picture, or not a whole one."""

MEMORY = "14g"
"""Spark's own k-means needs the 62 million pixels of a hundred photos in the memory of Java."""


def main() -> None:
    """Runs one part and prints its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("part", choices=["kmeans", "adapter", "many"])
    parser.add_argument("--photos", type=int, default=1)
    parser.add_argument("--colors", type=int, nargs="+", default=[16, 256])
    parser.add_argument("--max-iter", type=int, default=300)
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 10_000])
    arguments = parser.parse_args()
    spark = started()
    if arguments.part == "kmeans":
        compare_kmeans(spark, arguments)
    elif arguments.part == "adapter":
        compare_adapter(spark, arguments.folder)
    else:
        compress_many_files(spark, arguments.folder, arguments.files)
    spark.stop()


def started() -> SparkSession:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings: dict[str, bool | float | int | str | None] = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": MEMORY,
        "spark.log.level": "OFF",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    return SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()


def seconds_of(function: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def processor_seconds() -> float:
    """Returns what this process and all below it, such as Java and its workers, have taken."""
    spent: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        # See proc(5): the parent; user and system time, of itself and of children waited for.
        spent[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    total = 0.0
    for pid, (_, ticks) in spent.items():
        above = pid
        while above in spent and above != os.getpid():
            above = spent[above][0]
        total += ticks if above == os.getpid() else 0
    return total / os.sysconf("SC_CLK_TCK")


# k-means


def compare_kmeans(spark: SparkSession, arguments: argparse.Namespace) -> None:
    photos = variations(arguments.folder, PIXELS)
    with tempfile.TemporaryDirectory() as name:
        first = Image.new("RGB", PIXELS)
        for number in range(arguments.photos):
            photo = next(photos)
            if number == 0:
                first = photo
            photo.save(Path(name, f"{number}.png"), compress_level=1)
        df = pixels_of(spark, name).cache()
        seconds, n_rows = seconds_of(df.count)
        print(f"{n_rows:,} rows, cached in {seconds:.0f} s\n")
        FewColorsKMeans(k=2, maxIter=1).fit(df.limit(1000))
        KMeans(k=2, maxIter=1).fit(df.limit(1000))
        rows = []
        for k in arguments.colors:
            fits = {
                "fewcolors": FewColorsKMeans(k=k, maxIter=arguments.max_iter),
                "Spark": KMeans(k=k, maxIter=arguments.max_iter),
            }
            for label, estimator in fits.items():
                seconds, model = seconds_of(lambda fit=estimator: fit.fit(df))  # type: ignore[misc]
                summary = model.summary
                size = bytes_with(first, model.clusterCenters())
                cost = f"{summary.trainingCost:,.0f}"
                line = [f"{k}", label, f"{seconds:.1f}", f"{summary.numIter}", cost, f"{size:,}"]
                rows.append(line)
                print(*line, flush=True)
        header = ["k", "by", "seconds", "iterations", "cost", "bytes of the first photo's file"]
        print_table(header, rows)


def pixels_of(spark: SparkSession, folder: str) -> DataFrame:
    """Returns the pixels of all pictures of a folder as vectors, a row each."""

    def pixels(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            for file in batch.column("content"):
                with Image.open(io.BytesIO(file.as_py())) as picture:
                    flat = np.asarray(picture.convert("RGB")).reshape(-1).astype(np.float64)
                numbers = pa.FixedSizeListArray.from_arrays(pa.array(flat), 3)
                lists = numbers.cast(pa.list_(pa.float64()))
                table = pa.RecordBatch.from_arrays([lists], names=["rgb"])
                for first in range(0, len(lists), 10_000):
                    yield table.slice(first, 10_000)

    files = spark.read.format("binaryFile").load(folder).repartition(8)
    return files.mapInArrow(pixels, "rgb array<double>").select(
        array_to_vector(sql.col("rgb")).alias("features")
    )


def bytes_with(photo: Image.Image, centers: list[Any]) -> int:
    """Returns the size of a photo's file with centroids as its palette, nearest colours."""
    palette = np.unique(np.rint(centers).clip(0, 255).astype(np.uint8), axis=0)
    return len(fewcolors.compress(photo, palette=palette, method="classic").data)


# The adapter


def compare_adapter(spark: SparkSession, folder: Path) -> None:
    photos = variations(folder, MEGAPIXEL)
    with tempfile.TemporaryDirectory() as name:
        for number in range(ADAPTER_PICTURES):
            next(photos).save(Path(name, f"{number:03}.png"), compress_level=1)
        paths = sorted(Path(name).iterdir())

        def by_threads() -> None:
            for _ in fewcolors.compress_many(paths, quality=80, n_threads=2):
                pass

        def by_spark() -> None:
            files = spark.read.format("binaryFile").load(name)
            compress_images(files).write.format("noop").mode("overwrite").save()

        by_spark()
        times = [
            (seconds_of(by_threads)[0], seconds_of(by_spark)[0]) for _ in range(ADAPTER_ROUNDS)
        ]
        threads, sparks = (statistics.median(side) for side in zip(*times, strict=True))
        shares = statistics.median(one / other for one, other in times)
        rate = ADAPTER_PICTURES * MEGAPIXEL[0] * MEGAPIXEL[1] / 1e6
        print_table(
            ["threads, MP/s", "Spark, MP/s", "Spark's share of it"],
            [[f"{rate / threads:.2f}", f"{rate / sparks:.2f}", f"{shares:.0%}"]],
        )


# Many pictures


def compress_many_files(spark: SparkSession, folder: Path, sizes: list[int]) -> None:
    rows = []
    for n_files in (100, *sizes):  # the first starts the workers
        with tempfile.TemporaryDirectory() as name:
            make_tiles(folder, Path(name), n_files)
            files = spark.read.format("binaryFile").load(name)
            before = processor_seconds()
            seconds, found = seconds_of(
                lambda df=files: compress_images(df, effort="fast").select("error").collect()  # type: ignore[misc]
            )
            busy = processor_seconds() - before
        n_bad = sum(row.error is not None for row in found)
        line = [f"{n_files:,}", f"{len(found) - n_bad:,}", f"{n_bad:,}", f"{seconds:.1f}"]
        rows.append([*line, f"{busy:.1f}", f"{1e3 * busy / n_files:.2f}"])
    header = ["files", "results", "errors", "seconds", "of the processors", "ms of one a file"]
    print_table(header, rows[1:])


def make_tiles(folder: Path, target: Path, n_files: int) -> None:
    """Cuts small pictures out of photos; each BAD_SHARE-th is cut off, or garbage."""
    draws = random.Random(2)
    photos = variations(folder, MEGAPIXEL)
    for number in range(n_files):
        if number % 100 == 0:
            photo = next(photos)
        x, y = draws.randint(0, photo.width - TILE), draws.randint(0, photo.height - TILE)
        buffer = io.BytesIO()
        photo.crop((x, y, x + TILE, y + TILE)).save(buffer, "PNG", compress_level=1)
        content = buffer.getvalue()
        if number % BAD_SHARE == 0:
            cut = content[: draws.randint(1, len(content) // 2)]
            content = draws.choice([cut, draws.randbytes(500), b"GIF89a" + draws.randbytes(99)])
        (target / f"{number}.png").write_bytes(content)


if __name__ == "__main__":
    main()
