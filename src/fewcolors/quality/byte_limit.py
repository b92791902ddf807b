"""The best look within so many bytes.

Photos give up fidelity first, colours only where that is not enough. What is steered by the number
of its colours, graphics and whatever is dithered, gives up colours.
"""

import math
from collections.abc import Callable

from ..assign.size_aware import size_aware
from ..decode import Pixels
from ..errors import TooManyBytesError
from ..exact_math import exp, log
from ..histogram import Histogram
from ..indexed import Palette
from ..limits import MAX_QUALITY
from ..options import Options
from ..palette import fit_palette
from ..weigh import Weights
from . import Reduction, choose, reduction_of
from .fidelity import BEST_FIDELITY
from .score import Candidate, scored

__all__ = ["FULL", "choose_within"]

SizeOf = Callable[[Reduction], int]

FULL = 0.97
"""A file that fills so much of what is allowed is good enough: the rest is worth less than half a
point of score."""

AIM = (1.0 + FULL) / 2

MIDDLING_FIDELITY = 50_000.0
GROWTH = 0.45
"""The logarithm of the bytes rises so much with that of the fidelity, about (24 photos)."""

LEAST_FIDELITY = 300.0
"""Below this fidelity photos show streaks; fewer colours look better in the same bytes."""

NARROWEST = 0.1
"""Each try leaves at least this share of what was between the last two."""

MOST_TRIES = 12
GUESSES = 2
"""Tries below which nothing fits before the lowest fidelity tells whether anything does."""

GOOD_SCORE = 35.0
"""From here on all colours look best; below, half of them score up to 8 points more in the same
bytes (4 photos at 30 % of their usual bytes)."""

SLIGHT_LOSS = 2.0
"""Points. A number of colours that scores up to so much less does not end the search: its file may
fill less of the limit. Twice in a row, or a larger loss, does."""

FEWER_COLORS = (128, 64, 32, 16, 8, 4, 2)
FEWEST_COLORS = 2

HOPELESS = 1.1
"""Where two colours take this many times the limit, nothing else is tried: with more colours the
smallest file takes at least 1.25 times as many bytes (24 photos, 45 drawings)."""


def choose_within(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options, size_of: SizeOf
) -> Reduction:
    """Chooses palette and indices that look best within ``options.max_bytes``.

    Args:
        pixels: the picture.
        weights: of its pixels.
        histogram: of its colours, so weighed.
        options: see `Options`; a quality is the most that is aimed at.
        size_of: the bytes of the file that a reduction becomes.

    Returns:
        The indexed image, and how good it looks.

    Raises:
        TooManyBytesError: even two colours take more.
    """
    limit = options.max_bytes or 0
    most = options._replace(max_bytes=None)
    if most.target is not None and most.quality is None:
        most = most._replace(quality=MAX_QUALITY)
    best = choose(pixels, weights, histogram, most)
    sizes = _Sizes(size_of, limit)
    if sizes.fits(best):
        return best
    if not _has_fidelity(weights, options):
        return _of_fewer_colors(pixels, weights, histogram, most, sizes)
    largest = log(sizes.least)

    def search(n_colors: int) -> _Search:
        palette = fit_palette(histogram, options, n_colors).palette
        return _Search(pixels, weights, histogram, palette, options, sizes)

    within: Reduction | None = None
    if found := search(options.most_colors).run(largest):
        within = _measured(pixels, options, found, best)
        if within.score >= GOOD_SCORE:
            return within
    fewer = [n for n in FEWER_COLORS if n < options.most_colors and options.palette is None]
    if fewer and within is None:
        search(fewer[-1]).fits_at_all()
        sizes.raise_if_hopeless()
    was_worse = False
    for n_colors in fewer:
        colors = search(n_colors)
        if not colors.fits_at_all() or (found := colors.run(largest)) is None:
            continue
        attempt = _measured(pixels, options, found, best)
        if within is not None and attempt.score < within.score:
            if was_worse or attempt.score < within.score - SLIGHT_LOSS:
                break
            was_worse = True
            continue
        within, was_worse = attempt, False
        if attempt.score >= GOOD_SCORE:
            break
    if within is None:
        raise TooManyBytesError(sizes.least, limit)
    return within


def _has_fidelity(weights: Weights, options: Options) -> bool:
    is_steered = options.method == "perceptual" and options.dither == "size-aware"
    return is_steered and not weights.is_graphic


