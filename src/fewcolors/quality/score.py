"""The score of a reduction beside the original: what every search for a quality compares."""

from typing import NamedTuple

from .. import _core
from ..assign import nearest
from ..assign.size_aware import size_aware
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import Palette
from ..options import Options
from ..weigh import Weights

__all__ = ["Candidate", "score_nearest", "score_size_aware", "scored"]


class Candidate(NamedTuple):
    """A palette and an index a pixel, with the score that they reach.

    Attributes:
        palette: the colours.
        indices: height x width bytes.
        score: how good they look beside the original: the score of SSIMULACRA 2. Above two
            megapixels it is that of a sample of the pixels; with alpha, the mean of the scores on
            white, mid grey and black.
        copy_plan: how the indices are to be deflated, see `SizeAware`; None where that is open.
    """

    palette: Palette
    indices: memoryview
    score: float
    copy_plan: memoryview | None = None


def score_nearest(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> Candidate:
    """Gives every pixel the nearest entry of a palette, and scores the result."""
    return scored(pixels, palette, nearest(pixels, histogram, palette, options), options)


def score_size_aware(
    pixels: Pixels, weights: Weights, palette: Palette, fidelity: float, options: Options
) -> Candidate:
    """Assigns the entries of a palette at a fidelity, see `size_aware`, and scores the result."""
    assigned = size_aware(pixels, weights, palette, fidelity, options)
    return scored(pixels, palette, assigned.indices, options, assigned.copy_plan)


def scored(
    pixels: Pixels,
    palette: Palette,
    indices: memoryview,
    options: Options,
    copy_plan: memoryview | None = None,
) -> Candidate:
    """Scores indices beside the original."""
    score = _core.score(
        pixels.data, pixels.width, pixels.channels, indices, palette.buffer, options.threads
    )
    return Candidate(palette, indices, score, copy_plan)
