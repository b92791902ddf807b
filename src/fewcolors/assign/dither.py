"""Dithering, where it is asked for: colours that come right on the mean, not pixel by pixel.

Error diffusion hands what a pixel gets wrong on to its neighbours; ordered dithering mixes two
entries by a mask of blue noise, the same way in every frame. Both know the distances of OKLab,
whatever the method: on five photos diffusion in sRGB scores 4 points less with 256 colours and 10
with 16, even for palettes made there.
"""

from typing import Literal, TypeAlias

from .. import _core
from ..decode import Pixels
from ..indexed import Palette
from ..options import Options

__all__ = ["Dithering", "dithered_indices"]

Dithering: TypeAlias = float | Literal["ordered"]
"""The strength of error diffusion, or the pattern."""


def dithered_indices(
    pixels: Pixels, palette: Palette, dithering: Dithering, options: Options
) -> memoryview:
    """Gives every pixel an entry: by the pattern, or by error diffusion of a strength."""
    picture = (pixels.data, pixels.width, pixels.channels, palette.buffer)
    if dithering == "ordered":
        return _core.dither_ordered(*picture, options.threads)
    return _core.diffuse_error(*picture, dithering, options.threads)
