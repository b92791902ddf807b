"""KMeans, on scikit-learn's base classes and without them."""

import importlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from fewcolors import KMeans

Array = np.ndarray[Any, Any]
KMeansType = type[KMeans]

WITHOUT_SKLEARN = """
import pickle, sys
sys.modules["sklearn"] = None
import numpy as np
from fewcolors import KMeans
"""


def blobs(n_features: int, k: int = 6, n_samples: int = 3000) -> tuple[Array, Array]:
    """Returns rows around k centres, in no order, and rows near which to start."""
    draws = np.random.default_rng(n_features)
    centers = draws.uniform(-10, 10, (k, n_features))
    rows = centers[np.arange(n_samples) % k] + draws.normal(size=(n_samples, n_features))
    return draws.permutation(rows), centers + draws.normal(size=centers.shape)


def pixels(n_samples: int = 5000) -> Array:
    """Returns colours of 8 bits a channel, many of them more than once."""
    draws = np.random.default_rng(0)
    return np.clip(draws.normal(120, 9, (n_samples, 3)), 0, 255).round()


def import_without_sklearn() -> KMeansType:
    ours = ("fewcolors.estimator.kmeans", "fewcolors.estimator.base")
    with patch.dict(sys.modules, {"sklearn.base": None}):
        for name in ours:
            sys.modules.pop(name, None)
        module = importlib.import_module(ours[0])
    plain: KMeansType = module.KMeans
    return plain


@pytest.fixture(scope="module", params=["scikit-learn", "NumPy alone"])
def kmeans(request: pytest.FixtureRequest) -> KMeansType:
    """KMeans on either base."""
    if request.param == "NumPy alone":
        return import_without_sklearn()
    pytest.importorskip("sklearn")
    return KMeans


# Conventions


@pytest.mark.filterwarnings("ignore")  # the checks fit tiny data with too many clusters
def test_passes_every_check_of_sklearn() -> None:
    checks = pytest.importorskip("sklearn.utils.estimator_checks")
    results = checks.check_estimator(KMeans(), on_fail=None, on_skip=None)
    failed = [
        (result["check_name"], result["exception"])
        for result in results
        if result["status"] not in ("passed", "skipped")
    ]
    assert len(results) > 40
    assert failed == []


def test_clones_with_its_parameters() -> None:
    base = pytest.importorskip("sklearn.base")
    start = [[0.0], [1.0]]
    model = KMeans(2, init=start, n_init=1, max_iter=5, tol=0.5, random_state=3, n_threads=1)
    assert base.clone(model).get_params() == model.get_params()


def test_works_in_a_pipeline() -> None:
    pipeline = pytest.importorskip("sklearn.pipeline")
    preprocessing = pytest.importorskip("sklearn.preprocessing")
    rows, _ = blobs(4)
    scaler = preprocessing.StandardScaler()
    model = pipeline.make_pipeline(scaler, KMeans(6, random_state=0)).fit(rows)
    alone = KMeans(6, random_state=0).fit(scaler.fit_transform(rows))
    np.testing.assert_array_equal(model.predict(rows), alone.labels_)


def test_gives_and_takes_data_frames() -> None:
    pytest.importorskip("sklearn")
    pandas = pytest.importorskip("pandas")
    rows, _ = blobs(2)
    frame = pandas.DataFrame(rows, columns=["x", "y"], index=np.arange(len(rows)) + 7)
    model = KMeans(3, random_state=0).set_output(transform="pandas")
    distances: Any = model.fit_transform(frame)
    assert list(distances.columns) == ["kmeans0", "kmeans1", "kmeans2"]
    assert distances.index.equals(frame.index)
    assert list(model.feature_names_in_) == ["x", "y"]  # type: ignore[attr-defined]
    np.testing.assert_array_equal(model.labels_, KMeans(3, random_state=0).fit(rows).labels_)
    with pytest.raises(ValueError, match="feature names"):
        model.predict(frame[["y", "x"]])


def test_unpickles_to_the_same_fit() -> None:
    rows, _ = blobs(3)
    model = KMeans(6, random_state=0).fit(rows)
    copy = pickle.loads(pickle.dumps(model))
    assert copy.get_params() == model.get_params()
    np.testing.assert_array_equal(copy.predict(rows), model.labels_)


