"""Drawings with gradients: their colours are too many for a palette, and bands would show.

A graphic takes the nearest colours, so that its letters and lines repeat exactly. Where all colours
leave it far from the score asked for, they are assigned as in a photo, where they mingle.
"""

import math

from ..decode import Pixels
from ..encode.png import encode_png
from ..histogram import Histogram
from ..options import DEFAULT_QUALITY, MAX_QUALITY, Options
from ..weigh import SMALL_PIXELS, weigh_as_photo
from . import MISSED, Chosen, choose
from .closest_colors import wants_closest

__all__ = ["mingled"]

POINT_COST = 0.055
"""The logarithm of the bytes that a point of score may cost. Where gradients mingle it costs .01 to
.05; flat tiles of a thousand colours, which are better off in wrong colours than in streaks, .06 to
.14 (20 drawings)."""


def mingled(
    chosen: Chosen, pixels: Pixels, histogram: Histogram, options: Options
) -> Chosen | None:
    """Tries to assign the colours of a graphic as if it were a photo.

    Args:
        chosen: what came of it as a graphic.
        pixels: the picture.
        histogram: of its colours.
        options: see `Options`.

    Returns:
        What comes of it as a photo; None where it shows no bands, or where that does not look
        better, or costs too much.
    """
    if not _has_bands(chosen, pixels, options):
        return None
    # The same palette: areas that claimed an entry of their own keep it.
    same_colors = options._replace(
        palette=chosen.image.palette, n_colors=None, quality=options.target
    )
    attempt = choose(pixels, weigh_as_photo(pixels, options), histogram, same_colors)
    gain = attempt.score - chosen.score
    if options.target == MAX_QUALITY:
        return attempt if gain > 0.0 else None
    before = encode_png(chosen.image, "fast", is_graphic=True)
    cost = math.log(len(encode_png(attempt.image, "fast")) / len(before))
    return attempt if gain > 0.0 and cost <= POINT_COST * gain else None


def _has_bands(chosen: Chosen, pixels: Pixels, options: Options) -> bool:
    """Whether a graphic is so far from the score asked for that its colours should mingle."""
    if pixels.width * pixels.height <= SMALL_PIXELS or wants_closest(pixels, options):
        return False  # one colour or another, but no dots
    if options.given_palette is not None or options.dither != "size-aware":
        return False
    target = DEFAULT_QUALITY if options.target is None else options.target
    return chosen.score < target - MISSED
