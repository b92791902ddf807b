"""Reads pictures that are larger than memory: tiled TIFF, and Zarr."""

import os

from ...decode.faults import decoding
from ...errors import UnsupportedFormatError
from ..kinds import is_tiff
from .source import Source

__all__ = ["open_source"]


def open_source(path: str, n_threads: int = 1, *, keep_profile: bool = False) -> Source:
    """Opens a picture to be read a strip at a time.

    Args:
        path: of a TIFF, or of the folder of a Zarr array.
        n_threads: threads that decode tiles.
        keep_profile: whether RGB of a colour profile stays as it is.

    Raises:
        DecodeError: it is damaged, or of a kind that is not read here.
        ImportError: tifffile or zarr is not installed.
        OSError: it cannot be read.
    """
    if os.path.isdir(path):
        from .zarr import ZarrSource

        with decoding():
            return ZarrSource(path)
    if not is_tiff(path):
        with open(path, "rb"):  # whose fault comes first
            pass
        raise UnsupportedFormatError("neither a TIFF nor a Zarr array; compress reads it whole")
    from .tiff import TiffSource

    with decoding():
        return TiffSource(path, n_threads, keep_profile=keep_profile)
