"""Pictures that are arrays: of which shapes and dtypes, and how they become 8 bits."""

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["ArrayPixels", "pixels_of_array"]


class ArrayPixels(NamedTuple):
    """The first attributes of `Pixels`."""

    data: bytes
    width: int
    height: int
    channels: int


def pixels_of_array(source: Any, check_size: Callable[[int, int], None]) -> ArrayPixels:
    """Reads an array.

    Args:
        source: of a shape and a dtype that `decode` allows.
        check_size: is called with width and height before any work.

    Returns:
        The pixels.

    Raises:
        TypeError, ValueError: it is not such an array.
    """
    import numpy as np

    array = np.asarray(source)
    if array.ndim == 2:
        array = array[:, :, np.newaxis]
    if array.ndim != 3 or array.shape[2] not in (1, 2, 3, 4):
        raise ValueError(
            f"an array must have shape (h, w) or (h, w, 1 to 4), got {np.shape(source)}"
        )
    check_size(array.shape[1], array.shape[0])
    array = _array_in_eight_bits(array)
    grey, alpha = array.shape[2] <= 2, array.shape[2] in (2, 4)
    if grey:
        array = array[:, :, [0, 0, 0, 1]] if alpha else np.repeat(array, 3, axis=2)
    height, width, channels = array.shape
    data = np.ascontiguousarray(array).tobytes()
    return ArrayPixels(data, width, height, channels)


def _array_in_eight_bits(array: Any) -> Any:
    import numpy as np

    kind, n_bytes = array.dtype.kind, array.dtype.itemsize
    if (kind, n_bytes) == ("u", 1):
        return array
    if kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if (kind, n_bytes) == ("u", 2):
        return ((array.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if kind == "f":
        if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
            raise ValueError("an array of floating numbers must have values 0 to 1, all finite")
        return np.floor(array * 255 + 0.5).astype(np.uint8)
    raise TypeError(f"an array must be of dtype bool, uint8, uint16 or floating, got {array.dtype}")
