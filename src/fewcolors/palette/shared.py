"""One palette for many pictures: sprites, frames, the icons of a site.

Histograms add up, so that the pictures are never in memory together. All results have the same
entries in the same order, whether they use them or not: index 5 is one colour in all of them.
"""

from collections.abc import Iterable

from ..histogram import Histogram
from ..indexed import Palette
from ..options import Options
from . import build_palette

__all__ = ["merge_histograms", "shared_palette"]


def merge_histograms(histograms: Iterable[Histogram]) -> Histogram | None:
    """Returns the sum of histograms, or None if there are none.

    They are added in pairs, and pairs of pairs, in an order that depends on nothing but their own:
    a tenth of the work of adding them to one sum, and always the same rounding.
    """
    sums: list[tuple[int, Histogram]] = []  # (histograms merged, sum), counts descending
    for histogram in histograms:
        count = 1
        while sums and sums[-1][0] == count:
            count, histogram = 2 * count, sums.pop()[1].merge(histogram)
        sums.append((count, histogram))
    if not sums:
        return None
    total = sums.pop()[1]
    while sums:
        total = sums.pop()[1].merge(total)
    return total


def shared_palette(histogram: Histogram, options: Options) -> Palette:
    """Chooses a palette for all the pictures of a merged histogram.

    Args:
        histogram: the sum of theirs.
        options: see `Options`.

    Returns:
        The palette; entries that are not fully opaque come first, then by brightness, so that the
        order does not depend on that of the pictures.
    """
    palette = build_palette(histogram, options)
    order = sorted(range(len(palette)), key=lambda entry: _place(palette.entry(entry)))
    return palette.reordered(order)


def _place(color: bytes) -> tuple[bool, int, bytes]:
    red, green, blue, alpha = color
    return alpha == 255, 2 * red + 5 * green + blue, color
