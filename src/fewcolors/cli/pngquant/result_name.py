"""Names results as pngquant does."""

from ..faults import STANDARD
from .arguments import Request

__all__ = ["target_of"]

PNG_SUFFIXES = (".png", ".PNG")
"""Endings that the suffix replaces; it is appended to any other name."""
DITHERED_SUFFIX = "-fs8.png"
UNDITHERED_SUFFIX = "-or8.png"


def target_of(name: str, request: Request) -> str:
    """Returns the name of the result for an input, "-" for standard output.

    >>> target_of("photo.png", Request()), target_of("photo.jpg", Request(ext="-small.png"))
    ('photo-fs8.png', 'photo.jpg-small.png')
    """
    if request.output is not None:
        return request.output
    if name == STANDARD:
        return STANDARD
    usual = DITHERED_SUFFIX if request.dithers else UNDITHERED_SUFFIX
    has_stem = len(name) > len(PNG_SUFFIXES[0])
    stem = name[: -len(PNG_SUFFIXES[0])] if name.endswith(PNG_SUFFIXES) and has_stem else name
    return stem + (usual if request.ext is None else request.ext)
