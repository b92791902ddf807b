"""The fewest colours that reach a score: what steers graphics, and whatever is dithered."""

import math
from collections.abc import Callable

from ..assign import Choice
from ..options import MAX_QUALITY, Effort, Options

__all__ = ["fewest_colors"]

FEWEST_COLORS = 2

NEAR_ENOUGH = 1.0
"""Points by which a score may fall short: the next colour may cost more than they are worth."""

LAST_POINTS = 0.5
"""Where all colours fall short of the score, those that add no more than this together are left
out: the knee of a graphic."""

CLOSE_ENOUGH: dict[Effort, float] = {"fast": 3.0, "balanced": 1.0, "max": 0.0}
"""By effort: points above what is aimed at from which on nothing less is looked for. At 3 files are
0.5 % larger than at 0, and a quarter of the looks are saved (59 graphics)."""

CLOSEST = 16
"""Numbers of colours closer than a sixteenth are as good as the same."""

SHORTFALL_POWER = 0.75
"""By which power of the number of colours the score's distance from 100 falls, about (59 graphics
of 16 to 640 pixels): for the first guess."""

LEAST_SHORTFALL = 0.1
"""So far from 100 counts a score that is there: its logarithm is taken."""

NARROWEST = 0.1
"""Each look leaves out at least this share, in logarithms, of what was between the last two."""


def fewest_colors(
    look: Callable[[int], Choice], most: int, options: Options
) -> tuple[Choice, float]:
    """Searches for the fewest colours that reach the score asked for.

    Args:
        look: makes a choice of so many colours.
        most: the most colours to try, at least 1.
        options: quality, n_colors and effort are used.

    Returns:
        The choice, and the score of as many colours as are allowed.
    """
    best = look(most)
    if options.target is None or options.target == MAX_QUALITY:
        return best, best.score
    target = min(options.target - NEAR_ENOUGH, best.score - LAST_POINTS)
    found, enough, too_few = best, most, FEWEST_COLORS - 1
    score_of_too_few: float | None = None
    beyond = target + CLOSE_ENOUGH[options.effort]
    while enough - too_few > max(1, too_few // CLOSEST) and found.score > beyond:
        share = _share(found.score, target, score_of_too_few, math.log(enough / too_few))
        n_colors = round(enough * (too_few / enough) ** share)
        n_colors = min(max(n_colors, too_few + 1), enough - 1)
        attempt = look(n_colors)
        if attempt.score >= target:
            found, enough = attempt, n_colors
        else:
            too_few, score_of_too_few = n_colors, attempt.score
    return found, best.score


def _share(high: float, target: float, low: float | None, width: float) -> float:
    """Returns where between two numbers of colours a score should be reached.

    Args:
        high: the score of the larger number.
        target: the score to reach.
        low: that of the smaller one; None if it is not known.
        width: the logarithm of the ratio of both.

    Returns:
        The share of the width, from the larger number on, not too near to either.
    """
    here, there = _log_shortfall(high), _log_shortfall(target)
    whole = SHORTFALL_POWER * width if low is None else _log_shortfall(low) - here
    return min(max((there - here) / whole, NARROWEST), 1.0 - NARROWEST)


def _log_shortfall(score: float) -> float:
    return math.log(max(100.0 - score, LEAST_SHORTFALL))
