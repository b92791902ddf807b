"""Which dithering looks best: none, or error diffusion of one of a few strengths."""

from ..assign.dither import Dithering, dithered_indices
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import Palette
from ..limits import MAX_QUALITY
from ..options import Options
from .score import Candidate, score_nearest, scored

__all__ = ["AUTOMATIC", "LEAST_GAIN", "STRENGTHS", "diffused", "dithered", "dithering_for"]

AUTOMATIC = ("auto", "size-aware")
"""Both values mean: try `STRENGTHS`, and keep the best score."""

STRENGTHS = (0.6, 1.0)
"""Strengths of error diffusion that are tried. Photos score highest from 0.8 to 1, with little
difference between these; 0.6 suits pictures that need little dithering."""

LEAST_GAIN = 0.5
"""Points of score that dithering must gain over the nearest colours: a smaller gain is not seen,
and dithering costs bytes."""


def dithered(pixels: Pixels, histogram: Histogram, palette: Palette, options: Options) -> Candidate:
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
    dithering = _explicit_dithering(options)
    if dithering is None:
        return score_nearest(pixels, histogram, palette, options)
    return scored(pixels, palette, dithered_indices(pixels, palette, dithering, options), options)


def dithering_for(
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
    return _explicit_dithering(options)


def diffused(pixels: Pixels, palette: Palette, strength: float, options: Options) -> Candidate:
    """Gives every pixel an entry by error diffusion of a strength, 0 to 1."""
    return scored(pixels, palette, dithered_indices(pixels, palette, strength, options), options)


def _explicit_dithering(options: Options) -> Dithering | None:
    """Returns the dithering that the options name; None for the nearest colours."""
    if options.dither in ("none", 0):
        return None
    return "ordered" if options.dither == "ordered" else float(options.dither)


def _best(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> tuple[Candidate, float | None]:
    """Returns nearest or diffused indices, whichever look better, with their strength."""
    plain = score_nearest(pixels, histogram, palette, options)
    if plain.score >= MAX_QUALITY - LEAST_GAIN:
        return plain, None
    tries = [(diffused(pixels, palette, share, options), share) for share in STRENGTHS]
    best = max(tries, key=lambda attempt: attempt[0].score)
    return best if best[0].score >= plain.score + LEAST_GAIN else (plain, None)
