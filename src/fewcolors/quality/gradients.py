"""Graphics with gradients: their colours are too many for a palette, and bands would show.

A graphic takes the nearest colours, so that its letters and lines repeat exactly. Where all colours
leave it far below the target, it is assigned as a photo is: size-aware indices mix two entries
along a gradient.
"""

from ..decode import Pixels
from ..encode.png import deflated_png
from ..exact_math import log
from ..histogram import Histogram
from ..limits import MAX_QUALITY
from ..options import DEFAULT_QUALITY, Options
from ..weigh import SMALL_PIXELS, weigh_as_photo
from . import Reduction, choose
from .closest_colors import wants_closest_colors
from .photo import POINTS_SHORT

__all__ = ["try_as_photo"]

POINT_COST = 0.055
"""The logarithm of the bytes that a point of score may cost. Mixed gradients cost .01 to .05 a
point; flat tiles of a thousand colours, in which mixing shows as streaks, cost .06 to .14 (20
drawings)."""


def try_as_photo(
    reduction: Reduction, pixels: Pixels, histogram: Histogram, options: Options
) -> Reduction | None:
    """Assigns the colours of a graphic as if it were a photo, and compares.

    Args:
        reduction: of the picture, as a graphic.
        pixels: the picture.
        histogram: of its colours.
        options: see `Options`.

    Returns:
        The reduction as a photo; None where the graphic shows no bands, and where the photo does
        not look better or costs too many bytes.
    """
    if not _has_bands(reduction, pixels, options):
        return None
    # The same palette: areas that claimed an entry of their own keep it.
    same_colors = options._replace(
        palette=reduction.image.palette, n_colors=None, quality=options.target
    )
    attempt = choose(pixels, weigh_as_photo(pixels, options), histogram, same_colors)
    gain = attempt.score - reduction.score
    if options.target == MAX_QUALITY:
        return attempt if gain > 0.0 else None
    before = deflated_png(reduction.image, "fast", is_graphic=True)
    after = deflated_png(attempt.image, "fast", copy_plan=attempt.copy_plan)
    cost = log(len(after) / len(before))
    return attempt if gain > 0.0 and cost <= POINT_COST * gain else None


def _has_bands(reduction: Reduction, pixels: Pixels, options: Options) -> bool:
    """Whether a graphic falls so far short of the target that its gradients must show bands."""
    if pixels.width * pixels.height <= SMALL_PIXELS or wants_closest_colors(pixels, options):
        return False  # its pixels are looked at one by one: no mixed colours
    if options.palette is not None or options.dither != "size-aware":
        return False
    target = DEFAULT_QUALITY if options.target is None else options.target
    return reduction.score < target - POINTS_SHORT
