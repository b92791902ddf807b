"""Pictures larger than memory, on one machine (``pip install "fewcolors[gigapixel]"``).

    read/      tiled TIFF, BigTIFF and Zarr: a row of tiles at a time
    sample     windows, on which looks are compared
    plan       palette, and the way in which pixels take their entries
    pipeline   the stages, strip by strip
    target     where the result goes, whole or not at all
    write/     palette PNG, tiled TIFF, Zarr: strip by strip

`fewcolors compress` comes here for pictures above its limits; `compress_large` is the function.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .pipeline import NotSmallerError, StreamedResult, compress_large

__all__ = ["NotSmallerError", "StreamedResult", "compress_large"]


def __getattr__(name: str) -> Any:
    """Imports a public name: `kinds` is asked by every command, and needs no NumPy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import pipeline

    return getattr(pipeline, name)
