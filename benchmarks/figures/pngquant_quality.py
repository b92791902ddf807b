"""What pngquant's qualities score, by which `fewcolors-pngquant` translates them."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from calibrate_pngquant import reached
from measure import command_of, on_all_processors, score

from .lab import Lab

QUALITIES = (30, 50, 60, 70, 80, 90, 95)


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields medians, lower quartiles and mean misses over photos and graphics."""
    command_of("pngquant")
    photos = lab.photos()
    pictures = [*photos, *lab.pictures("graphics")]
    for quality in QUALITIES:

        def score_of(numbered: tuple[int, Path], quality: int = quality) -> float | None:
            number, path = numbered
            target = lab.folder / f"quality{number}.png"
            if reached(path, quality, target) < quality:
                return None
            return score(path.read_bytes(), target.read_bytes())

        scores = on_all_processors(score_of, enumerate(pictures))
        found = [value for value in scores if value is not None]
        of_photos = [value for value in scores[: len(photos)] if value is not None]
        lower, median, _ = statistics.quantiles(found, n=4)
        yield f"q{quality}.median", median
        yield f"q{quality}.lower_quartile", lower
        yield f"q{quality}.photos.mean_miss", mean_distance(of_photos, median)
        yield f"q{quality}.mean_miss", mean_distance(found, median)


def mean_distance(values: list[float], center: float) -> float:
    """Returns how far values are from a centre."""
    return statistics.mean(abs(value - center) for value in values)
