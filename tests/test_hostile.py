"""Damaged, odd and malicious files end in a picture or in one line, within limits.

They are compressed one after the other in a process of their own, which this file is too: it reads
paths from standard input and answers with a line of JSON a file.
"""

import contextlib
import faulthandler
import io
import json
import os
import random
import struct
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import TypedDict

import pytest
from conftest import PICTURES, build_png, png_chunk, save_picture
from PIL import Image, ImageOps

MAX_SECONDS = 10
MAX_MEGABYTES = 1000


class Outcome(TypedDict):
    """What became of a file."""

    path: str
    status: int | str
    stdout: str
    stderr: str
    size: list[int] | None  # of the result
    expected: list[int] | None
    seconds: float
    megabytes: float  # at the peak, of all files up to this one


# The process


def upright_size(path: str) -> list[int] | None:
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            return list(ImageOps.exif_transpose(image).size)
    except Exception:  # Pillow refuses a PNG for a damaged profile; its header tells all the same
        start = Path(path).read_bytes()[:24]
        return list(struct.unpack(">II", start[16:])) if start[1:4] == b"PNG" else None


def peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, where getrusage counts what the parent had used before
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1000
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def compress_here(path: str, target: str) -> Outcome:
    from fewcolors.cli import main

    stdout, stderr = io.StringIO(), io.StringIO()
    status: int | str
    start = time.perf_counter()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            status = main(["compress", path, "-o", target, "--effort", "fast", "--force"])
        except BaseException as error:  # would have been a traceback
            status = repr(error)
    seconds, megabytes = time.perf_counter() - start, peak_megabytes()
    size = None
    if os.path.exists(target):
        with Image.open(target) as image:
            image.load()
            size = list(image.size)
        os.unlink(target)
    return {
        "path": path,
        "status": status,
        "stdout": stdout.getvalue(),
        "stderr": stderr.getvalue(),
        "size": size,
        "expected": upright_size(path) if size else None,
        "seconds": seconds,
        "megabytes": megabytes,
    }


def serve(folder: str) -> None:
    """Compresses what standard input names; a file that takes too long ends the process."""
    for path in sys.stdin.read().splitlines():
        print(json.dumps({"starts": path}), flush=True)
        faulthandler.dump_traceback_later(MAX_SECONDS, exit=True)
        outcome = compress_here(path, os.path.join(folder, "result.png"))
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps(outcome), flush=True)


def compress_all(paths: list[Path], folder: Path) -> list[Outcome]:
    """Compresses files in one process, and fails with the name of the one that ends it."""
    ran = subprocess.run(
        [sys.executable, __file__, folder],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0, f"ended by {lines[-1] if lines else 'nothing'}:\n{ran.stderr}"
    assert ran.stderr == "", "something wrote past Python's standard error"
    outcomes: list[Outcome] = [line for line in lines if "starts" not in line]
    assert [outcome["path"] for outcome in outcomes] == list(map(str, paths))
    return outcomes


# Pictures

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16)}
DEPTHS[RGBA] = (8, 16)
TRANSPARENT = {GREY: b"\0\1", RGB: bytes(6), PALETTE: b"\0\x80"}
SIDE = 13


