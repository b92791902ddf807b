"""One palette for many pictures: sprites, frames, the icons of a site.

Histograms add up, so that the pictures are never in memory together. All results have the same
entries in the same order, whether they use them or not: index 5 is one colour in all of them.
"""

from ..histogram import Histogram
from ..indexed import Palette
from ..options import Options
from . import fit_palette

__all__ = ["shared_palette"]


def shared_palette(histogram: Histogram, options: Options) -> Palette:
    """Chooses a palette for all the pictures of a merged histogram.

    Args:
        histogram: the sum of theirs.
        options: see `Options`.

    Returns:
        The palette; entries that are not fully opaque come first, then by brightness, so that the
        order does not depend on that of the pictures.
    """
    palette = fit_palette(histogram, options).palette
    order = sorted(range(len(palette)), key=lambda entry: _place(palette.entry(entry)))
    return palette.reordered(order)


def _place(color: bytes) -> tuple[bool, int, bytes]:
    red, green, blue, alpha = color
    return alpha == 255, 2 * red + 5 * green + blue, color
