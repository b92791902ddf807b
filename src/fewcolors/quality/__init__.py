"""Which palette and indices reach the score, or the number of colours, that is asked for.

Photos are steered by the fidelity of the size-aware assignment, with as many colours as allowed:
fewer colours look worse at the same size. Of drawings, looks of every kind are compared by their
score and bytes; so are pictures that might be either.

    choose -> photo      (fidelity)    size-aware indices at the fidelity that reaches the score
           -> drawing    (drawn)       the smallest look that reaches it, on ladders of looks
           -> best_look                the best look of a number of colours, where that is asked
           -> choose_dithered          dithered indices, where options ask for it

`byte_limit` searches in the same ways for a size.
"""

from typing import NamedTuple

from .. import _core
from ..assign import nearest
from ..assign.order import Order, in_given_order, indexed_image
from ..decode import Pixels
from ..encode.png import quick_size
from ..exact_math import log
from ..histogram import Histogram, build_histogram
from ..indexed import IndexedImage, Palette
from ..limits import MAX_QUALITY
from ..options import Options
from ..palette import fit_palette
from ..palette.drawn import SPACE
from ..weigh import SMALL_PIXELS, Weights
from .best_look import best_look_of_drawing, mixed_looks
from .closest_colors import wants_closest_colors
from .dithering import dithered
from .drawing import NEAR_ENOUGH, choose_drawing
from .drawn import Drawing
from .fewest_colors import fewest_colors
from .graphic import graphic_palette
from .photo import (
    POINTS_SHORT,
    choose_photo,
    estimate_photo,
    goes_unmeasured,
    photo_palette,
)
from .score import Candidate, score_nearest, scored

POINT_COST = 0.055
"""The logarithm of the bytes that a point of score may cost. Mixed gradients cost .01 to .05 a
point; flat tiles of a thousand colours, in which mixing shows as streaks, cost .06 to .14 (20
drawings)."""

DRAWN_PIXELS_A_COLOR = 40
MOST_DRAWN_PIXELS = 4_000_000
"""What looks like a photo is tried as a drawing as well if it has alpha, as icons and sprites do,
or this many pixels a colour: 24 photos have 5 to 29. Larger pictures take too long."""

MOST_DRAWN_TRANSLUCENT = 16_384
"""With more translucent colours a picture is a photo that fades, and no drawing: the ladders took
three seconds for a tenth of a megapixel of it. Drawings have a tenth as many."""

__all__ = ["Reduction", "choose", "choose_dithered", "reduction_of", "rescored_against"]


class Reduction(NamedTuple):
    """A picture reduced to few colours.

    Attributes:
        image: palette and indices.
        score: how good they look; see `score.Candidate`.
        ceiling: the best score that the colours allow.
        is_estimate: whether score and ceiling are estimates rather than measured.
        copy_plan: how the indices are to be deflated, see `SizeAware`; None where that is open.
        is_graphic: whether the indices are those of a drawing rather than of a photo.
    """

    image: IndexedImage
    score: float
    ceiling: float
    is_estimate: bool = False
    copy_plan: memoryview | None = None
    is_graphic: bool = False


