"""Tone curves: from stored values to light, and back as sRGB stores it."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

__all__ = ["SRGB_CURVE", "Curve", "ToneCurve", "encoded"]

Curve: TypeAlias = Callable[[float], float]
"""From a stored value to light, both 0 to 1."""


class ToneCurve(NamedTuple):
    """The parametric curve of type 3: ``(scale x + offset) ^ gamma``, below knee ``slope x``."""

    gamma: float
    scale: float = 1.0
    offset: float = 0.0
    slope: float = 0.0
    knee: float = 0.0

    def light(self, value: float) -> float:
        """Returns the light of a stored value."""
        if value < self.knee:
            return self.slope * value
        return float(max(self.scale * value + self.offset, 0.0) ** self.gamma)


SRGB_CURVE = ToneCurve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def encoded(light: float) -> float:
    """Returns how sRGB stores an amount of light, both 0 to 1."""
    light = min(max(light, 0.0), 1.0)
    return float(12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055)
