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
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, TypedDict

from PIL import Image, ImageOps

MAX_SECONDS = 10
MAX_MEGABYTES = 1000


class Outcome(TypedDict):
    """What became of a file."""

    path: str
    status: int | str
    stdout: str
    stderr: str
    size: tuple[int, int] | None  # of the result
    expected: tuple[int, int] | None
    seconds: float
    megabytes: float  # at the peak, of all files up to this one


def upright_size(path: str) -> tuple[int, int] | None:
    try:
        with Image.open(path) as image:
            return ImageOps.exif_transpose(image).size
    except Exception:
        return None


def peak_megabytes() -> float:
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux":  # where getrusage counts what the parent had used before
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1000
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
        except BaseException as error:
            status = repr(error)
    seconds, megabytes = time.perf_counter() - start, peak_megabytes()
    size = None
    if os.path.exists(target):
        with Image.open(target) as image:
            image.load()
            size = image.size
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


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None if False else Image.MAX_IMAGE_PIXELS
    serve(sys.argv[1])
    sys.exit()
