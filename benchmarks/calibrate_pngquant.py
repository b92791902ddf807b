"""Measures what pngquant's quality is worth in scores: the table in ``cli/pngquant/quality.py``.

    pip install pngquant-cli
    python benchmarks/calibrate_pngquant.py PICTURE.png...

Every picture goes through pngquant, as a separate program, at each quality of the table. Where it
says that it has reached the quality, its result is scored. Printed are, at each quality, the median
and the lower quartile of the scores, and how far single pictures are from the median.
"""

import argparse
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from measure import command_of, print_table, score

QUALITIES = (10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 98)

MIN_PICTURES = 4
"""At the highest qualities few pictures are left, and a median of fewer would say nothing."""


def reached(picture: Path, quality: int, target: Path) -> int:
    """Runs pngquant, and returns the quality that it says it has reached."""
    command = [command_of("pngquant"), "--verbose", "--force", "--quality", f"0-{quality}"]
    done = subprocess.run(
        [*command, "--output", str(target), str(picture)], capture_output=True, text=True
    )
    # Which of the streams it goes to differs between versions. The last is that of the result.
    found = re.findall(r"\(Q=(\d+)\)", done.stdout + done.stderr)
    if done.returncode != 0 or not found:
        raise SystemExit(f"{picture}: {done.stderr}")
    return int(found[-1])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    pictures = parser.parse_args().pictures
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "result.png")
        for quality in QUALITIES:
            scores = sorted(
                score(picture.read_bytes(), target.read_bytes())
                for picture in pictures
                if reached(picture, quality, target) >= quality
            )
            if len(scores) < MIN_PICTURES:
                continue
            quartiles = statistics.quantiles(scores, n=4)
            off = statistics.mean(abs(each - quartiles[1]) for each in scores)
            figures = [quartiles[1], quartiles[0], scores[0], scores[-1], off]
            rows.append([f"{quality}", f"{len(scores)}", *(f"{figure:.1f}" for figure in figures)])
    header = ["quality", "pictures", "median", "lower quartile", "lowest", "highest", "mean miss"]
    print_table(header, rows)


if __name__ == "__main__":
    main()
