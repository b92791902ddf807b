"""The palette of an animation, and how indices are assigned to its frames.

The palette is made of the colours of all frames, of the sum of their histograms. Fidelity or
dithering is chosen on a sheet: a few frames, one below the other.
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
from ..palette import fit_palette
from ..quality import choose_dithered
from ..quality.dithering import dithering_for
from ..quality.drawing import choose_plain
from ..quality.drawn import Drawing
from ..quality.fidelity import BEST_FIDELITY, Curve
from ..quality.score import Candidate, score_nearest, score_size_aware
from ..weigh import Weights

__all__ = [
    "Plan",
    "make_plan",
    "reserve_transparent",
    "sampled",
    "stacked",
    "with_transparent_entry",
]

SAMPLES = 5
"""Frames of a sheet: enough for its score to hold for all, few enough to be scored repeatedly."""


class Plan(NamedTuple):
    """What holds for all frames.

    Attributes:
        palette: of all frames, in the order in which it is stored.
        fidelity: of the size-aware assignment; None for the nearest colours, or where dithered.
        dithering: how frames are dithered; None where they are not.
        ceiling: the best score that the colours allow, on the sheet.
        is_graphic: whether the frames are graphics rather than photos.
        n_reserved: 1 if the file has a transparent entry before those of the palette, for pixels
            that stay as they were; else 0.
        keeps_order: whether every frame must have all entries, in the order of the palette.
    """

    palette: Palette
    fidelity: float | None
    dithering: Dithering | None
    ceiling: float
    is_graphic: bool
    n_reserved: int = 0
    keeps_order: bool = False

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
    """Returns pictures of one size as one picture, each below the one before it."""
    data = b"".join(frame.data for frame in frames)
    return frames[0]._replace(data=data, height=frames[0].height * len(frames))


def reserve_transparent(options: Options) -> Options:
    """Returns options that leave an entry free for pixels that stay as they were."""
    if options.most_colors < MAX_COLORS or options.palette is not None:
        return options
    return options._replace(n_colors=MAX_COLORS - 1, quality=options.target)


def make_plan(sheet: Pixels, weights: Weights, histogram: Histogram, options: Options) -> Plan:
    """Chooses palette, and fidelity or dithering.

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
        candidate, ceiling = choose_plain(Drawing(sheet, histogram, options))
    else:
        palette = fit_palette(histogram, options).palette
        candidate = score_nearest(sheet, histogram, palette, options)
        ceiling = candidate.score
        is_exact = histogram.n_colors <= options.most_colors
        if options.method == "perceptual" and not (is_exact and _wants_best(options)):
            fidelity = _fidelity(sheet, weights, candidate, histogram, options)
    order: Order = "by similarity" if weights.is_graphic else "by count"
    palette = _ordered(sheet, candidate, options, order)
    keeps_order = options.palette is not None and options.keep_palette_order
    if options.palette is not None and keeps_order:
        palette = _with_others(options.palette, palette)
    return Plan(palette, fidelity, dithering, ceiling, weights.is_graphic, 0, keeps_order)


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
    """Orders the palette by its use on the sheet; entries that are not used there come last."""
    used = indexed_image(sheet, candidate.palette, candidate.indices, options, order).palette
    entries = list(dict.fromkeys([*_entries(used), *_entries(candidate.palette)]))
    entries.sort(key=lambda entry: entry[3] == 255)
    return Palette(b"".join(entries))


def _with_others(given: Palette, used: Palette) -> Palette:
    """Returns all entries of a given palette, and last the used ones that it does not have."""
    entries = list(_entries(given))
    others = [entry for entry in _entries(used) if entry not in entries]
    return Palette(b"".join(entries + others))


def _entries(palette: Palette) -> Iterator[bytes]:
    return map(palette.entry, range(len(palette)))


def with_transparent_entry(plan: Plan, format_: Format) -> Plan:
    """Reserves a transparent entry for pixels that stay as they were.

    There is none where the palette has one already, is full, or is to keep its order; where it
    would cost a PNG more bits a pixel; and for WebP, whose pixels are true colours.
    """
    n_colors = len(plan.palette)
    is_full = n_colors == MAX_COLORS or (format_ == "png" and n_colors in (2, 4, 16))
    has_one = plan.palette.has_transparent
    if has_one or is_full or plan.keeps_order or format_ == "webp":
        return plan
    return plan._replace(n_reserved=1)
