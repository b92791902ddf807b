"""Arrays from outside, as the kernels need them: float64 in C order, and checked.

Another thread may write to an array at any time, even between its check and its use. What the
kernels read twice, weights and centroids, is therefore copied before it is checked. Rows, which can
be large, are not: the kernels read each number once and stay within their memory whatever it is.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "Matrix",
    "Rows",
    "check_finite",
    "check_squares",
    "checked_rows",
    "own_centers",
    "own_numbers",
    "own_weights",
]

Matrix = npt.NDArray[np.float64]

LEAST_WEIGHT = 1e-200
"""Of what counts at all: the product of a smaller weight and a coordinate may have few digits."""

MOST_BYTES = 3
"""Bytes a row that a kernel joins without making other numbers of them."""
LARGEST_BYTE = 255.0

NUMERIC_KINDS = "biufOUS"
"""Kinds of dtype that may hold real numbers: booleans, integers, floats, Python's own objects, and
text, which scikit-learn reads as numbers too."""


class Rows(NamedTuple):
    """Rows, or centroids, as the kernels take them.

    Attributes:
        values: (n, d) float64, C-contiguous, finite when they were checked; uint8 where bytes are
            kept.
        dtype: float32 or float64, that of what is computed from them.
        largest: the largest absolute value.
    """

    values: Any
    dtype: np.dtype[Any]
    largest: float


def checked_rows(values: npt.NDArray[Any], *, keeps_bytes: bool = False) -> Rows:
    """Checks rows.

    Args:
        values: (n, d) numbers.
        keeps_bytes: whether rows of one to three bytes stay bytes, an eighth of their size as
            float64.

    Returns:
        The rows, which may share memory with values.

    Raises:
        TypeError, ValueError: they are not finite real numbers, or too large.
    """
    if keeps_bytes and values.dtype == np.uint8 and 1 <= values.shape[1] <= MOST_BYTES:
        return Rows(np.ascontiguousarray(values), _dtype_kept(values), LARGEST_BYTE)
    rows = values if values.dtype == np.float64 else own_numbers("X", values)
    rows = np.ascontiguousarray(rows, dtype=np.float64)
    largest = check_finite("X", rows)
    check_squares("X", rows.shape[1], largest)
    return Rows(rows, _dtype_kept(values), largest)


def own_numbers(name: str, given: Any) -> Matrix:
    """Copies some numbers.

    Args:
        name: what the argument is called in messages.
        given: anything that NumPy makes an array of.

    Returns:
        float64 of any shape, C-contiguous, not shared with anyone, not yet checked.

    Raises:
        TypeError, ValueError: it holds anything but real numbers that a float64 can hold.
    """
    try:
        values = np.asarray(given)
        if values.dtype.kind in NUMERIC_KINDS:
            with np.errstate(over="ignore"):
                return np.array(values, dtype=np.float64, order="C", copy=True)
    except (TypeError, ValueError, OverflowError) as fault:
        error = TypeError if isinstance(fault, TypeError) else ValueError
        raise error(f"{name} must hold real numbers: {fault}") from fault
    raise TypeError(f"{name} must hold real numbers, got {values.dtype}")


def check_finite(name: str, numbers: Matrix) -> float:
    """Finds the largest magnitude.

    Args:
        name: what the argument is called in messages.
        numbers: of any shape.

    Returns:
        The largest absolute value, 0 for none.

    Raises:
        ValueError: some are not finite.
    """
    if numbers.size == 0:
        return 0.0
    low, high = float(numbers.min()), float(numbers.max())
    if np.isnan(low):
        raise ValueError(f"{name} contains NaN")
    if np.isinf(low) or np.isinf(high):
        raise ValueError(f"{name} contains infinity or a value too large for float64")
    return max(-low, high)


def check_squares(names: str, n_features: int, largest: float, total_weight: float = 1.0) -> None:
    """Makes sure that no sum of weighted squared distances overflows.

    Args:
        names: of the arguments that would be to blame.
        n_features: the number of coordinates.
        largest: the largest absolute value among those of rows and centroids.
        total_weight: the sum of the weights.

    Raises:
        ValueError: one may overflow.
    """
    farthest = 2.0 * largest  # along one coordinate
    if not np.isfinite(n_features * farthest * farthest * max(total_weight, 1.0)):
        raise ValueError(f"{names} is too large: squared distances overflow float64")


def own_weights(sample_weight: Any, n_samples: int) -> Matrix:
    """Copies the weights of some rows.

    Args:
        sample_weight: (n_samples,) numbers, 0 or from 1e-200, one number for all, or None for 1.
        n_samples: the number of rows.

    Returns:
        (n_samples,) float64.

    Raises:
        TypeError, ValueError: it is not as described.
    """
    if sample_weight is None:
        return np.ones(n_samples)
    weights = own_numbers("sample_weight", sample_weight)
    if weights.ndim == 0:
        weights = np.full(n_samples, weights)
    if weights.shape != (n_samples,):
        raise ValueError(
            f"sample_weight must have shape (n_samples,) = ({n_samples},), got {weights.shape}"
        )
    check_finite("sample_weight", weights)
    least = weights.min()
    if least < 0.0:
        raise ValueError(f"sample_weight must be at least 0, got {least}")
    if least < LEAST_WEIGHT and ((weights > 0.0) & (weights < LEAST_WEIGHT)).any():
        raise ValueError(f"sample_weight must be 0 or at least {LEAST_WEIGHT}")
    return weights


def own_centers(centers: Any, n_features: int) -> Rows:
    """Copies `cluster_centers_`, which anyone may have set.

    Args:
        centers: (n_clusters, n_features) finite numbers, n_clusters at least 1.
        n_features: the number of coordinates of the rows that they are compared with.

    Returns:
        The centroids, checked.

    Raises:
        TypeError, ValueError: they are not as described.
    """
    copied = own_numbers("cluster_centers_", centers)
    if copied.ndim != 2 or copied.shape[0] == 0 or copied.shape[1] != n_features:
        raise ValueError(
            f"cluster_centers_ must have shape (n_clusters, n_features) with n_features = "
            f"{n_features}, got {copied.shape}"
        )
    largest = check_finite("cluster_centers_", copied)
    check_squares("cluster_centers_", n_features, largest)
    return Rows(copied, _dtype_kept(np.asarray(centers)), largest)


def _dtype_kept(values: npt.NDArray[Any]) -> np.dtype[Any]:
    """Returns float32 for float32, and float64 for all else, as scikit-learn does."""
    return np.dtype(np.float32 if values.dtype == np.float32 else np.float64)
