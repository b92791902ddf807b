"""Has 500 results at random options checked by other programs: all have to be valid.

    apt-get install pngcheck libpng-tools gifsicle webp libtiff-tools
    python benchmarks/valid_outputs.py [SHARED/images] [--count 500] [--seed 0]

PNGs are read by pngcheck and by libpng (pngfix), GIFs by gifsicle, WebPs by webpinfo, TIFFs by
tiffinfo, BMPs by Pillow.
"""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from checked_outputs import drawn_outputs, faults_of


def main() -> None:
    """Prints the faults, and how many files of each format were checked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path, nargs="?")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    n_faults = 0
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "result")
        for output in drawn_outputs(arguments.seed, arguments.count, arguments.images):
            counts[output.format] += 1
            path.write_bytes(output.data)
            for fault in faults_of(path, output.format):
                n_faults += 1
                print(f"{output.told}: {fault}", flush=True)
    print(
        f"{', '.join(f'{n} {format_}' for format_, n in sorted(counts.items()))}: {n_faults} faults"
    )
    sys.exit(1 if n_faults else 0)


if __name__ == "__main__":
    main()
