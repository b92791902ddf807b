"""Pictures larger than memory, on one machine (``pip install "fewcolors[gigapixel]"``).

    read/      tiled TIFF, BigTIFF and Zarr: a row of tiles at a time
    sample     windows, on which looks are compared
    plan       palette, and the way in which pixels take their entries
    pipeline   the stages, strip by strip
    target     where the result goes, whole or not at all
    write/     palette PNG, tiled TIFF, Zarr: strip by strip

`fewcolors compress` comes here for pictures above its limits; `compress_large` is the function.
"""

from .pipeline import NotSmallerError, StreamedResult, compress_large

__all__ = ["NotSmallerError", "StreamedResult", "compress_large"]
