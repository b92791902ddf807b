"""Spark: the same files, one palette whatever the partitions, and k-means as its users know it."""

import doctest
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest
from conftest import photo, save_picture

import fewcolors

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# One process holds one session: starting Java and its workers takes some ten seconds.
pytestmark = [pytest.mark.process, pytest.mark.long, pytest.mark.xdist_group("spark")]

HOSTILE = {
    "short.png": b"\x89PNG\r\n\x1a\n",
    "text.png": b"no picture\n" * 50,
    "garbage.jpg": b"\xff\xd8\xff" + bytes(range(256)),
}


@pytest.fixture(scope="module")
def spark() -> "Iterator[SparkSession]":
    """Two slots, and four attempts at a task."""
    pytest.importorskip("pyspark", reason='needs pyspark: pip install "fewcolors[spark]"')
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("needs Java 17 or later, on which Spark runs")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2,4]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.log.level", "OFF")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dozen pictures."""
    for name in ("photo.jpg", "soft-shadow.png", "grey-16.png", "palette.png", "flat.png"):
        save_picture(name, tmp_path)
    for seed in range(7):
        photo(seed).save(tmp_path / f"{seed}.png")
    return tmp_path


def pictures_in(spark: "SparkSession", folder: Path) -> "DataFrame":
    return spark.read.format("binaryFile").load(str(folder))


def name_of(path: str) -> str:
    return path.rpartition("/")[2]


# Pictures