def rows(depth: int, color_type: int, interlaced: bool) -> bytes:
    """Returns rows of random bytes, as many as there are pixels."""
    passes = [(SIDE, SIDE)]
    if interlaced:
        starts = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4)]
        starts += [(1, 0, 2, 2), (0, 1, 1, 2)]
        passes = [(len(range(x, SIDE, w)), len(range(y, SIDE, h))) for x, y, w, h in starts]
    draws = random.Random(depth * 8 + color_type)
    bits = depth * CHANNELS[color_type]
    return b"".join(
        b"\0" + draws.randbytes((width * bits + 7) // 8)
        for width, height in passes
        for _ in range(height)
    )


def odd_pictures() -> dict[str, bytes]:
    """PNGs of every kind there is."""
    files = {}
    palette = png_chunk(b"PLTE", random.Random(0).randbytes(768))
    for color_type, depths in DEPTHS.items():
        for depth in depths:
            # A palette has no more entries than the depth can number.
            chunks = png_chunk(b"PLTE", palette[8 : 8 + 3 * (1 << depth)])
            chunks = chunks if color_type == PALETTE else b""
            transparent = png_chunk(b"tRNS", TRANSPARENT.get(color_type, b""))
            for interlaced in (False, True):
                data = rows(depth, color_type, interlaced)
                for extra in (b"", transparent) if color_type in TRANSPARENT else (b"",):
                    name = f"type-{color_type}-{depth}-{interlaced:d}-{len(extra)}.png"
                    files[name] = build_png(
                        (SIDE, SIDE),
                        data,
                        depth=depth,
                        color_type=color_type,
                        interlaced=interlaced,
                        chunks=chunks + extra,
                    )
    files["tall.png"] = build_png((1, 20_000), bytes(4 * 20_000))
    files["wide.png"] = build_png((20_000, 1), bytes(1 + 3 * 20_000))
    return files


def broken_pictures() -> dict[str, bytes]:
    """Files in which not all can be right."""
    whole = build_png((SIDE, SIDE), rows(8, RGB, False))
    header = whole.index(b"IHDR")
    files = {
        "no-width.png": build_png((0, SIDE), bytes(99)),
        "no-height.png": build_png((SIDE, 0), bytes(99)),
        "huge.png": build_png((2**31 - 1, 2**31 - 1), bytes(99)),
        "large.png": build_png((30_000, 30_000), bytes(99)),
        "wide.png": build_png((2**31 - 1, 1), bytes(99)),
        "too-few-rows.png": build_png((SIDE, SIDE), bytes(99)),
        "no-rows.png": build_png((SIDE, SIDE), b""),
        "depth.png": build_png((SIDE, SIDE), bytes(999), depth=3),
        "type.png": build_png((SIDE, SIDE), bytes(999), color_type=5),
        "header-check.png": whole[: header + 17] + b"\0\0\0\0" + whole[header + 21 :],
        "signature.png": whole[:8],
    }
    for kind in ("photo.png", "photo.jpg", "photo.webp", "photo.bmp", "photo.ppm"):
        files |= {f"cut-{part}-{kind}": b"" for part in (1, 3, 5)}
    return files


def perhaps_broken_pictures() -> dict[str, bytes]:
    """Files that a decoder may read or refuse, as long as it does either."""
    plte = png_chunk(b"PLTE", bytes(range(6)))
    trns = png_chunk(b"tRNS", bytes(300))
    whole = build_png((SIDE, SIDE), rows(8, RGB, False))
    pixels = whole.index(b"IDAT")
    indices = rows(8, PALETTE, False)
    return {
        "index.png": build_png((SIDE, SIDE), indices, color_type=PALETTE, chunks=plte),
        "no-palette.png": build_png((SIDE, SIDE), indices, color_type=PALETTE),
        "long-trns.png": build_png((SIDE, SIDE), indices, color_type=PALETTE, chunks=plte + trns),
        "rgba-trns.png": build_png((SIDE, SIDE), rows(8, RGBA, False), color_type=6, chunks=trns),
        "pixels-check.png": whole[:-16] + b"\0\0\0\0" + whole[-12:],
        "pixels-length.png": whole[: pixels - 4] + b"\xff" * 4 + whole[pixels:],
        "no-end.png": whole[:-12],
        "more.png": whole + b"more" * 99,
        "twice.png": whole + whole,
    }


def save_all(files: dict[str, bytes], folder: Path) -> list[Path]:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def save_broken(folder: Path) -> list[Path]:
    paths = save_all(broken_pictures(), folder)
    for path in paths:
        if path.name.startswith("cut-"):
            _, part, kind = path.name.split("-")
            data = save_picture(kind, folder, path.name).read_bytes()
            path.write_bytes(data[: len(data) * int(part) // 6])
    return paths


def save_perhaps_broken(folder: Path) -> list[Path]:
    paths = save_all(perhaps_broken_pictures(), folder)
    draws = random.Random(7)
    for kind in sorted(PICTURES):
        whole = save_picture(kind, folder).read_bytes()
        for number in range(6):
            data = bytearray(whole)
            for _ in range(1 + number):
                data[draws.randrange(len(data))] ^= 1 << draws.randrange(8)
            paths.append(folder / f"flipped-{number}-{kind}")
            paths[-1].write_bytes(data)
    return paths


# Tests

PROMISED = {"odd": 0, "broken": 1}  # the status of the files in these folders


@pytest.fixture(scope="session", params=["odd", "broken", "perhaps", "hostile", "pngsuite"])
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Outcome]:
    """What becomes of each file of a kind: three made here, two of the shared pictures."""
    kind: str = request.param
    folder = tmp_path_factory.mktemp(kind)
    if kind == "odd":
        paths = save_all(odd_pictures(), folder / kind)
    elif kind == "broken":
        paths = save_broken(folder / kind)
    elif kind == "perhaps":
        paths = save_perhaps_broken(folder / kind)
    else:
        images: Path = request.getfixturevalue("shared_images")
        paths = sorted(path for path in (images / kind).rglob("*") if path.is_file())
    assert paths
    return compress_all(paths, folder)


def fault(outcome: Outcome) -> str | None:
    """Returns what is wrong with an outcome."""
    lines = outcome["stderr"].splitlines()
    promised = PROMISED.get(Path(outcome["path"]).parent.name)
    if promised is not None and outcome["status"] != promised:
        return f"status should be {promised}"
    if outcome["status"] == 0:
        if outcome["size"] is None or outcome["size"] != outcome["expected"]:
            return "no picture, or one of another size"
        # A note at most.
        return None if len(lines) <= 1 else "too many words"
    if outcome["status"] != 1:
        return "neither done nor failed"
    if outcome["size"] is not None or outcome["stdout"]:
        return "failed, and left a picture or a report"
    if len(lines) != 1 or not lines[0].startswith(f"fewcolors: {outcome['path']}: "):
        return "not one line that names the file"
    return None


def test_every_file_ends_in_a_picture_or_in_one_line(outcomes: list[Outcome]) -> None:
    faults = [(fault(outcome), outcome) for outcome in outcomes if fault(outcome)]
    assert faults == []


@pytest.mark.limits
def test_no_file_takes_much_time_or_memory(outcomes: list[Outcome]) -> None:
    assert [each for each in outcomes if each["seconds"] > MAX_SECONDS] == []
    assert [each for each in outcomes if each["megabytes"] > MAX_MEGABYTES] == []


if __name__ == "__main__":
    serve(sys.argv[1])
