"""FLIP, by NVIDIA's package flip-evaluator, where it is installed.

P. Andersson et al., FLIP: A Difference Evaluator for Alternating Images, 2020, doi:10.1145/3406183.
It tells what is seen when two pictures alternate in one place, as through a window 67 pixels a
degree away.
"""

import importlib.util
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    import numpy as np

__all__ = ["flip_map", "is_flip_installed", "mean_flip"]

PACKAGE = "flip_evaluator"


def is_flip_installed() -> bool:
    """Whether the package is there; it is not imported to find out."""
    return importlib.util.find_spec(PACKAGE) is not None


def mean_flip(first: Image.Image, second: Image.Image) -> float | None:
    """Returns the mean of `flip_map`, or None where the package is not installed."""
    return float(flip_map(first, second).mean()) if is_flip_installed() else None


def flip_map(
    first: Image.Image, second: Image.Image
) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    """Returns how far each pixel seems to change when the pictures alternate.

    Args:
        first: in RGB.
        second: of the same size.

    Returns:
        (height, width) float32, 0 to 1.
    """
    import numpy as np

    evaluator: Any = importlib.import_module(PACKAGE)
    values = [np.asarray(picture, np.float32) / 255 for picture in (first, second)]
    errors, _, _ = evaluator.evaluate(*values, "LDR", applyMagma=False)
    shown: np.ndarray[tuple[int, int], np.dtype[np.float32]] = errors[:, :, 0]
    return shown
