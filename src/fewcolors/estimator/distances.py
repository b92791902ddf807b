"""Distances, a part at a time that stays in the cache."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .numbers_in import Matrix, Rows

__all__ = ["Distances", "distances_to"]

Distances = npt.NDArray[np.float32] | Matrix

CHUNK = 1 << 14
"""Numbers worked on at a time, 128 kB: temporary arrays stay in the cache."""


def distances_to(rows: Rows, centroids: Rows) -> Distances:
    """Returns the (rows, centroids) Euclidean distances.

    Raises:
        ValueError: rows and centroids are float32, and a distance is too large for it.
    """
    distances = np.zeros((len(rows.values), len(centroids.values)))
    for part in _chunks(*distances.shape):
        squares = distances[part]
        columns = zip(rows.values[part].T, centroids.values.T, strict=True)
        for row_values, centroid_values in columns:
            away = np.subtract.outer(row_values, centroid_values)
            away *= away
            squares += away
        np.sqrt(squares, out=squares)
    if rows.dtype != np.float32 or centroids.dtype != np.float32:
        return distances
    if distances.max() > np.finfo(np.float32).max:
        raise ValueError("X is too large: distances overflow float32; give X as float64")
    return distances.astype(np.float32)


def _chunks(n_rows: int, width: int) -> Iterator[slice]:
    """Cuts rows of some width into slices of about CHUNK numbers."""
    step = max(1, CHUNK // width)
    return (slice(first, first + step) for first in range(0, n_rows, step))
