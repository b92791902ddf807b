"""Palette and indices for the score, or the number of colours, that was asked for.

Photos are steered by the fidelity of the size-aware assignment, with as many colours as allowed:
fewer colours look worse at the same size. Graphics are steered by the number of colours.
"""

from typing import NamedTuple

from .assign import Choice, Order, chosen, indexed_image, size_aware
from .decode import Pixels
from .encode import encode_png
from .fidelity import BEST_FIDELITY, Curve, estimated_ceiling
from .graphics import choose_graphic
from .histogram import Histogram
from .image import IndexedImage
from .options import MAX_QUALITY, Effort, Options
from .palette import Palette, build_palette, fit_palette
from .weigh import Weights

__all__ = ["Chosen", "at_score", "choose"]

COSTLESS_FIDELITIES = (100_000.0, 200_000.0, 600_000.0)
COSTLESS_POINTS = 0.5
"""Tried for the best look that some colours can have; the smallest file is taken that costs no more
points than nobody can see."""

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
    if weights.is_graphic:
        choice, ceiling = choose_graphic(pixels, histogram, options)
    elif _goes_unmeasured(options):
        choice, ceiling = _unmeasured(pixels, weights, histogram, options)
        is_estimate = True
    else:
        choice, ceiling = _choose_photo(pixels, weights, histogram, options)
    order: Order = "by likeness" if weights.is_graphic else "by count"
    image = indexed_image(pixels, choice.palette, choice.indices, options, order, choice.parse)
    return Chosen(image, choice.score, ceiling, is_estimate)


def _goes_unmeasured(options: Options) -> bool:
    """Whether the score is not worth its time: a tenth of effort "fast"."""
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
    palette = build_palette(histogram, options)
    plain = chosen(pixels, histogram, palette, options)
    is_exact = histogram.n_colors <= options.most_colors
    if options.method == "classic" or (is_exact and target in (None, MAX_QUALITY)):
        return plain, plain.score
    if target is None or target == MAX_QUALITY:
        return _best_look(pixels, weights, histogram, plain, options)
    choice = at_score(pixels, weights, histogram, plain, target, options)
    ceiling = min(plain.score + DITHERING_GAIN, MAX_QUALITY)
    if choice.score < target - MISSED:  # then the user wants to know what there is to reach
        best = options._replace(quality=MAX_QUALITY)
        _, ceiling = _best_look(pixels, weights, histogram, plain, best)
    return choice, max(ceiling, choice.score)


def at_score(
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
