"""Butteraugli, by the program of libjxl, where it is installed."""

import os
import re
import shutil
import subprocess
import tempfile

from PIL import Image

__all__ = ["butteraugli"]

PROGRAM = "butteraugli_main"
"""Debian and Ubuntu have it in libjxl-devtools."""

MOST_SECONDS = 120
"""It takes a second a megapixel; whatever takes so long hangs."""

THREE_NORM = re.compile(rb"3-norm:\s*([0-9.]+)")


def butteraugli(first: Image.Image, second: Image.Image) -> float | None:
    """Returns the 3-norm of the difference that the eye sees, or None where it is not installed.

    Args:
        first: in RGB.
        second: of the same size.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("first.png", "second.png")]
        for picture, path in zip((first, second), paths, strict=True):
            picture.save(path)
        try:
            done = subprocess.run(
                [program, *paths, "--pnorm", "3"],
                capture_output=True,
                check=False,
                timeout=MOST_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    found = THREE_NORM.search(done.stdout)
    return float(found[1]) if found else None
