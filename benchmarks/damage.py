"""Compresses damaged files with `fewcolors compress`: no original is replaced by less than it held.

    python benchmarks/damage.py [SHARED/images] [--files 20]

Files of each format, small ones drawn here and parts of shared pictures, are cut at every tenth
byte, and one byte of each of their parts is flipped. PNGs are compressed with --in-place and have
to stay as they are, or become a picture that shows what the whole file showed; other formats are
compressed with -o, and a result has to show the same, or what others read in the damaged file: only
PNG has checksums, and nobody can tell that a byte of a GIF's palette was flipped.
"""

import argparse
import contextlib
import io
import itertools
import random
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from fewcolors.cli import main as run_command

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from mutants import parts_of, picture, saved

SETTINGS: dict[str, tuple[dict[str, object], ...]] = {
    "PNG": ({}, {"bits": 8}, {"optimize": True}),
    "JPEG": ({}, {"progressive": True}, {"quality": 95}),
    "GIF": ({}, {"comment": b"a comment"}),
    "WEBP": ({}, {"lossless": True}),
    "TIFF": ({}, {"compression": "tiff_lzw"}, {"compression": "tiff_adobe_deflate"}),
}
MODES = {
    "PNG": ("RGB", "RGBA", "P", "L"),
    "JPEG": ("RGB", "L"),
    "GIF": ("P",),
    "WEBP": ("RGB", "RGBA"),
    "TIFF": ("RGB", "P", "RGBA"),
}
SIDE = 24
STEP = 10
FLIPPED = 0x55

MOST_ERROR = 24.0
"""The mean difference of channels that few colours make of these pictures of noise. A picture whose
lower half is missing differs by more."""


def main() -> None:
    """Prints what became of the files of each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path, nargs="?")
    parser.add_argument("--files", type=int, default=20)
    arguments = parser.parse_args()
    is_lost = False
    for format_ in SETTINGS:
        counts: Counter[str] = Counter()
        for number, image in enumerate(
            itertools.islice(pictures(arguments.images), arguments.files)
        ):
            counts += outcomes(file_of(image, format_, number), format_)
        print(f"{format_}: {', '.join(f'{n} {what}' for what, n in sorted(counts.items()))}")
        is_lost = is_lost or counts["lost"] > 0
    sys.exit(1 if is_lost else 0)


def pictures(images: Path | None) -> Iterator[Image.Image]:
    """Small pictures: drawn ones, in turn with parts of shared ones, if there are any."""
    paths = sorted((images / "photos").glob("*.png")) if images else []
    for number in itertools.count():
        if number % 2 and paths:
            with Image.open(paths[number % len(paths)]) as photo:
                yield photo.convert("RGBA").crop((300, 200, 300 + SIDE, 200 + SIDE))
        else:
            yield picture("RGBA", number).resize((SIDE, SIDE))


def file_of(image: Image.Image, format_: str, number: int) -> bytes:
    """Saves a picture in one of the ways of a format, each in turn."""
    settings, modes = SETTINGS[format_], MODES[format_]
    mode = modes[number % len(modes)]
    chosen = settings[number % len(settings)]
    if mode != "P":
        chosen = {name: value for name, value in chosen.items() if name != "bits"}
    return saved(image.convert(mode), format_, **chosen)


def damaged(data: bytes) -> Iterator[bytes]:
    """The file cut at every tenth byte, and with one byte of each of its parts flipped."""
    for end in range(0, len(data), STEP):
        yield data[:end]
    draws = random.Random(len(data))
    start = 0
    for part in parts_of(data):
        at = start + draws.randrange(len(part))
        yield data[:at] + bytes([data[at] ^ FLIPPED]) + data[at + 1 :]
        start += len(part)


def outcomes(data: bytes, format_: str) -> Counter[str]:
    """Compresses every damaged version of a file, and counts what became of them."""
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for number, version in enumerate(damaged(data)):
            counts[outcome(version, data, format_, Path(name, str(number)))] += 1
            shutil.rmtree(Path(name, str(number)), ignore_errors=True)
    return counts


def outcome(version: bytes, whole: bytes, format_: str, folder: Path) -> str:
    """Compresses one file, and says what became of it; "lost" is a fault."""
    folder.mkdir()
    path = folder / f"original.{format_.lower()}"
    path.write_bytes(version)
    target = path if format_ == "PNG" else folder / "result.png"
    where = ["--in-place"] if format_ == "PNG" else ["-o", str(target)]
    with contextlib.redirect_stderr(io.StringIO()):
        run_command(["compress", str(path), *where, "-q", "90", "--effort", "fast", "--quiet"])
    written = target.read_bytes() if target.exists() else version
    if path != target and path.read_bytes() != version:
        return "lost"
    if written == version:
        return "refused or kept"
    if shows_the_same(written, whole):
        return "taken, show the same"
    # What is cut is never as good as whole, and PNGs have checksums.
    may_differ = format_ != "PNG" and len(version) == len(whole)
    is_as_read = may_differ and shows_the_same(written, version)
    return "flipped where no checksum is, shown as others do" if is_as_read else "lost"


def shows_the_same(data: bytes, whole: bytes) -> bool:
    """Whether a file shows what another shows, as far as few colours can."""
    with warnings.catch_warnings(action="ignore"):
        image, other = (
            Image.open(io.BytesIO(each)).convert("RGBA").convert("RGBa") for each in (data, whole)
        )
    if image.size != other.size:
        return False
    difference = ImageChops.difference(
        Image.merge("RGB", image.split()[:3]), Image.merge("RGB", other.split()[:3])
    )
    across, down = max(1, image.width // 2), max(1, image.height // 2)
    quarters = [
        difference.crop((x, y, x + across, y + down))
        for x in range(0, image.width, across)
        for y in range(0, image.height, down)
    ]
    return all(sum(ImageStat.Stat(quarter).mean) / 3 < MOST_ERROR for quarter in quarters)


if __name__ == "__main__":
    main()
