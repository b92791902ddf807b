"""Merges the histograms of a thousand partitions, and simulates as many as a million.

    python benchmarks/merge.py PHOTOS [--partitions 1000] [--pictures 1e9] [--fan-in 8]

PHOTOS is a folder of pictures, which are mirrored, turned and cut to make more of them. First the
merge is done: a histogram a partition, one picture each, up a tree. This measures how histograms
grow as they merge, and how many colours a second are merged. Then for 10^3 to 10^6 partitions of so
many pictures the tree is computed from both: once with the growth continued as a power of the
number of pictures, and once with all the colours there are in every histogram. The truth is in
between: pictures made of few photos have fewer colours than as many photos.
"""

import argparse
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from measure import print_table
from pictures import variations

import fewcolors
from fewcolors.histogram import Histogram, merge_histograms

SIZE = (1152, 868)
"""A megapixel."""

ALL_COLORS = 1 << 24
COLOR_BYTES = 12
"""Four bytes of colour and a weight of eight."""

LINK_BYTES = 1.25e9
"""A second, of a link of 10 gigabits."""


class Measured(NamedTuple):
    """What merging histograms takes.

    Attributes:
        colors: the colours of a histogram of 1, fan_in, fan_in^2, ... pictures.
        seconds_a_color: of one processor, for each colour that goes into a merge.
        exponent: colours grow as the number of pictures to this power, at the end.
    """

    colors: list[float]
    seconds_a_color: float
    exponent: float

    def colors_of(self, n_pictures: float, fan_in: int) -> float:
        """Returns the colours of so many pictures: measured ones, or continued."""
        level = math.log(n_pictures, fan_in)
        last = len(self.colors) - 1
        if level >= last:
            grown = self.colors[last] * (n_pictures / fan_in**last) ** self.exponent
            return float(min(ALL_COLORS, grown))
        below = int(level)
        share = level - below
        return float(self.colors[below] ** (1 - share) * self.colors[below + 1] ** share)


def main() -> None:
    """Prints what was measured, and the table of the simulation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--partitions", type=int, default=1000)
    parser.add_argument("--pictures", type=float, default=1e9)
    parser.add_argument("--fan-in", type=int, default=8)
    arguments = parser.parse_args()
    fan_in = arguments.fan_in
    photos = variations(arguments.folder, SIZE)
    options = fewcolors.Options(n_threads=1)
    histograms = []
    for _ in range(arguments.partitions):
        pixels = fewcolors.decode(next(photos))
        histograms.append(fewcolors.build_histogram(pixels, 1, fewcolors.weigh(pixels, options)))
    measured = merged(histograms, fan_in)
    all_colors = measured._replace(colors=[ALL_COLORS])
    header = ["MB each", "levels", "TB moved", "s of processors", "s on the longest path"]
    for name, growth in {"Growth continued": measured, "All colours": all_colors}.items():
        print(f"\n{name}\n")
        rows = [
            [f"{n:.0e}", *simulated(growth, n, arguments.pictures / n, fan_in)]
            for n in (1e3, 1e4, 1e5, 1e6)
        ]
        print_table(["partitions", *header], rows)


def merged(histograms: Sequence[Histogram], fan_in: int) -> Measured:
    """Merges histograms up a tree, and prints each level."""
    level, colors, rows = list(histograms), list[float](), []
    spent, went_in, n_pictures = 0.0, 0, 1
    while True:
        total = sum(histogram.n_colors for histogram in level)
        colors.append(level[0].n_colors)  # of a full group, as the last may not be
        if len(level) == 1:
            break
        start = time.process_time()
        sums = (merge_histograms(level[i : i + fan_in]) for i in range(0, len(level), fan_in))
        level = [histogram for histogram in sums if histogram is not None]
        seconds = time.process_time() - start
        spent, went_in = spent + seconds, went_in + total
        rows.append([f"{n_pictures:,}", f"{colors[-1]:,.0f}", f"{total / seconds / 1e6:.0f}"])
        n_pictures *= fan_in
    rows.append([f"{len(histograms):,}", f"{colors[-1]:,.0f}", ""])
    print_table(["pictures", "colours of a histogram", "million colours merged a second"], rows)
    exponent = math.log(colors[-2] / colors[-3], fan_in)
    print(f"\nat the end colours grow as the number of pictures to the power of {exponent:.2f}")
    return Measured(colors[:-1], spent / went_in, exponent)


def simulated(measured: Measured, n_parts: float, pictures: float, fan_in: int) -> list[str]:
    """Returns a row of the table: one tree of merges, with a processor and a link for each."""
    first = measured.colors_of(pictures, fan_in)
    n_levels, moved, busy, path = 0, 0.0, 0.0, 0.0
    while n_parts > 1:
        colors = measured.colors_of(pictures, fan_in)
        group = min(fan_in, n_parts)
        moved += n_parts * colors * COLOR_BYTES
        busy += n_parts * colors * measured.seconds_a_color
        path += group * colors * (measured.seconds_a_color + COLOR_BYTES / LINK_BYTES)
        n_parts, pictures, n_levels = math.ceil(n_parts / fan_in), pictures * fan_in, n_levels + 1
    megabytes = first * COLOR_BYTES / 1e6
    return [
        f"{megabytes:.0f}",
        f"{n_levels}",
        f"{moved / 1e12:.2g}",
        f"{busy:,.0f}",
        f"{path:.0f}",
    ]


if __name__ == "__main__":
    main()