def test_needs_numpy_alone() -> None:
    script = """
model = KMeans(2, random_state=0)
X = np.array([[1.0, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
labels = model.fit_predict(X)
assert sorted(model.cluster_centers_.tolist()) == [[1, 2], [10, 2]]
assert (model.predict(X) == labels).all() and model.score(X) == -model.inertia_ == -16
copy = pickle.loads(pickle.dumps(model))
assert (copy.transform(X) == model.fit_transform(X)).all()
assert not [name for name, module in sys.modules.items() if "sklearn" in name and module]
"""
    subprocess.run([sys.executable, "-W", "error", "-c", WITHOUT_SKLEARN + script], check=True)


def test_sklearn_is_imported_for_kmeans_only() -> None:
    script = "import sys, fewcolors; assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_repr_names_what_differs_from_the_defaults(kmeans: KMeansType) -> None:
    assert repr(kmeans()) == "KMeans()"
    assert repr(kmeans(3, init="random", tol=0.5)) == "KMeans(init='random', n_clusters=3, tol=0.5)"


def test_parameters_can_be_read_and_set(kmeans: KMeansType) -> None:
    model = kmeans(3).set_params(n_clusters=4, tol=0)
    assert model.get_params() == {
        "init": "k-means++",
        "max_iter": 300,
        "n_clusters": 4,
        "n_init": "auto",
        "n_threads": None,
        "random_state": None,
        "tol": 0,
    }
    with pytest.raises(ValueError, match=r"Invalid parameter 'colors'.*n_clusters"):
        model.set_params(colors=1)


def test_names_its_features(kmeans: KMeansType) -> None:
    model = kmeans(2).fit([[0.0], [1.0]])
    assert model.n_features_in_ == 1
    assert model.get_feature_names_out().tolist() == ["kmeans0", "kmeans1"]


@pytest.mark.parametrize("method", ["predict", "transform", "score", "get_feature_names_out"])
def test_unfitted_is_refused(kmeans: KMeansType, method: str) -> None:
    arguments = [] if method == "get_feature_names_out" else [[[0.0]]]
    with pytest.raises(ValueError, match="not fitted"):
        getattr(kmeans(), method)(*arguments)


def test_data_frames_out_need_sklearn() -> None:
    model = import_without_sklearn()()
    assert model.set_output(transform="default") is model
    with pytest.raises(ImportError, match=r"fewcolors\[sklearn\]"):
        model.set_output(transform="pandas")


# Results


@pytest.mark.parametrize("tol", [0.0, 1e-4, 0.1])
@pytest.mark.parametrize("n_features", [1, 2, 3, 4, 5, 64])
def test_equals_sklearn_from_the_same_start(n_features: int, tol: float) -> None:
    cluster = pytest.importorskip("sklearn.cluster")
    rows, start = blobs(n_features)
    ours = KMeans(len(start), init=start, tol=tol).fit(rows)
    theirs = cluster.KMeans(len(start), init=start, n_init=1, tol=tol).fit(rows)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-9)
    assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-9)
    assert ours.n_iter_ == theirs.n_iter_


def test_equals_sklearn_on_weighted_pixels() -> None:
    cluster = pytest.importorskip("sklearn.cluster")
    rows = pixels()
    draws = np.random.default_rng(1)
    start = draws.uniform(100, 140, (16, 3))
    weights = draws.uniform(0.1, 3, len(rows))
    ours = KMeans(16, init=start).fit(rows, sample_weight=weights)
    theirs = cluster.KMeans(16, init=start, n_init=1).fit(rows, sample_weight=weights)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-9)
    assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-9)
    assert ours.score(rows, sample_weight=weights) == pytest.approx(-ours.inertia_, rel=1e-12)


@pytest.mark.parametrize("init", ["k-means++", "random"])
@pytest.mark.parametrize("n_features", [1, 2, 3, 4, 5, 64])
def test_best_start_finds_separate_clusters(n_features: int, init: Any) -> None:
    draws = np.random.default_rng(n_features)
    truth = draws.integers(5, size=30000)
    rows = 100.0 * truth[:, None] + draws.normal(size=(len(truth), n_features))
    model = KMeans(5, init=init, n_init=20, random_state=0).fit(rows)
    assert len(set(zip(truth.tolist(), model.labels_.tolist(), strict=True))) == 5


