"""Whether a file or folder is of a kind that can be read in strips, by its first look."""

import os

__all__ = ["is_tiff", "is_zarr", "names_zarr"]

ZARR_EXTENSION = ".zarr"

TIFF_SIGNATURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_tiff(path: str) -> bool:
    """Whether a file begins as a TIFF or BigTIFF does."""
    try:
        if not os.path.isfile(path):
            return False
        with open(path, "rb") as file:
            return file.read(4) in TIFF_SIGNATURES
    except (OSError, ValueError):
        return False


def names_zarr(path: str) -> bool:
    """Whether a name is that of the folder of a Zarr array."""
    return path.rstrip(os.sep).lower().endswith(ZARR_EXTENSION)


def is_zarr(path: str) -> bool:
    """Whether a folder has the metadata of a Zarr array or group."""
    names = ("zarr.json", ".zarray", ".zgroup")
    return os.path.isdir(path) and any(os.path.isfile(os.path.join(path, name)) for name in names)
