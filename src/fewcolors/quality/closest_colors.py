"""Pictures with alpha, as close to the original as so many colours can be.

Stickers, icons and sprites are put on backgrounds of any colour, compared pixel by pixel, and drawn
over themselves. Asked for a number of colours, and not for a score, they are not dithered, and the
palette of OKLab is moved a little towards that of the least error of red, green and blue.
"""

from .. import _core
from ..assign import nearest
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import Palette
from ..kmeans import dims_of
from ..options import Options
from .score import Candidate, scored

__all__ = ["choose_closest_colors", "wants_closest_colors"]

MAX_ITER = 20
"""Refinement iterations, started from the OKLab centroids; more change the error by less than 1
%."""


def wants_closest_colors(pixels: Pixels, options: Options) -> bool:
    """Whether a picture has alpha and the options ask for a number of colours alone."""
    asks_for_colors = options.target is None and options.palette is None
    return pixels.channels == 4 and asks_for_colors and options.method == "perceptual"


def choose_closest_colors(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> Candidate:
    """Moves a palette closer to the picture, and gives every pixel the nearest entry.

    Args:
        pixels: the picture.
        histogram: of its colours.
        palette: for it, made by k-means in OKLab.
        options: max_iter, threads and keep_transparent_colors are used.

    Returns:
        The candidate; distances are those of OKLab with a little of those of sRGB.
    """
    closer = _closer(histogram, palette, options)
    indices = nearest(pixels, histogram, closer, options, _core.Space.OKLAB_AND_SRGB)
    return scored(pixels, closer, indices, options)


def _closer(histogram: Histogram, palette: Palette, options: Options) -> Palette:
    if len(palette) in (1, histogram.n_colors):
        return palette
    entries = palette.data
    if not options.keep_transparent_colors:
        histogram = histogram.without_transparent()
        entries = b"".join(bytes(entry) for entry in palette if entry[3] > 0)
    if not 0 < len(entries) // 4 < histogram.n_colors:
        return palette
    start = Palette(entries)
    space = _core.Space.OKLAB_AND_SRGB
    dims = dims_of(space, is_opaque=histogram.is_opaque)
    centroids, *_ = _core.lloyd(
        _core.to_space(histogram.colors, space, dims, separate_kinds=True),
        histogram.weights,
        _core.to_space(start.buffer, space, dims, separate_kinds=True),
        min(MAX_ITER, options.max_iter),
        0.0,
        options.threads,
    )
    closer = Palette.from_centroids(centroids, space, separate_kinds=True)
    transparent = b"".join(bytes(entry) for entry in palette if entry[3] == 0)
    if not options.keep_transparent_colors:
        closer = Palette(transparent + closer.data)
    return closer if closer.kinds == palette.kinds else palette
