"""Dithering, where it is asked for: colours that come right on the mean, not pixel by pixel.

Error diffusion hands what a pixel gets wrong on to its neighbours; ordered dithering mixes two
entries by a mask of blue noise, the same way in every frame. Both know the distances of OKLab,
whatever the method: on five photos diffusion in sRGB scores 4 points less with 256 colours and 10
with 16, even for palettes made there.
"""

from typing import Literal, TypeAlias

from .. import _core
from ..decode import Pixels
from ..histogram import Histogram
from ..options import MAX_QUALITY, Options
from ..palette import Palette
from . import Choice, chosen, scored

__all__ = ["Dithering", "diffused", "dithered", "dithered_indices", "settled"]

Dithering: TypeAlias = float | Literal["ordered"]
"""The strength of error diffusion, or the pattern."""

AUTOMATIC = ("auto", "size-aware")
"""Whoever dithers leaves the rest to be found out."""

STRENGTHS = (0.6, 1.0)
"""Tried for "auto". Photos score highest at 0.8 to 1, and alike there; a mild dither is for what is
nearly right without."""

LEAST_GAIN = 0.5
"""Points that dithering must gain before "auto" takes it: less nobody sees, and dots cost bytes."""


def dithered(pixels: Pixels, histogram: Histogram, palette: Palette, options: Options) -> Choice:
    """Gives every pixel an entry of a palette, dithered as the options ask.

    Args:
        pixels: the picture.
        histogram: its histogram, or one that has all its colours.
        palette: 1 to 256 colours.
        options: dither ("size-aware" means "auto" here), method and threads are used.

    Returns:
        The choice with its score.

    >>> import numpy as np, fewcolors
    >>> grey = fewcolors.decode(np.full((64, 64), 118, np.uint8))
    >>> black_and_white = fewcolors.Palette(bytes([0, 0, 0, 255, 255, 255, 255, 255]))
    >>> options = fewcolors.Options(dither=1.0)
    >>> choice = dithered(grey, fewcolors.build_histogram(grey), black_and_white, options)
    >>> sorted(set(choice.indices))
    [0, 1]
    """
    if options.dither in AUTOMATIC:
        return _best(pixels, histogram, palette, options)[0]
    dithering = _asked(options)
    if dithering is None:
        return chosen(pixels, histogram, palette, options)
    return scored(pixels, palette, dithered_indices(pixels, palette, dithering, options), options)


def settled(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> Dithering | None:
    """Returns how a picture is dithered as the options ask; None for the nearest colours.

    Args:
        pixels: the picture.
        histogram: of its colours.
        palette: 1 to 256 colours.
        options: as for `dithered`.
    """
    if options.dither in AUTOMATIC:
        return _best(pixels, histogram, palette, options)[1]
    return _asked(options)


def dithered_indices(
    pixels: Pixels, palette: Palette, dithering: Dithering, options: Options
) -> memoryview:
    """Gives every pixel an entry: by the pattern, or by error diffusion of a strength."""
    picture = (pixels.data, pixels.width, pixels.channels, palette.buffer)
    if dithering == "ordered":
        return _core.dither_ordered(*picture, options.threads)
    return _core.diffuse_error(*picture, dithering, options.threads)


def diffused(pixels: Pixels, palette: Palette, strength: float, options: Options) -> Choice:
    """Gives every pixel an entry by error diffusion of a strength, 0 to 1."""
    return scored(pixels, palette, dithered_indices(pixels, palette, strength, options), options)


def _asked(options: Options) -> Dithering | None:
    """Returns how to dither as it was said, not left to be found out."""
    if options.dither is None or options.dither in ("none", 0):
        return None
    return "ordered" if options.dither == "ordered" else float(options.dither)


def _best(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> tuple[Choice, float | None]:
    """Returns nearest or diffused indices, whichever look better, with their strength."""
    plain = chosen(pixels, histogram, palette, options)
    if plain.score >= MAX_QUALITY - LEAST_GAIN:
        return plain, None
    tries = [(diffused(pixels, palette, share, options), share) for share in STRENGTHS]
    best = max(tries, key=lambda attempt: attempt[0].score)
    return best if best[0].score >= plain.score + LEAST_GAIN else (plain, None)
