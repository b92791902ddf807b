"""Bytes and scores of the default at each effort, and how far the score is from what was asked."""

import statistics
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from measure import on_all_processors, score

import fewcolors
from fewcolors.options import DEFAULT_QUALITY, EFFORTS, Effort

from .lab import Lab

WITHIN_REACH = 2.0
"""Where the ceiling is closer to what was asked for, the palette decides rather than the effort."""


class Outcome(NamedTuple):
    """What came of one picture."""

    n_bytes: int
    score: float
    ceiling: float
    n_bytes_reparsed: int


def outcome_of(path: Path, effort: Effort) -> Outcome:
    """Compresses a picture; its score is measured, not taken from the report."""
    result = fewcolors.compress(path, effort=effort, n_threads=1)
    reparsed = fewcolors.encode_png(result.indexed, effort)
    measured = score(path.read_bytes(), result.data)
    return Outcome(result.bytes_out, measured, result.ceiling, len(reparsed))


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields means over Kodak's photos and over the graphics."""
    for kind, pictures in (("photos", lab.photos()), ("graphics", lab.pictures("graphics"))):
        size_of: dict[Effort, float] = {}
        for effort in EFFORTS:
            found = on_all_processors(partial(outcome_of, effort=effort), pictures)
            size_of[effort] = statistics.mean(outcome.n_bytes for outcome in found)
            yield f"{kind}.{effort}.bytes", size_of[effort]
            yield f"{kind}.{effort}.score", statistics.mean(outcome.score for outcome in found)
            if kind == "photos":
                yield from misses(effort, found)
        for effort in ("fast", "max"):
            yield f"{kind}.{effort}.bytes_of_balanced", size_of[effort] / size_of["balanced"]


def misses(effort: Effort, found: list[Outcome]) -> Iterator[tuple[str, float]]:
    """Yields how far photos are from the score asked for, and what following the plan costs."""
    target = DEFAULT_QUALITY
    off = [
        abs(outcome.score - target) for outcome in found if outcome.ceiling >= target + WITHIN_REACH
    ]
    yield f"photos.{effort}.mean_miss", statistics.mean(off)
    yield f"photos.{effort}.most_miss", max(off)
    if effort == "fast":
        ratios = [outcome.n_bytes / outcome.n_bytes_reparsed for outcome in found]
        yield "photos.fast.bytes_of_reparsed", statistics.mean(ratios)
