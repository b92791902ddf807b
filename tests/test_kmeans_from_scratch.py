"""The page of plain NumPy and `KMeans(init="random")`: the same clusters from the same starts."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fewcolors import KMeans

PAGE = Path(__file__).parent.parent / "examples" / "kmeans_from_scratch.py"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="needs the repository")


@pytest.fixture(scope="module")
def page() -> Any:
    specification = importlib.util.spec_from_file_location("kmeans_from_scratch", PAGE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def blobs(seed: int) -> Any:
    draws = np.random.default_rng(seed)
    middles = draws.integers(0, 256, (6, 3))
    return np.concatenate([draws.normal(middle, 20, (20, 3)) for middle in middles])


@pytest.mark.parametrize("seed", range(5))
def test_the_same_clusters_from_the_same_starts(page: Any, seed: int) -> None:
    X = blobs(seed)  # so few that all starts are made on the rows themselves
    model = KMeans(6, init="random", n_init=4, tol=0, random_state=seed)
    runs = model.iterations(X)
    assert len(runs) == 4
    fits = [page.lloyd(X, run[0].centroids) for run in runs]
    for run, fit in zip(runs, fits, strict=True):
        assert fit.inertia == pytest.approx(run[-1].inertia)
        np.testing.assert_allclose(fit.centroids, run[-1].centroids)
    best = min(fits, key=lambda fit: fit.inertia)
    assert best.inertia == pytest.approx(model.inertia_)
    np.testing.assert_array_equal(best.labels, model.labels_)
    np.testing.assert_allclose(best.centroids, model.cluster_centers_)


def test_the_best_of_several_starts_counts(page: Any) -> None:
    X = blobs(1)
    inertias = [page.kmeans(X, 6, n_init=n).inertia for n in (1, 5, 20)]
    assert inertias == sorted(inertias, reverse=True)
    assert inertias[-1] == pytest.approx(
        KMeans(6, n_init=20, random_state=0).fit(X).inertia_, rel=1e-2
    )


def test_it_is_a_page(page: Any) -> None:
    assert len(PAGE.read_text().splitlines()) <= 70
