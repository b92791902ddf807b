"""Butteraugli at equal bytes: fewcolors against pngquant, by a metric that neither aims at.

    pip install pngquant-cli  # and butteraugli_main, of libjxl: apt-get install libjxl-devtools
    python benchmarks/second_metric.py PICTURE.png... [--anchors FILE]

fewcolors at three qualities, each against the better of pngquant dithered and not, recompressed by
oxipng level 4, at the same size. Between two numbers of colours pngquant's 3-norm is interpolated
over the logarithm of the bytes; below its smallest file and above its largest it is that file's.
Lower is better. `--anchors` reads pngquant's bytes from a file, see `measure.pngquant_anchors`.
"""

import argparse
import math
import statistics
import tempfile
from pathlib import Path

from measure import (
    PNGQUANT_COLORS,
    command_of,
    output_of,
    pngquant,
    pngquant_anchors,
    print_table,
    recompressed,
)

import fewcolors

QUALITIES = (50, 65, 80)
OXIPNG_LEVEL = 4


def butteraugli(original: Path, distorted: bytes) -> float:
    """Returns the 3-norm of the difference that the eye sees."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "distorted.png")
        path.write_bytes(distorted)
        command = [command_of("butteraugli_main"), str(original), str(path), "--pnorm", "3"]
        return float(output_of(command).decode().rpartition("3-norm:")[2])


class Pngquant:
    """What pngquant makes of a picture; only what is asked for is measured.

    Attributes:
        sizes: bytes by number of colours, the smallest first.
    """

    def __init__(self, path: Path, known_sizes: dict[int, float], *, dithers: bool) -> None:
        self.path = path
        self.picture = path.read_bytes()
        self.dithers = dithers
        sizes = known_sizes or {
            n: len(recompressed(self.output(n), OXIPNG_LEVEL)) for n in PNGQUANT_COLORS
        }
        self.sizes = dict(sorted(sizes.items(), key=lambda item: item[1]))
        self.measured: dict[int, float] = {}

    def output(self, n_colors: int) -> bytes:
        """Returns the PNG that it writes."""
        return pngquant(self.picture, str(n_colors), dithers=self.dithers)

    def butteraugli(self, n_colors: int) -> float:
        """Returns the 3-norm at a number of colours."""
        if n_colors not in self.measured:
            self.measured[n_colors] = butteraugli(self.path, self.output(n_colors))
        return self.measured[n_colors]

    def butteraugli_at(self, n_bytes: float) -> float:
        """Returns the 3-norm at a size."""
        colors = list(self.sizes)
        clamped = min(max(n_bytes, self.sizes[colors[0]]), self.sizes[colors[-1]])
        above = next(i for i, n in enumerate(colors) if clamped <= self.sizes[n])
        if clamped == self.sizes[colors[above]]:
            return self.butteraugli(colors[above])
        low, high = colors[above - 1], colors[above]
        share = math.log(clamped / self.sizes[low]) / math.log(self.sizes[high] / self.sizes[low])
        return (1 - share) * self.butteraugli(low) + share * self.butteraugli(high)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--anchors", type=Path)
    arguments = parser.parse_args()
    anchors = pngquant_anchors(arguments.anchors) if arguments.anchors else {}
    rows = []
    ratios: dict[int, list[float]] = {quality: [] for quality in QUALITIES}
    for path in arguments.pictures:
        known = anchors.get(path.name, {})
        theirs = [
            Pngquant(
                path,
                {n: point.n_bytes for (n, dithered), point in known.items() if dithered == dithers},
                dithers=dithers,
            )
            for dithers in (True, False)
        ]
        row = [path.stem]
        for quality in QUALITIES:
            ours = fewcolors.compress(path, quality=quality).data
            mine = butteraugli(path, ours)
            other = min(tool.butteraugli_at(len(ours)) for tool in theirs)
            ratios[quality].append(mine / other)
            row.append(f"{mine:.2f} / {other:.2f} in {len(ours) / 1000:.0f} kB")
        rows.append(row)
    shares = [
        f"lower in {sum(ratio < 1 for ratio in of_quality)} of {len(of_quality)},"
        f" {statistics.geometric_mean(of_quality) - 1:+.1%}"
        for of_quality in ratios.values()
    ]
    print_table(["", *(f"quality {quality}" for quality in QUALITIES)], [*rows, ["all", *shares]])
    together = [ratio for of_quality in ratios.values() for ratio in of_quality]
    print(f"Lower in {sum(ratio < 1 for ratio in together)} of {len(together)}.")


if __name__ == "__main__":
    main()
