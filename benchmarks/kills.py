"""Kills `fewcolors compress --in-place` at random instants, and counts what it costs: nothing.

    python benchmarks/kills.py SHARED/images [--kills 500]

After every kill each file of the tree has to be the original to the last byte, or a whole result.
At the end a run that is left alone has to leave nothing but pictures, and one more nothing to do.
"""

import argparse
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from measure import command_of
from PIL import Image
from tree import build_tree

from fewcolors.mark import read_mark

FILES = 60
MARGIN = 1.2
"""Kills come up to this share of a whole run after its start."""


class Toll(NamedTuple):
    """What kills have cost.

    Attributes:
        n_kills: how many there were.
        n_working: how many of them came before the end of the work.
        n_lost: files that were neither their original nor a whole result after one of them.
        n_left_over: how many left a temporary file, which the next run was to remove.
        n_left_over_at_end: files that are no pictures after a last run that was left alone.
    """

    n_kills: int
    n_working: int
    n_lost: int
    n_left_over: int
    n_left_over_at_end: int


def killed(images: Path, n_kills: int) -> Toll:
    """Compresses a tree in place and kills the process, again and again.

    Args:
        images: a folder with the folders photos, graphics and alpha.
        n_kills: how often.
    """
    draws = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        originals, folder = Path(name, "originals"), Path(name, "tree")
        os.environ["FEWCOLORS_CACHE"] = str(Path(name, "cache"))
        build_tree(originals, images, FILES)
        contents = {
            path.relative_to(originals): path.read_bytes() for path in originals.rglob("*.png")
        }
        shutil.copytree(originals, folder)
        start = time.perf_counter()
        run(folder)
        seconds = time.perf_counter() - start
        n_working = n_lost = n_left_over = 0
        is_done = True
        for _ in range(n_kills):
            if is_done:
                shutil.rmtree(folder)
                shutil.copytree(originals, folder)
            is_done = run(folder, draws.uniform(0, MARGIN * seconds))
            n_working += not is_done
            n_lost += n_broken(folder, contents)
            n_left_over += any(folder.rglob("*.fewcolors-tmp"))
        if not run(folder):
            raise RuntimeError("a run that was left alone did not end")
        n_lost += n_broken(folder, contents)
        strays = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png"]
        return Toll(n_kills, n_working, n_lost, n_left_over, len(strays))


def main() -> None:
    """Prints how many kills fell into what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--kills", type=int, default=500)
    arguments = parser.parse_args()
    toll = killed(arguments.images, arguments.kills)
    print(
        f"{toll.n_kills} kills, {toll.n_working} of them before the end of the work: "
        f"{toll.n_lost} files lost or cut; {toll.n_left_over} left a temporary file, "
        f"{toll.n_left_over_at_end} at the end"
    )
    sys.exit(toll.n_lost > 0 or toll.n_left_over_at_end > 0)


def run(folder: Path, seconds: float | None = None) -> bool:
    """Compresses the tree, for so long; returns whether it came to its end."""
    command = [
        command_of("fewcolors"),
        "compress",
        "-r",
        "--in-place",
        "--effort",
        "fast",
        "--quiet",
    ]
    process = subprocess.Popen([*command, str(folder)])
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def is_result(path: Path) -> bool:
    """Whether a file begins like a result."""
    with path.open("rb") as file:
        return read_mark(file) is not None


def n_broken(folder: Path, contents: dict[Path, bytes]) -> int:
    """Returns how many files are neither their original nor a whole picture of the same size."""
    return sum(not is_whole(folder / name, content) for name, content in contents.items())


def is_whole(path: Path, content: bytes) -> bool:
    """Whether a file is its original, or a whole result."""
    if path.read_bytes() == content:
        return True
    if not is_result(path) or not path.read_bytes().endswith(b"IEND\xaeB`\x82"):
        print(f"{path.name} is neither the original nor a result", file=sys.stderr)
        return False
    with Image.open(path) as image, Image.open(io.BytesIO(content)) as original:
        image.load()
        return image.size == original.size


if __name__ == "__main__":
    main()
