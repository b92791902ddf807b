"""Photos: the fidelity of the size-aware assignment that reaches a score.

They take as many colours as are allowed: fewer colours look worse at the same size.
"""

from collections.abc import Sequence

from .. import _core
from ..assign.order import indexed_image
from ..assign.size_aware import size_aware
from ..decode import Pixels
from ..encode.png import deflated_png
from ..exact_math import exp, log
from ..histogram import Histogram
from ..indexed import Palette
from ..limits import MAX_QUALITY
from ..options import Effort, Options
from ..palette import fit_palette, holds_all
from ..weigh import Weights
from .closest_colors import choose_closest_colors, wants_closest_colors
from .dithering import diffused
from .fidelity import BEST_FIDELITY, Curve, estimated_ceiling
from .score import Candidate, score_nearest, score_size_aware

__all__ = [
    "POINTS_SHORT",
    "choose_photo",
    "estimate_photo",
    "goes_unmeasured",
    "photo_palette",
]

COSTLESS_FIDELITIES = (100_000.0, 200_000.0, 600_000.0)
"""Fidelities tried for the best look, beside `BEST_FIDELITY`: their files are smaller, and some
look better."""

COSTLESS_POINTS = 0.5
"""Of these candidates the smallest file counts whose score is at most this far below the best: a
difference nobody sees."""

CHROMA_COLORS = 80
"""Up to this many colours a second palette is tried, in which hue counts for more than lightness.
At 16 colours it looks better on half of the pictures, by up to 5 points: skin and hair keep their
colour."""

DIFFUSED_STRENGTH = 0.7
"""Error diffusion of this strength is tried for the best look. At 16 colours it scores 6 points
more than the size-aware indices in 14 % more bytes, at 64 colours 2 in 12 % (6 photos). At full
strength it scores 3 more at 16, but files are no smaller than pngquant's."""

DITHERING_GAIN = 1.1
"""Points by which the best look exceeds the nearest colours, on average over 24 photos."""

POINTS_SHORT = 4.0
"""Where the score is this far below the target, the ceiling is measured rather than estimated,
since the user is told what can be reached."""

CORRECTIONS: dict[Effort, int] = {"fast": 0, "balanced": 1, "max": 3}
"""By effort: how often the fidelity may be corrected by the score that it reached."""

CLOSE_ENOUGH: dict[Effort, float] = {"fast": 100.0, "balanced": 2.5, "max": 0.2}
"""By effort: a score within so many points of the target needs no correction."""

LARGE_PIXELS = 4_000_000
"""Above this many pixels only effort "max" takes the time for a correction."""


def goes_unmeasured(options: Options) -> bool:
    """Whether the score is estimated: measuring it takes a tenth of the time of effort "fast".

    A given palette has no estimate: how well it fits is known only when it is measured.
    """
    if options.palette is not None:
        return False
    has_target = options.target is not None and options.target < MAX_QUALITY
    return options.effort == "fast" and has_target and options.min_quality is None