def choose(pixels: Pixels, weights: Weights, histogram: Histogram, options: Options) -> Reduction:
    """Chooses palette and indices as the options ask.

    Args:
        pixels: the picture.
        weights: of its pixels.
        histogram: of its colours, counted with these weights.
        options: see `Options`.

    Returns:
        The indexed image, and how good it looks.
    """
    is_estimate = False
    given = options.palette
    fits = given is None and histogram.n_colors <= options.most_colors
    if fits and options.quality in (None, MAX_QUALITY):
        exact = fit_palette(histogram, options).palette
        candidate = score_nearest(pixels, histogram, exact, options)
        ceiling = candidate.score
    elif options.dither != "size-aware":
        candidate, ceiling = choose_dithered(pixels, weights, histogram, options)
    elif weights.is_graphic and given is not None:
        usable = fit_palette(histogram, options).palette
        candidate = score_nearest(pixels, histogram, usable, options)
        ceiling = candidate.score
    elif weights.is_graphic and options.target in (None, MAX_QUALITY):
        candidate, ceiling = best_look_of_drawing(pixels, histogram, options)
    elif weights.is_graphic:
        drawing = Drawing(pixels, histogram, options)
        candidate, ceiling = choose_drawing(drawing)
        if candidate.score < (options.target or 0.0) - POINTS_SHORT:
            candidate, ceiling = _better_look(candidate, ceiling, drawing)
    elif wants_closest_colors(pixels, options):
        counted = _counted(pixels, options)
        candidate, ceiling = best_look_of_drawing(pixels, counted, options)
    elif goes_unmeasured(options):
        candidate, ceiling = estimate_photo(pixels, weights, histogram, options)
        is_estimate = True
    else:
        possible = _possible_drawing(pixels, histogram, options)
        if possible is None:
            candidate, ceiling = choose_photo(pixels, weights, histogram, options)
        else:
            candidate, ceiling = choose_drawing(possible)
            if not len(possible.areas.colors):  # a photo's indices would change flat areas
                photo = choose_photo(pixels, weights, histogram, options)
                candidate, ceiling = _smaller(photo, (candidate, ceiling), pixels, options)
            weights = weights._replace(is_graphic=True)
    reduction = reduction_of(candidate, pixels, weights, histogram, options)
    return reduction._replace(ceiling=ceiling, is_estimate=is_estimate)


