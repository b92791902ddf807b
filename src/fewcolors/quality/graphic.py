"""Graphics: screenshots, charts, icons, text.

Their letters and lines repeat exactly, which is what makes their files small, so that each colour
must become the same entry everywhere. What is left to choose is the palette, and how few colours
will do.
"""

from .. import _core
from ..assign import Choice, chosen
from ..decode import Pixels
from ..histogram import Histogram
from ..options import Options
from ..palette import Palette, build_palette
from .closest_colors import choose_closest, wants_closest
from .fewest_colors import fewest_colors

__all__ = ["choose_graphic", "graphic_palette"]

MOST_MISSED = 32
"""Entries that areas of their own colour may claim beyond those of k-means."""

MOST_LOST = 5.0
"""Points that they may cost with alpha: edges of an icon take most of 16 colours as it is."""


def choose_graphic(pixels: Pixels, histogram: Histogram, options: Options) -> tuple[Choice, float]:
    """Chooses the fewest colours that reach the score asked for.

    Args:
        pixels: the picture.
        histogram: of its colours, with their counts.
        options: see `Options`.

    Returns:
        The choice, and the score of as many colours as are allowed.
    """

    def look(n_colors: int) -> Choice:
        palette = graphic_palette(histogram, options, n_colors)
        if wants_closest(pixels, options):
            return _closest(pixels, histogram, palette, options)
        return chosen(pixels, histogram, palette, options)

    return fewest_colors(look, min(options.most_colors, histogram.n_colors), options)


def graphic_palette(histogram: Histogram, options: Options, n_colors: int) -> Palette:
    """Chooses colours by k-means, and adds those of areas that would change their colour.

    Within ``options.most_colors``, a small badge keeps its red though its pixels count for little.
    """
    palette = build_palette(histogram, options, n_colors)
    missed = _missed(histogram, palette)
    if missed and len(palette) + len(missed) > options.most_colors:
        fewest = min(len(histogram.kinds), options.most_colors)  # opaque and transparent stay so
        fewer = max(fewest, options.most_colors - len(missed))
        palette = build_palette(histogram, options, fewer)
        missed = _missed(histogram, palette)[: options.most_colors - len(palette)]
    return Palette(palette.data + b"".join(missed))


def _closest(pixels: Pixels, histogram: Histogram, palette: Palette, options: Options) -> Choice:
    """Chooses closest colours for a picture with alpha, without missed areas if they cost much."""
    choice = choose_closest(pixels, histogram, palette, options)
    plain = build_palette(histogram, options)
    if set(plain) == set(palette):
        return choice
    other = choose_closest(pixels, histogram, plain, options)
    return choice if choice.score >= other.score - MOST_LOST else other


def _missed(histogram: Histogram, palette: Palette) -> list[bytes]:
    missed = bytes(
        _core.missed_colors(histogram.colors, histogram.weights, palette.buffer, MOST_MISSED)
    )
    return [missed[i : i + 4] for i in range(0, len(missed), 4)]
