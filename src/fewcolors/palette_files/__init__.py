"""Palettes as files: one module a family of formats, and here which is which.

Readers take a file's bytes and return its colours, four bytes each, in order. Writers take colours
and their shares, and return a file's bytes. What cannot be read or written is a `PaletteError`.
"""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import PaletteError
from ..limits import MAX_COLORS
from . import adobe, gimp, picture, text

__all__ = ["FORMATS", "Format", "encode_colors", "format_of_path", "read_colors"]

MAX_BYTES = 1 << 20
"""Of files that are no pictures: far more than 256 colours with long names can take."""

GUESSED_BYTES = 64


class Format(NamedTuple):
    """A file format of palettes.

    Attributes:
        read: from a file's bytes to its colours.
        write: from colours and their shares (none, or one for each) to a file's bytes.
        has_alpha: whether it stores alpha.
        is_text: whether it can be printed on a terminal.
    """

    read: Callable[[bytes], list[bytes]]
    write: Callable[[Sequence[bytes], Sequence[float]], bytes]
    has_alpha: bool
    is_text: bool


FORMATS: dict[str, Format] = {
    "hex": Format(text.read_hex, text.write_hex, has_alpha=True, is_text=True),
    "css": Format(text.read_css, text.write_css, has_alpha=True, is_text=True),
    "json": Format(text.read_json, text.write_json, has_alpha=True, is_text=True),
    "gpl": Format(gimp.read_gpl, gimp.write_gpl, has_alpha=False, is_text=True),
    "aco": Format(adobe.read_aco, adobe.write_aco, has_alpha=False, is_text=False),
    "ase": Format(adobe.read_ase, adobe.write_ase, has_alpha=False, is_text=False),
    "png": Format(picture.read_picture, picture.write_png, has_alpha=True, is_text=False),
}
"""By the names that are their extensions too."""


def read_colors(path: str | os.PathLike[str]) -> list[bytes]:
    """Reads the 1 to 256 colours of a palette file; see `Palette.load`."""
    with open(path, "rb") as file:
        data = file.read(MAX_BYTES + 1)
        if picture.is_picture(data):
            data += file.read()
    name = _format_of(data, os.fspath(path))
    if name != "png" and len(data) > MAX_BYTES:
        raise PaletteError(f"larger than {MAX_BYTES // 1024} KiB, no palette; choose another file")
    colors = FORMATS[name].read(data)
    if not 1 <= len(colors) <= MAX_COLORS:
        count = f"{len(colors):,} colours" if colors else "no colours"
        raise PaletteError(f"has {count}, and a palette 1 to {MAX_COLORS}; choose another file")
    return colors


def encode_colors(colors: Sequence[bytes], shares: Sequence[float], name: str) -> bytes:
    """Encodes colours as a palette file.

    Args:
        colors: 1 to 256 entries of four bytes.
        shares: the share of the pixels of each, 0 to 1; empty where that is not known.
        name: of the format, one of `FORMATS`.

    Returns:
        The bytes of the file.

    Raises:
        PaletteError: some colours are not opaque, and the format stores no alpha.
    """
    n_translucent = sum(color[3] < 255 for color in colors)
    if not FORMATS[name].has_alpha and n_translucent:
        names = ", ".join(other for other, format_ in FORMATS.items() if format_.has_alpha)
        raise PaletteError(
            f"{name} has no transparency, and {n_translucent} of "
            f"{len(colors)} colours are not opaque; choose one of {names}"
        )
    return FORMATS[name].write(colors, shares)


def format_of_path(path: str | os.PathLike[str]) -> str | None:
    """Returns the format that a path's extension names, or None."""
    extension = os.path.splitext(os.fspath(path))[1].lower().lstrip(".")
    return extension if extension in FORMATS else None


def _format_of(data: bytes, path: str) -> str:
    """Tells by how a file begins, and else by its name, what it is."""
    if not data:
        raise PaletteError("empty, no palette; choose another file")
    if picture.is_picture(data):
        return "png"  # stands for pictures of all kinds
    for name, sign in (("ase", adobe.ASE_SIGNATURE), ("gpl", gimp.SIGNATURE)):
        if data.startswith(sign):
            return name
    if (name_ := format_of_path(path)) is not None and name_ != "png":
        return name_
    start = data[:GUESSED_BYTES].removeprefix(text.BYTE_ORDER_MARK).lstrip()
    if start.startswith((b"{", b"[")):
        return "json"
    if start and text.is_hex(start.split()[0].decode("latin-1")):
        return "hex"
    known = ", ".join(f".{name}" for name in FORMATS if name != "png")
    raise PaletteError(f"not a picture, and no palette of a known format ({known})")
