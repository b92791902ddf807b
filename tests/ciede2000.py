"""Colour differences as people see them: CIEDE2000, and the Lab it takes, in NumPy.

Source: Sharma, Wu, Dalal, "The CIEDE2000 color-difference formula", 2005.
"""

from typing import Any

import numpy as np

SRGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(srgb: Any) -> Any:
    """From sRGB, 0 to 1, to light."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def lab_of_srgb(srgb: Any) -> Any:
    """From sRGB, 0 to 1, to CIE Lab under its own white."""
    return lab_of_light(linear(np.asarray(srgb, float)))


def lab_of_light(light: Any) -> Any:
    """From linear sRGB to CIE Lab."""
    ratio = light @ SRGB_TO_XYZ.T / SRGB_TO_XYZ.sum(axis=1)
    cube = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(cube, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(one: Any, other: Any) -> Any:
    """The difference of Lab colours, elementwise."""
    l1, a1, b1 = np.moveaxis(np.asarray(one, float), -1, 0)
    l2, a2, b2 = np.moveaxis(np.asarray(other, float), -1, 0)
    mean_c7 = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean_c7 / (mean_c7 + 25.0**7))
    c1, c2 = np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2)
    h1 = np.degrees(np.arctan2(b1, a1 * stretch)) % 360
    h2 = np.degrees(np.arctan2(b2, a2 * stretch)) % 360
    grey = c1 * c2 == 0
    turn = np.where(grey, 0, (h2 - h1 + 180) % 360 - 180)
    mean_h = np.where(grey, h1 + h2, (h1 + h2) / 2)
    wraps = ~grey & (np.abs(h1 - h2) > 180)
    mean_h = np.where(wraps, np.where(h1 + h2 < 360, mean_h + 180, mean_h - 180), mean_h)
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2

    def cosine(times: float, plus: float) -> Any:
        return np.cos(np.radians(times * mean_h + plus))

    t = 1 - 0.17 * cosine(1, -30) + 0.24 * cosine(2, 0) + 0.32 * cosine(3, 6) - 0.2 * cosine(4, -63)
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    rotation = 60 * np.exp(-(((mean_h - 275) / 25) ** 2))
    r_t = -2 * np.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)) * np.sin(np.radians(rotation))
    light, c = (l2 - l1) / s_l, (c2 - c1) / s_c
    h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2) / s_h
    return np.sqrt(light * light + c * c + h * h + r_t * c * h)