@pytest.mark.parametrize("n_features", [1, 3, 5])
def test_labels_are_those_of_the_nearest_centroids(kmeans: KMeansType, n_features: int) -> None:
    rows, _ = blobs(n_features)
    weights = np.arange(len(rows)) % 3
    model = kmeans(7, random_state=0).fit(rows, sample_weight=weights)
    assert model.labels_.dtype == np.int32
    np.testing.assert_array_equal(model.labels_, model.transform(rows).argmin(axis=1))
    np.testing.assert_array_equal(model.labels_, model.predict(rows))
    distances = model.transform(rows).min(axis=1)
    assert model.inertia_ == pytest.approx((weights * distances**2).sum(), rel=1e-12)


@pytest.mark.parametrize("n_features", [3, 5])
@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_weights_are_repetitions(kmeans: KMeansType, init: Any, n_features: int) -> None:
    rows, _ = blobs(n_features)
    weights = np.arange(len(rows)) % 4
    weighted = kmeans(6, init=init, random_state=0).fit(rows, sample_weight=weights)
    repeated = kmeans(6, init=init, random_state=0).fit(np.repeat(rows, weights, axis=0))
    np.testing.assert_array_equal(weighted.cluster_centers_, repeated.cluster_centers_)
    assert weighted.inertia_ == repeated.inertia_


def test_one_number_weighs_every_row(kmeans: KMeansType) -> None:
    model = kmeans(1).fit([[0.0], [2.0]], sample_weight=3)
    assert model.inertia_ == 6.0
    assert model.score([[4.0]], sample_weight=2) == -18.0


@pytest.mark.parametrize("n_features", [3, 5])
def test_order_of_rows_does_not_matter(kmeans: KMeansType, n_features: int) -> None:
    rows, _ = blobs(n_features)
    order = np.random.default_rng(1).permutation(len(rows))
    model = kmeans(6, random_state=0).fit(rows)
    shuffled = kmeans(6, random_state=0).fit(rows[order])
    np.testing.assert_array_equal(model.cluster_centers_, shuffled.cluster_centers_)
    np.testing.assert_array_equal(model.labels_[order], shuffled.labels_)


@pytest.mark.parametrize("n_features", [3, 5])
def test_number_of_threads_does_not_matter(kmeans: KMeansType, n_features: int) -> None:
    rows, _ = blobs(n_features, n_samples=30000)
    models = [kmeans(6, n_init=3, random_state=0, n_threads=n).fit(rows) for n in (1, 2, 5)]
    assert len({model.cluster_centers_.tobytes() for model in models}) == 1
    assert len({model.labels_.tobytes() for model in models}) == 1
    assert len({model.inertia_ for model in models}) == 1


def test_random_state_decides_the_draws(kmeans: KMeansType) -> None:
    rows = pixels()

    def centers(random_state: Any) -> bytes:
        model = kmeans(32, init="random", n_init=1, max_iter=1, random_state=random_state)
        return model.fit(rows).cluster_centers_.tobytes()

    assert centers(1) == centers(np.int64(1)) == centers(np.random.RandomState(1)) != centers(2)
    state = np.random.RandomState(1)
    assert centers(state) != centers(state)
    before = np.random.get_state()
    np.random.seed(5)
    first = centers(None)
    assert first != centers(None)
    np.random.seed(5)
    assert first == centers(np.random)
    np.random.set_state(before)


@pytest.mark.parametrize(
    ("init", "n_init", "same_as"), [("k-means++", "auto", 1), ("random", "auto", 10)]
)
def test_auto_is_one_start_or_ten_random_ones(
    kmeans: KMeansType, init: Any, n_init: Any, same_as: int
) -> None:
    rows = pixels(1000)
    auto = kmeans(16, init=init, n_init=n_init, random_state=0).fit(rows)
    counted = kmeans(16, init=init, n_init=same_as, random_state=0).fit(rows)
    np.testing.assert_array_equal(auto.cluster_centers_, counted.cluster_centers_)


def test_max_iter_and_tol_end_a_fit(kmeans: KMeansType) -> None:
    rows, start = blobs(5)
    assert kmeans(6, init=start, max_iter=2, tol=0).fit(rows).n_iter_ == 2
    assert kmeans(6, init=start, tol=1e9).fit(rows).n_iter_ == 1


def test_distances_far_from_the_origin_are_exact(kmeans: KMeansType) -> None:
    model = kmeans(1).fit([[2.0**40, 2.0**40]])
    np.testing.assert_array_equal(model.transform([[2.0**40 + 3, 2.0**40 - 4]]), [[5.0]])


