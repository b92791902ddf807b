"""Results at random options, and other programs that say whether they are valid."""

import itertools
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from mutants import SOURCES
from PIL import Image

import fewcolors

CHECKERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "png": (("pngcheck", "-q"), ("pngfix", "--strip=none")),
    "gif": (("gifsicle", "--no-ignore-errors", "--info"),),
    "webp": (("webpinfo", "-quiet"),),
    "tiff": (("tiffinfo", "-D"),),
    "bmp": (),
}
PROGRAMS = sorted({command[0] for commands in CHECKERS.values() for command in commands})

COMPLAINTS = ("error", "warning", "invalid", "corrupt", "unexpected", "bad ")
"""Words of programs whose exit status is 0 all the same."""

SIDE = 120
ANIMATED = ("apng", "animated gif", "animated webp")
ANIMATION_FORMATS = ("png", "gif", "webp")
FOLDERS = ("alpha", "graphics", "photos")


class Output(NamedTuple):
    """A result, and what it is of."""

    data: bytes
    format: str
    told: str


def missing_programs() -> list[str]:
    """Returns the programs that are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


def drawn_outputs(seed: int, count: int, images: Path | None = None) -> Iterator[Output]:
    """Compresses pictures at random options.

    Args:
        seed: of the draws.
        count: how many.
        images: a folder with the folders photos, graphics and alpha; parts of those are taken too.
    """
    sources = {kind: make() for kind, make in SOURCES.items()}
    shared = (
        [path for name in FOLDERS for path in sorted((images / name).glob("*.png"))]
        if images
        else []
    )
    for number in range(count):
        draws = random.Random(f"{seed}/{number}")
        if shared and number % 2:
            path = draws.choice(shared)
            source: Any = part_of(path, draws)
            name = path.name
        else:
            name = draws.choice(list(sources))
            source = sources[name]
        options = drawn_options(draws)
        if name in ANIMATED and options["format"] not in ANIMATION_FORMATS:
            options["format"] = draws.choice(ANIMATION_FORMATS)
        result = fewcolors.compress(source, **options)
        yield Output(result.data, result.format, f"{number}: {name} with {options}")


def part_of(path: Path, draws: random.Random) -> Image.Image:
    """Cuts a part of random size out of a picture."""
    with Image.open(path) as image:
        width, height = (min(side, draws.randint(1, SIDE)) for side in image.size)
        left, top = draws.randint(0, image.width - width), draws.randint(0, image.height - height)
        mode = "RGBA" if image.has_transparency_data else "RGB"
        return image.crop((left, top, left + width, top + height)).convert(mode)


def drawn_options(draws: random.Random) -> dict[str, Any]:
    """Draws options that go together."""
    options: dict[str, Any] = {
        "format": draws.choice(["png", "png", "gif", "webp", "tiff", "bmp"]),
        "effort": draws.choice(["fast", "fast", "balanced", "max"]),
        "dither": draws.choice(["size-aware", "auto", "none", "ordered", 0.7]),
        "keep_metadata": draws.random() < 0.5,
        "keep_profile": draws.random() < 0.3,
        "keep_transparent_colors": draws.random() < 0.3,
    }
    if draws.random() < 0.3:
        options["method"] = "classic"
        options["n_colors"] = draws.choice([1, 2, 3, 4, 5, 16, 17, 255, 256])
    elif draws.random() < 0.5:
        options["quality"] = draws.choice([0, 30, 75, 95, 100])
    else:
        options["n_colors"] = draws.choice([1, 2, 3, 4, 5, 16, 17, 255, 256])
    return options


def faults_of(path: Path, format_: str) -> list[str]:
    """Returns what other programs find wrong with a file."""
    return list(
        itertools.chain(
            *(complaints(command, path) for command in CHECKERS[format_]),
            pillow_complaints(path),
        )
    )


def complaints(command: tuple[str, ...], path: Path) -> Iterator[str]:
    """Runs a program on a file, and returns its complaint, if it has one."""
    done = subprocess.run([*command, path], capture_output=True, check=False)
    words = (done.stdout + done.stderr).decode(errors="replace").replace(str(path), "")
    is_bad = done.returncode != 0 or any(word in words.lower() for word in COMPLAINTS)
    if is_bad and "no errors" not in words.lower():
        yield f"{command[0]}, status {done.returncode}: {words.strip()}"


def pillow_complaints(path: Path) -> Iterator[str]:
    """Reads all of a file, which is not to warn."""
    try:
        with Image.open(path) as image:
            for frame in range(getattr(image, "n_frames", 1)):
                image.seek(frame)
                image.load()
    except Exception as error:
        yield f"Pillow: {error}"
