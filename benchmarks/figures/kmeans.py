"""fewcolors.KMeans against sklearn.cluster.KMeans: the same arguments on the same pixels.

Ten photos are scaled to 961 x 641 and given to both, the one right after the other.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from measure import module_of
from PIL import Image

import fewcolors

from .lab import Lab

SIZE = (961, 641)
KODAK = ("kodim01", "kodim05", "kodim08", "kodim13", "kodim19", "kodim23")
SAMPLES = ("china", "flower")
LARGE = ("Akihabara", "Louvre")
RECIPES: dict[str, dict[str, Any]] = {
    "k16": {"n_clusters": 16, "n_init": 10, "max_iter": 300},
    "k256": {"n_clusters": 256, "n_init": 1, "max_iter": 300},
}
DTYPES = ("uint8", "float64", "float32")
"""A run takes the first only, unless it takes all."""

OUR_RUNS = 3
"""Of ours the median is taken, since one takes a tenth of a second."""


class Fit(NamedTuple):
    """One fit."""

    seconds: float
    processor_seconds: float
    inertia: float


def timed_fit(estimator: Any, pixels: Any) -> Fit:
    """Fits, and says what it took."""
    start, processor_start = time.perf_counter(), time.process_time()
    estimator.fit(pixels)
    seconds, processor_seconds = (
        time.perf_counter() - start,
        time.process_time() - processor_start,
    )
    return Fit(seconds, processor_seconds, float(estimator.inertia_))


def photos_of(lab: Lab) -> list[Path]:
    """Returns the ten photos."""
    large = [lab.pictures("large", f"{name}.*")[0] for name in LARGE]
    return [*lab.photos(*KODAK), *map(lab.sample, SAMPLES), *large]


def scaled(path: Path, dtype: str) -> Any:
    """Returns a photo's pixels, (616001, 3)."""
    with Image.open(path) as image:
        photo = image.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    return np.asarray(photo, dtype).reshape(-1, 3)


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields medians and the range of the ratios, and means of the inertia's."""
    clusters = module_of("sklearn.cluster", "scikit-learn")
    photos = photos_of(lab)
    for recipe, arguments in RECIPES.items():
        for dtype in DTYPES if lab.is_all else DTYPES[:1]:
            ours, theirs = [], []
            for path in photos:
                pixels = scaled(path, dtype)
                fits = [
                    timed_fit(fewcolors.KMeans(**arguments, random_state=0), pixels)
                    for _ in range(OUR_RUNS)
                ]
                ours.append(Fit(*map(statistics.median, zip(*fits, strict=True))))
                estimator = clusters.KMeans(**arguments, random_state=0)
                theirs.append(timed_fit(estimator, pixels))
            for name, value in compared(ours, theirs):
                yield f"{recipe}.{dtype}.{name}", value


def compared(ours: list[Fit], theirs: list[Fit]) -> Iterator[tuple[str, float]]:
    """Yields what fits of the same photos say together."""
    pairs = list(zip(ours, theirs, strict=True))
    faster = [other.seconds / mine.seconds for mine, other in pairs]
    on_processor = [other.processor_seconds / mine.processor_seconds for mine, other in pairs]
    yield "seconds", statistics.mean(fit.seconds for fit in ours)
    yield "their_seconds", statistics.mean(fit.seconds for fit in theirs)
    yield "times_faster", statistics.median(faster)
    yield "times_faster.least", min(faster)
    yield "times_faster.most", max(faster)
    yield "times_faster.processor", statistics.median(on_processor)
    yield (
        "inertia_of_theirs",
        statistics.mean(mine.inertia / other.inertia for mine, other in pairs),
    )
