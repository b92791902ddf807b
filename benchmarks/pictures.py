"""Photos without end, made of a few."""

import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps

__all__ = ["variations"]


def variations(folder: Path, size: tuple[int, int]) -> Iterator[Image.Image]:
    """Yields photos without end: as they are, then mirrored, turned and cut."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (".png", ".jpg"))
    draws = random.Random(1)
    share = 1.0
    while True:
        for path in paths:
            with Image.open(path) as opened:
                photo = opened.convert("RGB")
            width, height = (round(share * side) for side in photo.size)
            x, y = draws.randint(0, photo.width - width), draws.randint(0, photo.height - height)
            photo = photo.crop((x, y, x + width, y + height))
            if draws.random() < 1 - share:
                photo = photo.transpose(Image.Transpose.ROTATE_90)
            yield ImageOps.mirror(photo).resize(size) if share < 1 else photo.resize(size)
        share *= 0.8