def reduction_of(
    candidate: Candidate, pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> Reduction:
    """Puts the entries of a candidate's palette in the order in which they are stored.

    Args:
        candidate: palette and indices, which become those of the image.
        pixels: the picture.
        weights: of its pixels.
        histogram: of its colours.
        options: keep_transparent_colors, palette, keep_palette_order and threads are used.

    Returns:
        The indexed image with the candidate's score, which is its ceiling too.
    """
    if options.keep_transparent_colors and histogram.has_transparent:
        candidate = _with_transparent(pixels, histogram, candidate, options)
    order: Order = "by similarity" if weights.is_graphic else "by count"
    image = indexed_image(
        pixels, candidate.palette, candidate.indices, options, order, in_place=True
    )
    if options.palette is not None and options.keep_palette_order:
        image = in_given_order(image, options.palette, options)
    return Reduction(
        image,
        candidate.score,
        candidate.score,
        copy_plan=candidate.copy_plan,
        is_graphic=weights.is_graphic,
    )


def _counted(pixels: Pixels, options: Options) -> Histogram:
    """Counts pixels, each of which weighs the same."""
    keep = options.keep_transparent_colors
    return build_histogram(pixels, options.threads, keep_transparent_colors=keep)


def _possible_drawing(pixels: Pixels, histogram: Histogram, options: Options) -> Drawing | None:
    """Returns what looks like a photo as a drawing, where it may be one as well."""
    if options.palette is not None or options.target in (None, MAX_QUALITY):
        return None
    n_pixels = pixels.width * pixels.height
    is_sparse = histogram.n_colors * DRAWN_PIXELS_A_COLOR <= n_pixels
    if n_pixels > MOST_DRAWN_PIXELS or not (pixels.channels == 4 or is_sparse):
        return None
    if histogram.of_kind("translucent").n_colors > MOST_DRAWN_TRANSLUCENT:
        return None
    return Drawing(pixels, _counted(pixels, options), options)


def _smaller(
    photo: tuple[Candidate, float],
    drawn: tuple[Candidate, float],
    pixels: Pixels,
    options: Options,
) -> tuple[Candidate, float]:
    """Returns the smaller of a picture as a photo and as a drawing, where that looks as good."""
    ceiling = max(photo[1], drawn[1])
    goal = min((options.target or 0.0) - NEAR_ENOUGH, drawn[0].score)
    if photo[0].score < goal:
        return drawn[0], ceiling

    def size(look: Candidate) -> int:
        order: Order = "by similarity"
        return quick_size(indexed_image(pixels, look.palette, look.indices, options, order))

    return min(drawn[0], photo[0], key=size), ceiling


def _better_look(candidate: Candidate, ceiling: float, drawing: Drawing) -> tuple[Candidate, float]:
    """Returns the best look of a drawing whose gradients show bands, or the one it has.

    Dithering, or indices whose errors are taken off the rows below, must gain enough over nearest
    colours for its bytes.
    """
    pixels, options = drawing.pixels, drawing.options
    if pixels.width * pixels.height <= SMALL_PIXELS:
        return candidate, ceiling  # its pixels are looked at one by one: no mixed colours
    palettes = [candidate.palette]
    if len(candidate.palette) < drawing.most:
        palettes.append(drawing.palette(drawing.most, keeps="nothing"))
    looks = [look for palette in palettes for look in _mixed_but_flat(drawing, palette)]
    ceiling = max(ceiling, *(look.score for look in looks))

    def size(look: Candidate) -> int:
        return quick_size(indexed_image(pixels, look.palette, look.indices, options))

    indices = nearest(pixels, drawing.histogram, candidate.palette, options, SPACE)
    plain = scored(pixels, candidate.palette, indices, options)
    before = size(plain)
    for look in sorted(looks, key=lambda look: -look.score):
        gain = look.score - max(plain.score, candidate.score)
        if gain > 0.0 and log(size(look) / before) <= POINT_COST * gain:
            return look, ceiling
    return candidate, ceiling


def _mixed_but_flat(drawing: Drawing, palette: Palette) -> list[Candidate]:
    """Returns looks in which gradients mix two entries, and flat areas have their nearest one."""
    pixels, options, is_flat = drawing.pixels, drawing.options, drawing.areas.is_flat
    plain = nearest(pixels, drawing.histogram, palette, options, SPACE)
    return [
        scored(pixels, palette, _core.copy_flat(is_flat, plain, look.indices), options)
        for look in mixed_looks(pixels, palette, options)
    ]


def choose_dithered(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> tuple[Candidate, float]:
    """Dithers as the options ask; a quality then steers the number of colours.

    Returns:
        The candidate, and the score of as many colours as are allowed.
    """
    most = min(options.most_colors, histogram.n_colors)

    def attempt(n_colors: int) -> Candidate:
        if weights.is_graphic and options.palette is None:
            palette = graphic_palette(histogram, options, n_colors)
        elif n_colors == most:
            palette = photo_palette(pixels, weights, histogram, options)
        else:
            palette = fit_palette(histogram, options, n_colors).palette
        return dithered(pixels, histogram, palette, options)

    if options.palette is not None:
        candidate = attempt(most)
        return candidate, candidate.score
    candidate, ceiling = fewest_colors(attempt, most, options)
    is_short = options.target is not None and candidate.score < options.target - POINTS_SHORT
    if is_short and not weights.is_graphic:  # the user is told what can be reached
        best = options._replace(quality=MAX_QUALITY)
        palette = photo_palette(pixels, weights, histogram, best)
        ceiling = max(ceiling, dithered(pixels, histogram, palette, options).score)
    return candidate, ceiling


def rescored_against(pixels: Pixels, reduction: Reduction, options: Options) -> Reduction:
    """Returns a reduction with its error and score measured against other pixels."""
    image, width, channels = reduction.image, pixels.width, pixels.channels
    against = (pixels.data, width, channels, image.data, image.palette.buffer, options.threads)
    _, error = _core.compare(*against)
    image.mse = error / (pixels.width * pixels.height)
    return reduction._replace(score=_core.score(*against), is_estimate=False)


def _with_transparent(
    pixels: Pixels, histogram: Histogram, candidate: Candidate, options: Options
) -> Candidate:
    """Gives pixels of alpha 0 the nearest colour; assignment by visible error ignores it."""
    plain = nearest(pixels, histogram, candidate.palette, options)
    indices = _core.copy_transparent(pixels.data, plain, candidate.indices)
    return candidate._replace(indices=indices, copy_plan=None)
