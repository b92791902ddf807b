"""Buffers that a caller hands in: bytes, arrays, memoryviews; checked before a kernel reads them.

The view that comes back keeps the buffer from being resized while it lives.
"""

import math
from typing import Any

__all__ = ["bytes_view", "colors_copy", "colors_view", "numbers_copy", "numbers_view"]


def bytes_view(name: str, value: object, *shape: int, or_empty: bool = False) -> memoryview:
    """Returns the bytes of a buffer of a shape, one after the other, without a copy.

    Args:
        name: of the argument, for the message.
        value: a buffer of unsigned bytes, C-contiguous.
        shape: that it has, unless it has one dimension and as many bytes.
        or_empty: whether it may hold nothing instead.

    Returns:
        Its bytes, in one dimension.

    Raises:
        TypeError: it is no such buffer.
        ValueError: it has another shape.
    """
    view = _contiguous(name, value, "B", "bytes (uint8)")
    if view.shape not in (shape, (math.prod(shape),)) and (view.nbytes or not or_empty):
        asked, found = " x ".join(map(str, shape)), " x ".join(map(str, view.shape or ()))
        raise ValueError(f"{name} must hold {asked} bytes, got {found or 'a single number'}")
    return view.cast("B", (view.nbytes,)) if view.nbytes else memoryview(b"")


def colors_copy(name: str, value: object) -> memoryview:
    """Returns a copy of a buffer of shape (n, 4) or (4 x n,), uint8, that nobody can change.

    Raises:
        TypeError: it is no such buffer.
        ValueError: it has another shape.
    """
    view = _contiguous(name, value, "B", "colours of four bytes (uint8)")
    shape = view.shape or ()
    if len(shape) not in (1, 2) or view.nbytes % 4 or (len(shape) == 2 and shape[1] != 4):
        raise ValueError(f"{name} must have shape (n, 4), got {view.shape}")
    return colors_view(view.tobytes())


def colors_view(data: bytes) -> memoryview:
    """Returns bytes as a buffer of shape (n, 4), uint8."""
    if not data:  # which no view can be cast to
        return memoryview(bytes(4)).cast("B", (1, 4))[:0]
    return memoryview(data).cast("B", (len(data) // 4, 4))


def numbers_copy(name: str, value: object, count: int) -> Any:
    """Returns a copy of a buffer of so many numbers, float64, that nobody can change.

    Raises:
        TypeError: it is no such buffer.
        ValueError: it has another shape.
    """
    view = _contiguous(name, value, "d", "floating numbers of eight bytes (float64)")
    if view.shape != (count,):
        raise ValueError(f"{name} must have shape ({count},), got {view.shape}")
    return numbers_view(view.tobytes())


def numbers_view(data: bytes) -> Any:
    """Returns bytes as a buffer of float64."""
    return memoryview(data).cast("d")


def _contiguous(name: str, value: object, format_: str, items: str) -> memoryview:
    try:
        view = memoryview(value)  # type: ignore[arg-type]  # most objects have none
    except (TypeError, ValueError, BufferError):  # the last two of arrays that cannot be shared
        raise TypeError(f"{name} must be a buffer of {items}, got {type(value).__name__}") from None
    if view.format != format_:
        raise TypeError(f"{name} must hold {items}, got a buffer of format {view.format!r}")
    if not view.c_contiguous:
        raise ValueError(f"{name} must be C-contiguous; copy it first")
    return view
