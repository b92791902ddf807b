"""Whether our score is SSIMULACRA 2, and what it costs."""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measure import module_of, score
from PIL import Image

import fewcolors
from fewcolors import _core

from .lab import Lab

PHOTOS = ("kodim03", "kodim13", "kodim23")
COLORS = (16, 256)
TIMES = 21


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the largest difference from the Python package, and the time of a photo's score."""
    package = module_of("ssimulacra2", "ssimulacra2")
    differences = []
    photos = lab.photos(*PHOTOS)
    with tempfile.TemporaryDirectory(dir=lab.folder) as folder:
        plain, distorted = Path(folder, "plain.png"), Path(folder, "distorted.png")
        for photo in photos:
            for n_colors in COLORS:
                data = fewcolors.compress(photo, n_colors).data
                with Image.open(photo) as image:
                    image.convert("RGB").save(plain)
                distorted.write_bytes(data)
                with Image.open(distorted) as image:
                    image.convert("RGB").save(distorted)
                theirs = package.compute_ssimulacra2(str(plain), str(distorted))
                differences.append(abs(theirs - score(photo.read_bytes(), data)))
    yield "difference", max(differences)
    if lab.is_timed:
        with Image.open(photos[0]) as image:
            pixels, size = image.convert("RGB").tobytes(), image.size
        yield "milliseconds", 1000 * statistics.median(seconds_of(pixels, size))


def seconds_of(pixels: bytes, size: tuple[int, int]) -> Iterator[float]:
    """Yields the time of scoring a picture, again and again."""
    for _ in range(TIMES):
        start = time.perf_counter()
        _core.ssimulacra2(pixels, pixels, *size, os.cpu_count() or 1)
        yield time.perf_counter() - start
