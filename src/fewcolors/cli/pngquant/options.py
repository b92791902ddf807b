"""Translates a `Request` into options of `fewcolors.compress`."""

from ...indexed import Palette
from ...options import Effort, OptionArguments
from ..faults import Fault, reading
from .arguments import Request
from .quality import least_score_of, target_score_of
from .values import MOST_QUALITY, WrongUsage

__all__ = ["compress_options"]

FIRST_BALANCED_SPEED, FIRST_FAST_SPEED = 3, 8
"""The lowest speeds of effort "balanced" and of effort "fast". pngquant's default is 4; above 7 its
own results get visibly rougher."""


def compress_options(request: Request) -> OptionArguments:
    """Returns the options of `compress`, except the number of colours.

    Raises:
        WrongUsage: the palette cannot be read.
    """
    options = OptionArguments(effort=_effort(request.speed))
    if request.palette is not None:
        options["palette"] = _palette(request.palette)
    if request.quality is None:  # else `compress` chooses the indices by look and size
        if not request.dithers:
            options["dither"] = "none"
        elif request.floyd < 1:
            options["dither"] = request.floyd
    else:
        least, most = request.quality
        if most < MOST_QUALITY:
            options["quality"] = target_score_of(most)
        if least > 0:
            options["min_quality"] = least_score_of(least)
    return options


def _palette(path: str) -> Palette:
    try:
        with reading(path, "name a picture in it"):
            return Palette.load(path)
    except Fault as fault:
        raise WrongUsage(f"  error: {fault}") from None


def _effort(speed: int) -> Effort:
    if speed < FIRST_BALANCED_SPEED:
        return "max"
    return "balanced" if speed < FIRST_FAST_SPEED else "fast"
