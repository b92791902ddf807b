"""How much an error must count so that a photo comes out with the score asked for.

A score falls short of 100 for two reasons: what the palette cannot show, and what the size-aware
assignment gives away. Together they are

    shortfall^2.5 = given_away(fidelity)^2.5 + 0.8 (100 - ceiling)^2.5

where ``ceiling`` is the score of the nearest colours, which takes 10 ms to measure, and
``given_away`` is nearly the same for all photos, since error is weighed by what each of them hides.
docs/quality.md has how ``benchmarks/calibrate.py`` found the table and the constants, and by how
much single pictures miss.
"""

from functools import cache, lru_cache
from typing import NamedTuple

from ..exact_math import exp, log, pow
from ..options import Effort

__all__ = ["BEST_FIDELITY", "Curve", "estimated_ceiling"]

CEILING_SHORTFALL = 230.0
CEILING_POWER = 0.267
"""The ceiling is 100 - 230 error^0.267, where error is that of the palette's fit: to 1.9 points on
average, 8.4 at most (32 photos)."""

POWER = 2.5
PALETTE_SHARE = 0.8

FIDELITIES = (3000.0, 6000.0, 12000.0, 25000.0, 50000.0, 100000.0, 250000.0, 600000.0)

GIVEN_AWAY: dict[Effort, tuple[float, ...]] = {
    "fast": (83.4, 59.3, 41.5, 27.6, 18.5, 12.0, 7.0, 4.0),
    "balanced": (74.7, 53.2, 37.5, 25.7, 17.55, 11.8, 7.1, 4.3),
    "max": (71.6, 51.1, 36.2, 24.3, 16.7, 11.4, 7.1, 4.0),
}
"""The points given away at each of the fidelities.

The row of "balanced" is 0.3 % below what was calibrated with four far copies a pixel: with five the
same fidelity scores up to 0.25 points more (24 photos)."""

BEST_FIDELITY = 1e7
"""Beyond this nothing changes any more: every pixel takes the entry nearest to what it aims at."""

KNEE_GAIN = 2.0
"""Points that multiplying the fidelity by e must gain. Below it one more point costs over 15 % more
bytes; at score 60 it costs 3 %."""

KNEE_STEP = 0.05  # of the logarithm of the fidelity, in the search for the knee


def estimated_ceiling(error: float) -> float:
    """Returns what the score of the nearest colours will be about, unmeasured."""
    return 100.0 - CEILING_SHORTFALL * pow(error, CEILING_POWER)


class Curve(NamedTuple):
    """The score of one picture as a function of fidelity.

    Attributes:
        ceiling: the score of the nearest colours.
        effort: of the assignment.
        shift: to add to the logarithm of a fidelity before the table is asked: how this picture
            differs from others, as far as that has been measured.
    """

    ceiling: float
    effort: Effort
    shift: float = 0.0

    def score(self, fidelity: float) -> float:
        """Returns the score to expect."""
        return self.score_at(log(fidelity) + self.shift)

    def fidelity(self, score: float) -> float:
        """Returns the fidelity to ask for, at most that of the knee."""
        place = self._place_of(score)
        return self.knee if place is None else min(exp(place - self.shift), self.knee)

    @property
    def knee(self) -> float:
        """The fidelity from which on more of it gains next to nothing."""
        return exp(_knee_place(self._replace(shift=0.0)) - self.shift)

    def calibrated_by(self, fidelity: float, score: float) -> "Curve":
        """Returns the curve, shifted so that it passes through a measured point."""
        place = self._place_of(score)
        return self if place is None else self._replace(shift=place - log(fidelity))

    def score_at(self, place: float) -> float:
        """Returns the score at a place on the table: the logarithm of a fidelity, shifted."""
        away = exp(_interpolated(_logarithms(self.effort), place))
        return 100.0 - pow(pow(away, POWER) + self._palette_part, 1.0 / POWER)

    def _place_of(self, score: float) -> float | None:
        """Returns the place on the table that has a score; None above what the palette can show."""
        away = pow(100.0 - score, POWER) - self._palette_part
        if away <= 0.0:
            return None
        steps = [(-y, x) for x, y in _logarithms(self.effort)]
        return _interpolated(steps, -log(away) / POWER)

    @property
    def _palette_part(self) -> float:
        return PALETTE_SHARE * pow(100.0 - self.ceiling, POWER)


@cache
def _logarithms(effort: Effort) -> list[tuple[float, float]]:
    """Returns the logarithms of the fidelities and of the points given away at each."""
    points = GIVEN_AWAY[effort]
    return [(log(fidelity), log(away)) for fidelity, away in zip(FIDELITIES, points, strict=True)]


@lru_cache(maxsize=16)  # asked for several times a picture
def _knee_place(curve: Curve) -> float:
    """Returns the place of the knee on the table."""
    place, first, last = log(FIDELITIES[-1]), log(FIDELITIES[0]), log(BEST_FIDELITY)
    here, above = curve.score_at(place), curve.score_at(place + KNEE_STEP)
    while place < last and (above - here) / KNEE_STEP >= KNEE_GAIN:
        place += KNEE_STEP
        here, above = above, curve.score_at(place + KNEE_STEP)
    while place > first and (above - here) / KNEE_STEP < KNEE_GAIN:
        place -= KNEE_STEP
        here, above = curve.score_at(place), here
    return place


def _interpolated(steps: list[tuple[float, float]], x: float) -> float:
    """Interpolates between steps of rising x, and goes on straight beyond them."""
    after = next((i for i in range(1, len(steps) - 1) if x < steps[i][0]), len(steps) - 1)
    (x0, y0), (x1, y1) = steps[after - 1 : after + 1]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
