"""The fewest colours that reach a score: what steers graphics, and whatever is dithered."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from ..exact_math import log, pow
from ..limits import MAX_QUALITY
from ..options import Effort, Options

__all__ = ["fewest_colors"]

FEWEST_COLORS = 2

NEAR_ENOUGH = 1.0
"""Points by which a score may fall short of the target: one more colour may cost more than they are
worth."""

LAST_POINTS = 0.5
"""Where all colours together fall short of the target, the search aims this many points below what
they reach: the last colours add next to nothing."""

CLOSE_ENOUGH: dict[Effort, float] = {"fast": 3.0, "balanced": 1.0, "max": 0.0}
"""By effort: the search ends once a score exceeds the target by no more than these points. At 3,
files are 0.5 % larger than at 0, and a quarter of the attempts are saved (59 graphics)."""

STEP_SHARE = 16
"""The search ends when the numbers of colours left differ by less than a sixteenth."""

SHORTFALL_POWER = 0.75
"""The shortfall of the score from 100 falls about with this power of the number of colours (59
graphics of 16 to 640 pixels); used for the first guess."""

LEAST_SHORTFALL = 0.1
"""Treats a perfect score as 99.9: the logarithm of 0 is undefined."""

NARROWEST = 0.1
"""Each attempt rules out at least this share of the interval that is left, in logarithms."""


class Scored(Protocol):
    """What has a score."""

    @property
    def score(self) -> float:
        """How good it looks."""


Attempt = TypeVar("Attempt", bound=Scored)


def fewest_colors(
    attempt: Callable[[int], Attempt], most: int, options: Options
) -> tuple[Attempt, float]:
    """Searches for the fewest colours that reach the score asked for.

    Args:
        attempt: makes a candidate of so many colours.
        most: the most colours to try, at least 1.
        options: quality, n_colors and effort are used.

    Returns:
        The candidate, and the score of as many colours as are allowed.
    """
    best = attempt(most)
    if options.target is None or options.target == MAX_QUALITY:
        return best, best.score
    target = min(options.target - NEAR_ENOUGH, best.score - LAST_POINTS)
    found, enough, too_few = best, most, FEWEST_COLORS - 1
    score_of_too_few: float | None = None
    beyond = target + CLOSE_ENOUGH[options.effort]
    while enough - too_few > max(1, too_few // STEP_SHARE) and found.score > beyond:
        share = _share(found.score, target, score_of_too_few, log(enough / too_few))
        n_colors = round(enough * pow(too_few / enough, share))
        n_colors = min(max(n_colors, too_few + 1), enough - 1)
        candidate = attempt(n_colors)
        if candidate.score >= target:
            found, enough = candidate, n_colors
        else:
            too_few, score_of_too_few = n_colors, candidate.score
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
    return log(max(100.0 - score, LEAST_SHORTFALL))
