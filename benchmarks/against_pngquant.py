"""`fewcolors compress` against pngquant: whole processes, measured in turn.

    pip install pngquant-cli
    python benchmarks/against_pngquant.py PICTURE.png... [--runs N]

Both reduce each picture to 256 colours without dithering.
"""

import argparse
import tempfile
from pathlib import Path

from measure import command_of, compare, print_table
from PIL import Image


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        ours_path, theirs_path = Path(folder, "ours.png"), Path(folder, "theirs.png")
        for picture in arguments.pictures:
            recipe = ["-k", "256", "--method", "classic", "--effort", "fast"]
            ours = [command_of("fewcolors"), "compress", str(picture), *recipe]
            ours += ["--force", "-o", str(ours_path)]
            theirs = [command_of("pngquant"), "--nofs", "256", "--force", "-o", str(theirs_path)]
            mine, other, ratio = compare(ours, [*theirs, str(picture)], arguments.runs)
            with Image.open(picture) as image:
                size = f"{image.width} x {image.height}"
            rows.append(
                [
                    f"{picture.name}, {size}",
                    f"{mine.seconds:.3f} s",
                    f"{other.seconds:.3f} s",
                    f"{ratio:.2f}",
                    f"{mine.peak_mib:.0f} / {other.peak_mib:.0f} MiB"
                    f" = {mine.peak_mib / other.peak_mib:.2f}",
                    f"{ours_path.stat().st_size / 1000:.0f}"
                    f" / {theirs_path.stat().st_size / 1000:.0f} kB",
                ]
            )
    print_table(["", "fewcolors", "pngquant", "time", "peak memory", "bytes"], rows)


if __name__ == "__main__":
    main()
