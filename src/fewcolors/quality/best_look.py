"""The best look that so many colours can have, for any picture.

Which palette looks best depends on the picture, and the score tells: k-means in several spaces,
with areas kept and without, nearest colours and dithered ones. A page of text at 8 colours is best
in sRGB, a drawing on black in OKLab with a toe, an illustration dithered.
"""

from array import array

from .. import _core
from ..assign import nearest
from ..assign.order import indexed_image
from ..decode import Pixels
from ..encode.png import quick_size
from ..histogram import Histogram
from ..indexed import KINDS, Palette
from ..limits import MAX_COLORS, MAX_QUALITY
from ..options import Options
from ..palette.drawn import SPACE
from ..weigh import SMALL_PIXELS, weigh_as_photo
from .closest_colors import wants_closest_colors
from .dithering import diffused
from .drawn import Drawing, Keeps
from .fidelity import BEST_FIDELITY
from .graphic import closest_of_graphic
from .score import Candidate, score_size_aware, scored

__all__ = ["best_look_of_drawing", "mixed_looks"]

AREA_POINTS = 2.0
LARGE_POINTS = 5.0
"""Points that a look must gain to be taken in place of one in which all flat areas keep their
colour, or at least large ones and spots that would get quite another one: few colours go to areas
first, then to shades."""

CLOSEST_POINTS = 2.0
"""Points that a look of a picture with alpha must gain over the closest colours, which are near on
any background, pixel by pixel. Of 256 colours these are taken in any case: their error on white,
black and colours is smaller than pngquant's."""

COSTLESS_POINTS = 0.5
"""Of looks the smallest file counts whose score is at most this far below the best: a difference
nobody sees."""

STRENGTHS = (0.5, 0.8, 1.0)
"""Of error diffusion, tried with the palettes that look best without."""

SPACES_TRIED = (SPACE, _core.Space.SRGB, _core.Space.OKLAB)

FEW_WITH_EDGES = 16
EDGE_WEIGHT = 0.25
"""Up to so many colours, palettes are tried in which the translucent colours of soft edges weigh a
quarter, or have no entry: the colours that they leave to what is opaque gain up to 30 points at 4
colours, and 7 at 16 (8 icons and sprites)."""

KEEPS: tuple[Keeps, ...] = ("areas", "large", "nothing")

NEARLY_AS_MANY = 1.2
ROUND_NUMBERS = (4, 8, 16, 32, 64, 96, 128, 192)
"""With up to so many times a round number of colours, the looks of that number are tried too: a few
more colours never look worse."""


def best_look_of_drawing(
    pixels: Pixels, histogram: Histogram, options: Options
) -> tuple[Candidate, float]:
    """Returns the smallest of the looks that are as good as the best, and the score of the best.

    Args:
        pixels: a drawing.
        histogram: of its colours, each weighing its pixels.
        options: n_colors is used; with a quality of 100 the best look is returned itself.
    """
    found = _best_of(pixels, histogram, options)
    most = options.most_colors
    fewer = [n for n in ROUND_NUMBERS if n < most <= n * NEARLY_AS_MANY]
    if fewer and histogram.n_colors > fewer[-1]:
        other = _best_of(pixels, histogram, options._replace(n_colors=fewer[-1]))
        found = max(found, other, key=lambda pair: pair[0].score)
    return found


def _best_of(pixels: Pixels, histogram: Histogram, options: Options) -> tuple[Candidate, float]:
    drawings = [Drawing(pixels, histogram, options)]
    drawings += [
        Drawing(pixels, other, options, drawings[0].areas)
        for other in _with_lighter_edges(histogram, options)
    ]
    tiers = [
        [look for drawing in drawings for look in _tier(drawing, histogram, keeps)]
        for keeps in KEEPS
    ]
    best = max((look for looks in tiers for look in looks), key=_score)
    if wants_closest_colors(pixels, options):
        closest = closest_of_graphic(pixels, histogram, options)
        is_enough = options.most_colors == MAX_COLORS
        if is_enough or closest.score >= best.score - CLOSEST_POINTS:
            return closest, max(best.score, closest.score)
    if options.target == MAX_QUALITY:
        return best, best.score
    least = (AREA_POINTS, LARGE_POINTS, 0.0)
    looks = next(
        looks
        for looks, points in zip(tiers, least, strict=True)
        if max(map(_score, looks)) >= best.score - points
    )
    highest = max(map(_score, looks))
    as_good = [look for look in looks if look.score >= highest - COSTLESS_POINTS]

    def size(look: Candidate) -> int:
        image = indexed_image(pixels, look.palette, look.indices, options, "by similarity")
        return quick_size(image)

    return min(as_good, key=size) if len(as_good) > 1 else as_good[0], best.score


def _with_lighter_edges(histogram: Histogram, options: Options) -> list[Histogram]:
    """Returns histograms in which translucent colours weigh less, where that is worth a try."""
    if options.most_colors > FEW_WITH_EDGES:
        return []
    opaque, translucent, transparent = map(histogram.of_kind, KINDS)
    if not opaque.n_colors or not translucent.n_colors:
        return []
    without = opaque.merged(transparent)
    weights = array("d", (EDGE_WEIGHT * weight for weight in translucent.weights))
    return [without.merged(Histogram(translucent.colors, memoryview(weights))), without]


def _score(look: Candidate) -> float:
    return look.score


def _tier(drawing: Drawing, histogram: Histogram, keeps: Keeps) -> list[Candidate]:
    """Returns looks of palettes that keep so much: nearest colours, and others of the best.

    Args:
        drawing: makes the palettes.
        histogram: of all its pixels.
        keeps: see `Recipe`.
    """
    pixels, options = drawing.pixels, drawing.options
    palettes = {
        drawing.palette(drawing.most, damping, keeps, space): space
        for space in SPACES_TRIED
        for damping in (1.0, 0.5)
    }
    looks = [
        scored(pixels, palette, nearest(pixels, histogram, palette, options, space), options)
        for palette, space in palettes.items()
    ]
    is_small = pixels.width * pixels.height <= SMALL_PIXELS
    if is_small or histogram.n_colors <= options.most_colors:
        return looks
    return looks + mixed_looks(pixels, max(looks, key=_score).palette, options)


def mixed_looks(pixels: Pixels, palette: Palette, options: Options) -> list[Candidate]:
    """Returns looks in which gradients mix two entries: dithered, and of the best fidelity."""
    looks = [diffused(pixels, palette, strength, options) for strength in STRENGTHS]
    weights = weigh_as_photo(pixels, options)
    return [*looks, score_size_aware(pixels, weights, palette, BEST_FIDELITY, options)]