def test_distances_are_euclidean_in_blocks_of_any_size(kmeans: KMeansType) -> None:
    rows, _ = blobs(64, n_samples=2000)
    model = kmeans(40, n_init=1, max_iter=2, random_state=0).fit(rows)
    expected = np.linalg.norm(rows[:, None] - model.cluster_centers_, axis=2)
    np.testing.assert_allclose(model.transform(rows), expected, rtol=1e-13)


def test_fitting_again_starts_afresh(kmeans: KMeansType) -> None:
    model = kmeans(2, random_state=0).fit([[0.0, 1.0], [2.0, 3.0]])
    model.set_params(n_clusters=3).fit([[0.0], [1.0], [2.0]])
    assert model.n_features_in_ == 1
    assert sorted(model.cluster_centers_.ravel()) == [0, 1, 2]


@pytest.mark.parametrize("init", ["k-means++", "random", [[0.0], [1.0], [5.0], [6.0]]])
def test_few_distinct_rows_keep_the_shape(kmeans: KMeansType, init: Any) -> None:
    rows = [[3.0], [1.0], [3.0], [1.0], [9.0]]
    with pytest.warns(UserWarning, match=r"\(2\) found smaller than n_clusters \(4\)") as caught:
        model = kmeans(4, init=init).fit(rows, sample_weight=[1, 1, 1, 1, 0])
    assert caught[0].category.__name__ == "ConvergenceWarning"
    assert model.cluster_centers_.shape == (4, 1)
    assert sorted(model.cluster_centers_.ravel()) == [1, 1, 3, 3]
    assert set(model.labels_) == {0, 1}
    np.testing.assert_array_equal(model.labels_, model.predict(rows))
    assert model.inertia_ == 0.0


@pytest.mark.parametrize("init", ["k-means++", "random", np.zeros((50, 3))])
def test_as_many_clusters_as_distinct_rows_fit_exactly(kmeans: KMeansType, init: Any) -> None:
    distinct = np.unique(pixels(), axis=0)[:50]
    model = kmeans(50, init=init).fit(np.tile(distinct, (3, 1)))
    assert model.inertia_ == pytest.approx(0.0, abs=1e-9)
    assert len(set(model.labels_[:50])) == 50


def test_array_start_makes_one_start_only(kmeans: KMeansType) -> None:
    with pytest.warns(RuntimeWarning, match="n_init=4"):
        model = kmeans(2, init=[[0.0], [9.0]], n_init=4).fit([[1.0], [8.0]])
    np.testing.assert_array_equal(model.cluster_centers_, [[1.0], [8.0]])


# Input


FORMS: dict[str, Callable[[Array], Any]] = {
    "float64": lambda rows: rows,
    "float32": lambda rows: rows.astype(np.float32),
    "uint8": lambda rows: rows.astype(np.uint8),
    "int64": lambda rows: rows.astype(np.int64),
    "big-endian": lambda rows: rows.astype(">f8"),
    "Fortran order": np.asfortranarray,
    "every other row": lambda rows: np.repeat(rows, 2, axis=0)[::2],
    "reversed columns": lambda rows: rows[:, ::-1].copy()[:, ::-1],
    "list": lambda rows: rows.tolist(),
}


@pytest.mark.parametrize("form", FORMS)
def test_form_of_the_rows_does_not_matter(kmeans: KMeansType, form: str) -> None:
    rows = pixels(500)
    expected = kmeans(5, random_state=0).fit(rows)
    given = FORMS[form](rows)
    model = kmeans(5, random_state=0).fit(given)
    np.testing.assert_array_equal(model.cluster_centers_, expected.cluster_centers_)
    assert model.cluster_centers_.dtype == np.float64
    np.testing.assert_array_equal(model.predict(given), expected.labels_)
    np.testing.assert_array_equal(model.transform(given), expected.transform(rows))
    assert model.score(given) == expected.score(rows)


