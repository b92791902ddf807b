"""Writes ICC profiles of colour spaces that a file describes by a few numbers: cICP, gAMA, cHRM."""

import struct
from typing import NamedTuple

from .icc_read import CURVE_TAGS, HEADER_BYTES, MATRIX_TAGS, TAG_BYTES, Matrix, Vector
from .tone_curves import ToneCurve

__all__ = ["SRGB_PRIMARIES", "Primaries", "build_profile"]

D50: Vector = (0.9642, 1.0, 0.8249)
"""XYZ of the white to which the colours of every profile are adapted."""

BRADFORD: Matrix = (
    (0.8951, 0.2664, -0.1614),
    (-0.7502, 1.7135, 0.0367),
    (0.0389, -0.0685, 1.0296),
)
"""The matrix from XYZ to cone responses, which are scaled to adapt colours to another white (ICC.1,
annex E)."""


class Primaries(NamedTuple):
    """Chromaticities (x, y) of white, red, green and blue."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]


SRGB_PRIMARIES = Primaries((0.3127, 0.3290), (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))


def build_profile(name: str, matrix: Matrix | Primaries, curve: ToneCurve) -> bytes:
    """Builds a display profile, version 4.

    Args:
        name: its description.
        matrix: XYZ of red, green and blue adapted to D50, or their chromaticities.
        curve: of all three.

    Returns:
        The profile.

    Raises:
        ValueError: the chromaticities span no space.
    """
    colorants = _colorants(matrix) if isinstance(matrix, Primaries) else matrix
    curve_tag = struct.pack(">4sIHH", b"para", 0, 3, 0) + _packed(*curve)
    tags = [
        (b"desc", _text(name)),
        (b"cprt", _text("No copyright, use freely")),
        (b"wtpt", _xyz(D50)),
        *((tag, _xyz(colorant)) for tag, colorant in zip(MATRIX_TAGS, colorants, strict=True)),
        *((tag, curve_tag) for tag in CURVE_TAGS),
    ]
    at = HEADER_BYTES + 4 + TAG_BYTES * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for tag, data in tags:
        table += struct.pack(">4sII", tag, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", at + len(body), b"", 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    # A fixed date: the same input gives the same bytes.
    header += struct.pack(">6H4s", 2000, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _packed(*D50)
    return header.ljust(HEADER_BYTES, b"\0") + table + body


def _packed(*values: float) -> bytes:
    try:
        return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))
    except struct.error as error:
        raise ValueError("a number too large for a profile") from error


def _xyz(vector: Vector) -> bytes:
    return b"XYZ \0\0\0\0" + _packed(*vector)


def _text(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(data), 28) + data


def _colorants(primaries: Primaries) -> Matrix:
    """Returns XYZ of red, green and blue, adapted from their own white to D50."""
    try:
        white, *columns = (_xyz_of(*point) for point in primaries)
        weights = _solved(_transposed((columns[0], columns[1], columns[2])), white)
        source, target = _times(BRADFORD, white), _times(BRADFORD, D50)
        gains = [wanted / had for wanted, had in zip(target, source, strict=True)]
    except ZeroDivisionError as error:
        raise ValueError("chromaticities that span no space") from error

    def adapted(colorant: Vector) -> Vector:
        cones = _times(BRADFORD, colorant)
        return _solved(BRADFORD, (cones[0] * gains[0], cones[1] * gains[1], cones[2] * gains[2]))

    red, green, blue = (
        adapted((x * weight, y * weight, z * weight))
        for (x, y, z), weight in zip(columns, weights, strict=True)
    )
    return red, green, blue


def _xyz_of(x: float, y: float) -> Vector:
    return x / y, 1.0, (1 - x - y) / y


def _transposed(matrix: Matrix) -> Matrix:
    a, b, c = matrix
    return (a[0], b[0], c[0]), (a[1], b[1], c[1]), (a[2], b[2], c[2])


def _times(matrix: Matrix, vector: Vector) -> Vector:
    a, b, c = (sum(x * y for x, y in zip(row, vector, strict=True)) for row in matrix)
    return a, b, c


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _solved(matrix: Matrix, vector: Vector) -> Vector:
    """Returns x of ``matrix x = vector``, by Cramer's rule."""
    a, b, c = _transposed(matrix)

    def volume(p: Vector, q: Vector, r: Vector) -> float:
        return sum(x * y for x, y in zip(p, _cross(q, r), strict=True))

    whole = volume(a, b, c)
    return volume(vector, b, c) / whole, volume(a, vector, c) / whole, volume(a, b, vector) / whole