def test_files_are_those_of_compress_and_faults_are_rows(
    spark: "SparkSession", folder: Path
) -> None:
    from fewcolors.distributed.spark import compress_images

    for name, content in HOSTILE.items():
        (folder / name).write_bytes(content)
    whole = (folder / "1.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    bad = {*HOSTILE, "cut.png"}
    result = compress_images(pictures_in(spark, folder), quality=60)
    rows = {name_of(row.path): row for row in result.collect()}
    assert sorted(rows) == sorted(path.name for path in folder.iterdir())
    for name, row in rows.items():
        content = (folder / name).read_bytes()
        assert row.bytes_in == row.length == len(content)
        if name in bad:
            assert row.error
            assert (row.data, row.bytes_out, row.ratio, row.score) == (None,) * 4
            continue
        alone = fewcolors.compress(content, quality=60)
        assert row.data == alone.data
        assert (row.score, row.n_colors) == (alone.score, alone.n_colors)
        assert (row.width, row.height) == (alone.indexed.width, alone.indexed.height)
        assert (row.bytes_out, row.error) == (len(row.data), None)
        assert row.ratio == row.bytes_in / row.bytes_out

    # Spark leaves files of no bytes out by itself, but a column may hold such content, or none.
    empty = spark.createDataFrame([(1, b""), (2, None)], "number int, content binary")
    for row in compress_images(empty).collect():
        assert row.error
        assert (row.data, row.bytes_in) == (None, 0)


def test_the_palette_is_the_same_from_any_partitions(spark: "SparkSession", folder: Path) -> None:
    from fewcolors.distributed.spark import apply_palette, fit_palette
    from fewcolors.histogram import merge_histograms
    from fewcolors.palette.shared import shared_palette

    (folder / "text.png").write_bytes(HOSTILE["text.png"])
    pictures = pictures_in(spark, folder)
    palettes = [fit_palette(pictures.repartition(n), 12) for n in (1, 7, 64)]
    options = fewcolors.Options(12)
    total = merge_histograms(
        fewcolors.build_histogram(pixels, 1, fewcolors.weigh(pixels, options))
        for path in sorted(folder.iterdir())
        if path.name != "text.png"
        for pixels in [fewcolors.decode(path)]
    )
    assert total is not None
    assert [palette.data for palette in palettes] == 3 * [shared_palette(total, options).data]

    rows = apply_palette(pictures, palettes[0]).collect()
    assert [name_of(row.path) for row in rows if row.error] == ["text.png"]
    for row in rows:
        if row.error is None:
            alone = fewcolors.compress(
                (folder / name_of(row.path)).read_bytes(),
                palette=palettes[0],
                keep_palette_order=True,
            )
            assert row.data == alone.data
            assert row.n_colors == 12


def test_a_task_that_dies_is_done_again(
    spark: "SparkSession", folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from fewcolors.distributed.spark import compress_images, fit_palette

    memory = tmp_path_factory.mktemp("deaths")

    def dying_once(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield batch
            # Whoever makes the directory first has not been here before.
            try:
                (memory / "died").mkdir()
            except FileExistsError:
                continue
            os._exit(1)

    pictures = pictures_in(spark, folder).repartition(4)
    deadly = pictures.mapInArrow(dying_once, pictures.schema)
    expected = {row.path: row.data for row in compress_images(pictures).collect()}
    assert {row.path: row.data for row in compress_images(deadly).collect()} == expected
    assert (memory / "died").exists()

    (memory / "died").rmdir()
    assert fit_palette(deadly, 12) == fit_palette(pictures, 12)
    assert (memory / "died").exists()


def test_no_more_than_some_megabytes_come_at_a_time(spark: "SparkSession") -> None:
    """100 files of 4 MB, of which 10,000 would make a batch by their number."""
    import pyarrow as pa

    def sizes(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            yield pa.RecordBatch.from_arrays([pa.array([batch.nbytes])], names=["n"])

    files = spark.range(0, 100, 1, 1).selectExpr("cast(repeat('abcd', 1000000) as binary) content")
    found = [row.n for row in files.mapInArrow(sizes, "n bigint").collect()]
    assert sum(found) >= 4e8
    assert max(found) < 80e6


def test_wrong_arguments_are_named(spark: "SparkSession", folder: Path) -> None:
    from fewcolors.distributed.spark import apply_palette, compress_images, fit_palette

    pictures = pictures_in(spark, folder)
    with pytest.raises(TypeError, match="df must be of class DataFrame, got 'photos'"):
        compress_images("photos")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"df has no column 'data'; it has path, modificationTime"):
        compress_images(pictures, content="data")
    with pytest.raises(TypeError, match="df's column 'length' must be binary, got bigint"):
        fit_palette(pictures, content="length")
    with pytest.raises(ValueError, match="df has a column 'width', as the result has; rename it"):
        compress_images(pictures.withColumnRenamed("length", "width"))
    with pytest.raises(ValueError, match="quality must be 0 to 100, got 101"):
        compress_images(pictures, 101)
    with pytest.raises(TypeError, match="have no option 'colours'"):
        fit_palette(pictures, colours=3)
    with pytest.raises(ValueError, match="palette"):
        apply_palette(pictures, [])
    with pytest.raises(ValueError, match="df has no picture that can be decoded"):
        fit_palette(pictures.where("length < 0"))


# k-means


def pixels_of(seed: int = 1) -> npt.NDArray[np.uint8]:
    return np.asarray(photo(seed)).reshape(-1, 3)


def frame(spark: "SparkSession", rows: npt.NDArray[Any], n_partitions: int = 2) -> "DataFrame":
    """Rows as vectors, in some partitions, with their numbers."""
    from pyspark.ml.functions import array_to_vector

    listed = list(enumerate(rows.astype(np.float64).tolist()))
    made = spark.createDataFrame(listed, "number bigint, list array<double>")
    vectors = made.withColumn("features", array_to_vector(made["list"]))
    return vectors.repartition(n_partitions)


@pytest.mark.parametrize("dtype", ["vector", "double", "float", "smallint"])
def test_k_means_is_that_of_all_rows(spark: "SparkSession", dtype: str) -> None:
    from fewcolors.distributed.spark_kmeans import FewColorsKMeans

    rows = pixels_of()
    column = "features" if dtype == "vector" else "cast"
    df = frame(spark, rows, n_partitions=9)
    if dtype != "vector":
        df = df.withColumn("cast", df["list"].cast(f"array<{dtype}>"))
    model = FewColorsKMeans(k=8, featuresCol=column, seed=5, tol=0.0).fit(df)
    centers = np.array(model.clusterCenters())
    # From its centroids KMeans finds no better ones for all rows, and the same cost.
    same = fewcolors.KMeans(8, init=centers, tol=0.0).fit(rows)
    assert np.array_equal(centers, same.cluster_centers_)
    assert model.summary.trainingCost == same.inertia_
    drawn = fewcolors.KMeans(8, n_init=10, random_state=5, tol=0.0).fit(rows)
    assert model.summary.trainingCost <= 1.01 * drawn.inertia_
    labels: dict[int, int] = dict(model.transform(df).select("number", "prediction").collect())
    assert [labels[number] for number in range(len(rows))] == same.labels_.tolist()


def test_k_means_has_what_users_of_sparks_own_expect(spark: "SparkSession", tmp_path: Path) -> None:
    from pyspark.ml import Pipeline, PipelineModel
    from pyspark.ml.evaluation import ClusteringEvaluator
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.linalg import Vectors

    from fewcolors.distributed.spark_kmeans import FewColorsKMeans, FewColorsKMeansModel

    points = [(0.0, 0.0, 2.0), (1.0, 1.0, 2.0), (9.0, 8.0, 2.0), (8.0, 9.0, 2.0)]
    df = spark.createDataFrame(points, ["x", "y", "weight"])
    kmeans = FewColorsKMeans(weightCol="weight", seed=1).setK(2).setMaxIter(20).setTol(1e-3)
    assert (kmeans.getK(), kmeans.getMaxIter(), kmeans.getTol(), kmeans.getSeed()) == (
        2,
        20,
        1e-3,
        1,
    )
    pipeline = Pipeline(
        stages=[VectorAssembler(inputCols=["x", "y"], outputCol="features"), kmeans]
    )
    pipeline.write().overwrite().save(str(tmp_path / "pipeline"))
    fitted = Pipeline.load(str(tmp_path / "pipeline")).fit(df)
    model = fitted.stages[-1]
    assert isinstance(model, FewColorsKMeansModel)
    assert sorted(center.tolist() for center in model.clusterCenters()) == [[0.5, 0.5], [8.5, 8.5]]
    assert model.hasSummary
    assert (model.getK(), model.numFeatures, model.getWeightCol()) == (2, 2, "weight")
    summary = model.summary
    assert (summary.k, summary.trainingCost, summary.clusterSizes) == (2, 4.0, [2, 2])
    assert (summary.featuresCol, summary.predictionCol) == ("features", "prediction")
    assert summary.cluster.columns == ["prediction"]
    assert summary.predictions.columns == ["x", "y", "weight", "features", "prediction"]
    assert model.predict(Vectors.dense([9.0, 9.0])) == model.predict([7, 7])
    assert model.predict(Vectors.sparse(2, {})) == 1 - model.predict([7, 7])

    fitted.save(str(tmp_path / "fitted"))
    loaded = PipelineModel.load(str(tmp_path / "fitted"))
    again = loaded.stages[-1]
    assert isinstance(again, FewColorsKMeansModel)
    assert (again.uid, again.getK(), again.hasSummary) == (model.uid, 2, False)
    with pytest.raises(RuntimeError, match="No training summary"):
        _ = again.summary
    predictions = loaded.transform(df)
    assert predictions.collect() == fitted.transform(df).collect()
    assert predictions.schema["prediction"].dataType.simpleString() == "int"
    assert ClusteringEvaluator().evaluate(predictions) > 0.9
    renamed = again.copy().setPredictionCol("label")
    assert renamed.transform(loaded.stages[0].transform(df)).columns[-1] == "label"


def test_weights_stand_for_rows_and_few_rows_for_themselves(spark: "SparkSession") -> None:
    from fewcolors.distributed.spark_kmeans import FewColorsKMeans

    schema = "list array<int>, weight int"
    repeated = spark.createDataFrame([([1],), ([1],), ([1],), ([7],), ([9],)], "list array<int>")
    weighted = spark.createDataFrame([([1], 3), ([7], 1), ([9], 1), ([50], 0)], schema)
    kmeans = FewColorsKMeans(k=2, featuresCol="list")
    plain = kmeans.fit(repeated)
    given = kmeans.copy({kmeans.weightCol: "weight"}).fit(weighted)
    assert [list(c) for c in plain.clusterCenters()] == [list(c) for c in given.clusterCenters()]
    assert plain.summary.trainingCost == given.summary.trainingCost == 2.0
    many = kmeans.copy({kmeans.k: 200}).fit(repeated)
    assert sorted(center.tolist() for center in many.clusterCenters()) == [[1.0], [7.0], [9.0]]
    assert many.summary.trainingCost == 0.0


def test_wrong_rows_and_parameters_are_named(spark: "SparkSession") -> None:
    from fewcolors.distributed.spark_kmeans import FewColorsKMeans

    schema = "list array<double>, weight double, name string"

    def fault(*rows: tuple[Any, ...], column: str = "list", **others: Any) -> str:
        df = spark.createDataFrame([(*row, "a")[:3] for row in rows], schema)
        with pytest.raises((TypeError, ValueError)) as raised:
            FewColorsKMeans(**{"featuresCol": column, **others}).fit(df)
        return str(raised.value)

    row = ([1.0, 2.0], 1.0)
    assert fault(row, k=0) == "k must be at least 1, got 0"
    assert fault(row, maxIter=0) == "maxIter must be 1 to 2147483647, got 0"
    assert fault(row, tol=-1.0) == "tol must be 0 to inf, got -1.0"
    assert fault(row, column="x") == "featuresCol 'x' is no column; there are list, weight, name"
    assert fault(row, column="name") == (
        "featuresCol 'name' must hold vectors or arrays of numbers, got string"
    )
    assert fault(row, weightCol="name") == "weightCol 'name' must hold numbers"
    assert fault(row, predictionCol="name") == "predictionCol 'name' is a column already"
    assert fault() == "dataset has no rows"
    assert fault(row, ([1.0, None], 1.0)) == "featuresCol has nulls"
    assert fault(row, (None, 1.0)) == "featuresCol has nulls"
    assert fault(row, ([1.0, float("nan")], 1.0)) == "featuresCol contains NaN"
    assert "numbers" in fault(row, ([1.0], 1.0))
    assert fault(row, ([], 1.0)).startswith("featuresCol")
    assert fault(([1.0], -2.0), weightCol="weight") == "weightCol must be at least 0, got -2.0"
    assert fault(([1.0], None), weightCol="weight") == "weightCol has nulls"
    assert fault(([1.0], 0.0), weightCol="weight") == "weightCol 'weight' is zero for every row"
    with pytest.raises(TypeError, match="initMode"):
        FewColorsKMeans(initMode="random")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match='Invalid param value given for param "k"'):
        FewColorsKMeans(k="many")  # type: ignore[arg-type]


def test_the_examples_run(spark: "SparkSession") -> None:
    """The package's other modules can be imported without an extra, and pytest runs theirs."""
    from fewcolors.distributed import spark_kmeans

    done = doctest.testmod(spark_kmeans, extraglobs={"spark": spark})
    assert done.attempted >= 4
    assert done.failed == 0
