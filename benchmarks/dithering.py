"""The scores of dithering, none, ordered and by error diffusion, beside pngquant and Pillow.

    pip install pngquant-cli
    python benchmarks/dithering.py PICTURE.png... [--anchors FILE] [--colors N...]

The same number of colours for all, means over the pictures. pngquant runs as `--floyd=1` and as
`--nofs`, and the better of the two, picture by picture, is a column of its own; Pillow dithers by
Floyd and Steinberg onto the palette of its median cut. `--anchors` reads pngquant's from a file,
see `measure.pngquant_anchors`.
"""

import argparse
import io
import os
import statistics
from collections.abc import Iterator
from pathlib import Path

from measure import pngquant, pngquant_anchors, print_table, score
from PIL import Image

import fewcolors
from fewcolors.options import Dither
from fewcolors.quality.dithering import dithered

COLORS = (8, 16, 64, 256)
DITHERS: tuple[Dither | float, ...] = ("none", "ordered", 0.5, 0.8, 1.0, "auto")


def of_fewcolors(path: Path, n_colors: int) -> Iterator[tuple[str, float]]:
    """Yields the score of each way to dither, with the same palette."""
    options = fewcolors.Options(n_colors=n_colors)
    pixels = fewcolors.decode(path)
    weights = fewcolors.weigh(pixels, options)
    histogram = fewcolors.build_histogram(pixels, os.cpu_count() or 1, weights)
    palette = fewcolors.build_palette(histogram, options)
    for how in DITHERS:
        choice = dithered(pixels, histogram, palette, options._replace(dither=how))
        yield str(how), choice.score


def of_pngquant(path: Path, n_colors: int, known: dict[tuple[int, bool], float]) -> list[float]:
    """Returns the scores of pngquant's PNGs, dithered and not."""
    picture = path.read_bytes()
    return [
        known.get((n_colors, dithers))
        or score(picture, pngquant(picture, str(n_colors), dithers=dithers))
        for dithers in (True, False)
    ]


def of_pillow(path: Path, n_colors: int) -> float:
    """Returns the score of Pillow's dithering."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    file = io.BytesIO()
    palette = image.quantize(n_colors)
    image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(file, "PNG")
    return score(path.read_bytes(), file.getvalue())


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--anchors", type=Path)
    parser.add_argument("--colors", nargs="+", type=int, default=COLORS)
    arguments = parser.parse_args()
    anchors = pngquant_anchors(arguments.anchors) if arguments.anchors else {}
    rows = []
    for n_colors in arguments.colors:
        scores: dict[str, list[float]] = {}
        for path in arguments.pictures:
            known = {setting: at.score for setting, at in anchors.get(path.name, {}).items()}
            theirs = of_pngquant(path, n_colors, known)
            both = {"pngquant --floyd=1": theirs[0], "the better of it": max(theirs)}
            pillow = {"Pillow": of_pillow(path, n_colors)}
            for name, value in (dict(of_fewcolors(path, n_colors)) | both | pillow).items():
                scores.setdefault(name, []).append(value)
        rows.append(
            [f"k={n_colors}", *(f"{statistics.mean(of_all):.1f}" for of_all in scores.values())]
        )
        columns = list(scores)
    print_table(["", *columns], rows)


if __name__ == "__main__":
    main()
