"""Tone curves: from stored values to light, and back as sRGB stores it."""

from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from math import inf, nextafter
from typing import NamedTuple, Protocol, TypeAlias

from ...exact_math import pow as exact_pow

__all__ = ["SRGB_CURVE", "Curve", "Power", "ToneCurve", "encoded", "srgb_levels"]

Power: TypeAlias = Callable[[float, float], float]

NEAR_A_LIMIT = 1e-9
"""Where light is nearer than this to a limit between two levels, it is computed exactly. The C
library's powers are better than 1e-10 of any number that a profile can hold."""


class Curve(Protocol):
    """From a stored value to light, both 0 to 1."""

    def __call__(self, value: float, power: Power = exact_pow) -> float:
        """Returns the light of a stored value; ``power`` is how to compute powers."""


class ToneCurve(NamedTuple):
    """The parametric curve of type 3: ``(scale x + offset) ^ gamma``, below knee ``slope x``."""

    gamma: float
    scale: float = 1.0
    offset: float = 0.0
    slope: float = 0.0
    knee: float = 0.0

    def light(self, value: float, power: Power = exact_pow) -> float:
        """Returns the light of a stored value."""
        if value < self.knee:
            return self.slope * value
        return power(max(self.scale * value + self.offset, 0.0), self.gamma)

    def checked(self) -> "ToneCurve":
        """Returns the curve itself.

        Raises:
            ValueError, OverflowError: its numbers are not those of a tone curve.
        """
        if self.gamma <= 0:
            raise ValueError("a tone curve that does not rise")
        for base in (self.offset, self.scale + self.offset):  # at values of 0 and 1
            exact_pow(max(base, 0.0), self.gamma)
        return self


SRGB_CURVE = ToneCurve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def encoded(light: float) -> float:
    """Returns how sRGB stores an amount of light, both 0 to 1."""
    light = min(max(light, 0.0), 1.0)
    return 12.92 * light if light <= 0.0031308 else 1.055 * exact_pow(light, 1 / 2.4) - 0.055


def srgb_levels(curve: Curve, n_levels: int) -> list[int]:
    """Returns the 8-bit level of sRGB that has the light of each stored level.

    Args:
        curve: the light of the stored values.
        n_levels: how many stored levels there are from 0 to 1.
    """
    limits, most, levels = _limits(), n_levels - 1, []
    for stored in range(n_levels):
        light = curve(stored / most, _about)
        level = bisect_right(limits, light - NEAR_A_LIMIT)
        if level != bisect_right(limits, light + NEAR_A_LIMIT):
            level = bisect_right(limits, curve(stored / most))
        levels.append(level)
    return levels


def _about(base: float, exponent: float) -> float:
    """Returns a power as the C library has it: fast, and with other last bits elsewhere."""
    return float(base**exponent)


@cache
def _limits() -> list[float]:
    """Returns the least light of each 8-bit level of sRGB but 0."""
    limits = []
    for level in range(1, 256):
        light = SRGB_CURVE.light((level - 0.5) / 255)
        while _level(light) >= level:
            light = nextafter(light, -inf)
        while _level(light) < level:
            light = nextafter(light, inf)
        limits.append(light)
    return limits


def _level(light: float) -> int:
    return int(encoded(light) * 255 + 0.5)
