"""Pictures with alpha and 256 colours beside pngquant's: the error on three backgrounds."""

from collections.abc import Iterator

from alpha import pixels_of, row_of
from measure import command_of, pngquant
from PIL import Image

import fewcolors

from .lab import Lab

COLORS = 256
SMALL_PIXELS = 2_000_000
"""Larger pictures take a run of all."""


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields how many times pngquant's error ours is, at worst, and the pixels no longer exact."""
    command_of("pngquant")
    for path in lab.pictures("alpha"):
        with Image.open(path) as image:
            is_small = image.width * image.height <= SMALL_PIXELS
        if not (is_small or lab.is_all):
            continue
        original = pixels_of(path)
        _, errors, n_strays = row_of("", original, fewcolors.compress(path, COLORS).data)
        theirs = pngquant(path.read_bytes(), str(COLORS), dithers=False)
        _, other_errors, _ = row_of("", original, theirs)
        name = path.stem.replace(".", "-")
        yield f"{name}.strays", n_strays
        yield (
            f"{name}.error_above_pngquant",
            max(mine - other for mine, other in zip(errors, other_errors, strict=True)),
        )
