"""What docs/quality.md says: how far the table of fidelities misses, and where the knee is."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from calibrate import misses_of, scores_of
from measure import on_all_processors
from PIL import Image

import fewcolors
from fewcolors.options import EFFORTS

from .lab import Lab

CROP = (1536, 1024)
CROPS = (("louvre-original", 0.1), ("louvre-original", 0.5), ("louvre-original", 0.9))
FULL, KNEE = 100, 95


def photos_of(lab: Lab) -> list[Path]:
    """Returns Kodak's photos, scikit-learn's, two large ones and three crops of one."""
    paths = [*lab.photos(), lab.sample("china"), lab.sample("flower")]
    for name, share in CROPS:
        path = lab.folder / f"crop{share}.png"
        with Image.open(lab.pictures("large", f"{name}.*")[0]) as image:
            left, top = (
                int(share * (side - crop)) for side, crop in zip(image.size, CROP, strict=True)
            )
            image.crop((left, top, left + CROP[0], top + CROP[1])).save(path)
        paths.append(path)
    return paths


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the misses of each effort, and what lies between the knee and the ceiling."""
    photos = photos_of(lab)
    for effort in EFFORTS:
        measured = [scores_of(photo, effort) for photo in photos]
        misses = misses_of(measured)
        yield f"{effort}.mean_miss", statistics.mean(misses)
        yield f"{effort}.most_miss", max(misses)
        if effort == "fast":
            fast = on_all_processors(ceiling_at_fast, photos)
            off = [abs(a - b) for a, (b, _) in zip(fast, measured, strict=True)]
            yield "fast.ceiling.mean_miss", statistics.mean(off)
            yield "fast.ceiling.most_miss", max(off)
    beyond = on_all_processors(points_beyond_knee, lab.photos())
    yield "knee.points.least", min(beyond)
    yield "knee.points.most", max(beyond)


def ceiling_at_fast(photo: Path) -> float:
    """Returns the ceiling that effort "fast" estimates."""
    return fewcolors.compress(photo, effort="fast", n_threads=1).ceiling


def points_beyond_knee(photo: Path) -> float:
    """Returns what the best of 256 colours scores above the knee."""
    full, knee = (
        fewcolors.compress(photo, quality=quality, n_threads=1).score for quality in (FULL, KNEE)
    )
    return full - knee