def _measured(pixels: Pixels, options: Options, found: Reduction, best: Reduction) -> Reduction:
    image = found.image
    score = scored(pixels, image.palette, memoryview(image.data), options).score
    return found._replace(score=score, ceiling=max(best.ceiling, score))


class _Sizes:
    """What files measure, against the limit.

    Attributes:
        limit: the bytes allowed.
        last: the bytes of the last file.
        least: of the smallest.
    """

    def __init__(self, size_of: SizeOf, limit: int) -> None:
        self.limit = limit
        self.last = 0
        self.least = 0
        self._size_of = size_of

    def fits(self, reduction: Reduction) -> bool:
        """Measures the file that a reduction becomes."""
        self.last = self._size_of(reduction)
        self.least = min(self.least or self.last, self.last)
        return self.last <= self.limit

    def raise_if_hopeless(self) -> None:
        """Raises TooManyBytesError where the smallest file is far too large.

        Call it once the candidate with the fewest colours has been measured.
        """
        if self.least > HOPELESS * self.limit:
            raise TooManyBytesError(self.least, self.limit)


class _Search:
    """The search for a fidelity whose file fills what is allowed."""

    def __init__(
        self,
        pixels: Pixels,
        weights: Weights,
        histogram: Histogram,
        palette: Palette,
        options: Options,
        sizes: _Sizes,
    ) -> None:
        self._pixels = pixels
        self._weights = weights
        self._histogram = histogram
        self._palette = palette
        self._options = options
        self._sizes = sizes

    def fits_at_all(self) -> bool:
        """Whether the file of the lowest fidelity fits."""
        return self._sizes.fits(self._reduction(exp(log(LEAST_FIDELITY))))

    def run(self, largest: float) -> Reduction | None:
        """Returns the largest image found that fits; None where none does.

        Args:
            largest: the logarithm of the bytes at the best fidelity, which are too many.
        """
        over = (log(BEST_FIDELITY), largest)
        under: tuple[float, float] | None = None
        found: Reduction | None = None
        place = log(MIDDLING_FIDELITY)
        for number in range(1, MOST_TRIES + 1):
            reduction = self._reduction(exp(place))
            is_within = self._sizes.fits(reduction)
            measured = (place, log(self._sizes.last))
            if is_within:
                found, under = reduction, measured
                if self._sizes.last >= FULL * self._sizes.limit:
                    break
            else:
                over = measured
                if place <= log(LEAST_FIDELITY):
                    break
            is_lost = under is None and number >= GUESSES
            place = log(LEAST_FIDELITY) if is_lost else self._next(under, over)
        return found

    def _next(self, under: tuple[float, float] | None, over: tuple[float, float]) -> float:
        aim = log(AIM * self._sizes.limit)
        if under is None:
            return max(log(LEAST_FIDELITY), over[0] - (over[1] - aim) / GROWTH)
        share = (aim - under[1]) / max(over[1] - under[1], 1e-9)
        share = min(max(share, NARROWEST), 1.0 - NARROWEST)
        return under[0] + share * (over[0] - under[0])

    def _reduction(self, fidelity: float) -> Reduction:
        found = size_aware(self._pixels, self._weights, self._palette, fidelity, self._options)
        candidate = Candidate(self._palette, found.indices, math.nan, found.copy_plan)
        return reduction_of(candidate, self._pixels, self._weights, self._histogram, self._options)


def _of_fewer_colors(
    pixels: Pixels,
    weights: Weights,
    histogram: Histogram,
    options: Options,
    sizes: _Sizes,
) -> Reduction:
    """Returns the reduction of the most colours that fits."""

    def of(n_colors: int) -> Reduction:
        fewer = options._replace(n_colors=n_colors, quality=None)
        return choose(pixels, weights, histogram, fewer)

    found: Reduction | None = None
    most = min(options.most_colors, histogram.n_colors)
    fits, too_many = FEWEST_COLORS - 1, most if options.palette is None else 0
    if too_many > FEWEST_COLORS and not sizes.fits(of(FEWEST_COLORS)):
        sizes.raise_if_hopeless()
    while too_many - fits > 1:
        n_colors = max(fits + 1, round(math.sqrt(fits * too_many)))
        attempt = of(n_colors)
        if sizes.fits(attempt):
            found, fits = attempt, n_colors
        else:
            too_many = n_colors
    if found is None:
        raise TooManyBytesError(sizes.least, sizes.limit)
    return found
