"""`fewcolors compress` against pngquant: whole processes, run in turn."""

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from measure import Comparison, command_of, compare
from PIL import Image

from .lab import Lab

PHOTOS = ("kodim03", "kodim05", "kodim08", "kodim13", "kodim16", "kodim19", "kodim20", "kodim23")


class Recipe(NamedTuple):
    """What both sides are told."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]


RECIPES = {
    "classic": Recipe(("-k", "256", "--method", "classic", "--effort", "fast"), ("--nofs", "256")),
    "fast": Recipe(("--effort", "fast"), ("256",)),
    "balanced": Recipe((), ("256",)),
}


def pair_of(picture: Path, recipe: Recipe, folder: Path, n_pairs: int) -> dict[str, float]:
    """Runs both on a picture."""
    ours_path, theirs_path = folder / "ours.png", folder / "theirs.png"
    ours = [command_of("fewcolors"), "compress", str(picture), *recipe.ours]
    theirs = [command_of("pngquant"), *recipe.theirs, "--force", "-o", str(theirs_path)]
    found = compare(
        [*ours, "--again", "--force", "-o", str(ours_path)], [*theirs, str(picture)], n_pairs
    )
    sizes = ours_path.stat().st_size, theirs_path.stat().st_size
    return in_figures(found) | {
        "bytes": sizes[0],
        "their_bytes": sizes[1],
        "bytes_of_theirs": sizes[0] / sizes[1],
    }


def in_figures(found: Comparison) -> dict[str, float]:
    """Names what a comparison found."""
    return {
        "time": found.time,
        "processor_time": found.processor_time,
        "memory": found.ours.peak_bytes / found.theirs.peak_bytes,
        "seconds": found.ours.seconds,
        "their_seconds": found.theirs.seconds,
        "mib": found.ours.peak_mib,
        "their_mib": found.theirs.peak_mib,
    }


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields each photo of 768 x 512, their mean, and the large one."""
    command_of("pngquant")
    n_small, n_large = (9, 5) if lab.is_all else (5, 3)
    photos = lab.photos(*PHOTOS)
    large = lab.large()
    mean_time = {}
    for name, recipe in RECIPES.items():
        found = {photo.stem: pair_of(photo, recipe, lab.folder, n_small) for photo in photos}
        for key in ("time", "processor_time", "memory", "bytes_of_theirs"):
            yield f"{name}.mean.{key}", statistics.mean(each[key] for each in found.values())
        mean_time[name] = statistics.mean(each["seconds"] for each in found.values())
        found["large"] = pair_of(large, recipe, lab.folder, n_large)
        for picture, figures in found.items():
            for key, value in figures.items():
                yield f"{name}.{picture}.{key}", value
    yield "fast_of_balanced.time", mean_time["fast"] / mean_time["balanced"]


def measure_fading(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the large photo with alpha that fades throughout."""
    command_of("pngquant")
    path = lab.folder / "fading.png"
    save_fading(lab.large(), path)
    found = pair_of(path, RECIPES["balanced"], lab.folder, 3 if lab.is_all else 1)
    yield from found.items()


def save_fading(picture: Path, path: Path) -> None:
    """Writes a picture whose alpha falls from row to row."""
    with Image.open(picture) as image:
        alpha = Image.linear_gradient("L").resize(image.size, Image.Resampling.BILINEAR)
        image.putalpha(alpha)
        image.save(path, compress_level=6)
