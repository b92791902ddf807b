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
    "known_extensions",
    "names_another_format",
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

FOREIGN_EXTENSIONS = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".jxl", ".jp2", ".j2k", ".jpx"),
        *(".avif", ".avifs", ".heic", ".heif", ".hif", ".mp4", ".webm"),
        *(".ico", ".icns", ".psd", ".tga", ".dds", ".qoi", ".exr", ".hdr", ".dng"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".pam"),
        *(".svg", ".svgz", ".pdf", ".eps", ".ps", ".txt", ".json", ".html"),
    )
)
"""Of well-known formats that are not written."""


def format_of(path: str) -> Format | None:
    """Returns the format that a file's name stands for, if it is one that is written.

    >>> format_of("small.TIF"), format_of("small.jpg")
    ('tiff', None)
    """
    extension = _extension(path)
    return next((name for name, known in EXTENSIONS.items() if extension in known), None)


def names_another_format(path: str, format_: Format) -> bool:
    """Whether a file's name says that it is of another format, written or not.

    >>> names_another_format("a.jpg", "png"), names_another_format("a.gif", "png")
    (True, True)
    >>> names_another_format("a.apng", "png"), names_another_format("a.part", "png")
    (False, False)
    """
    return format_of(path) not in (None, format_) or _extension(path) in FOREIGN_EXTENSIONS


def known_extensions() -> str:
    """Returns the extensions of all formats that are written, as messages list them."""
    return ", ".join(extension for known in EXTENSIONS.values() for extension in known)


def _extension(path: str) -> str:
    return os.path.splitext(path)[1].lower()
