"""Bytes at an equal score: fewcolors at its default against other tools that write palettes.

The pictures are four of scikit-image's, two of scikit-learn's and four of Kodak's. Every tool sees
the same PNG. The others run dithered and not, at several numbers of colours, and oxipng level 2
recompresses what they write, so that only the choice of colours and indices is compared; the file
of fewcolors stays as it is. Among a tool's points (bytes, SSIMULACRA 2) the best are joined by
lines, which tell the bytes it needs for the score that fewcolors reaches; where none scores as
high, its best is told.
"""

import functools
import io
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import (
    IMAGEMAGICK,
    PNGQUANT_COLORS,
    MissingError,
    Point,
    command_of,
    module_of,
    on_all_processors,
    output_of,
    pngquant,
    recompressed,
    score,
    shown_version,
)
from PIL import Image, features

import fewcolors

from .lab import SAMPLES, Lab, read_as_png
from .pareto import bytes_at, pareto_front

KODAK = ("kodim03", "kodim05", "kodim13", "kodim23")
PICTURES = (*SAMPLES, *KODAK)

COLORS = (16, 32, 64, 128, 192, 256)
PNGQUANT_QUALITIES = (60, 75, 90)
OXIPNG_LEVEL = 2
VIPS_COLORS = (4, 16, 256)
"""libvips 8.18 writes only as many colours as a bit depth numbers, and fails with others."""

CAESIUM_QUALITIES = (20, 40, 50, 60, 70, 80, 85, 90, 95)


def of_pngquant(picture: bytes) -> Iterator[bytes]:
    """Yields what pngquant makes of a PNG."""
    settings = [[str(n)] for n in PNGQUANT_COLORS]
    settings += [["--quality", f"0-{quality}", "256"] for quality in PNGQUANT_QUALITIES]
    for setting in settings:
        for dithers in (True, False):
            yield pngquant(picture, *setting, dithers=dithers)


def of_pillow(picture: bytes, method: Image.Quantize) -> Iterator[bytes]:
    """Yields what Pillow makes of a PNG; it dithers where it is given the palette."""
    if method == Image.Quantize.LIBIMAGEQUANT and not features.check("libimagequant"):
        raise MissingError("this Pillow is built without libimagequant")
    image = Image.open(io.BytesIO(picture))
    for n_colors in COLORS:
        plain = image.quantize(n_colors, method)
        for quantized in (plain, image.quantize(palette=plain, dither=Image.Dither.FLOYDSTEINBERG)):
            file = io.BytesIO()
            quantized.save(file, "PNG", optimize=True)
            yield file.getvalue()


def of_imagemagick(picture: bytes) -> Iterator[bytes]:
    """Yields what ImageMagick makes of a PNG; version 7 calls itself magick."""
    names = [name for name in ("magick", "convert") if shown_version(name).startswith(IMAGEMAGICK)]
    if not names:
        raise MissingError("ImageMagick is not installed: it comes from its own installer")
    for n_colors in COLORS:
        for dither in ("FloydSteinberg", "None"):
            setting = ["-dither", dither, "-colors", str(n_colors)]
            yield output_of([command_of(names[0]), "png:-", *setting, "png8:-"], picture)


def of_libvips(picture: bytes) -> Iterator[bytes]:
    """Yields what libvips makes of a PNG."""
    vips = module_of("pyvips", "pyvips-binary")
    image = vips.Image.new_from_buffer(picture, "")
    for n_colors in VIPS_COLORS:
        for dither in (1.0, 0.0):
            data: bytes = image.pngsave_buffer(
                palette=True, colours=n_colors, Q=100, dither=dither, effort=10
            )
            yield data


def of_caesium(picture: bytes) -> Iterator[bytes]:
    """Yields what Caesium makes of a PNG."""
    command = command_of("caesiumclt")
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "picture.png"), Path(folder, "out")
        source.write_bytes(picture)
        for quality in CAESIUM_QUALITIES:
            output_of([command, "-q", str(quality), "-Q", "-o", str(target), str(source)])
            yield (target / source.name).read_bytes()


TOOLS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "pngquant": of_pngquant,
    "median_cut": functools.partial(of_pillow, method=Image.Quantize.MEDIANCUT),
    "max_coverage": functools.partial(of_pillow, method=Image.Quantize.MAXCOVERAGE),
    "fast_octree": functools.partial(of_pillow, method=Image.Quantize.FASTOCTREE),
    "libimagequant": functools.partial(of_pillow, method=Image.Quantize.LIBIMAGEQUANT),
    "imagemagick": of_imagemagick,
    "libvips": of_libvips,
    "caesium": of_caesium,
}


def pictures_of(lab: Lab) -> dict[str, bytes]:
    """Returns the ten pictures as PNGs."""
    paths = [*map(lab.sample, SAMPLES), *lab.photos(*KODAK)]
    return {path.stem: read_as_png(path) for path in paths}


def measure_ours(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields bytes and score of fewcolors at its default."""
    pictures = pictures_of(lab)
    results = on_all_processors(
        functools.partial(fewcolors.compress, n_threads=1), pictures.values()
    )
    for (name, picture), result in zip(pictures.items(), results, strict=True):
        yield f"{name}.bytes", result.bytes_out
        yield f"{name}.score", score(picture, result.data)


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the bytes that each tool needs for the same score, or its best."""
    module_of("oxipng", "oxipng-pybind")
    pictures = pictures_of(lab)
    ours = {name: fewcolors.compress(picture).data for name, picture in pictures.items()}
    targets = {name: score(picture, ours[name]) for name, picture in pictures.items()}
    for name, data in ours.items():
        yield f"{name}.fewcolors.bytes", len(data)
        yield f"{name}.fewcolors.score", targets[name]
    for tool, outputs_of in TOOLS.items():
        ratios = []
        try:
            fronts = {name: front_of(picture, outputs_of) for name, picture in pictures.items()}
        except MissingError as reason:
            print(f"    no column {tool}: {reason}", flush=True)
            continue
        for name, front in fronts.items():
            n_bytes = bytes_at(targets[name], front)
            if n_bytes is not None:
                ratios.append(n_bytes / len(ours[name]))
                yield f"{name}.{tool}.bytes", n_bytes
                yield f"{name}.{tool}.more_bytes", ratios[-1] - 1
            else:
                yield f"{name}.{tool}.best_score", front[-1].score
                yield f"{name}.{tool}.best_bytes", front[-1].n_bytes
        yield f"{tool}.reached", len(ratios)
        if ratios:
            yield f"{tool}.mean_more_bytes", statistics.geometric_mean(ratios) - 1


def front_of(picture: bytes, outputs_of: Callable[[bytes], Iterator[bytes]]) -> list[Point]:
    """Returns the best points of a tool on a picture."""
    outputs = list(outputs_of(picture))
    return pareto_front(on_all_processors(functools.partial(point_of, picture), outputs))


def point_of(picture: bytes, output: bytes) -> Point:
    """Returns bytes and score of a tool's output."""
    return Point(len(recompressed(output, OXIPNG_LEVEL)), score(picture, output))
