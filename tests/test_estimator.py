"""KMeans, on scikit-learn's base classes and without them."""

import importlib
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from fewcolors import KMeans, _core

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
        "algorithm": "lloyd",
        "copy_x": True,
        "init": "k-means++",
        "max_iter": 300,
        "n_clusters": 4,
        "n_init": "auto",
        "n_threads": None,
        "random_state": None,
        "tol": 0,
        "verbose": 0,
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
    with pytest.warns(RuntimeWarning, match="only one init in KMeans instead of n_init=4"):
        model = kmeans(2, init=[[0.0], [9.0]], n_init=4).fit([[1.0], [8.0]])
    np.testing.assert_array_equal(model.cluster_centers_, [[1.0], [8.0]])


@pytest.mark.parametrize(("n_init", "n_calls"), [("auto", 10), (3, 3)])
def test_function_makes_the_starts(kmeans: KMeansType, n_init: Any, n_calls: int) -> None:
    rows = pixels(500)
    given: list[Array] = []

    def draw(X: Array, n_clusters: int, random_state: np.random.RandomState) -> Array:
        given.append(X.copy())
        start = X[random_state.choice(len(X), n_clusters, replace=False)]
        X[:] = np.nan  # a copy of its own, so no harm
        return start

    kmeans(6, init=draw, n_init=n_init, random_state=0, max_iter=2).fit(rows[:400])
    assert len(given) == n_calls
    np.testing.assert_array_equal(given[0], rows[:400])


def test_best_start_of_a_function_counts(kmeans: KMeansType) -> None:
    rows = [[0.0], [1.0], [10.0], [11.0], [20.0], [21.0]]
    starts = [[[0.0], [1.0], [10.0]], [[0.0], [10.0], [20.0]], [[0.0], [1.0], [20.0]]]
    best = kmeans(3, init=starts[1]).fit(rows)
    waiting = list(starts)
    model = kmeans(3, init=lambda X, k, random_state: waiting.pop(0), n_init=3).fit(rows)
    assert waiting == []
    np.testing.assert_array_equal(model.cluster_centers_, best.cluster_centers_)


def test_parameters_set_during_a_fit_count_from_the_next_one(kmeans: KMeansType) -> None:
    def start(X: Array, n_clusters: int, random_state: Any) -> Array:
        model.set_params(n_clusters=10**6, max_iter=0, n_threads=-1)
        return X[:n_clusters]

    model = kmeans(2, init=start, n_init=2)
    model.fit([[0.0], [9.0], [1.0]])
    np.testing.assert_array_equal(model.labels_, [0, 1, 0])
    with pytest.raises(ValueError, match="n_threads must be 1 to 256"):
        model.predict([[0.0]])


@pytest.mark.parametrize("parameters", [{"algorithm": "elkan"}, {"copy_x": False}])
def test_other_ways_to_the_same_end_change_nothing(
    kmeans: KMeansType, parameters: dict[str, Any]
) -> None:
    rows = pixels(500)
    before = rows.copy()
    plain = kmeans(6, random_state=0).fit(rows)
    model = kmeans(6, random_state=0, **parameters).fit(rows)
    np.testing.assert_array_equal(model.cluster_centers_, plain.cluster_centers_)
    np.testing.assert_array_equal(rows, before)


def test_elkan_for_one_cluster_is_warned_of(kmeans: KMeansType) -> None:
    with pytest.warns(RuntimeWarning, match="algorithm='elkan' doesn't make sense"):
        kmeans(1, algorithm="elkan").fit([[0.0]])


def test_float32_results_are_those_of_the_rounded_centroids(kmeans: KMeansType) -> None:
    rows = blobs(3)[0].astype(np.float32)
    model = kmeans(6, random_state=0).fit(rows)
    assert model.cluster_centers_.dtype == np.float32
    exact = rows.astype(np.float64)[:, None] - model.cluster_centers_.astype(np.float64)
    distances = (exact**2).sum(axis=2)
    np.testing.assert_array_equal(model.labels_, distances.argmin(axis=1))
    assert model.inertia_ == pytest.approx(distances.min(axis=1).sum(), rel=1e-12)
    assert model.transform(exact[:, 0]).dtype == np.float64


