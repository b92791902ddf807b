"""Rows as weighted points: equal ones joined, in an order that depends on their values alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fewcolors import _core


def unique(rows: Any, weights: Any, threads: int = 2) -> tuple[Any, Any, Any]:
    found = _core.unique_rows(rows, weights, threads)
    return tuple(np.array(part) for part in found)  # type: ignore[return-value]


def assert_joined(rows: Any, weights: Any) -> None:
    points, sums, places = unique(rows, weights)
    kept = weights > 0
    expected, inverse = np.unique(rows[kept] + 0.0, axis=0, return_inverse=True)
    assert len(points) == len(expected)
    np.testing.assert_array_equal(points[np.lexsort(points.T[::-1])], expected)
    np.testing.assert_array_equal(points[places[kept]], rows[kept])
    assert (places[~kept] == -1).all()
    totals = np.bincount(inverse.ravel(), weights[kept])
    np.testing.assert_allclose(sums[np.lexsort(points.T[::-1])], totals, rtol=1e-12)


@pytest.mark.parametrize("dims", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("scale", [1, 255, np.pi])
def test_equal_rows_are_joined_and_their_weights_added(dims: int, scale: float) -> None:
    rng = np.random.default_rng(dims)
    rows = rng.integers(0, 8, (5000, dims)) / scale
    assert_joined(rows, rng.integers(0, 3, 5000).astype(np.float64))


def test_columns_of_many_values_are_joined_too() -> None:
    rng = np.random.default_rng(1)
    rows = np.repeat(rng.random((700, 3)), 3, axis=0)
    assert_joined(rng.permutation(rows), np.ones(len(rows)))


@pytest.mark.parametrize("values", [5, 1000])
def test_the_order_depends_on_the_rows_alone(values: int) -> None:
    rng = np.random.default_rng(2)
    rows = rng.integers(0, values, (4000, 3)).astype(np.float64)
    shuffled = rng.permutation(rows)
    first = unique(rows, np.ones(len(rows)), threads=1)
    second = unique(shuffled, np.ones(len(rows)), threads=3)
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


def test_the_two_zeros_are_one_number() -> None:
    points, sums, places = unique(np.array([[0.0], [-0.0], [1.0]]), np.ones(3))
    assert points.tolist() == [[0.0], [1.0]]
    assert sums.tolist() == [2.0, 1.0]
    assert places.tolist() == [0, 0, 1]


@given(
    st.lists(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=2), min_size=1, max_size=60)
)
def test_any_finite_numbers_are_joined(values: list[list[float]]) -> None:
    rows = np.array(values * 2)
    assert_joined(rows, np.ones(len(rows)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("n_features", [1, 3, 5])
def test_numbers_without_a_place_in_an_order_are_refused(value: float, n_features: int) -> None:
    rows = np.random.default_rng(0).integers(0, 9, (2000, n_features)).astype(float)
    rows[::3, 0] = value
    with pytest.raises(ValueError, match="X contains NaN or infinity"):
        _core.unique_rows(rows, np.ones(len(rows)), 2)
