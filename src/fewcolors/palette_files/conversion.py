"""From the colour spaces of palette files to 8-bit sRGB, with full alpha.

Out-of-range values are clipped, as sRGB cannot show them. Numbers that are none are a fault.
"""

import math

from ..errors import PaletteError
from ..exact_math import pow

__all__ = ["from_cmyk", "from_grey", "from_hsb", "from_lab", "from_rgb"]

WHITE_D50 = (0.96422, 1.0, 0.82521)
"""XYZ of the white that Adobe's Lab values are relative to."""

XYZ_D50_TO_LINEAR_SRGB = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)
"""With Bradford's adaptation to D65; Lindbloom, "RGB/XYZ Matrices"."""

LAB_EPSILON = 216 / 24389
LAB_KAPPA = 24389 / 27
"""Where CIE's cube root turns into a line, and how steep that is."""


def from_rgb(red: float, green: float, blue: float) -> bytes:
    """Rounds values of 0 to 1."""
    if not all(map(math.isfinite, (red, green, blue))):
        raise PaletteError("has a colour whose values are no numbers; get it anew")
    return bytes(round(255 * min(max(value, 0), 1)) for value in (red, green, blue)) + b"\xff"


def from_grey(light: float) -> bytes:
    """Takes 0, black, to 1, white."""
    return from_rgb(light, light, light)


def from_hsb(hue: float, saturation: float, brightness: float) -> bytes:
    """Takes hue, saturation and brightness of 0 to 1."""
    import colorsys

    return from_rgb(*colorsys.hsv_to_rgb(hue, saturation, brightness))


def from_cmyk(cyan: float, magenta: float, yellow: float, black: float) -> bytes:
    """Takes inks of 0 to 1, and has each let through what it does not cover: no profile."""
    return from_rgb(*((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)))


def from_lab(light: float, a: float, b: float) -> bytes:
    """Takes CIE Lab relative to D50: lightness 0 to 100, a and b about -128 to 127."""
    middle = (light + 16) / 116
    xyz = [
        white * _from_cube_root(root)
        for white, root in zip(WHITE_D50, (middle + a / 500, middle, middle - b / 200), strict=True)
    ]
    linear = (
        math.fsum(factor * value for factor, value in zip(row, xyz, strict=True))
        for row in XYZ_D50_TO_LINEAR_SRGB
    )
    return from_rgb(*map(_encoded, linear))


def _from_cube_root(root: float) -> float:
    cube = root * root * root
    return cube if cube > LAB_EPSILON else (116 * root - 16) / LAB_KAPPA


def _encoded(linear: float) -> float:
    """Applies the transfer curve of sRGB (IEC 61966-2-1)."""
    if linear <= 0.0031308:
        return 12.92 * linear
    if not math.isfinite(linear):
        return linear
    return 1.055 * pow(min(linear, 1.0), 1 / 2.4) - 0.055
