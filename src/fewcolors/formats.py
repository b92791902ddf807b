"""The formats of files that are written: their names and extensions."""

import os
from typing import Literal, get_args

__all__ = [
    "EXTENSIONS",
    "FORMATS",
    "FORMAT_CHOICES",
    "FORMAT_NAMES",
    "Format",
    "FormatChoice",
    "format_of",
]

Format = Literal["png", "gif", "webp", "tiff", "bmp"]
FormatChoice = Literal["png", "gif", "webp", "tiff", "bmp", "auto"]

FORMATS: tuple[Format, ...] = get_args(Format)
FORMAT_CHOICES: tuple[FormatChoice, ...] = get_args(FormatChoice)

FORMAT_NAMES: dict[Format, str] = {
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "tiff": "TIFF",
    "bmp": "BMP",
}
"""As `Pixels.format` has them."""

EXTENSIONS: dict[Format, tuple[str, ...]] = {
    "png": (".png", ".apng"),
    "gif": (".gif",),
    "webp": (".webp",),
    "tiff": (".tiff", ".tif"),
    "bmp": (".bmp",),
}
"""The first is that of targets that we name."""


def format_of(path: str) -> Format | None:
    """Returns the format that a file's name stands for, if it is one that is written.

    >>> format_of("small.TIF"), format_of("small.jpg")
    ('tiff', None)
    """
    extension = os.path.splitext(path)[1].lower()
    return next((name for name, known in EXTENSIONS.items() if extension in known), None)
