"""What is asked for in pngquant's words, in those of `fewcolors.compress`."""

from ...indexed import Palette
from ...options import Effort, OptionArguments
from ..faults import Fault, reading
from .arguments import Asked
from .quality import aim_of, least_of
from .values import MOST_QUALITY, WrongUsage

__all__ = ["settings_of"]

SLOWEST_BALANCED, SLOWEST_FAST = 3, 8
"""The speeds at which an effort begins. pngquant's default is 4; above 7 its own results get
visibly rougher."""


def settings_of(asked: Asked) -> OptionArguments:
    """Returns the options of `compress`, but for the number of colours.

    Raises:
        WrongUsage: there is no palette where one should be.
    """
    settings = OptionArguments(effort=_effort(asked.speed))
    if asked.palette is not None:
        settings["palette"] = _palette(asked.palette)
    if asked.quality is None:  # with one, indices are chosen for look and size together
        if not asked.dithers:
            settings["dither"] = "none"
        elif asked.floyd < 1:
            settings["dither"] = asked.floyd
    else:
        least, most = asked.quality
        if most < MOST_QUALITY:
            settings["quality"] = aim_of(most)
        if least > 0:
            settings["min_quality"] = least_of(least)
    return settings


def _palette(path: str) -> Palette:
    try:
        with reading(path):
            return Palette.load(path)
    except Fault as fault:
        raise WrongUsage(str(fault)) from None


def _effort(speed: int) -> Effort:
    if speed < SLOWEST_BALANCED:
        return "max"
    return "balanced" if speed < SLOWEST_FAST else "fast"