def test_float32_distances_that_overflow_are_refused(kmeans: KMeansType) -> None:
    rows = np.array([[-3e38], [3e38]], np.float32)
    model = kmeans(2).fit(rows)
    with pytest.raises(ValueError, match="overflow float32; give X as float64"):
        model.transform(rows)
    assert model.transform(rows.astype(np.float64)).max() == pytest.approx(6e38)


# What verbose prints


def printed(text: str) -> list[list[float]]:
    """Returns the inertias of each run, once every line is known to be as scikit-learn's are."""
    runs: list[list[float]] = []
    ended = True
    for line in text.splitlines():
        if line == "Initialization complete":
            runs.append([])
            ended = False
        elif match := re.fullmatch(r"Iteration (\d+), inertia (\S+)\.", line):
            assert not ended
            assert int(match[1]) == len(runs[-1])
            runs[-1].append(float(match[2]))
        else:
            ends = r"(strict convergence|center shift \S+ within tolerance \S+)\."
            match = re.fullmatch(rf"Converged at iteration (\d+): {ends}", line)
            assert match is not None, line
            assert int(match[1]) == len(runs[-1]) - 1
            ended = True
    return runs


@pytest.mark.parametrize("tol", [0.0, 1e-2])
@pytest.mark.parametrize("n_features", [3, 5])
def test_verbose_prints_what_sklearn_does(
    capsys: pytest.CaptureFixture[str], n_features: int, tol: float
) -> None:
    cluster = pytest.importorskip("sklearn.cluster")
    rows, start = blobs(n_features)
    ours = KMeans(len(start), init=start, tol=tol, verbose=1).fit(rows)
    text = capsys.readouterr().out
    theirs = cluster.KMeans(len(start), init=start, n_init=1, tol=tol, verbose=1).fit(rows)
    their_text = capsys.readouterr().out
    assert len(printed(text)[0]) == ours.n_iter_ == theirs.n_iter_
    numbers = r"\d+\.\d+(e-\d+)?"
    assert re.sub(numbers, "#", text) == re.sub(numbers, "#", their_text)
    assert printed(text) == [pytest.approx(run, rel=1e-9) for run in printed(their_text)]


@pytest.mark.parametrize("n_features", [3, 5])
@pytest.mark.parametrize("init", ["k-means++", "random", lambda X, k, random_state: X[:k]])
def test_verbose_does_not_change_the_result(
    kmeans: KMeansType, capsys: pytest.CaptureFixture[str], init: Any, n_features: int
) -> None:
    rows, _ = blobs(n_features)
    quiet = kmeans(6, init=init, n_init=3, random_state=0).fit(rows)
    assert capsys.readouterr().out == ""
    told = kmeans(6, init=init, n_init=3, random_state=0, verbose=2).fit(rows)
    runs = printed(capsys.readouterr().out)
    assert len(runs) == 3
    assert told.inertia_ == quiet.inertia_ == pytest.approx(min(run[-1] for run in runs), rel=1e-3)
    np.testing.assert_array_equal(told.cluster_centers_, quiet.cluster_centers_)
    np.testing.assert_array_equal(told.labels_, quiet.labels_)


