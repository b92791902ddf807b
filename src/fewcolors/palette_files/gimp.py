"""GIMP's palettes, .gpl: three numbers and a name a line. Krita, Inkscape and others read them."""

import re
from collections.abc import Sequence

from ..errors import PaletteError
from .text import hex_of

__all__ = ["SIGNATURE", "read_gpl", "write_gpl"]

SIGNATURE = b"GIMP Palette"

COLOR = re.compile(r"\s*(\d{1,9})\s+(\d{1,9})\s+(\d{1,9})(?:\s+(\d{1,9})(?!\S))?", re.ASCII)
FIELD = re.compile(r"\w+:")

RGBA_FIELD = "Channels: RGBA"
"""Aseprite's: the fourth number of each line is the alpha, not the beginning of a name."""


def read_gpl(data: bytes) -> list[bytes]:
    """Reads a GIMP palette, or Aseprite's with alpha."""
    if not data.startswith(SIGNATURE):
        raise PaletteError("does not begin with 'GIMP Palette', so no .gpl; choose another file")
    lines = data.decode("utf-8", errors="replace").splitlines()
    has_alpha = RGBA_FIELD in map(str.strip, lines)
    colors: list[bytes] = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        match = COLOR.match(line)
        if match is None:
            if FIELD.match(line) and not colors:
                continue
            raise PaletteError(f"line {number} is no colour such as '255 128 0'; mend or remove it")
        values = [int(value) for value in match.groups()[: 4 if has_alpha else 3] if value]
        if max(values) > 255:
            raise PaletteError(f"line {number}: {max(values)} is above 255; mend or remove it")
        colors.append(bytes(values).ljust(4, b"\xff"))
    return colors


def write_gpl(colors: Sequence[bytes], _shares: Sequence[float]) -> bytes:
    """Writes a GIMP palette, each colour named as CSS writes it."""
    lines = ["GIMP Palette", "Name: fewcolors", "Columns: 0", "#"]
    for color in colors:
        red, green, blue, _ = color
        lines.append(f"{red:3} {green:3} {blue:3}\t{hex_of(color)}")
    return "\n".join([*lines, ""]).encode()
