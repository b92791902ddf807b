"""How a large picture is reduced: its palette, and the way in which pixels take their entries.

It is decided as for any picture (`quality/`), but looks are compared on the windows of a sample.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from .. import _core
from ..assign import nearest
from ..assign.dither import Dithering, dithered_indices
from ..assign.size_aware import size_aware
from ..decode import Pixels
from ..encode.png import quick_size
from ..histogram import Histogram, build_histogram
from ..indexed import IndexedImage, Palette
from ..kmeans import SPACES, dims_of
from ..limits import MAX_QUALITY
from ..options import Options
from ..palette import fit_palette, holds_all
from ..palette.drawn import SPACE
from ..quality.dithering import AUTOMATIC, LEAST_GAIN, STRENGTHS
from ..quality.fewest_colors import fewest_colors
from ..quality.fidelity import BEST_FIDELITY, Curve
from ..quality.graphic import graphic_palette
from ..quality.photo import (
    COSTLESS_FIDELITIES,
    COSTLESS_POINTS,
    DIFFUSED_STRENGTH,
    DITHERING_GAIN,
    POINTS_SHORT,
)
from ..weigh import Weights
from .sample import Sample

__all__ = ["Indexed", "Plan", "Way", "indices_of", "make_plan"]


class Way(NamedTuple):
    """How pixels take their entries.

    Attributes:
        kind: in a word.
        strength: the fidelity of size-aware indices, or the share of an error that is handed on.
        space: in which the nearest entry is looked for.
    """

    kind: Literal["nearest", "size-aware", "diffused", "ordered"]
    strength: float
    space: _core.Space

    @property
    def rows_above(self) -> int:
        """Rows above a strip that its indices depend on."""
        return 128 if self.kind == "diffused" else 0


class Indexed(NamedTuple):
    """The indices of some pixels, and how they are meant to be deflated, if that is known."""

    indices: memoryview
    copy_plan: memoryview | None = None


class Plan(NamedTuple):
    """A palette and a way, and how good they look on the sample.

    Attributes:
        palette: the colours, in the order in which indices are chosen: of two equally near entries
            the first is taken.
        way: how pixels take them.
        score: of the sample.
        ceiling: the best score that the colours allow.
        is_graphic: whether the picture is drawn rather than taken.
        is_opaque: whether alpha makes no difference.
        stored: the palette of the file: another order, and where they are kept unused entries.
    """

    palette: Palette
    way: Way
    score: float
    ceiling: float
    is_graphic: bool
    is_opaque: bool
    stored: Palette

    @property
    def places(self) -> bytes:
        """The number in the file of each entry of the palette, and zeros up to 256."""
        entries = self.stored.entries
        return bytes(map(entries.index, self.palette.entries)).ljust(256, b"\0")


LookOf: TypeAlias = Callable[[Palette], Plan]
"""Makes the look of a palette."""


def make_plan(sample: Sample, histogram: Histogram, options: Options) -> Plan:
    """Chooses palette and way as the options ask.

    Args:
        sample: of the picture.
        histogram: of all its pixels.
        options: see `Options`.

    Returns:
        The plan.

    Raises:
        PaletteError: the options give a palette that cannot be used for the picture.
    """
    plan = _Planner(sample, histogram, options).plan()
    if options.palette is not None and options.keep_palette_order:
        return plan._replace(stored=_with_entries_of(options.palette, plan.palette))
    return plan._replace(stored=_by_count(plan.palette, histogram, options))


class _Planner:
    """Compares looks on the windows of a sample."""

    def __init__(self, sample: Sample, histogram: Histogram, options: Options) -> None:
        self._sample = sample
        self._histogram = histogram
        self._options = options
        is_drawn = sample.is_graphic and options.method == "perceptual"
        self._space = SPACE if is_drawn else SPACES[options.method]
        self._nearest = Way("nearest", 0.0, self._space)

    def plan(self) -> Plan:
        """Returns the plan, its palette stored as it is."""
        options, histogram = self._options, self._histogram
        is_given = options.palette is not None
        asks_for_best = options.target in (None, MAX_QUALITY)
        fits = not is_given and histogram.n_colors <= options.most_colors
        if fits and (self._sample.is_graphic or options.quality in (None, MAX_QUALITY)):
            return self._look(self._palette(), self._nearest)
        if options.dither != "size-aware":
            return self._fewest(self._dithered)
        if self._sample.is_graphic or options.method == "classic" or self._is_alpha_kept_close():
            if is_given or asks_for_best:
                return self._look(self._palette(), self._nearest)
            return self._fewest(lambda palette: self._look(palette, self._nearest))
        palette = self._palette()
        plain = self._look(palette, self._nearest)
        if asks_for_best and holds_all(palette, histogram):
            return plain
        return self._best(plain) if asks_for_best else self._at_score(plain)

    def _is_alpha_kept_close(self) -> bool:
        """Whether a picture has alpha and the options ask for a number of colours alone."""
        options = self._options
        asks_for_colors = options.target is None and options.palette is None
        return asks_for_colors and not self._histogram.is_opaque

    def _palette(self, n_colors: int | None = None) -> Palette:
        """Chooses colours; areas of a drawing keep theirs, as far as there is room."""
        histogram, options = self._histogram, self._options
        if self._sample.is_graphic and options.palette is None:
            return graphic_palette(histogram, options, n_colors or options.most_colors)
        return fit_palette(histogram, options, n_colors).palette

    def _look(self, palette: Palette, way: Way) -> Plan:
        """Returns the plan of a palette and a way, scored."""
        options, is_opaque = self._options, self._histogram.is_opaque
        scores = []
        for window in self._sample.windows:
            found = indices_of(window.pixels, window.weights, palette, way, is_opaque, options)
            scores.append(window.score(found.indices, palette, options))
        score = sum(scores) / len(scores)
        return Plan(palette, way, score, score, self._sample.is_graphic, is_opaque, palette)

    def _fewest(self, look: LookOf) -> Plan:
        """Returns the look of the fewest colours that reach the score asked for."""
        most = min(self._options.most_colors, self._histogram.n_colors)
        if self._options.palette is not None:
            return look(self._palette())
        plan, ceiling = fewest_colors(lambda n: look(self._palette(n)), most, self._options)
        return plan._replace(ceiling=ceiling)

    def _dithered(self, palette: Palette) -> Plan:
        """Returns the look that the options ask for by dither."""
        dither = self._options.dither
        if dither in ("none", 0):
            return self._look(palette, self._nearest)
        if dither == "ordered":
            return self._look(palette, Way("ordered", 0.0, self._space))
        if dither not in AUTOMATIC:
            return self._look(palette, Way("diffused", float(dither), self._space))
        plain = self._look(palette, self._nearest)
        tries = [self._look(palette, Way("diffused", share, self._space)) for share in STRENGTHS]
        best = max(tries, key=_score)
        return best if best.score >= plain.score + LEAST_GAIN else plain

    def _at_score(self, plain: Plan) -> Plan:
        """Returns the look of the fidelity that is expected to reach the score asked for."""
        target = self._options.target or 0.0
        fidelity = Curve(plain.score, self._options.effort).fidelity(target)
        plan = self._look(plain.palette, Way("size-aware", fidelity, self._space))
        ceiling = min(plain.score + DITHERING_GAIN, MAX_QUALITY)
        if plan.score < target - POINTS_SHORT:  # the user is told what can be reached
            ceiling = max(map(_score, self._looks(plain, (BEST_FIDELITY,))))
        return plan._replace(ceiling=max(ceiling, plan.score))

    def _best(self, plain: Plan) -> Plan:
        """Returns the best look; for a number of colours alone, the smallest of those as good."""
        looks = self._looks(plain, (*COSTLESS_FIDELITIES, BEST_FIDELITY))
        best = max(looks, key=_score)
        if self._options.target is not None:
            return best
        as_good = [look for look in looks if look.score >= best.score - COSTLESS_POINTS]
        smallest = min(as_good, key=self._size) if len(as_good) > 1 else as_good[0]
        return smallest._replace(ceiling=best.score)

    def _looks(self, plain: Plan, fidelities: Sequence[float]) -> list[Plan]:
        ways = [Way("size-aware", fidelity, self._space) for fidelity in fidelities]
        ways.append(Way("diffused", DIFFUSED_STRENGTH, self._space))
        return [plain, *(self._look(plain.palette, way) for way in ways)]

    def _size(self, plan: Plan) -> int:
        """Returns about how many bytes the windows take."""
        total = 0
        for window in self._sample.windows:
            pixels = window.pixels
            found = indices_of(
                pixels, window.weights, plan.palette, plan.way, plan.is_opaque, self._options
            )
            size = (pixels.width, pixels.height)
            total += quick_size(IndexedImage(plan.palette, found.indices, *size, [], 0.0))
        return total


def _score(plan: Plan) -> float:
    return plan.score


def indices_of(
    pixels: Pixels, weights: Weights, palette: Palette, way: Way, is_opaque: bool, options: Options
) -> Indexed:
    """Gives pixels their entries.

    Args:
        pixels: a part of the picture.
        weights: of these, with their contrast, which size-aware indices need.
        palette: 1 to 256 colours.
        way: how.
        is_opaque: whether alpha makes no difference in all of the picture.
        options: effort, method and threads are used.
    """
    if way.kind == "size-aware":
        return Indexed(*size_aware(pixels, weights, palette, way.strength, options))
    if way.kind == "nearest":
        histogram = build_histogram(pixels, options.threads)
        return Indexed(nearest(pixels, histogram, palette, options, way.space, is_opaque=is_opaque))
    dithering: Dithering = "ordered" if way.kind == "ordered" else way.strength
    return Indexed(dithered_indices(pixels, palette, dithering, options))


def _by_count(palette: Palette, histogram: Histogram, options: Options) -> Palette:
    """Orders entries by what takes them, those that are not opaque first."""
    space = SPACES[options.method]
    dims = dims_of(space, is_opaque=histogram.is_opaque)
    labels = _core.label_colors(histogram.colors, palette.buffer, space, dims, options.threads)
    counts = np.bincount(np.asarray(labels), np.asarray(histogram.weights), len(palette))
    order = sorted(range(len(palette)), key=lambda entry: (-counts[entry], palette.entry(entry)))
    return palette.reordered(sorted(order, key=lambda entry: palette.entry(entry)[3] == 255))


def _with_entries_of(given: Palette, usable: Palette) -> Palette:
    """Returns all entries of a palette in its order, and one that had to be added last."""
    added = [entry for entry in usable.entries if entry not in given.entries]
    return Palette(given.data + b"".join(added))