def estimate_photo(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> tuple[Candidate, float]:
    """Assigns at the fidelity expected to reach the target, and estimates score and ceiling."""
    palette, error = fit_palette(histogram, options)
    curve = Curve(estimated_ceiling(error), options.effort)
    fidelity = curve.fidelity(options.target or 0.0)
    indices, copy_plan = size_aware(pixels, weights, palette, fidelity, options)
    candidate = Candidate(palette, indices, curve.score(fidelity), copy_plan)
    return candidate, max(curve.ceiling, candidate.score)


def choose_photo(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> tuple[Candidate, float]:
    """Returns the candidate that reaches the target, and the best score that the colours allow."""
    target = options.target
    if wants_closest_colors(pixels, options):
        palette = fit_palette(histogram, options).palette
        closest = choose_closest_colors(pixels, histogram, palette, options)
        return closest, closest.score
    palette = photo_palette(pixels, weights, histogram, options)
    plain = score_nearest(pixels, histogram, palette, options)
    is_exact = holds_all(palette, histogram)
    if options.method == "classic" or (is_exact and target in (None, MAX_QUALITY)):
        return plain, plain.score
    if target is None or target == MAX_QUALITY:
        return _best_look(pixels, weights, plain, options)
    plain = plain._replace(indices=memoryview(b""))  # of which only palette and score are needed
    candidate = _at_score(pixels, weights, plain, target, options)
    ceiling = min(plain.score + DITHERING_GAIN, MAX_QUALITY)
    if candidate.score < target - POINTS_SHORT:  # the user is told what can be reached
        ceiling = _reachable(pixels, weights, histogram, plain, options)
    return candidate, max(ceiling, candidate.score)


def photo_palette(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options
) -> Palette:
    """Builds the palette; the better of two where few colours are to look their best."""
    palette = fit_palette(histogram, options).palette
    is_plain = options.method == "classic" or options.effort == "fast"
    is_given = options.palette is not None or holds_all(palette, histogram)
    has_score = options.target not in (None, MAX_QUALITY)
    if has_score or len(palette) > CHROMA_COLORS or is_plain or is_given:
        return palette
    vivid = fit_palette(histogram, options, space=_core.Space.OKLAB_CHROMA).palette

    def score(palette: Palette) -> float:
        return score_size_aware(pixels, weights, palette, BEST_FIDELITY, options).score

    return max(palette, vivid, key=score)


def _at_score(
    pixels: Pixels,
    weights: Weights,
    plain: Candidate,
    target: float,
    options: Options,
) -> Candidate:
    """Assigns at the fidelity expected to reach a score, and corrects it by the score reached."""
    curve = Curve(plain.score, options.effort)
    corrections = CORRECTIONS[options.effort]
    if options.effort != "max" and pixels.width * pixels.height > LARGE_PIXELS:
        corrections = 0
    best: Candidate | None = None
    measured: list[tuple[float, float]] = []
    while True:
        fidelity = _between(measured, target) or curve.fidelity(target)
        candidate = score_size_aware(pixels, weights, plain.palette, fidelity, options)
        if best is None or abs(candidate.score - target) < abs(best.score - target):
            best = candidate
        is_close = abs(candidate.score - target) <= CLOSE_ENOUGH[options.effort]
        if corrections == 0 or is_close or (fidelity == curve.knee and candidate.score < target):
            return best
        curve = curve.calibrated_by(fidelity, candidate.score)
        measured.append((fidelity, candidate.score))
        corrections -= 1


def _between(measured: Sequence[tuple[float, float]], target: float) -> float | None:
    """Returns a fidelity between two whose scores lie on both sides of the target, if there are.

    Scores of small pictures leap: what the curve expects of one of them is then worse than a
    straight line between both.
    """
    enough = [point for point in measured if point[1] >= target]
    if not enough:
        return None
    high, high_score = min(enough)
    short = [point for point in measured if point[0] < high and point[1] < target]
    if not short:
        return None
    low, low_score = max(short)
    share = (target - low_score) / (high_score - low_score)
    return exp(log(low) + share * (log(high) - log(low)))


def _best_look(
    pixels: Pixels, weights: Weights, plain: Candidate, options: Options
) -> tuple[Candidate, float]:
    """Returns the candidate that looks best, and its score.

    Where the options ask for a number of colours alone, the smallest file is taken of all that look
    as good; the score is still that of the best.
    """
    fidelities = (*COSTLESS_FIDELITIES, BEST_FIDELITY)
    candidates = _candidates(pixels, weights, plain, fidelities, options)
    best = max(candidates, key=lambda candidate: candidate.score)
    if options.target is not None:
        return best, best.score

    def size(candidate: Candidate) -> int:
        image = indexed_image(pixels, candidate.palette, candidate.indices, options)
        is_large = pixels.width * pixels.height > LARGE_PIXELS
        plan = candidate.copy_plan if is_large else None
        return len(deflated_png(image, "fast", n_threads=options.threads, copy_plan=plan))

    as_good = [
        candidate for candidate in candidates if candidate.score >= best.score - COSTLESS_POINTS
    ]
    return min(as_good, key=size), best.score


def _reachable(
    pixels: Pixels, weights: Weights, histogram: Histogram, plain: Candidate, options: Options
) -> float:
    """Returns the score of the best look, or nearly: not all fidelities are tried.

    Of large pictures what it gains over the nearest colours is measured on a sample.
    """
    whole = plain
    if pixels.width * pixels.height > LARGE_PIXELS:
        from .sample import sample_of

        pixels, weights = sample_of(pixels, weights)
        plain = score_nearest(pixels, histogram, plain.palette, options)
    differs = whole.score - plain.score  # what the sample shows worse, or better
    if len(plain.palette) <= CHROMA_COLORS:
        options = options._replace(quality=MAX_QUALITY)
        palette = photo_palette(pixels, weights, histogram, options)
        plain = score_nearest(pixels, histogram, palette, options)
    candidates = _candidates(pixels, weights, plain, (BEST_FIDELITY,), options)
    return min(max(candidate.score for candidate in candidates) + differs, MAX_QUALITY)


def _candidates(
    pixels: Pixels,
    weights: Weights,
    plain: Candidate,
    fidelities: Sequence[float],
    options: Options,
) -> list[Candidate]:
    """Returns candidates of one palette: nearest, size-aware and diffused."""
    size_aware_ones = [
        score_size_aware(pixels, weights, plain.palette, fidelity, options)
        for fidelity in fidelities
    ]
    return [plain, *size_aware_ones, diffused(pixels, plain.palette, DIFFUSED_STRENGTH, options)]
