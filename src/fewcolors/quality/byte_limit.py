"""The best look within so many bytes.

Photos give up fidelity first, colours only where that is not enough. What is steered by the number
of its colours, graphics and whatever is dithered, gives up colours.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from ..assign.size_aware import size_aware
from ..decode import Pixels
from ..errors import TooManyBytesError
from ..exact_math import exp, log
from ..histogram import Histogram
from ..indexed import Palette
from ..limits import MAX_QUALITY
from ..options import Effort, Options
from ..palette import fit_palette
from ..weigh import Weights
from . import Reduction, choose, reduction_of
from .drawing import best_within
from .drawn import Drawing, Recipe
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
"""Each try leaves at least this share of what was between the last two: an estimate so near to one
of them would hardly tell more."""

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
    most = _without_limit(options)
    best = choose(pixels, weights, histogram, most)
    sizes = _Sizes(size_of, options.max_bytes or 0)
    if sizes.fits(best):
        return best
    if not _has_fidelity(weights, options):
        search_colors = _of_drawing if _is_drawing(weights, options) else _of_fewer_colors
        return search_colors(pixels, weights, histogram, most, sizes)
    largest = log(sizes.least)

    def search(n_colors: int, start: float, effort: Effort) -> _Search:
        chosen = options._replace(effort=effort)
        palette = fit_palette(histogram, chosen, n_colors).palette
        return _Search(pixels, weights, histogram, palette, chosen, sizes, largest, start)

    within: Reduction | None = None
    colors = search(options.most_colors, log(MIDDLING_FIDELITY), options.effort)
    if found := colors.run():
        within = _measured(pixels, options, found, best)
        if within.score >= GOOD_SCORE:
            return within
    fewer = [n for n in FEWER_COLORS if n < options.most_colors and options.palette is None]
    # Up to seven searches at effort "max" would take a minute.
    effort: Effort = "balanced" if options.effort == "max" else options.effort
    if fewer and within is None:
        search(fewer[-1], log(MIDDLING_FIDELITY), effort).fits_at_all()
        sizes.raise_if_hopeless()
    n_worse = 0
    for n_colors in fewer:
        colors = search(n_colors, log(MIDDLING_FIDELITY), effort)
        if not colors.fits_at_all() or (found := colors.run()) is None:
            continue
        attempt = _measured(pixels, options, found, best)
        if within is None or attempt.score >= within.score:
            within, n_worse = attempt, 0
        elif attempt.score < within.score - SLIGHT_LOSS or (n_worse := n_worse + 1) > 1:
            break
        if within.score >= GOOD_SCORE:
            break
    if within is None:
        raise TooManyBytesError(sizes.least, sizes.limit)
    return within


def _without_limit(options: Options) -> Options:
    """Returns the options of the best look that is aimed at, whatever its bytes."""
    most = options._replace(max_bytes=None)
    has_target = most.target is not None and most.quality is None
    return most._replace(quality=MAX_QUALITY) if has_target else most


def _has_fidelity(weights: Weights, options: Options) -> bool:
    is_steered = options.method == "perceptual" and options.dither == "size-aware"
    return is_steered and not weights.is_graphic


def _is_drawing(weights: Weights, options: Options) -> bool:
    has_palette = options.palette is not None
    return weights.is_graphic and options.dither == "size-aware" and not has_palette


def _measured(pixels: Pixels, options: Options, found: Reduction, best: Reduction) -> Reduction:
    image = found.image
    score = scored(pixels, image.palette, memoryview(image.data), options).score
    return found._replace(score=score, ceiling=max(best.ceiling, score))


class _Measured(NamedTuple):
    """The logarithms of a fidelity and of the bytes that it takes."""

    place: float
    size: float


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


def _of_drawing(
    pixels: Pixels, weights: Weights, histogram: Histogram, options: Options, sizes: _Sizes
) -> Reduction:
    """Returns the look of a drawing that scores highest of those that fit."""
    drawing = Drawing(pixels, histogram, options)

    def reduction(recipe: Recipe) -> Reduction:
        candidate = drawing.candidate(recipe)
        # The indices of a look that is kept are not renumbered in place.
        candidate = candidate._replace(indices=memoryview(bytearray(candidate.indices)))
        return reduction_of(candidate, pixels, weights, histogram, options)

    found: Reduction | None = None
    for recipe in best_within(drawing, lambda recipe: sizes.fits(reduction(recipe))):
        attempt = reduction(recipe)
        if found is None or attempt.score > found.score:
            found = attempt
    if found is None:
        raise TooManyBytesError(sizes.least, sizes.limit)
    return found._replace(ceiling=max(found.score, drawing.score(Recipe(drawing.most))))


class _Search:
    """The search for a fidelity whose file fills what is allowed.

    Attributes:
        place: the logarithm of the fidelity that is tried next, or was found.
    """

    def __init__(
        self,
        pixels: Pixels,
        weights: Weights,
        histogram: Histogram,
        palette: Palette,
        options: Options,
        sizes: _Sizes,
        largest: float,
        start: float,
    ) -> None:
        """Prepares a search.

        Args:
            pixels: the picture.
            weights: of its pixels.
            histogram: of its colours.
            options: see `Options`.
            palette: the colours.
            sizes: measures the files.
            largest: the logarithm of the bytes at the best fidelity, or of somewhat more.
            start: the logarithm of the fidelity that is tried first.
        """
        self._pixels = pixels
        self._weights = weights
        self._histogram = histogram
        self._palette = palette
        self._options = options
        self._sizes = sizes
        self._under: _Measured | None = None
        self._over = _Measured(log(BEST_FIDELITY), largest)
        self._found: Reduction | None = None
        self.place = start

    def fits_at_all(self) -> bool:
        """Whether the file of the lowest fidelity fits."""
        return self._try(log(LEAST_FIDELITY))

    def run(self) -> Reduction | None:
        """Returns the largest image found that fits; None where none does."""
        width = math.inf
        for number in range(1, MOST_TRIES + 1):
            if self._try(self.place) and self._sizes.last >= FULL * self._sizes.limit:
                break
            if self._over.place <= log(LEAST_FIDELITY):
                break
            if self._under is None:
                is_lost = number >= GUESSES
                self.place = log(LEAST_FIDELITY) if is_lost else self._below()
            else:
                before, width = width, self._over.place - self._under.place
                self.place = self._between(halves=width > before / 2)
        return self._found

    def _try(self, place: float) -> bool:
        reduction = self._reduction(exp(place))
        fits = self._sizes.fits(reduction)
        measured = _Measured(place, log(self._sizes.last))
        if fits:
            self._found, self._under = reduction, measured
        else:
            self._over = measured
        return fits

    def _below(self) -> float:
        too_much = self._over.size - log(AIM * self._sizes.limit)
        return max(log(LEAST_FIDELITY), self._over.place - too_much / GROWTH)

    def _between(self, halves: bool) -> float:
        """Returns a place between the last that fits and the last that does not.

        Args:
            halves: whether to take the middle, because the last try left more than half of what
                was between them: bytes can rise in a leap, which no line foretells.
        """
        assert self._under is not None
        under, over = self._under, self._over
        share = (log(AIM * self._sizes.limit) - under.size) / max(over.size - under.size, 1e-9)
        share = 0.5 if halves else min(max(share, NARROWEST), 1.0 - NARROWEST)
        return under.place + share * (over.place - under.place)

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
