"""Measures how the score of a photo follows from fidelity: the table in ``fidelity.py``.

    python benchmarks/calibrate.py PHOTO...

Every photo is assigned at each of the table's fidelities, at each effort, and scored. Printed are
the points given away, of which the median over the photos is what the table should have, and how
far a photo misses the score that the table of all the others promises.
"""

import argparse
import statistics
from pathlib import Path

from fewcolors import decode
from fewcolors.histogram import build_histogram
from fewcolors.options import EFFORTS, Effort, Options
from fewcolors.palette import build_palette
from fewcolors.quality.fidelity import FIDELITIES, PALETTE_SHARE, POWER
from fewcolors.quality.score import score_nearest, score_size_aware
from fewcolors.weigh import weigh

LOWEST_SCORE = 40.0
"""Below it, nobody asks for a score, and the table need not hit it."""


def scores_of(photo: Path, effort: Effort) -> tuple[float, list[float]]:
    """Returns the score of the nearest colours, and those at each fidelity."""
    options = Options(effort=effort)
    pixels = decode(photo)
    weights = weigh(pixels, options)
    if weights.is_graphic:
        raise SystemExit(f"{photo} is a graphic, which is not steered by fidelity")
    histogram = build_histogram(pixels, options.threads, weights)
    palette = build_palette(histogram, options)
    ceiling = score_nearest(pixels, histogram, palette, options).score
    scores = [
        score_size_aware(pixels, weights, palette, fidelity, options).score
        for fidelity in FIDELITIES
    ]
    return ceiling, scores


def given_away(ceiling: float, score: float) -> float:
    """Returns the points that the assignment gives away, by the formula of ``fidelity.py``."""
    away = (100.0 - score) ** POWER - PALETTE_SHARE * (100.0 - ceiling) ** POWER
    points: float = max(away, 0.0) ** (1.0 / POWER)
    return points


def expected(ceiling: float, away: float) -> float:
    """Returns the score where so many points are given away."""
    shortfall: float = (away**POWER + PALETTE_SHARE * (100.0 - ceiling) ** POWER) ** (1.0 / POWER)
    return 100.0 - shortfall


def points_away(measured: list[tuple[float, list[float]]]) -> list[list[float]]:
    """Returns, for each fidelity, the points that each photo gives away."""
    return [
        [given_away(ceiling, scores[step]) for ceiling, scores in measured]
        for step in range(len(FIDELITIES))
    ]


def misses_of(measured: list[tuple[float, list[float]]]) -> list[float]:
    """Returns how far each photo's scores are from those that the table of all others promises."""
    misses = []
    for step, points in enumerate(points_away(measured)):
        for photo, (ceiling, scores) in enumerate(measured):
            others = points[:photo] + points[photo + 1 :]
            if scores[step] >= LOWEST_SCORE and others:
                misses.append(abs(scores[step] - expected(ceiling, statistics.median(others))))
    return misses


def report(effort: Effort, measured: list[tuple[float, list[float]]]) -> None:
    """Prints the table's row for an effort, and its misses."""
    misses = misses_of(measured)
    row = ", ".join(f"{statistics.median(points):.1f}" for points in points_away(measured))
    print(
        f'"{effort}": ({row}),  # misses by {statistics.mean(misses):.2f}, at most '
        f"{max(misses):.1f} ({len(misses)} scores)",
        flush=True,
    )


def main() -> None:
    """Runs the calibration."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="+", type=Path)
    photos = parser.parse_args().photos
    for effort in EFFORTS:
        report(effort, [scores_of(photo, effort) for photo in photos])


if __name__ == "__main__":
    main()
