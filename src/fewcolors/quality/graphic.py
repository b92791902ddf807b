"""Palettes of graphics that are dithered, and the closest colours of those with alpha."""

from .. import _core
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import Palette
from ..options import Options
from ..palette import fit_palette
from .closest_colors import choose_closest_colors
from .score import Candidate

__all__ = ["closest_of_graphic", "graphic_palette"]

MOST_MISSED = 32
"""Entries beyond those of k-means that areas of one colour may claim."""

MOST_LOST = 5.0
"""Points of score that these entries may cost in a picture with alpha: the edges of an icon need
most of 16 colours themselves."""


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
