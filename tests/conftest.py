"""What the tests share: pictures they make themselves, the command as a process, and no skipping.

FEWCOLORS_SHARED names the folder that holds ``images`` (default: ``shared`` beside the repository).
FEWCOLORS_NO_SKIP=1 turns every skipped test into a failure.
"""

import os
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import settings
from PIL import Image, ImageDraw, ImageFilter

os.environ.setdefault("MPLBACKEND", "agg")  # figures open no windows

Completed: TypeAlias = subprocess.CompletedProcess[bytes]
Run: TypeAlias = Callable[..., Completed]
MakePicture: TypeAlias = Callable[..., Path]

WIDTH, HEIGHT = 96, 64

settings.register_profile("fewcolors", deadline=None)  # tests do not judge by time
settings.load_profile("fewcolors")


# Pictures


def photo(seed: int = 1) -> Image.Image:
    """Smooth light and colour under noise: some thousands of colours, as in a photo."""
    draws = random.Random(seed)
    corners = [tuple(draws.randrange(256) for _ in range(3)) for _ in range(4)]
    small = Image.new("RGB", (2, 2))
    small.putdata(corners)
    smooth = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    noise = Image.frombytes("RGB", (WIDTH, HEIGHT), draws.randbytes(WIDTH * HEIGHT * 3))
    return Image.blend(smooth, noise, 0.08)


def soft_shadow() -> Image.Image:
    """A disc and its blurred shadow, of every transparency, on nothing."""
    shadow = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(shadow).ellipse((20, 12, 76, 60), fill=200)
    picture = Image.new("RGBA", (WIDTH, HEIGHT))
    picture.putalpha(shadow.filter(ImageFilter.GaussianBlur(6)))
    ImageDraw.Draw(picture).ellipse((16, 6, 70, 54), fill=(210, 60, 40, 255))
    return picture


def grey_16() -> Image.Image:
    ramp = b"".join(struct.pack("<H", 65535 * x // (WIDTH - 1)) for x in range(WIDTH))
    return Image.frombytes("I;16", (WIDTH, HEIGHT), ramp * HEIGHT)


def palette_with_transparency() -> Image.Image:
    picture = photo().quantize(32)
    picture.info["transparency"] = bytes(range(0, 256, 8))
    return picture


def flat() -> Image.Image:
    """Two colours, which a PNG of one bit a pixel holds so well that nothing is left to save."""
    picture = Image.new("1", (WIDTH, HEIGHT))
    ImageDraw.Draw(picture).rectangle((10, 10, 50, 40), fill=1)
    return picture


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "photo.png": photo,
    "photo.jpg": photo,
    "photo.webp": photo,
    "photo.bmp": photo,
    "photo.tiff": photo,
    "photo.ppm": photo,
    "cmyk.jpg": lambda: photo().convert("CMYK"),
    "soft-shadow.png": soft_shadow,
    "soft-shadow.webp": soft_shadow,
    "grey.png": lambda: photo().convert("L"),
    "grey.jpg": lambda: photo().convert("L"),
    "grey-alpha.png": lambda: soft_shadow().convert("LA"),
    "grey-16.png": grey_16,
    "one-bit.png": lambda: photo().convert("1"),
    "palette.png": lambda: photo().quantize(32),
    "palette-alpha.png": palette_with_transparency,
    "flat.png": flat,
    "flat.bmp": flat,
    "still.gif": lambda: photo().quantize(32),
}


def save_picture(name: str, folder: Path, saved_as: str | None = None) -> Path:
    """Saves one of PICTURES."""
    path = folder / (saved_as or name)
    PICTURES[name]().save(path, quality=95)  # where there is a choice
    return path


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def build_png(
    size: tuple[int, int],
    rows: bytes,
    *,
    depth: int = 8,
    color_type: int = 2,
    interlaced: bool = False,
    chunks: bytes = b"",
) -> bytes:
    """Returns a PNG whose header says what it is told to.

    Args:
        size: the width and the height it claims.
        rows: each with its filter byte; not compared with the size.
        depth: bits a channel.
        color_type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
        interlaced: whether it claims to be.
        chunks: further ones, before the pixels.
    """
    header = struct.pack(">IIBBBBB", *size, depth, color_type, 0, 0, interlaced)
    pixels = png_chunk(b"IDAT", zlib.compress(rows))
    start = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)
    return start + chunks + pixels + png_chunk(b"IEND", b"")


@pytest.fixture
def picture(tmp_path: Path) -> MakePicture:
    """Saves the picture of a name, in PICTURES, to the test's folder, and returns its path."""

    def make(name: str, saved_as: str | None = None) -> Path:
        return save_picture(name, tmp_path, saved_as)

    return make


@pytest.fixture(params=sorted(PICTURES))
def any_picture(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Each picture of PICTURES in turn."""
    return save_picture(request.param, tmp_path)


@pytest.fixture(scope="session")
def shared_images() -> Path:
    """The folder of pictures that is shared with the repository, where there is one."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    images = Path(os.environ.get("FEWCOLORS_SHARED") or beside) / "images"
    if not images.is_dir():
        pytest.skip(f"no folder {images}; FEWCOLORS_SHARED can name the folder that holds images")
    return images


# The command


@pytest.fixture
def run_command(tmp_path: Path) -> Run:
    """Runs the command line as a process, in the test's folder."""

    def run(
        *arguments: str | os.PathLike[str],
        input: bytes | None = None,
        cwd: Path | None = None,
        timeout: float = 60,
        environment: dict[str, str] | None = None,
    ) -> Completed:
        return subprocess.run(
            [sys.executable, "-m", "fewcolors", *arguments],
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            cwd=cwd or tmp_path,
            timeout=timeout,
            env=os.environ | (environment or {}),
            check=False,
        )

    return run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what runs the command as a process."""
    for item in items:
        if "run_command" in getattr(item, "fixturenames", ()):
            item.add_marker("process")


def names(folder: Path) -> list[str]:
    """Lists a folder."""
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(autouse=True)
def no_memory_of_earlier_runs(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Lets every test find out anew which pictures cannot be made smaller."""
    os.environ["FEWCOLORS_CACHE"] = str(tmp_path_factory.mktemp("cache"))


# Skipping


def no_skip_fault(reason: object) -> str:
    # Where it was skipped comes before why.
    shown = reason[-1] if isinstance(reason, tuple) else reason
    return f"not to be skipped, as FEWCOLORS_NO_SKIP=1 says: {shown}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    expected = hasattr(report, "wasxfail")
    if os.environ.get("FEWCOLORS_NO_SKIP") == "1" and report.skipped and not expected:
        report.outcome = "failed"
        report.longrepr = no_skip_fault(report.longrepr)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if os.environ.get("FEWCOLORS_NO_SKIP") == "1" and report.skipped:
        report.outcome = "failed"
        report.longrepr = no_skip_fault(report.longrepr)
    return report
