"""How much an error must count so that a photo comes out with the score asked for.

A score falls short of 100 for two reasons: what the palette cannot show, and what the size-aware
assignment gives away. Together they are

    shortfall^2.5 = given_away(fidelity)^2.5 + 0.8 (100 - ceiling)^2.5

where ``ceiling`` is the score of the nearest colours, which takes 10 ms to measure, and
``given_away`` is nearly the same for all photos, since error is weighed by what each of them hides.
docs/quality.md has how ``benchmarks/calibrate.py`` found the table and the constants, and by how
much single pictures miss.
"""

import math
from typing import NamedTuple

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
    "balanced": (75.1, 53.5, 37.6, 25.8, 17.6, 11.8, 7.1, 4.3),
    "max": (71.6, 51.1, 36.2, 24.3, 16.7, 11.4, 7.1, 4.0),
}
"""The points given away at each of the fidelities."""

LOGARITHMS = {
    effort: [
        (math.log(fidelity), math.log(away))
        for fidelity, away in zip(FIDELITIES, points, strict=True)
    ]
    for effort, points in GIVEN_AWAY.items()
}
"""Those of both, which are asked for some fifty times a picture."""

BEST_FIDELITY = 1e7
"""Beyond this nothing changes any more: every pixel takes the entry nearest to what it aims at."""

KNEE_GAIN = 2.0
"""Points that multiplying the fidelity by e must gain. Below it one more point costs over 15 % more
bytes; at score 60 it costs 3 %."""

KNEE_STEP = 0.05  # of the logarithm of the fidelity, in the search for the knee


def estimated_ceiling(error: float) -> float:
    """Returns what the score of the nearest colours will be about, unmeasured."""
    shortfall: float = CEILING_SHORTFALL * error**CEILING_POWER
    return 100.0 - shortfall


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
        away = math.exp(_interpolated(self._steps, math.log(fidelity) + self.shift))
        shortfall: float = (away**POWER + self._palette_part) ** (1.0 / POWER)
        return 100.0 - shortfall

    def fidelity(self, score: float) -> float:
        """Returns the fidelity to ask for, at most that of the knee."""
        knee = self.knee
        away = (100.0 - score) ** POWER - self._palette_part
        if away <= 0.0:
            return knee
        steps = [(-y, x) for x, y in self._steps]
        wanted = math.exp(_interpolated(steps, -math.log(away) / POWER) - self.shift)
        return min(wanted, knee)

    @property
    def knee(self) -> float:
        """The fidelity from which on more of it gains next to nothing."""
        place = math.log(FIDELITIES[-1])
        last = math.log(BEST_FIDELITY)
        while place < last and self._gain(place) >= KNEE_GAIN:
            place += KNEE_STEP
        while place > math.log(FIDELITIES[0]) and self._gain(place) < KNEE_GAIN:
            place -= KNEE_STEP
        return math.exp(place - self.shift)

    def calibrated_by(self, fidelity: float, score: float) -> "Curve":
        """Returns the curve, shifted so that it passes through a measured point."""
        away = (100.0 - score) ** POWER - self._palette_part
        if away <= 0.0:
            return self
        steps = [(-y, x) for x, y in self._steps]
        place = _interpolated(steps, -math.log(away) / POWER)
        return self._replace(shift=place - math.log(fidelity))

    def _gain(self, place: float) -> float:
        here = math.exp(place - self.shift)
        return (self.score(here * math.exp(KNEE_STEP)) - self.score(here)) / KNEE_STEP

    @property
    def _palette_part(self) -> float:
        part: float = PALETTE_SHARE * (100.0 - self.ceiling) ** POWER
        return part

    @property
    def _steps(self) -> list[tuple[float, float]]:
        return LOGARITHMS[self.effort]


def _interpolated(steps: list[tuple[float, float]], x: float) -> float:
    """Interpolates between steps of rising x, and goes on straight beyond them."""
    after = next((i for i in range(1, len(steps) - 1) if x < steps[i][0]), len(steps) - 1)
    (x0, y0), (x1, y1) = steps[after - 1 : after + 1]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
