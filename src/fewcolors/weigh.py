"""The second stage: where the eye sees error.

Error hides in texture and shows in smooth areas: visual masking. Graphics have no texture to hide
it in, and the classic method does not ask.
"""

from typing import NamedTuple

from . import _core
from .decode import Pixels
from .options import Options

__all__ = ["Weights", "weigh"]

GRAPHIC_SHARE = 0.4
"""From this share of pixels on that repeat a neighbour, a picture is a graphic. Photos have up to
.21, paintings .33; screenshots, charts, text and icons at least .60 (24 photos, 30 others)."""

UNWEIGHTED = b""


class Weights(NamedTuple):
    """What the pixels show, and where.

    Attributes:
        contrast: height x width bytes, the local contrast of each pixel on a square-root scale;
            empty where all pixels weigh the same.
        is_graphic: whether the picture is drawn rather than taken: a screenshot, chart or text.
    """

    contrast: memoryview | bytes
    is_graphic: bool


def weigh(pixels: Pixels, options: Options) -> Weights:
    """Measures local contrast, and tells graphics from photos.

    Args:
        pixels: the decoded picture.
        options: method and threads are used.

    Returns:
        The weights; for the classic method, and for graphics, all pixels weigh the same.

    >>> import numpy as np, fewcolors
    >>> page = fewcolors.decode(np.full((9, 9), 255, np.uint8))
    >>> weigh(page, fewcolors.Options()).is_graphic
    True
    """
    if options.method == "classic":
        return Weights(UNWEIGHTED, is_graphic=False)
    repeated = _core.repeated_share(pixels.data, pixels.width, pixels.channels, options.threads)
    if repeated > GRAPHIC_SHARE:
        return Weights(UNWEIGHTED, is_graphic=True)
    contrast = _core.local_contrast(pixels.data, pixels.width, pixels.channels, options.threads)
    return Weights(contrast, is_graphic=False)