def test_read_only_input_is_left_as_it_is(kmeans: KMeansType) -> None:
    rows, start = blobs(3)
    weights = np.ones(len(rows))
    copies = [array.copy() for array in (rows, start, weights)]
    for array in (rows, start, weights):
        array.flags.writeable = False
    kmeans(len(start), init=start).fit(rows, sample_weight=weights)
    for array, copy in zip((rows, start, weights), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[0.0], [np.nan]], "NaN"),
        ([[0.0], [np.inf]], "infinity"),
        ([[0.0], [-np.inf]], "infinity"),
        ([0.0, 1.0], "Expected 2D array, got 1D array"),
        ([[[0.0]]], "3"),
        (np.array([[0.0], [1j]]), "Complex data not supported"),
        (np.empty((0, 3)), r"0 sample\(s\)"),
        (np.empty((3, 0)), r"0 feature\(s\)"),
        ([[1e200], [-1e200]], "overflow"),
        ([["red"], ["blue"]], "red"),
    ],
)
def test_rows_that_cannot_be_clustered_are_refused(
    kmeans: KMeansType, rows: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kmeans(1).fit(rows)


def test_sparse_rows_are_refused(kmeans: KMeansType) -> None:
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(TypeError, match=r"(?i)sparse.*dense"):
        kmeans(1).fit(sparse.csr_array(np.eye(3)))


def test_more_clusters_than_rows_are_refused(kmeans: KMeansType) -> None:
    with pytest.raises(ValueError, match="n_samples=2 should be >= n_clusters=3"):
        kmeans(3).fit([[0.0], [1.0]])


@pytest.mark.parametrize("method", ["predict", "transform", "score"])
def test_other_number_of_features_is_refused(kmeans: KMeansType, method: str) -> None:
    model = kmeans(1).fit([[0.0, 1.0]])
    with pytest.raises(ValueError, match="X has 3 features, but KMeans is expecting 2"):
        getattr(model, method)([[0.0, 1.0, 2.0]])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0], r"\(2,\), got \(1,\)"),
        ([[1.0], [1.0]], r"\(2,\), got \(2, 1\)"),
        ([1.0, np.nan], "sample_weight contains NaN"),
        ([1.0, np.inf], "infinity"),
        ([1.0, -0.5], "at least 0, got -0.5"),
        ([0.0, 0.0], "zero"),
    ],
)
def test_weights_that_make_no_sense_are_refused(
    kmeans: KMeansType, weights: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kmeans(1).fit([[0.0], [1.0]], sample_weight=weights)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"n_clusters": 0}, ValueError, "n_clusters must be at least 1, got 0"),
        ({"n_clusters": 2.0}, TypeError, "n_clusters must be an integer"),
        ({"init": "best"}, ValueError, r"init must be one of 'k-means\+\+', 'random'"),
        ({"init": [[0.0]]}, ValueError, r"\(n_clusters, n_features\) = \(2, 1\), got \(1, 1\)"),
        ({"init": [[0.0], [np.nan]]}, ValueError, "init contains NaN"),
        ({"n_init": 0}, ValueError, "n_init must be 1 to 10000, got 0"),
        ({"n_init": "many"}, TypeError, "n_init must be an integer"),
        ({"max_iter": 0}, ValueError, "max_iter must be 1 to 2147483647, got 0"),
        ({"tol": -1}, ValueError, "tol must be at least 0, got -1"),
        ({"tol": np.nan}, ValueError, "tol must be at least 0, got nan"),
        ({"tol": "0"}, TypeError, "tol must be a number"),
        ({"random_state": -1}, ValueError, "random_state must be 0 to 4294967295, got -1"),
        ({"random_state": "x"}, TypeError, "random_state must be an integer"),
        ({"n_threads": 0}, ValueError, "n_threads must be 1 to 256, got 0"),
    ],
)
def test_parameters_out_of_range_are_refused_by_fit(
    kmeans: KMeansType, parameters: dict[str, Any], error: type[Exception], message: str
) -> None:
    model = kmeans(**{"n_clusters": 2} | parameters)
    with pytest.raises(error, match=message):
        model.fit([[0.0], [1.0], [2.0]])


@pytest.mark.parametrize(
    "bad",
    [
        {"X": np.zeros((3, 1))},  # too few rows
        {"X": np.zeros((50, 1)), "sample_weight": np.zeros(50)},
        {"X": np.full((50, 1), 1e200) * np.arange(50)[:, None]},  # variance overflows
    ],
)
def test_a_refit_that_fails_leaves_the_model_unfitted(
    kmeans: KMeansType, bad: dict[str, Any]
) -> None:
    model = kmeans(n_clusters=5, random_state=0).fit(pixels(50))
    with pytest.raises(ValueError, match=r"rows|n_samples|sample_weight|overflow"):
        model.fit(**bad)
    with pytest.raises((ValueError, AttributeError), match="not fitted"):
        model.predict(np.zeros((9, 1)))
