"""Palette and indices for the score, or the number of colours, that was asked for.

Photos are steered by the fidelity of the size-aware assignment, with as many colours as allowed:
fewer colours look worse at the same size. Graphics are steered by the number of colours.
"""

from typing import NamedTuple

from .. import _core
from ..assign import Choice, Order, chosen, in_given_order, indexed_image, nearest, size_aware
from ..assign.dither import diffused, dithered
from ..decode import Pixels
from ..encode.png import encode_png
from ..histogram import Histogram
from ..indexed import IndexedImage
from ..options import MAX_QUALITY, Effort, Options
from ..palette import Palette, build_palette, fit_palette, holds_all
from ..weigh import Weights
from .closest_colors import choose_closest, wants_closest
from .fewest_colors import fewest_colors
from .fidelity import BEST_FIDELITY, Curve, estimated_ceiling
from .graphic import choose_graphic, graphic_palette

__all__ = ["Chosen", "choose", "choose_dithered", "compared", "image_of"]

COSTLESS_FIDELITIES = (100_000.0, 200_000.0, 600_000.0)
COSTLESS_POINTS = 0.5
"""Tried for the best look that some colours can have; the smallest file is taken that costs no more
points than nobody can see."""

CHROMA_COLORS = 64
"""Up to so many colours a palette is tried for which hue counts for more than light. At 16 colours
it looks better in half of all pictures, by up to 5 points: skin and hair keep their colour."""

DIFFUSED_COLORS = 64
DIFFUSED_STRENGTH = 0.7
"""Up to so many colours error diffusion is tried for the best look: at 16 colours it scores 6
points more than the size-aware choice in 14 % more bytes, at 64 colours 2 in 12 % (6 photos). In
full it scores 3 more at 16, and files are no smaller than pngquant's."""

DITHERING_GAIN = 1.1
"""Points that the best look has over the nearest colours, on average over 24 photos."""

MISSED = 4.0
"""Points below the score asked for from which on the ceiling is measured to its last point."""

CORRECTIONS: dict[Effort, int] = {"fast": 0, "balanced": 1, "max": 3}
CLOSE_ENOUGH: dict[Effort, float] = {"fast": 100.0, "balanced": 2.5, "max": 0.2}
"""By effort: how often the fidelity is corrected by the score that came out, and how far off that
may be, in points."""

LARGE_PIXELS = 4_000_000
"""Above this many pixels only effort "max" takes the time for a correction."""


class Chosen(NamedTuple):
    """What came of it.

    Attributes:
        image: palette and indices.
        score: how good they look; see `assign.Choice`.
        ceiling: the best score that the colours allow.
        is_estimate: whether both are estimates rather than measured.
    """

    image: IndexedImage
    score: float
    ceiling: float
    is_estimate: bool


def choose(pixels: Pixels, weights: Weights, histogram: Histogram, options: Options) -> Chosen:
    """Chooses palette and indices as the options ask.

    Args:
        pixels: the picture.
        weights: of its pixels.
        histogram: of its colours, so weighed.
        options: see `Options`.

    Returns:
        The indexed image, and how good it looks.
    """
    is_estimate = False
    given = options.given_palette
    fits = given is None and histogram.n_colors <= options.most_colors
    if fits and options.quality in (None, MAX_QUALITY):
        choice = chosen(pixels, histogram, build_palette(histogram, options), options)  # exact
        ceiling = choice.score
    elif options.dither != "size-aware":
        choice, ceiling = choose_dithered(pixels, weights, histogram, options)
    elif weights.is_graphic and given is not None:
        choice = chosen(pixels, histogram, build_palette(histogram, options), options)
        ceiling = choice.score
    elif weights.is_graphic:
        choice, ceiling = choose_graphic(pixels, histogram, options)
    elif _goes_unmeasured(options):
        choice, ceiling = _unmeasured(pixels, weights, histogram, options)
        is_estimate = True
    else:
        choice, ceiling = _choose_photo(pixels, weights, histogram, options)
    image = image_of(choice, pixels, weights, histogram, options)
    return Chosen(image, choice.score, ceiling, is_estimate)


