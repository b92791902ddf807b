"""What results are called, as pngquant calls them."""

from ..faults import STANDARD
from .arguments import Asked

__all__ = ["target_of"]

PNG_SUFFIXES = (".png", ".PNG")
"""Those that are replaced; to any other name is added."""
DITHERED_SUFFIX = "-fs8.png"
UNDITHERED_SUFFIX = "-or8.png"


def target_of(name: str, asked: Asked) -> str:
    """Returns where the result for an input goes.

    >>> target_of("photo.png", Asked()), target_of("photo.jpg", Asked(ext="-small.png"))
    ('photo-fs8.png', 'photo.jpg-small.png')
    """
    if asked.output is not None:
        return asked.output
    if name == STANDARD:
        return STANDARD
    usual = DITHERED_SUFFIX if asked.dithers else UNDITHERED_SUFFIX
    has_stem = len(name) > len(PNG_SUFFIXES[0])
    stem = name[: -len(PNG_SUFFIXES[0])] if name.endswith(PNG_SUFFIXES) and has_stem else name
    return stem + (usual if asked.ext is None else asked.ext)
