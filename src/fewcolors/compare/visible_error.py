"""Where the difference of two pictures would be seen, pixel by pixel."""

from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from .. import _core
from ..decode import Pixels
from .flip import flip_map, is_flip_installed
from .pictures import GROUNDS, over

if TYPE_CHECKING:
    import numpy as np

__all__ = ["VisibleError", "masked_error", "visible_error"]

# As the size-aware assignment weighs error (kernels/assign/size_aware.cpp).
MEDIUM_CONTRAST = 0.02
CONTRAST_FLOOR = 0.009
MASKING_EXPONENT = 1.25
MAX_CONTRAST = 0.5
"""Of black and white side by side (kernels/weigh/local_contrast.hpp)."""

N_THREADS = 1
"""For one picture; the map does not depend on it."""


class VisibleError(NamedTuple):
    """A map of the error that would be seen.

    Attributes:
        values: (height, width) floating, from 0.
        name: of the measure.
    """

    values: "np.ndarray[tuple[int, int], np.dtype[np.floating]]"
    name: str


def visible_error(before: Pixels, after: Pixels) -> VisibleError:
    """Returns where the difference of two pictures of one size would be seen.

    By FLIP where the package flip-evaluator is installed, or else by `masked_error`. With alpha it
    is the worse of both grounds at each pixel.
    """
    import numpy as np

    has_alpha = 4 in (before.channels, after.channels)
    measure, name = (
        (flip_map, "FLIP") if is_flip_installed() else (masked_error, "masked error in OKLab")
    )
    maps = [
        measure(over(before, ground), over(after, ground))
        for ground in GROUNDS[: 2 if has_alpha else 1]
    ]
    return VisibleError(np.maximum.reduce(maps), name)


def masked_error(
    first: Image.Image, second: Image.Image
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Returns the distance in OKLab of each pixel, weighed by how little hides it there.

    Args:
        first: the original, in RGB.
        second: of the same size.

    Returns:
        (height, width) float64: the distance where the local contrast is medium, about 1.8 times
        as much in smooth areas, and less in texture.
    """
    import numpy as np

    width, height = first.size
    coordinates = []
    for picture in (first, second):
        rgba = picture.convert("RGBA").tobytes()
        view = memoryview(rgba).cast("B", (width * height, 4))
        coordinates.append(np.asarray(_core.to_space(view, _core.Space.OKLAB, 3)))
    distances = np.sqrt(((coordinates[0] - coordinates[1]) ** 2).sum(axis=1))
    contrast = np.asarray(_core.local_contrast(first.tobytes(), width, 3, N_THREADS))
    deviation = MAX_CONTRAST * (contrast / 255.0) ** 2
    ratio = (MEDIUM_CONTRAST + CONTRAST_FLOOR) / (deviation + CONTRAST_FLOOR)
    weighed: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (
        distances * ratio ** (MASKING_EXPONENT / 2)
    ).reshape(height, width)
    return weighed
