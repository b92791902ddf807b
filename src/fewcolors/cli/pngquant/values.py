"""Parses the values of options, and refuses them in pngquant's words."""

import re
from typing import NamedTuple, NoReturn

from .statuses import WRONG_ARGUMENT

__all__ = [
    "DEFAULT_SPEED",
    "FASTEST",
    "MOST_COLORS",
    "MOST_QUALITY",
    "QualityRange",
    "WrongUsage",
    "read_bits",
    "read_colors",
    "read_floyd",
    "read_quality",
    "read_speed",
]

LEAST_COLORS, MOST_COLORS = 2, 256
SLOWEST, FASTEST = 1, 11
DEFAULT_SPEED = 4
MOST_BITS = 4
MOST_QUALITY = 100
ONE_QUALITY_SHARE = 0.9
"""A quality without a range is the maximum; this share of it is the minimum."""


class QualityRange(NamedTuple):
    """The quality below which nothing is written, and the one to aim at, 0 to 100."""

    least: int
    most: int


class WrongUsage(Exception):
    """The command line is wrong; the text says how, and is all that is printed.

    Attributes:
        status: the exit status.
        shows_usage: whether the usage is printed too.
    """

    def __init__(
        self, message: str, status: int = WRONG_ARGUMENT, *, shows_usage: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.shows_usage = shows_usage


def _integer(text: str, low: int, high: int, message: str) -> int:
    if not re.fullmatch(r"\+?\d+", text) or not low <= int(text) <= high:
        raise WrongUsage(message)
    return int(text)


def read_speed(text: str) -> int:
    """Parses a speed."""
    return _integer(text, SLOWEST, FASTEST, "Speed should be between 1 (slow) and 11 (fast).")


def read_bits(text: str) -> int:
    """Parses a number of bits to drop."""
    message = "Posterization should be number of bits in range 0-4."
    return _integer(text, 0, MOST_BITS, message)


def read_colors(text: str) -> int:
    """Parses a number of colours; 0 means the default."""
    message = "Number of colors must be between 2 and 256."
    if re.fullmatch("0+", text):
        return MOST_COLORS
    return _integer(text, LEAST_COLORS, MOST_COLORS, message)


def read_floyd(text: str) -> float:
    """Parses a strength of dithering."""
    try:
        strength = float(text)
    except ValueError:
        strength = -1.0  # out of range, for the same message
    if not 0 <= strength <= 1:
        raise WrongUsage("--floyd argument must be in 0..1 range")
    return strength


def read_quality(text: str) -> QualityRange:
    """Parses a quality given as N, -N, N- or N-M."""
    match = re.fullmatch(r"(?P<least>\d*)(?P<dash>-?)(?P<most>\d*)", text, re.ASCII)
    if match is None or not (match["least"] or match["most"]):
        _refuse_quality()
    least, most = match["least"], match["most"]
    if not match["dash"]:
        found = QualityRange(int(ONE_QUALITY_SHARE * int(least)), int(least))
    else:
        found = QualityRange(int(least or 0), int(most or MOST_QUALITY))
    if not found.least <= found.most <= MOST_QUALITY:
        _refuse_quality()
    return found


def _refuse_quality() -> NoReturn:
    raise WrongUsage(
        "Quality should be in format min-max where min and max are numbers in range 0-100."
    )