def image_of(
    choice: Choice, pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> IndexedImage:
    """Makes the image of a choice: its entries in the order in which they are stored.

    Args:
        choice: palette and indices.
        pixels: the picture.
        weights: of its pixels.
        histogram: of its colours.
        options: keep_transparent_colors, palette, keep_palette_order and threads are used.

    Returns:
        The indexed image.
    """
    if options.keep_transparent_colors and histogram.has_transparent:
        choice = _with_transparent(pixels, histogram, choice, options)
    order: Order = "by likeness" if weights.is_graphic else "by count"
    image = indexed_image(pixels, choice.palette, choice.indices, options, order, choice.parse)
    if options.given_palette is not None and options.keep_palette_order:
        image = in_given_order(image, options.given_palette, options)
    return image


def choose_dithered(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> tuple[Choice, float]:
    """Dithers as the options ask; a quality then steers the number of colours.

    Returns:
        The choice, and the score of as many colours as are allowed.
    """
    most = min(options.most_colors, histogram.n_colors)

    def look(n_colors: int) -> Choice:
        if weights.is_graphic and options.given_palette is None:
            palette = graphic_palette(histogram, options, n_colors)
        elif n_colors == most:
            palette = _palette(pixels, weights, histogram, options)
        else:
            palette = build_palette(histogram, options, n_colors)
        return dithered(pixels, histogram, palette, options)

    if options.given_palette is not None:
        choice = look(most)
        return choice, choice.score
    return fewest_colors(look, most, options)


def compared(chosen: Chosen, pixels: Pixels, options: Options) -> Chosen:
    """Returns a choice with error and score measured against other pixels."""
    image, width, channels = chosen.image, pixels.width, pixels.channels
    against = (pixels.data, width, channels, image.data, image.palette.buffer, options.threads)
    _, error = _core.compare(*against)
    image.mse = error / (pixels.width * pixels.height)
    return chosen._replace(score=_core.score(*against), is_estimate=False)


def _goes_unmeasured(options: Options) -> bool:
    """Whether the score is not worth its time: a tenth of effort "fast".

    How well a palette fits that was given nobody knows before it is measured.
    """
    if options.palette is not None:
        return False
    has_target = options.target is not None and options.target < MAX_QUALITY
    return options.effort == "fast" and has_target and options.min_quality is None


def _unmeasured(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> tuple[Choice, float]:
    palette, error = fit_palette(histogram, options)
    curve = Curve(estimated_ceiling(error), options.effort)
    fidelity = curve.fidelity(options.target or 0.0)
    indices, parse = size_aware(pixels, weights, palette, fidelity, options)
    choice = Choice(palette, indices, curve.score(fidelity), parse)
    return choice, max(curve.ceiling, choice.score)


def _choose_photo(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> tuple[Choice, float]:
    target = options.target
    if wants_closest(pixels, options):
        palette = build_palette(histogram, options)
        closest = choose_closest(pixels, histogram, palette, options)
        return closest, closest.score
    palette = _palette(pixels, weights, histogram, options)
    plain = chosen(pixels, histogram, palette, options)
    is_exact = holds_all(palette, histogram)
    if options.method == "classic" or (is_exact and target in (None, MAX_QUALITY)):
        return plain, plain.score
    if target is None or target == MAX_QUALITY:
        return _best_look(pixels, weights, histogram, plain, options)
    choice = _at_score(pixels, weights, histogram, plain, target, options)
    ceiling = min(plain.score + DITHERING_GAIN, MAX_QUALITY)
    if choice.score < target - MISSED:  # then the user wants to know what there is to reach
        best = options._replace(quality=MAX_QUALITY)
        _, ceiling = _best_look(pixels, weights, histogram, plain, best)
    return choice, max(ceiling, choice.score)


def _palette(pixels: Pixels, weights: Weights, histogram: Histogram, options: Options) -> Palette:
    """Builds the palette; where few colours are to look their best, the better of two."""
    palette = build_palette(histogram, options)
    is_plain = options.method == "classic" or options.effort == "fast"
    is_given = options.given_palette is not None or holds_all(palette, histogram)
    if options.target is not None or len(palette) > CHROMA_COLORS or is_plain or is_given:
        return palette
    vivid = fit_palette(histogram, options, space=_core.Space.OKLAB_CHROMA).palette

    def score(palette: Palette) -> float:
        return _attempt(pixels, weights, histogram, palette, BEST_FIDELITY, options).score

    return max(palette, vivid, key=score)


def _at_score(
    pixels: Pixels,
    weights: Weights,
    histogram: Histogram,
    plain: Choice,
    target: float,
    options: Options,
) -> Choice:
    """Chooses indices for a score; at effort "max" corrects the fidelity by what comes out."""
    curve = Curve(plain.score, options.effort)
    corrections = CORRECTIONS[options.effort]
    if options.effort != "max" and pixels.width * pixels.height > LARGE_PIXELS:
        corrections = 0
    best: Choice | None = None
    while True:
        fidelity = curve.fidelity(target)
        choice = _attempt(pixels, weights, histogram, plain.palette, fidelity, options)
        if best is None or abs(choice.score - target) < abs(best.score - target):
            best = choice
        is_close = abs(choice.score - target) <= CLOSE_ENOUGH[options.effort]
        if corrections == 0 or is_close or (fidelity == curve.knee and choice.score < target):
            return best
        curve = curve.through(fidelity, choice.score)
        corrections -= 1


def _best_look(
    pixels: Pixels, weights: Weights, histogram: Histogram, plain: Choice, options: Options
) -> tuple[Choice, float]:
    """Returns nearest or dithered indices, whichever look better, and how good that is.

    Where a number of colours was asked for, and not a score, the smallest is taken of all that look
    as good.
    """
    fidelities = COSTLESS_FIDELITIES if options.target is None else ()
    choices = [plain] + [
        _attempt(pixels, weights, histogram, plain.palette, fidelity, options)
        for fidelity in (*fidelities, BEST_FIDELITY)
    ]
    if options.target is None and len(plain.palette) <= DIFFUSED_COLORS:
        choices.append(diffused(pixels, plain.palette, DIFFUSED_STRENGTH, options))
    best = max(choices, key=lambda choice: choice.score)
    if options.target is not None:
        return best, best.score

    def size(choice: Choice) -> int:
        image = indexed_image(pixels, choice.palette, choice.indices, options)
        return len(encode_png(image, "fast"))

    as_good = [choice for choice in choices if choice.score >= best.score - COSTLESS_POINTS]
    return min(as_good, key=size), best.score


def _attempt(
    pixels: Pixels,
    weights: Weights,
    histogram: Histogram,
    palette: Palette,
    fidelity: float,
    options: Options,
) -> Choice:
    assigned = size_aware(pixels, weights, palette, fidelity, options)
    return chosen(pixels, histogram, palette, options, assigned)


def _with_transparent(
    pixels: Pixels, histogram: Histogram, choice: Choice, options: Options
) -> Choice:
    """Gives pixels of alpha 0 the colour nearest to theirs, which nothing else looks at."""
    plain = nearest(pixels, histogram, choice.palette, options)
    indices = _core.copy_transparent(pixels.data, plain, choice.indices)
    return choice._replace(indices=indices, parse=None)
