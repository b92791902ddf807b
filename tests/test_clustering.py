"""Fits: starts ranked on a coarse histogram end about where exact ones do."""

from typing import Any

import numpy as np
import pytest

from fewcolors import _core
from fewcolors.kmeans import COARSE_DIMS, fit_points


def many_points(dims: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(dims)
    groups = rng.random((30, dims)) * 200
    points = groups[rng.integers(0, 30, 40000)] + rng.normal(0, 12, (40000, dims))
    rows, weights, _ = _core.unique_rows(np.floor(points), np.ones(40000), 2)
    return rows, weights


def inertia(rows: Any, weights: Any, k: int = 12, **changes: Any) -> float:
    arguments: dict[str, Any] = {
        "init": "k-means++",
        "n_init": 10,
        "max_iter": 300,
        "tolerance": 0.0,
        "seed": 0,
        "n_threads": 2,
    }
    return fit_points(rows, weights, k, **(arguments | changes)).inertia


@pytest.mark.parametrize("dims", [2, 3, 4])
@pytest.mark.parametrize("init", ["k-means++", "random"])
def test_coarse_ranking_costs_next_to_nothing(dims: int, init: str) -> None:
    rows, weights = many_points(dims)
    exact = inertia(rows, weights, init=init, rank="exact")
    assert inertia(rows, weights, init=init, rank="coarse") < 1.01 * exact


def test_points_too_few_or_too_wide_are_ranked_exactly() -> None:
    rows, weights = many_points(COARSE_DIMS + 1)
    assert inertia(rows, weights) == inertia(rows, weights, rank="exact")
    few = np.random.default_rng(0).random((50, 3))
    assert inertia(few, np.ones(50)) == inertia(few, np.ones(50), rank="exact")


def test_the_last_fit_is_exact_on_all_points() -> None:
    rows, weights = many_points(3)
    fit = fit_points(
        rows, weights, 9, init="random", n_init=2, max_iter=300, tolerance=0.0, seed=1, n_threads=1
    )
    points, labels = np.array(rows), np.array(fit.labels)
    assert fit.n_iter > 1
    for cluster, centroid in enumerate(np.array(fit.centroids)):
        members = labels == cluster
        mean = np.average(points[members], axis=0, weights=np.array(weights)[members])
        np.testing.assert_allclose(centroid, mean, rtol=1e-9)