def test_verbose_ends_with_max_iter(kmeans: KMeansType, capsys: pytest.CaptureFixture[str]) -> None:
    rows, start = blobs(3)
    kmeans(6, init=start, max_iter=2, tol=0, verbose=True).fit(rows)
    text = capsys.readouterr().out
    assert len(printed(text)[0]) == 2
    assert "Converged" not in text


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
def test_verbose_tells_of_few_distinct_rows(
    kmeans: KMeansType, capsys: pytest.CaptureFixture[str]
) -> None:
    kmeans(3, verbose=1).fit([[1.0], [2.0], [1.0]])
    assert printed(capsys.readouterr().out) == [[0.0]]


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
    dtype = np.float32 if form == "float32" else np.float64
    centers: Any = expected.cluster_centers_.astype(dtype)
    np.testing.assert_array_equal(model.cluster_centers_, centers)
    assert model.cluster_centers_.dtype == dtype
    expected.cluster_centers_ = centers
    np.testing.assert_array_equal(model.labels_, expected.predict(rows))
    np.testing.assert_array_equal(model.predict(given), expected.predict(rows))
    np.testing.assert_array_equal(model.transform(given), expected.transform(rows).astype(dtype))
    assert model.transform(given).dtype == model.fit_transform(given).dtype == dtype
    assert model.score(given) == expected.score(rows) == pytest.approx(-model.inertia_)


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
        ([0.0, 1.0], "X cannot be used: Expected 2D array, got 1D array"),
        ([[[0.0]]], "3"),
        (np.array([[0.0], [1j]]), "Complex data not supported"),
        (np.empty((0, 3)), r"0 sample\(s\)"),
        (np.empty((3, 0)), r"0 feature\(s\)"),
        ([[1e200], [-1e200]], "overflow"),
        ([["red"], ["blue"]], "red"),
        ([[1], [10**400]], "X (cannot be used|must hold real numbers)"),
        ([[1e308], [1e308]], "X is too large: squared distances overflow float64"),
    ],
)
def test_rows_that_cannot_be_clustered_are_refused(
    kmeans: KMeansType, rows: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kmeans(1).fit(rows)


@pytest.mark.parametrize("form", ["csr_array", "csc_matrix", "coo_array", "lil_matrix"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_sparse_rows_give_what_dense_ones_do(kmeans: KMeansType, form: str, dtype: Any) -> None:
    sparse = pytest.importorskip("scipy.sparse")
    rows, _ = blobs(5, n_samples=200)
    rows = np.where(rows > 0, rows, 0).astype(dtype)
    given = getattr(sparse, form)(rows)
    dense = kmeans(3, random_state=0).fit(rows)
    model = kmeans(3, random_state=0).fit(given)
    np.testing.assert_array_equal(model.cluster_centers_, dense.cluster_centers_)
    assert model.cluster_centers_.dtype == dense.cluster_centers_.dtype
    np.testing.assert_array_equal(model.predict(given), dense.labels_)
    np.testing.assert_array_equal(model.transform(given), dense.transform(rows))
    assert model.score(given) == dense.score(rows)


def test_sparse_rows_are_checked_like_dense_ones(kmeans: KMeansType) -> None:
    sparse = pytest.importorskip("scipy.sparse")
    with pytest.raises(ValueError, match="X contains NaN"):
        kmeans(1).fit(sparse.csr_array([[0.0, np.nan]]))
    model = kmeans(1).fit(sparse.csr_array(np.eye(3)))
    with pytest.raises(ValueError, match="X has 2 features"):
        model.predict(sparse.csr_array(np.eye(2)))


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
        ([1.0, 1e-300], "0 or at least 1e-200"),
        ([1.0, 1e308], "X or sample_weight is too large"),
        (["heavy", "light"], "sample_weight must hold real numbers"),
        ([1.0, 10**400], "sample_weight must hold real numbers"),
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
        ({"init": [0.0, 1.0]}, ValueError, r"\(2, 1\)\. It has shape \(2,\)"),
        ({"init": [[0.0]]}, ValueError, r"init must .*\(1, 1\) does not .* number of clusters 2"),
        ({"init": [[0.0] * 2] * 2}, ValueError, r"init must .*number of features of the data 1"),
        ({"init": [["a"], ["b"]]}, ValueError, "init must hold real numbers"),
        ({"init": [[1j], [0]]}, TypeError, "init must hold real numbers, got complex128"),
        ({"init": [[1e200], [0]]}, ValueError, "init is too large"),
        ({"init": lambda X, k, random_state: X[:1]}, ValueError, "number of clusters 2"),
        ({"init": lambda X, k, random_state: X[:2] + np.inf}, ValueError, "init contains inf"),
        ({"init": [[0.0], [np.nan]]}, ValueError, "init contains NaN"),
        ({"n_init": 0}, ValueError, "n_init must be 1 to 10000, got 0"),
        ({"n_init": "many"}, TypeError, "n_init must be an integer"),
        ({"max_iter": 0}, ValueError, "max_iter must be 1 to 2147483647, got 0"),
        ({"tol": -1}, ValueError, "tol must be at least 0, got -1"),
        ({"tol": np.nan}, ValueError, "tol must be at least 0, got nan"),
        ({"tol": "0"}, TypeError, "tol must be a number"),
        ({"random_state": -1}, ValueError, "random_state must be 0 to 4294967295, got -1"),
        ({"random_state": "x"}, TypeError, "random_state must be an integer"),
        ({"verbose": -1}, ValueError, "verbose must be at least 0, got -1"),
        ({"verbose": "yes"}, TypeError, "verbose must be an integer"),
        ({"copy_x": 1}, TypeError, "copy_x must be True or False, got 1"),
        ({"algorithm": "full"}, ValueError, "algorithm must be one of 'lloyd', 'elkan'"),
        ({"algorithm": None}, TypeError, "algorithm must be 'lloyd' or 'elkan', got None"),
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
        {"X": np.full((50, 1), 1e200) * np.arange(50)[:, None]},  # distances overflow
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


# Whatever is given


@pytest.mark.parametrize("method", ["predict", "transform", "score"])
@pytest.mark.parametrize(
    ("centers", "error", "message"),
    [
        (np.zeros((2, 3)), ValueError, r"n_features = 2, got \(2, 3\)"),
        (np.zeros((2, 1)), ValueError, r"got \(2, 1\)"),
        (np.zeros((0, 2)), ValueError, r"got \(0, 2\)"),
        (np.zeros(2), ValueError, r"got \(2,\)"),
        (np.zeros((1, 2, 1)), ValueError, r"got \(1, 2, 1\)"),
        (None, ValueError, r"got \(\)|contains NaN"),
        (3.0, ValueError, r"got \(\)"),
        ([[0.0, 1.0], [2.0]], ValueError, "real numbers"),
        ([[0.0, np.nan]], ValueError, "contains NaN"),
        ([[0.0, -np.inf]], ValueError, "contains infinity"),
        ([[0.0, 1e200]], ValueError, "is too large"),
        ([[0.0, 1j]], TypeError, "real numbers, got complex128"),
        ([["a", "b"]], ValueError, "real numbers"),
        ([[object(), 1.0]], TypeError, "real numbers"),
    ],
)
def test_centroids_that_do_not_fit_are_refused(
    kmeans: KMeansType, method: str, centers: Any, error: type[Exception], message: str
) -> None:
    model = kmeans(2).fit([[0.0, 1.0], [2.0, 3.0]])
    model.cluster_centers_ = centers
    with pytest.raises(error, match=rf"cluster_centers_.*({message})"):
        getattr(model, method)([[0.0, 1.0]])


@pytest.mark.parametrize("form", FORMS)
def test_form_of_the_centroids_does_not_matter(kmeans: KMeansType, form: str) -> None:
    rows = pixels(100)
    model = kmeans(5, random_state=0).fit(rows)
    model.cluster_centers_ = model.cluster_centers_.round()
    labels, distances, score = model.predict(rows), model.transform(rows), model.score(rows)
    model.cluster_centers_ = FORMS[form](model.cluster_centers_)
    np.testing.assert_array_equal(model.predict(rows), labels)
    np.testing.assert_array_equal(model.transform(rows), distances)
    assert model.score(rows) == score


@pytest.mark.parametrize("method", ["predict", "transform", "score"])
def test_rows_too_far_from_the_centroids_are_refused(kmeans: KMeansType, method: str) -> None:
    model = kmeans(1).fit([[0.0, 1.0]])
    with pytest.raises(ValueError, match="X is too large"):
        getattr(model, method)([[0.0, 1e200]])
    with pytest.raises(ValueError, match="X or sample_weight is too large"):
        model.score([[0.0, 1e150]], sample_weight=[1e10])


def test_largest_numbers_taken_are_clustered(kmeans: KMeansType) -> None:
    rows = np.array([[-1e153], [-1e153], [0.0], [1e153]])
    model = kmeans(3, random_state=0).fit(rows)
    np.testing.assert_array_equal(np.sort(model.cluster_centers_, axis=0), np.unique(rows)[:, None])
    np.testing.assert_array_equal(model.transform(rows).min(axis=1), 0.0)


def test_numbers_are_checked_whatever_sklearn_is_told_to_assume() -> None:
    sklearn = pytest.importorskip("sklearn")
    with sklearn.config_context(assume_finite=True), pytest.raises(ValueError, match="NaN"):
        KMeans(1).fit([[0.0], [np.nan]])


def test_what_kernels_read_twice_is_memory_that_nobody_else_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, weights, centers = pixels(50), np.ones(50), pixels(50)[:4].copy()
    theirs = (weights, centers)

    def watched(kernel: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            arrays = [argument for argument in arguments if hasattr(argument, "shape")]
            assert not any(np.may_share_memory(np.asarray(a), b) for a in arrays for b in theirs)
            return kernel(*arguments, **options)

        return call

    kernels = ("unique_rows", "best_restarts", "lloyd", "nearest")
    for kernel in kernels:
        monkeypatch.setattr(_core, kernel, watched(getattr(_core, kernel)))
    for init in ("k-means++", centers):
        model = KMeans(4, init=init, copy_x=False).fit(rows, sample_weight=weights)
        model.cluster_centers_ = centers
        model.predict(rows)
        model.score(rows, sample_weight=weights)


WHILE_OTHERS_WRITE = """
import sys, threading
import numpy as np
from fewcolors import KMeans

sys.setswitchinterval(1e-4)

def fit_while_written_to(rows, weights, array, values):
    stopped = threading.Event()

    def write():
        while not stopped.is_set():
            for value in values:
                array[:] = value

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(20):
        try:
            model = KMeans(4, max_iter=1, random_state=0, n_threads=2)
            model.fit(rows, sample_weight=weights)
            assert model.predict(rows).max() < 4
            model.score(rows, sample_weight=weights)
        except ValueError as error:
            assert "X" in str(error) or "sample_weight" in str(error), error
    stopped.set()
    writer.join()

draws = np.random.default_rng(0)
pixels = draws.integers(0, 256, (20000, 3)).astype(float)
rows = draws.normal(size=(5000, 5))
weights = np.ones(len(pixels))
fit_while_written_to(pixels, weights, weights, [0, 1])
fit_while_written_to(pixels, None, pixels, [0, np.nan, pixels.copy()])
fit_while_written_to(rows, None, rows, [np.nan, 1e300, rows.copy()])
print("alive")
"""


@pytest.mark.long
def test_arrays_may_be_written_to_meanwhile() -> None:
    command = [sys.executable, "-W", "ignore", "-c", WHILE_OTHERS_WRITE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


ANYTHING = """
import random, sys
import numpy as np
if "plain" in sys.argv:
    sys.modules["sklearn"] = None
from fewcolors import KMeans

NUMBERS = [0.0, -0.0, 1.0, -1.0, 0.1, 255.0]
WILD = [5e-324, 1e-200, 1e150, 1e153, -1e153, 1e154, 1e200, -1e308, np.nan, np.inf, -np.inf]
DTYPES = ["f4", "f2", ">f8", ">f4", "u1", "i8", "?", "c16", "O", "U5", "M8[s]", "g"]
NAMED = "X sample_weight init cluster_centers_ fitted".split()
NAMED += list(KMeans().get_params())

def array(draws, shape):
    numbers = NUMBERS + (WILD if draws.random() < 0.2 else [])
    values = [draws.choice(numbers) for _ in range(int(np.prod(shape)))]
    drawn = np.asarray(np.array(values).reshape(shape) * draws.choice([1, 1, 7]))
    if draws.random() < 0.4:
        try:
            drawn = np.asarray(drawn.astype(draws.choice(DTYPES)))
        except (ValueError, TypeError, OverflowError):
            pass
    forms = [np.asfortranarray, lambda a: a.tolist(), lambda a: np.repeat(a, 2, axis=0)[::2]]
    form = draws.choice([*forms, *[lambda a: a] * 6])
    return form(drawn) if drawn.ndim else drawn

def shape_near(draws, n, d):
    others = [(0, d), (n, 0), (n,), (), (n, d, 1), (n + 1, d), (n, d + 1), (d, n)]
    return (n, d) if draws.random() < 0.85 else draws.choice(others)

def parameters(draws, n, d):
    possible, odd = [1, 2, 3, max(1, n - 1), n], [n + 1, 0, 2**40]
    k = draws.choice(possible if draws.random() < 0.9 else odd)
    start = array(draws, shape_near(draws, min(k, 400), d))
    usual = {
        "n_clusters": k,
        "init": draws.choice(["k-means++", "random", start, lambda X, k, random_state: start]),
        "random_state": 0,
        "n_threads": 1,
    }
    odd = {
        "init": ["best", None, 3],
        "n_init": [2, 0, 1.0, 10**9],
        "max_iter": [1, 2, 2**31 - 1, 2**31, 0],
        "tol": [0, 1e308, np.inf, np.nan, -1, "a"],
        "random_state": [-1, 2**32, None, "x"],
        "n_threads": [2, 0, 257],
        "copy_x": [False, 1],
        "algorithm": ["elkan", 3],
    }
    chosen = [name for name in odd if draws.random() < 0.1]
    return usual | {name: draws.choice(odd[name]) for name in chosen}

def attempt(step):
    try:
        return step()
    except (ValueError, TypeError) as error:
        assert any(name in str(error) for name in NAMED), error

def fit(draws, model, n, d):
    weights = array(draws, draws.choice([(n,), (n,), (), (n, 1)])) if draws.random() < 0.4 else None
    rows = array(draws, shape_near(draws, n, d))
    if attempt(lambda: model.fit(rows, sample_weight=weights)) is not None:
        assert np.isfinite(model.cluster_centers_).all()
        assert 0 <= model.inertia_ < np.inf
        assert 0 <= model.labels_.min() <= model.labels_.max() < model.n_clusters
        return True
    return False

n_fits = 0
for seed in range(1500):
    draws = random.Random(seed)
    n, d = draws.choice([1, 2, 3, 5, 9, 40, 70, 300]), draws.choice([1, 2, 3, 3, 4, 5, 9])
    model = KMeans(**parameters(draws, n, d))
    n_fits += fit(draws, model, n, d)
    if draws.random() < 0.5:
        model.cluster_centers_ = array(draws, shape_near(draws, 2, d))
    for method in ("predict", "transform", "score"):
        rows = array(draws, shape_near(draws, draws.choice([n, 1, 33]), d))
        result = attempt(lambda: getattr(model, method)(rows))
        assert result is None or np.isfinite(result).all()
print("alive", n_fits > 300)
"""


@pytest.mark.long
@pytest.mark.parametrize("base", ["scikit-learn", "plain"])
def test_anything_at_all_gives_a_result_or_an_error_that_names_it(base: str) -> None:
    if base == "scikit-learn":
        pytest.importorskip("sklearn")
    command = [sys.executable, "-W", "ignore", "-c", ANYTHING, base]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive True\n"), done.stderr
