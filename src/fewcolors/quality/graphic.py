"""Graphics: screenshots, charts, icons, text.

Their letters and lines repeat exactly, which is what makes their files small, so that each colour
must become the same entry everywhere. What is left to choose is the palette, and how few colours
will do.
"""

from .. import _core
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import Palette
from ..options import Options
from ..palette import fit_palette
from .closest_colors import choose_closest_colors, wants_closest_colors
from .fewest_colors import fewest_colors
from .score import Candidate, score_nearest

__all__ = ["choose_graphic", "closest_of_graphic", "graphic_palette"]

MOST_MISSED = 32
"""Entries beyond those of k-means that areas of one colour may claim."""

MOST_LOST = 5.0
"""Points of score that these entries may cost in a picture with alpha: the edges of an icon need
most of 16 colours themselves."""


def choose_graphic(
    pixels: Pixels, histogram: Histogram, options: Options
) -> tuple[Candidate, float]:
    """Chooses the fewest colours that reach the score asked for.

    Args:
        pixels: the picture.
        histogram: of its colours, with their counts.
        options: see `Options`.

    Returns:
        The candidate, and the score of as many colours as are allowed.
    """

    def attempt(n_colors: int) -> Candidate:
        palette = graphic_palette(histogram, options, n_colors)
        if wants_closest_colors(pixels, options):
            return closest_of_graphic(pixels, histogram, options)
        return score_nearest(pixels, histogram, palette, options)

    return fewest_colors(attempt, min(options.most_colors, histogram.n_colors), options)


def graphic_palette(histogram: Histogram, options: Options, n_colors: int) -> Palette:
    """Chooses colours by k-means, and adds those of areas that would change their colour.

    Within ``options.most_colors``, a small badge keeps its red though its pixels count for little.
    """
    palette = fit_palette(histogram, options, n_colors).palette
    missed = _missed_colors(histogram, palette)
    if missed and len(palette) + len(missed) > options.most_colors:
        fewest = min(len(histogram.kinds), options.most_colors)  # opaque and transparent stay so
        fewer = max(fewest, options.most_colors - len(missed))
        palette = fit_palette(histogram, options, fewer).palette
        missed = _missed_colors(histogram, palette)[: options.most_colors - len(palette)]
    return Palette(palette.data + b"".join(missed))


def closest_of_graphic(pixels: Pixels, histogram: Histogram, options: Options) -> Candidate:
    """Chooses closest colours for a picture with alpha, without missed areas if they cost much."""
    palette = graphic_palette(histogram, options, min(options.most_colors, histogram.n_colors))
    candidate = choose_closest_colors(pixels, histogram, palette, options)
    plain = fit_palette(histogram, options).palette
    if set(plain) == set(palette):
        return candidate
    other = choose_closest_colors(pixels, histogram, plain, options)
    return candidate if candidate.score >= other.score - MOST_LOST else other


def _missed_colors(histogram: Histogram, palette: Palette) -> list[bytes]:
    missed = bytes(
        _core.missed_colors(histogram.colors, histogram.weights, palette.buffer, MOST_MISSED)
    )
    return [missed[i : i + 4] for i in range(0, len(missed), 4)]
