"""Coarse points: the means of a grid's cells."""

import numpy as np
import pytest

from fewcolors import _core


@pytest.mark.parametrize("levels", [1, 2, 32])
def test_coarse_points_keep_weight_and_mean(levels: int) -> None:
    rng = np.random.default_rng(3)
    rows = rng.random((3000, 3)) * [1, 50, 0]
    weights = rng.integers(1, 9, 3000).astype(np.float64)
    points, sums = (np.array(part) for part in _core.coarsen(rows, weights, levels))
    assert len(points) <= levels**2
    assert sums.sum() == weights.sum()
    np.testing.assert_allclose(sums @ points / sums.sum(), weights @ rows / weights.sum())


def test_a_cell_holds_what_is_near() -> None:
    rows = np.array([[0.0], [0.1], [0.9], [1.0]])
    points, sums = _core.coarsen(rows, np.array([1.0, 3.0, 1.0, 1.0]), 2)
    np.testing.assert_allclose(np.array(points).ravel(), [0.075, 0.95])
    assert list(sums) == [4.0, 2.0]
