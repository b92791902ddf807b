"""The palette of an animation, and how its frames are to be assigned.

A few frames under one another make a sheet. What is chosen for it holds for all frames, while the
colours are those of all: the sum of the frames' histograms.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..assign.dither import Dithering
from ..assign.order import Order, indexed_image
from ..decode import Pixels
from ..formats import Format
from ..histogram import Histogram
from ..indexed import TRANSPARENT, Palette
from ..limits import MAX_COLORS, MAX_QUALITY
from ..options import Options
from ..palette import build_palette
from ..quality import choose_dithered
from ..quality.dithering import dithering_for
from ..quality.fidelity import BEST_FIDELITY, Curve
from ..quality.graphic import choose_graphic
from ..quality.score import Candidate, score_nearest, score_size_aware
from ..weigh import Weights

__all__ = ["Plan", "make_plan", "sampled", "stacked", "with_room", "with_transparent"]

SAMPLES = 5
"""Frames of a sheet: enough for a score to be theirs, few enough to be scored several times."""


class Plan(NamedTuple):
    """What holds for all frames.

    Attributes:
        palette: of all frames, in the order in which it is stored.
        n_reserved: entries before them in the file, which no pixel of a frame is assigned: 1 for
            pixels that stay as they were, where they need it, or 0.
        fidelity: of the size-aware assignment; None for the nearest colours, or where dithered.
        dithering: how frames are dithered; None where they are not.
        ceiling: the best score that the colours allow, on the sheet.
        is_graphic: whether the frames are drawn rather than taken.
    """

    palette: Palette
    fidelity: float | None
    dithering: Dithering | None
    ceiling: float
    is_graphic: bool
    n_reserved: int = 0

    @property
    def stored(self) -> Palette:
        """The palette of the file."""
        return Palette(TRANSPARENT * self.n_reserved + self.palette.data)


def sampled(n_frames: int) -> list[int]:
    """Returns the numbers of the frames on the sheet, the first and the last among them.

    >>> sampled(3), sampled(9)
    ([0, 1, 2], [0, 2, 4, 6, 8])
    """
    count = min(n_frames, SAMPLES)
    return [round(i * (n_frames - 1) / max(1, count - 1)) for i in range(count)]


def stacked(frames: list[Pixels]) -> Pixels:
    """Returns pictures of one size, one under the other."""
    data = b"".join(frame.data for frame in frames)
    return frames[0]._replace(data=data, height=frames[0].height * len(frames))


def with_room(options: Options) -> Options:
    """Leaves an entry of a full palette for pixels that stay as they were."""
    if options.most_colors < MAX_COLORS:
        return options
    return options._replace(n_colors=MAX_COLORS - 1, quality=options.target)


def make_plan(sheet: Pixels, weights: Weights, histogram: Histogram, options: Options) -> Plan:
    """Chooses palette and fidelity.

    Args:
        sheet: a few of the frames.
        weights: of the sheet.
        histogram: of all frames.
        options: see `Options`.

    Returns:
        The plan; its palette is not yet that of a format.
    """
    fidelity: float | None = None
    dithering: Dithering | None = None
    if options.dither != "size-aware":
        candidate, ceiling = choose_dithered(sheet, weights, histogram, options)
        dithering = dithering_for(sheet, histogram, candidate.palette, options)
    elif weights.is_graphic and options.palette is None:
        candidate, ceiling = choose_graphic(sheet, histogram, options)
    else:
        palette = build_palette(histogram, options)
        candidate = score_nearest(sheet, histogram, palette, options)
        ceiling = candidate.score
        is_exact = histogram.n_colors <= options.most_colors
        if options.method == "perceptual" and not (is_exact and _wants_best(options)):
            fidelity = _fidelity(sheet, weights, candidate, histogram, options)
    order: Order = "by similarity" if weights.is_graphic else "by count"
    palette = _ordered(sheet, candidate, options, order)
    return Plan(palette, fidelity, dithering, ceiling, weights.is_graphic)


def _wants_best(options: Options) -> bool:
    return options.target is None or options.target == MAX_QUALITY


def _fidelity(
    sheet: Pixels, weights: Weights, plain: Candidate, histogram: Histogram, options: Options
) -> float | None:
    if options.target is not None and options.target < MAX_QUALITY:
        return Curve(plain.score, options.effort).fidelity(options.target)
    best = score_size_aware(sheet, weights, plain.palette, BEST_FIDELITY, options)
    return BEST_FIDELITY if best.score > plain.score else None


def _ordered(sheet: Pixels, candidate: Candidate, options: Options, order: Order) -> Palette:
    """Orders the palette as its use on the sheet suggests; what is not used there comes last."""
    used = indexed_image(sheet, candidate.palette, candidate.indices, options, order).palette
    entries = list(dict.fromkeys([*_entries(used), *_entries(candidate.palette)]))
    entries.sort(key=lambda entry: entry[3] == 255)
    return Palette(b"".join(entries))


def _entries(palette: Palette) -> Iterator[bytes]:
    return map(palette.entry, range(len(palette)))


def with_transparent(plan: Plan, format_: Format) -> Plan:
    """Reserves an entry for what stays as it was, where the format has room and need for it.

    In PNG it must not cost a pixel more bits; WebP needs none.
    """
    n_colors = len(plan.palette)
    is_full = n_colors == MAX_COLORS or (format_ == "png" and n_colors in (2, 4, 16))
    if TRANSPARENT in _entries(plan.palette) or is_full or format_ == "webp":
        return plan
    return plan._replace(n_reserved=1)
