"""The score and the bytes of 16, 64 and 256 colours: fewcolors against pngquant.

    pip install pngquant-cli
    python benchmarks/at_equal_colors.py PICTURE.png... [--anchors FILE]

`fewcolors compress -k N` with nothing else, against the better, by score, of pngquant dithered and
not, recompressed by oxipng level 4. The figures are means over the pictures. `--anchors` reads
pngquant's from a file, see `measure.pngquant_anchors`.
"""

import argparse
import statistics
from pathlib import Path

from measure import Point, pngquant, pngquant_anchors, print_table, recompressed, score

import fewcolors

COLORS = (16, 64, 256)
OXIPNG_LEVEL = 4


def of_fewcolors(picture: bytes, n_colors: int) -> Point:
    """Measures fewcolors on a PNG."""
    data = fewcolors.compress(picture, n_colors).data
    return Point(len(data), score(picture, data))


def of_pngquant(picture: bytes, n_colors: int, *, dithers: bool) -> Point:
    """Measures pngquant on a PNG."""
    data = recompressed(pngquant(picture, str(n_colors), dithers=dithers), OXIPNG_LEVEL)
    return Point(len(data), score(picture, data))


def in_words(points: list[Point]) -> str:
    """Words the means."""
    mean_score = statistics.mean(point.score for point in points)
    return f"{mean_score:.1f} in {statistics.mean(point.n_bytes for point in points) / 1000:.1f} kB"


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--anchors", type=Path)
    arguments = parser.parse_args()
    anchors = pngquant_anchors(arguments.anchors) if arguments.anchors else {}
    rows = []
    for n_colors in COLORS:
        ours, theirs = [], []
        for path in arguments.pictures:
            picture, known = path.read_bytes(), anchors.get(path.name, {})
            ours.append(of_fewcolors(picture, n_colors))
            both = [
                known.get((n_colors, dithers)) or of_pngquant(picture, n_colors, dithers=dithers)
                for dithers in (True, False)
            ]
            theirs.append(max(both, key=lambda point: point.score))
        better = sum(a.score > b.score for a, b in zip(ours, theirs, strict=True))
        smaller = sum(a.n_bytes < b.n_bytes for a, b in zip(ours, theirs, strict=True))
        row = [f"k={n_colors}", in_words(ours), in_words(theirs)]
        rows.append([*row, *(f"{n} of {len(ours)}" for n in (better, smaller))])
    print_table(["", "fewcolors", "pngquant", "scores higher", "is smaller"], rows)


if __name__ == "__main__":
    main()
