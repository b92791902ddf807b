"""From anything that stands for a palette to a `Palette`."""

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ..options import MAX_COLORS
from ..palette import Palette
from . import read_palette
from .text import color_of, is_hex

if TYPE_CHECKING:
    import numpy as np

__all__ = ["PaletteSource", "as_palette"]

PaletteSource: TypeAlias = (
    "Palette | str | os.PathLike[str] | Sequence[str] | Sequence[Sequence[int]]"
    " | np.ndarray[Any, Any]"
)

SEPARATORS = re.compile(r"[,;\s]+")


def as_palette(source: PaletteSource) -> Palette:
    """Makes a palette of what stands for one.

    Args:
        source: a `Palette`; the path of a file, see `Palette.load`; hex colours in one string, with
            commas between them; a list or tuple of hex colours, or of rows of 3 or 4 whole numbers,
            0 to 255; or an array of shape (k, 3) or (k, 4), uint8. 1 to 256 colours.

    Returns:
        The palette, in the order given.

    Raises:
        PaletteError, OSError: a file cannot be read as a palette.
        TypeError, ValueError: it is something else, or not of 1 to 256 colours.

    >>> as_palette("#f00, 00ff0080").hex()
    ['#ff0000', '#00ff0080']
    """
    if isinstance(source, Palette):
        return _counted(source)
    if isinstance(source, os.PathLike):
        return read_palette(source)
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


def _named(text: str) -> Palette:
    """Takes a file's path, or a list of hex colours where there is no such file."""
    words = [word for word in SEPARATORS.split(text) if word]
    is_list = text.lstrip().startswith("#") or all(map(is_hex, words))
    if is_list and not os.path.exists(text):
        return _listed(words)
    return read_palette(text)


def _listed(items: Sequence[Any]) -> Palette:
    try:
        data = b"".join(map(color_of, items))
    except ValueError as error:
        raise ValueError(f"palette: {error}") from None
    return _counted(Palette(data))


def _from_array(source: Any) -> Palette:
    import numpy as np

    array = np.asarray(source)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] not in (3, 4):
        raise ValueError(
            "palette: an array must have shape (k, 3) or (k, 4) and dtype uint8, "
            f"got {array.shape} and {array.dtype}"
        )
    return _counted(Palette(b"".join(bytes(row).ljust(4, b"\xff") for row in array)))


def _counted(palette: Palette) -> Palette:
    if not 1 <= len(palette) <= MAX_COLORS:
        raise ValueError(f"palette must have 1 to {MAX_COLORS} colours, got {len(palette)}")
    return palette
