"""From anything that stands for a palette to its colours."""

import os
import re
from collections.abc import Sequence
from typing import Any

from ..limits import MAX_COLORS
from . import read_colors
from .text import color_of, is_hex

__all__ = ["colors_of"]

SEPARATORS = re.compile(r"[,;\s]+")


def colors_of(source: Any) -> list[bytes]:
    """Returns the 1 to 256 colours of what stands for a palette, four bytes each.

    Args:
        source: what `Palette.of` takes, but for a `Palette`.

    Raises:
        PaletteError, OSError: a file cannot be read as a palette.
        TypeError, ValueError: the source is something else, or not of 1 to 256 colours.
    """
    if isinstance(source, os.PathLike):
        return read_colors(source)
    if isinstance(source, str):
        return _named(source)
    if hasattr(source, "__array_interface__"):
        return _from_array(source)
    if isinstance(source, list | tuple):
        return _listed(source)
    raise TypeError(
        "palette must be a Palette, a path, hex colours or an array of shape (k, 3) or (k, 4), "
        f"got {type(source).__name__}"
    )


def _named(text: str) -> list[bytes]:
    """Reads the file of that path; or, where there is none, the hex colours in the text."""
    words = [word for word in SEPARATORS.split(text) if word]
    is_list = text.lstrip().startswith("#") or all(map(is_hex, words))
    if is_list and not os.path.exists(text):
        return _listed(words)
    return read_colors(text)


def _listed(items: Sequence[Any]) -> list[bytes]:
    try:
        colors = list(map(color_of, items))
    except ValueError as error:
        raise ValueError(f"palette: {error}") from None
    return _counted(colors)


def _from_array(source: Any) -> list[bytes]:
    import numpy as np

    array = np.asarray(source)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] not in (3, 4):
        raise ValueError(
            "palette: an array must have shape (k, 3) or (k, 4) and dtype uint8, "
            f"got {array.shape} and {array.dtype}"
        )
    return _counted([bytes(row).ljust(4, b"\xff") for row in array])


def _counted(colors: list[bytes]) -> list[bytes]:
    if not 1 <= len(colors) <= MAX_COLORS:
        raise ValueError(f"palette must have 1 to {MAX_COLORS} colours, got {len(colors)}")
    return colors
