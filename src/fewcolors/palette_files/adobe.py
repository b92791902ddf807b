"""Adobe's palettes: Photoshop's .aco, and .ase, the Swatch Exchange of all its programs.

Of .aco Adobe publishes a specification ("Adobe Photoshop File Formats"), .ase is known from its
files. All numbers are big-endian; names are UTF-16 and end in a zero.
"""

import struct
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import PaletteError
from .conversion import from_cmyk, from_grey, from_hsb, from_lab, from_rgb
from .text import hex_of

__all__ = ["ASE_SIGNATURE", "read_aco", "read_ase", "write_aco", "write_ase"]

ACO_COLOR = struct.Struct(">H4H")
ACO_RGB = 0
ACO_SPACES: dict[int, Callable[[int, int, int, int], bytes]] = {
    ACO_RGB: lambda r, g, b, _: from_rgb(r / 65535, g / 65535, b / 65535),
    1: lambda h, s, b, _: from_hsb(h / 65535, s / 65535, b / 65535),
    2: lambda c, m, y, k: from_cmyk(*(1 - ink / 65535 for ink in (c, m, y, k))),  # 0 is all ink
    7: lambda light, a, b, _: from_lab(light / 100, _signed(a) / 100, _signed(b) / 100),
    8: lambda ink, *_: from_grey(1 - ink / 10000),  # Photoshop's "75% Gray" is 7500: dark
    9: lambda c, m, y, k: from_cmyk(*(1 - ink / 10000 for ink in (c, m, y, k))),
}
"""The others are colour books, whose values are not in the file."""

ASE_SIGNATURE = b"ASEF"
ASE_VERSION = 0x0001_0000
ASE_COLOR = 0x0001
ASE_PROCESS = 2  # neither global nor spot
ASE_BLOCK = struct.Struct(">HI")

ASEPRITE_SIGNATURE = b"\xe0\xa5"
ASEPRITE_AT = 4


class Model(NamedTuple):
    """A colour model of .ase: how many numbers it has, and what they mean."""

    size: int
    convert: Callable[..., bytes]


ASE_MODELS: dict[bytes, Model] = {
    b"RGB ": Model(3, from_rgb),
    b"CMYK": Model(4, from_cmyk),
    b"LAB ": Model(3, lambda light, a, b: from_lab(light * 100, a, b)),
    b"GRAY": Model(1, from_grey),
}


def read_aco(data: bytes) -> list[bytes]:
    """Reads Photoshop's colour swatches, version 1, or 2 where there is no 1."""
    if len(data) < 4:
        raise _truncated("aco", 0)
    version, count = struct.unpack_from(">HH", data)
    if version not in (1, 2):
        raise PaletteError("begins as no .aco does; choose another file")
    colors: list[bytes] = []
    at = 4
    for _ in range(count):
        if at + ACO_COLOR.size > len(data):
            raise _truncated("aco", len(colors), count)
        space, *values = ACO_COLOR.unpack_from(data, at)
        if space not in ACO_SPACES:
            raise PaletteError(
                f"colour {len(colors) + 1} is of colour space {space}, which only Photoshop knows; "
                "convert it to RGB there"
            )
        colors.append(ACO_SPACES[space](*values))
        at += ACO_COLOR.size
        if version == 2:
            if at + 4 > len(data):
                raise _truncated("aco", len(colors), count)
            at += 4 + 2 * struct.unpack_from(">I", data, at)[0]
    return colors


def write_aco(colors: Sequence[bytes], _shares: Sequence[float]) -> bytes:
    """Writes version 1, and after it 2, with names, as Photoshop does."""
    parts = []
    for version in (1, 2):
        parts.append(struct.pack(">HH", version, len(colors)))
        for color in colors:
            red, green, blue, _ = color
            parts.append(ACO_COLOR.pack(ACO_RGB, 257 * red, 257 * green, 257 * blue, 0))
            if version == 2:
                name = hex_of(color)
                parts += [struct.pack(">I", len(name) + 1), _name(name)]
    return b"".join(parts)


def read_ase(data: bytes) -> list[bytes]:
    """Reads the colours of a Swatch Exchange; its groups are not looked at."""
    if not data.startswith(ASE_SIGNATURE):
        if data[ASEPRITE_AT:].startswith(ASEPRITE_SIGNATURE):
            raise PaletteError("a drawing of Aseprite's, no palette; save its palette as .gpl")
        raise PaletteError("does not begin with 'ASEF', so no Adobe .ase; choose another file")
    if len(data) < 12:
        raise _truncated("ase", 0)
    (n_blocks,) = struct.unpack_from(">I", data, 8)
    colors: list[bytes] = []
    at = 12
    for _ in range(n_blocks):
        if at + ASE_BLOCK.size > len(data):
            raise _truncated("ase", len(colors))
        kind, size = ASE_BLOCK.unpack_from(data, at)
        at += ASE_BLOCK.size
        if at + size > len(data):
            raise _truncated("ase", len(colors))
        if kind == ASE_COLOR:
            colors.append(_ase_color(data[at : at + size], len(colors)))
        at += size
    return colors


def _ase_color(block: bytes, number: int) -> bytes:
    if len(block) < 2:
        raise _truncated("ase", number)
    at = 2 + 2 * struct.unpack_from(">H", block)[0]
    name = block[at : at + 4].upper()
    model = ASE_MODELS.get(name)
    if model is None:
        raise PaletteError(f"colour {number + 1} is of an unknown model; convert it to RGB")
    if at + 4 + 4 * model.size > len(block):
        raise _truncated("ase", number)
    return model.convert(*struct.unpack_from(f">{model.size}f", block, at + 4))


def write_ase(colors: Sequence[bytes], _shares: Sequence[float]) -> bytes:
    """Writes a Swatch Exchange of RGB colours, in no group."""
    parts = [ASE_SIGNATURE, struct.pack(">II", ASE_VERSION, len(colors))]
    for color in colors:
        red, green, blue, _ = color
        name = hex_of(color)
        values = struct.pack(">3fH", red / 255, green / 255, blue / 255, ASE_PROCESS)
        block = struct.pack(">H", len(name) + 1) + _name(name) + b"RGB " + values
        parts += [ASE_BLOCK.pack(ASE_COLOR, len(block)), block]
    return b"".join(parts)


def _name(text: str) -> bytes:
    return f"{text}\0".encode("utf-16-be")


def _signed(value: int) -> int:
    return value - 65536 if value >= 32768 else value


def _truncated(name: str, n_read: int, count: int | None = None) -> PaletteError:
    of = f" of {count:,}" if count is not None else ""
    return PaletteError(f"damaged .{name}, ends after {n_read}{of} colours; get it anew")
