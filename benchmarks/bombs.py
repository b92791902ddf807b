"""Compresses small files that ask for much work: each takes ten seconds at most, or is refused.

    python benchmarks/bombs.py [--only NAME...]

All limits are at their defaults. Seconds are of the processors, of the whole process.
"""

import argparse
import random
import struct
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measure import command_of, print_table, run_process

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from mutants import png_of

MAX_SECONDS = 10
MOST_FRAMES = 10_000
"""The default of --max-frames."""
PALETTE = bytes.fromhex("ffffff 000000")
RGB, RGBA = 2, 6
"""Colour types of PNG."""


class Bomb(NamedTuple):
    """A file, and the options it is compressed with."""

    make: Callable[[], bytes]
    options: tuple[str, ...] = ()


def gif(side: int, n_frames: int, junk: int = 0) -> bytes:
    """Returns a GIF whose frames are of one pixel each, black and white in turn."""
    screen = b"GIF89a" + struct.pack("<HH", side, side) + b"\x80\x00\x00" + PALETTE
    control = b"\x21\xf9\x04\x04\x05\x00\x00\x00"
    frame = control + b"\x2c" + struct.pack("<HHHH", 0, 0, 1, 1) + b"\x00\x02\x02"
    frames = (frame + (b"\x44", b"\x4c")[number % 2] + b"\x01\x00" for number in range(n_frames))
    return screen + b"".join(frames) + bytes(junk) + b"\x3b"


def apng(side: int, n_frames: int) -> bytes:
    """Returns an animation whose frames are whole pictures of one colour each."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, RGB, 0, 0, 0))]
    chunks.append((b"acTL", struct.pack(">II", n_frames, 0)))
    sequence = 0
    for number in range(n_frames):
        row = b"\0" + bytes((number % 256, 255 - number % 256, 7 * number % 256)) * side
        data = zlib.compress(row * side, 9)
        place = struct.pack(">IIIIIHHBB", sequence, side, side, 0, 0, 1, 25, 0, 0)
        chunks.append((b"fcTL", place))
        sequence += 1
        if number == 0:
            chunks.append((b"IDAT", data))
        else:
            chunks.append((b"fdAT", struct.pack(">I", sequence) + data))
            sequence += 1
    return png_of([*chunks, (b"IEND", b"")])


def noise(color_type: int, width: int, height: int) -> bytes:
    """Returns a PNG of noise."""
    draws = random.Random(1)
    n_channels = 4 if color_type == RGBA else 3
    rows = b"".join(b"\0" + draws.randbytes(n_channels * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    return png_of([(b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")])


def flat_row(width: int) -> bytes:
    """Returns a PNG of one row of black pixels."""
    header = struct.pack(">IIBBBBB", width, 1, 8, RGB, 0, 0, 0)
    row = zlib.compress(bytes(1 + 3 * width), 9)
    return png_of([(b"IHDR", header), (b"IDAT", row), (b"IEND", b"")])


BOMBS: dict[str, Bomb] = {
    "gif-frames": Bomb(lambda: gif(1, MOST_FRAMES)),
    "gif-too-many-frames": Bomb(lambda: gif(1, 6 * MOST_FRAMES)),
    "gif-large-screen": Bomb(lambda: gif(3_000, 11)),
    "gif-largest-screen": Bomb(lambda: gif(10_000, 1)),
    "gif-junk": Bomb(lambda: gif(1, 1, junk=200_000_000)),
    "apng-frames": Bomb(lambda: apng(1, MOST_FRAMES)),
    "apng-large-frames": Bomb(lambda: apng(1_000, 98)),
    "noise-max": Bomb(lambda: noise(RGBA, 500, 500), ("--effort", "max")),
    "noise-byte-limit": Bomb(lambda: noise(RGBA, 500, 500), ("--max-bytes", "1kB")),
    "noise-byte-limit-max": Bomb(
        lambda: noise(RGBA, 500, 500), ("--effort", "max", "--max-bytes", "1kB")
    ),
    "noise-reachable-limit-max": Bomb(
        lambda: noise(RGBA, 500, 500), ("--effort", "max", "--max-bytes", "90kB")
    ),
    "one-row": Bomb(lambda: flat_row(50_000_000)),
}


def main() -> None:
    """Prints what each file costs; ends with status 1 where one costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=BOMBS, default=list(BOMBS))
    arguments = parser.parse_args()
    rows, n_slow = [], 0
    with tempfile.TemporaryDirectory() as name:
        path, target = Path(name, "bomb"), Path(name, "result")
        for name in arguments.only:
            bomb = BOMBS[name]
            data = bomb.make()
            path.write_bytes(data)
            command = [command_of("fewcolors"), "compress", str(path), "-o", str(target)]
            format_ = ["--format", "gif" if name.startswith("gif") else "png", "--force"]
            run = run_process([*command, *format_, *bomb.options], may_fail=True)
            n_slow += run.processor_seconds > MAX_SECONDS
            result = f"{target.stat().st_size:,}" if target.exists() else "refused"
            target.unlink(missing_ok=True)
            rows.append(
                [
                    name,
                    f"{len(data):,}",
                    result,
                    f"{run.processor_seconds:.1f}",
                    f"{run.peak_bytes / 1e6:.0f}",
                ]
            )
    print_table(["file", "bytes", "result", "processor seconds", "MB"], rows)
    sys.exit(1 if n_slow else 0)


if __name__ == "__main__":
    main()
