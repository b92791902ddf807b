"""Indices that look right and deflate well: bits of the file against visible error."""

from typing import NamedTuple

from .. import _core
from ..decode import Pixels
from ..indexed import Palette
from ..options import Effort, Options
from ..weigh import Weights

__all__ = ["REACHES", "SearchReach", "SizeAware", "size_aware", "size_aware_of_drawing"]


class SearchReach(NamedTuple):
    """Where copies are looked for: rows above, columns of each, far places to try."""

    rows: int
    columns: int
    far_tries: int


REACHES: dict[Effort, SearchReach] = {
    "fast": SearchReach(rows=1, columns=96, far_tries=0),
    "balanced": SearchReach(rows=2, columns=64, far_tries=5),
    "max": SearchReach(rows=8, columns=64, far_tries=36),
}
"""By effort. On 24 photos, at equal score, "balanced" takes 5 % fewer bytes than "fast" for twice
the time, and "max" 6 % fewer again for four times that. Columns are worth more than rows."""

DRAWING_REACH = SearchReach(rows=1, columns=64, far_tries=8)
"""For drawings, whatever the effort: 64 tries take four times as long for nothing."""


class SizeAware(NamedTuple):
    """Indices, and how they are meant to be deflated.

    Attributes:
        indices: height x width bytes.
        copy_plan: (n, 2) uint16: so many indices, and from how far back in the scanlines they are
            copied; 0 where they are not. Each row's add up to the width.
    """

    indices: memoryview
    copy_plan: memoryview


def size_aware(
    pixels: Pixels, weights: Weights, palette: Palette, fidelity: float, options: Options
) -> SizeAware:
    """Chooses the entries that minimise the bits of the file plus fidelity x visible error.

    Rows are settled one after the other, and what one gets wrong is taken off what the next aims
    at: at high fidelity that is a mild form of dithering.

    Args:
        pixels: the picture.
        weights: of its pixels, with their contrast.
        palette: 1 to 256 colours.
        fidelity: the bits that an error of 1, squared, in OKLab, is worth where contrast is
            middling; above 0.
        options: effort and threads are used.

    Returns:
        The index of each pixel, with their copy_plan.
    """
    reach = REACHES[options.effort]
    return SizeAware(
        *_core.assign_size_aware(
            pixels.data,
            pixels.width,
            pixels.channels,
            weights.contrast,
            palette.buffer,
            fidelity=fidelity,
            rows=reach.rows,
            columns=reach.columns,
            far_tries=reach.far_tries,
            n_threads=options.threads,
        )
    )


def size_aware_of_drawing(
    pixels: Pixels, contrast: memoryview, palette: Palette, fidelity: float, options: Options
) -> SizeAware:
    """Does the same for a drawing: what is equal in it stays equal.

    No row takes off what the rows above got wrong: equal pixels would aim at different colours, and
    letters would no longer repeat. Distances are those of OKLab with a toe.

    Args:
        pixels: the picture.
        contrast: height x width bytes; pixels of contrast 0 take their nearest entry.
        palette: 1 to 256 colours.
        fidelity: as for `size_aware`.
        options: threads are used.
    """
    return SizeAware(
        *_core.assign_size_aware(
            pixels.data,
            pixels.width,
            pixels.channels,
            contrast,
            palette.buffer,
            fidelity=fidelity,
            rows=DRAWING_REACH.rows,
            columns=DRAWING_REACH.columns,
            far_tries=DRAWING_REACH.far_tries,
            is_drawing=True,
            n_threads=options.threads,
        )
    )
