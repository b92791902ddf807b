"""Bytes at an equal score: fewcolors at its default against other tools that write palettes.

    pip install pngquant-cli scikit-image scikit-learn  # and ImageMagick, from its own installer
    python benchmarks/against_others.py kodim03.png kodim05.png kodim13.png kodim23.png

The pictures are four of scikit-image's, two of scikit-learn's and those given. Every tool sees the
same PNG. The others run dithered and not, at several numbers of colours, and oxipng level 2
recompresses what they write, so that only the choice of colours and indices is compared; the file
of fewcolors stays as it is. Among a tool's points (bytes, SSIMULACRA 2) the best are joined by
lines, which tell the bytes it needs for the score that fewcolors reaches; where none scores as
high, its best is told. The last row is the geometric mean over the pictures where it gets there.
"""

import functools
import io
import itertools
import math
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from measure import (
    PNGQUANT_COLORS,
    Point,
    command_of,
    output_of,
    pngquant,
    print_table,
    recompressed,
    score,
)
from PIL import Image, features

import fewcolors

SAMPLES = {
    "skimage.data": ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg"),
    "sklearn.datasets.images": ("china.jpg", "flower.jpg"),
}

COLORS = (16, 32, 64, 128, 192, 256)
PNGQUANT_QUALITIES = (60, 75, 90)
OXIPNG_LEVEL = 2
NEGLIGIBLE_POINTS = 0.1
"""A best score this close below ours counts as equal."""


def of_pngquant(picture: bytes) -> Iterator[bytes]:
    """Yields what pngquant makes of a PNG."""
    settings = [[str(n)] for n in PNGQUANT_COLORS]
    settings += [["--quality", f"0-{quality}", "256"] for quality in PNGQUANT_QUALITIES]
    for setting in settings:
        for dithers in (True, False):
            yield pngquant(picture, *setting, dithers=dithers)


def of_pillow(picture: bytes, method: Image.Quantize) -> Iterator[bytes]:
    """Yields what Pillow makes of a PNG; it dithers where it is given the palette."""
    image = Image.open(io.BytesIO(picture))
    for n_colors in COLORS:
        plain = image.quantize(n_colors, method)
        for quantized in (plain, image.quantize(palette=plain, dither=Image.Dither.FLOYDSTEINBERG)):
            file = io.BytesIO()
            quantized.save(file, "PNG", optimize=True)
            yield file.getvalue()


def of_imagemagick(picture: bytes) -> Iterator[bytes]:
    """Yields what ImageMagick makes of a PNG; version 7 calls itself magick."""
    command = command_of("magick" if shutil.which("magick") else "convert")
    for n_colors in COLORS:
        for dither in ("FloydSteinberg", "None"):
            setting = ["-dither", dither, "-colors", str(n_colors)]
            yield output_of([command, "png:-", *setting, "png8:-"], picture)


TOOLS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "pngquant": of_pngquant,
    "Pillow, median cut": functools.partial(of_pillow, method=Image.Quantize.MEDIANCUT),
    "Pillow, max coverage": functools.partial(of_pillow, method=Image.Quantize.MAXCOVERAGE),
    "Pillow, fast octree": functools.partial(of_pillow, method=Image.Quantize.FASTOCTREE),
    "ImageMagick": of_imagemagick,
}
if features.check("libimagequant"):
    TOOLS["Pillow, libimagequant"] = functools.partial(
        of_pillow, method=Image.Quantize.LIBIMAGEQUANT
    )


def read_as_png(path: Path) -> bytes:
    """Returns a picture as a PNG of 8-bit RGB and nothing else."""
    with Image.open(path) as image:
        bare = Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())
    file = io.BytesIO()
    bare.save(file, "PNG")
    return file.getvalue()


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


def mean_of(ratios: Sequence[float], n_pictures: int) -> str:
    """Words a tool's geometric mean over the pictures whose score it reaches."""
    if not ratios:
        return "never as good"
    words = f"{statistics.geometric_mean(ratios) - 1:+.0%}"
    return words if len(ratios) == n_pictures else f"{words} on {len(ratios)} of {n_pictures}"


def main(paths: list[str]) -> None:
    """Prints a table."""
    samples = [Path(str(files(package) / name)) for package in SAMPLES for name in SAMPLES[package]]
    pictures = [*samples, *map(Path, paths)]
    rows = []
    ratios: dict[str, list[float]] = {tool: [] for tool in TOOLS}
    for path in pictures:
        picture = read_as_png(path)
        ours = fewcolors.compress(picture).data
        target = score(picture, ours)
        row = [path.stem, f"{target:.1f}", f"{len(ours) / 1000:.0f} kB"]
        for tool, outputs_of in TOOLS.items():
            front = pareto_front(
                [
                    Point(len(recompressed(output, OXIPNG_LEVEL)), score(picture, output))
                    for output in outputs_of(picture)
                ]
            )
            n_bytes = bytes_at(target, front)
            if n_bytes is None:
                row.append(f"at best {front[-1].score:.1f} in {front[-1].n_bytes / 1000:.0f} kB")
            else:
                ratios[tool].append(n_bytes / len(ours))
                row.append(f"{n_bytes / 1000:.0f} kB ({ratios[tool][-1] - 1:+.0%})")
        rows.append(row)
    means = [mean_of(of_tool, len(pictures)) for of_tool in ratios.values()]
    print_table(["", "score", "fewcolors", *TOOLS], [*rows, ["mean", "", "", *means]])


if __name__ == "__main__":
    main(sys.argv[1:])
