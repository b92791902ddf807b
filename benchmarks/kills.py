"""Kills `fewcolors compress --in-place` at random instants, and counts what it costs: nothing.

    python benchmarks/kills.py SHARED/images [--kills 500]

After every kill each file of the tree has to be the original to the last byte, or a whole result.
At the end a run that is left alone has to leave nothing but pictures, and one more nothing to do.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import command_of
from PIL import Image
from tree import build_tree

from fewcolors.mark import read_mark

FILES = 60
MARGIN = 1.2
"""Kills come up to this share of a whole run after its start."""


def main() -> None:
    """Prints how many kills fell into what."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--kills", type=int, default=500)
    arguments = parser.parse_args()
    draws = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        originals, folder = Path(name, "originals"), Path(name, "tree")
        os.environ["FEWCOLORS_CACHE"] = str(Path(name, "cache"))
        build_tree(originals, arguments.images, FILES)
        contents = {
            path.relative_to(originals): path.read_bytes() for path in originals.rglob("*.png")
        }
        shutil.copytree(originals, folder)
        start = time.perf_counter()
        run(folder)
        seconds = time.perf_counter() - start
        n_working, n_left_over, is_done = 0, 0, True
        for kill in range(arguments.kills):
            if is_done:
                shutil.rmtree(folder)
                shutil.copytree(originals, folder)
            is_done = run(folder, draws.uniform(0, MARGIN * seconds))
            n_working += not is_done
            check(folder, contents)
            n_left_over += any(folder.rglob("*.fewcolors-tmp"))
            if kill % 50 == 49:
                print(f"{kill + 1} kills, all {len(contents)} files whole", flush=True)
        assert run(folder)
        check(folder, contents)
        strays = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png"]
        assert not strays, strays
        print(
            f"{arguments.kills} kills, {n_working} of them before the end of the work: no file lost"
            f" or cut, {n_left_over} left a temporary file, which the next run removed"
        )


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


def check(folder: Path, contents: dict[Path, bytes]) -> None:
    """Ends the program if a file is neither its original nor a whole picture of the same size."""
    for name, content in contents.items():
        path = folder / name
        if path.read_bytes() == content:
            continue
        if not is_result(path) or not path.read_bytes().endswith(b"IEND\xaeB`\x82"):
            sys.exit(f"{path} is neither the original nor a result")
        with Image.open(path) as image:
            image.load()


if __name__ == "__main__":
    main()
