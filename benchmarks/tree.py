"""A tree of pictures as sites and games have them, made from a folder of photos and graphics.

Icons, thumbnails, pictures of a page and some large ones, half of
them drawn or with alpha. The same seed makes the same tree.

    python benchmarks/tree.py SHARED/images FOLDER [--files 2000]
"""

import argparse
import random
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image

__all__ = ["build_tree"]


def main() -> None:
    """Makes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    arguments = parser.parse_args()
    make_pictures(arguments.folder, arguments.images, arguments.files)


class Kind(NamedTuple):
    """One kind of picture in the tree.

    Attributes:
        source: the folder its originals are in.
        sides: the shortest and the longest of its longer side, in pixels.
        share: of all files.
    """

    source: str
    sides: tuple[int, int]
    share: float


KINDS = (
    Kind("graphics", (16, 64), 0.20),  # icons
    Kind("alpha", (24, 160), 0.20),  # sprites, badges
    Kind("photos", (64, 320), 0.35),  # thumbnails
    Kind("graphics", (200, 640), 0.10),  # screenshots
    Kind("photos", (400, 900), 0.12),  # pictures of a page
    Kind("photos", (1000, 1200), 0.03),  # about a megapixel
)
FILES_A_FOLDER = 50
CUT = (0.5, 1.0)
"""The share of the original's sides that is cut out, so that no two files are alike."""


def build_tree(folder: Path, images: Path, n_files: int) -> list[Path]:
    """Makes pictures in a process of its own: what it takes is not to count as a benchmark's.

    Args:
        folder: where to; made if it is missing.
        images: a folder with the folders photos, graphics and alpha.
        n_files: how many.

    Returns:
        The paths of the PNGs, in order.
    """
    command = [sys.executable, __file__, str(images), str(folder), "--files", str(n_files)]
    subprocess.run(command, check=True)
    return sorted(folder.rglob("*.png"))


def make_pictures(folder: Path, images: Path, n_files: int, *, seed: int = 1) -> None:
    """Makes pictures.

    Args:
        folder: where to; made if it is missing.
        images: a folder with the folders photos, graphics and alpha.
        n_files: how many.
        seed: of the draws.
    """
    draws = random.Random(seed)
    originals = {
        kind.source: [Image.open(path) for path in sorted((images / kind.source).glob("*.png"))]
        for kind in KINDS
    }
    for number in range(n_files):
        (kind,) = draws.choices(KINDS, [kind.share for kind in KINDS])
        original = draws.choice(originals[kind.source])
        path = folder / f"{number // FILES_A_FOLDER:03}" / f"{kind.source}-{number:05}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cut_and_scaled(original, kind.sides, draws).save(path)


def cut_and_scaled(
    original: Image.Image, sides: tuple[int, int], draws: random.Random
) -> Image.Image:
    """Cuts a part out of a picture, at random, and scales its longer side to a size."""
    mode = "RGBA" if original.has_transparency_data else "RGB"
    image = original if original.mode == mode else original.convert(mode)
    share = draws.uniform(*CUT)
    width, height = round(image.width * share), round(image.height * share)
    left, top = draws.randint(0, image.width - width), draws.randint(0, image.height - height)
    side = draws.randint(*sides)
    scale = side / max(width, height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))


if __name__ == "__main__":
    main()
