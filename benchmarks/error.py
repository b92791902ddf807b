"""The mean squared error of palettes of 16, 64 and 256 colours.

    python benchmarks/error.py PHOTO... [--effort balanced]

8-bit palettes, the classic method, no dithering; the squared distance is summed over red, green
and blue and averaged over pixels, then over photos, as in the literature.
"""

import argparse
import statistics
import time

from measure import print_table

import fewcolors
from fewcolors.options import EFFORTS

COLORS = (16, 64, 256)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="+")
    parser.add_argument("--effort", choices=EFFORTS, action="append")
    arguments = parser.parse_args()
    rows = []
    for effort in arguments.effort or EFFORTS:
        row = [effort]
        for n_colors in COLORS:
            start = time.perf_counter()
            error = statistics.mean(
                fewcolors.quantize(photo, n_colors, method="classic", effort=effort).mse
                for photo in arguments.photos
            )
            seconds = (time.perf_counter() - start) / len(arguments.photos)
            row.append(f"{error:.2f} in {1000 * seconds:.0f} ms")
        rows.append(row)
    print_table(["effort", *(f"k={n_colors}" for n_colors in COLORS)], rows)


if __name__ == "__main__":
    main()
