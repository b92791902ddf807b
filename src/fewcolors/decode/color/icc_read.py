"""Reads from ICC profiles what tells sRGB from other spaces, and the tone curves.

Converting is left to littlecms. Source of the format: ICC.1:2022.
"""

import struct
from typing import TypeAlias

from ...exact_math import pow as exact_pow
from .tone_curves import Curve, Power, ToneCurve, encoded

__all__ = [
    "CURVE_TAGS",
    "HEADER_BYTES",
    "MATRIX_TAGS",
    "TAG_BYTES",
    "Matrix",
    "Vector",
    "is_srgb",
    "read_curves",
    "read_matrix",
    "space_of",
]

Vector: TypeAlias = tuple[float, float, float]
Matrix: TypeAlias = tuple[Vector, Vector, Vector]

HEADER_BYTES = 128
TAG_BYTES = 12
MOST_TAGS = 100
"""Real profiles have some twenty."""

SRGB_COLORANTS: Matrix = (
    (0.4360, 0.2225, 0.0139),
    (0.3851, 0.7169, 0.0971),
    (0.1431, 0.0606, 0.7141),
)
"""XYZ of red, green and blue, adapted to D50."""

NEAR_COLORANT = 0.003
"""Profiles of sRGB differ by up to 0.001 from each other, other spaces by 0.1 from sRGB."""

NEAR_LEVEL = 1 / 255
PROBES = [level / 255 for level in range(0, 256, 15)]

MATRIX_TAGS = (b"rXYZ", b"gXYZ", b"bXYZ")
CURVE_TAGS = (b"rTRC", b"gTRC", b"bTRC")


def space_of(icc: bytes) -> str:
    """Returns the colour space of a profile's values, "RGB", "GRAY", "CMYK" or another.

    Raises:
        ValueError: it is no profile.
    """
    if len(icc) < HEADER_BYTES + 4 or icc[36:40] != b"acsp":
        raise ValueError("no ICC profile")
    return icc[16:20].decode("latin-1").strip()


def is_srgb(icc: bytes) -> bool:
    """Whether the colours of an RGB profile are those of sRGB, to within a level of 8 bits.

    Hundreds of files describe sRGB, so their numbers are compared. Profiles with tables, such as
    "sRGB v4 ICC preference", are recognized by name. littlecms is not needed, whose import takes
    5 ms.
    """
    if space_of(icc) != "RGB":
        return False
    if b"A2B0" in _tags(icc):
        is_named = b"sRGB" in icc or "sRGB".encode("utf-16-be") in icc
        return icc[12:16] == b"spac" and is_named
    matrix, curves = read_matrix(icc), read_curves(icc)
    if matrix is None or curves is None:
        return False
    return all(
        abs(got - want) <= NEAR_COLORANT
        for colorant, srgb in zip(matrix, SRGB_COLORANTS, strict=True)
        for got, want in zip(colorant, srgb, strict=True)
    ) and all(
        abs(encoded(curve(probe)) - probe) <= NEAR_LEVEL for curve in curves for probe in PROBES
    )


def read_matrix(icc: bytes) -> Matrix | None:
    """Returns XYZ of red, green and blue, or None for a profile that has tables instead."""
    tags = _tags(icc)
    if b"A2B0" in tags or any(name not in tags for name in MATRIX_TAGS):
        return None
    red, green, blue = (_fixed(tags[name], 8, 3) for name in MATRIX_TAGS)
    return (
        (red[0], red[1], red[2]),
        (green[0], green[1], green[2]),
        (blue[0], blue[1], blue[2]),
    )


def read_curves(icc: bytes) -> list[Curve] | None:
    """Returns the tone curves, one (grey) or three, or None for a profile that has tables instead.

    Raises:
        ValueError, OverflowError, struct.error: they are damaged.
    """
    tags = _tags(icc)
    names = (b"kTRC",) if space_of(icc) == "GRAY" else CURVE_TAGS
    if b"A2B0" in tags or any(name not in tags for name in names):
        return None
    curves = {data: _curve(data) for data in {tags[name] for name in names}}
    return [curves[tags[name]] for name in names]


def _tags(icc: bytes) -> dict[bytes, bytes]:
    """Returns the data of each tag, from its type on."""
    count = min(struct.unpack_from(">I", icc, HEADER_BYTES)[0], MOST_TAGS)
    tags = {}
    for number in range(count):
        at = HEADER_BYTES + 4 + number * TAG_BYTES
        name, offset, size = struct.unpack_from(">4sII", icc, at)
        tags[name] = icc[offset : offset + size]
    return tags


def _fixed(data: bytes, at: int, count: int) -> list[float]:
    return [value / 65536 for value in struct.unpack_from(f">{count}i", data, at)]


def _curve(data: bytes) -> Curve:
    if data[:4] == b"para":
        return _parametric(data)
    if data[:4] != b"curv":
        raise ValueError("a tone curve of no known type")
    count = struct.unpack_from(">I", data, 8)[0]
    if count == 0:
        return ToneCurve(1.0).light
    if count == 1:
        return ToneCurve(struct.unpack_from(">H", data, 12)[0] / 256).checked().light
    table: list[float] = [value / 65535 for value in struct.unpack_from(f">{count}H", data, 12)]

    last = len(table) - 1

    def sampled(value: float, power: Power = exact_pow) -> float:
        place = value * last
        below = min(int(place), last - 1)
        return table[below] + (place - below) * (table[below + 1] - table[below])

    return sampled


def _parametric(data: bytes) -> Curve:
    kind = struct.unpack_from(">H", data, 8)[0]
    if kind > 4:
        raise ValueError("a parametric curve of no known type")
    gamma, *rest = _fixed(data, 12, (1, 3, 4, 5, 7)[kind])
    if kind == 0:
        return ToneCurve(gamma).checked().light
    scale, offset = rest[:2]
    if kind == 3:
        return ToneCurve(gamma, scale, offset, *rest[2:]).checked().light
    if kind == 4:
        slope, knee, above, below = rest[2:]
    else:  # types 1 and 2 are flat up to where the power begins
        slope, knee = 0.0, -offset / scale
        above = below = rest[2] if kind == 2 else 0.0
    bent = ToneCurve(gamma, scale, offset, slope, knee).checked()

    def shifted(value: float, power: Power = exact_pow) -> float:
        return bent.light(value, power) + (above if value >= knee else below)

    return shifted
