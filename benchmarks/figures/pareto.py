"""Bytes at an equal score: the best points of a tool, and what lies between them."""

import itertools
import math
from collections.abc import Sequence

from measure import Point

__all__ = ["bytes_at", "mean_saving", "pareto_front"]

NEGLIGIBLE_POINTS = 0.1
"""A best score this close below ours counts as equal."""

STEPS = 200
MIN_RANGE = 3.0
"""Points of score that two curves have to share before their distance says anything."""


def pareto_front(points: Sequence[Point]) -> list[Point]:
    """Returns the points that score higher than all smaller ones, the smallest first."""
    front: list[Point] = []
    for point in sorted(points, key=lambda point: (point.n_bytes, -point.score)):
        if not front or point.score > front[-1].score:
            front.append(point)
    return front


def bytes_at(target: float, front: Sequence[Point]) -> float | None:
    """Returns the bytes needed for a score, or None where it is out of reach.

    The logarithm of the bytes is interpolated. Below the lowest score it is the smallest file.
    """
    if target <= front[0].score:
        return front[0].n_bytes
    for below, above in itertools.pairwise(front):
        if target <= above.score:
            share = (target - below.score) / (above.score - below.score)
            return below.n_bytes * math.pow(above.n_bytes / below.n_bytes, share)
    return front[-1].n_bytes if target <= front[-1].score + NEGLIGIBLE_POINTS else None


def mean_saving(ours: Sequence[Point], theirs: Sequence[Point]) -> float | None:
    """Returns the share of bytes saved, over the scores that both reach.

    It is the Bjontegaard delta rate (ITU-T VCEG-M33, 2001), with lines between the points: the mean
    difference of the logarithms of the bytes.

    Returns:
        0.5 where half of the bytes are saved; None where they hardly share any scores.
    """
    fronts = pareto_front(ours), pareto_front(theirs)
    low = max(front[0].score for front in fronts)
    high = min(front[-1].score for front in fronts)
    if high - low < MIN_RANGE:
        return None
    total = 0.0
    for step in range(STEPS):
        target = low + (high - low) * (step + 0.5) / STEPS
        mine, other = (bytes_at(target, front) for front in fronts)
        assert mine is not None
        assert other is not None
        total += math.log(mine / other)
    return 1 - math.exp(total / STEPS)
