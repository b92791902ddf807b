"""The memory that a header's promise costs: small files that say they are large pictures."""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from measure import command_of, run_process

from .lab import Lab

SIDE = 10_000
MEGABYTE = 1e6

GREY, GREY_AND_ALPHA = 0, 4
"""Colour types of PNG."""


def png_of_zeros(color_type: int, depth: int, n_channels: int) -> bytes:
    """Returns a PNG of SIDE x SIDE pixels, all zero."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(data, zlib.crc32(name))
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    row = bytes(1 + (SIDE * depth * n_channels + 7) // 8)
    deflate = zlib.compressobj(9)
    data = b"".join(deflate.compress(row) for _ in range(SIDE)) + deflate.flush()
    header = struct.pack(">IIBBBBB", SIDE, SIDE, depth, color_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b"")]
    )


def gif_of_43_bytes() -> bytes:
    """Returns a GIF of one transparent pixel, on a screen that is promised SIDE x SIDE pixels."""
    screen = b"GIF89a" + struct.pack("<HH", SIDE, SIDE) + b"\x80\x00\x00"
    palette = b"\xff\xff\xff" + b"\x00\x00\x00"
    control = b"\x21\xf9\x04\x01\x00\x00\x00\x00"
    frame = b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\x00"
    return screen + palette + control + frame + b"\x02\x02\x44\x01\x00" + b"\x3b"


BOMBS: dict[str, Callable[[], bytes]] = {
    "one_bit.png": lambda: png_of_zeros(GREY, 1, 1),
    "gif.gif": gif_of_43_bytes,
    "grey_alpha_16.png": lambda: png_of_zeros(GREY_AND_ALPHA, 16, 2),
}


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields the peak of each; a fault found late counts as much as a result."""
    for name, make in BOMBS.items():
        path = lab.folder / name
        path.write_bytes(make())
        yield f"{path.stem}.bytes", path.stat().st_size
        yield f"{path.stem}.megabytes", peak_of(path, lab.folder / "defused.png")
        if path.suffix == ".png" and path.stem == "one_bit":
            pngquant = [command_of("pngquant"), "--force", "-o", str(lab.folder / "theirs.png")]
            run = run_process([*pngquant, "256", str(path)], may_fail=True)
            yield f"{path.stem}.their_megabytes", run.peak_bytes / MEGABYTE


def peak_of(path: Path, target: Path) -> float:
    """Returns the most memory that compressing a file takes, in MB."""
    command = [command_of("fewcolors"), "compress", str(path), "--force", "-o", str(target)]
    return run_process(command, may_fail=True).peak_bytes / MEGABYTE
