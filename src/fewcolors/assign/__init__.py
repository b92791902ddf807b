"""The sixth stage: which palette entry each pixel takes.

Either the nearest one, or one that is nearly as good and deflates better.
"""

from .. import _core
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import IndexedImage, Palette
from ..kmeans import SPACES, dims_of
from ..limits import of_type
from ..options import Options
from .order import indexed_image

__all__ = ["assign", "nearest"]


def assign(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> IndexedImage:
    """Gives every pixel the nearest entry of a palette.

    Args:
        pixels: the picture.
        histogram: its histogram, or one that has all its colours.
        palette: 1 to 256 colours.
        options: method and threads are used.

    Returns:
        The indexed image; see `indexed_image`.

    Raises:
        TypeError, ValueError: an argument is not allowed, or the histogram lacks a colour of the
            picture.
    """
    pixels, histogram = Pixels.checked(pixels), Histogram.checked(histogram)
    palette, options = of_type("palette", palette, Palette), of_type("options", options, Options)
    if not _core.holds_colors(pixels.data, pixels.channels, histogram.colors, options.threads):
        raise ValueError("histogram must have all colours of the pixels; build it of them")
    indices = nearest(pixels, histogram, palette, options)
    return indexed_image(pixels, palette, indices, options, in_place=True)


def nearest(
    pixels: Pixels,
    histogram: Histogram,
    palette: Palette,
    options: Options,
    space: _core.Space | None = None,
    *,
    is_opaque: bool | None = None,
) -> memoryview:
    """Gives every pixel the nearest entry of a palette.

    Opaque pixels take opaque entries, and transparent ones entries of alpha 0, where there are any.
    Each distinct colour is looked up once.

    Args:
        pixels: the picture.
        histogram: its histogram, or one that has all its colours.
        palette: 1 to 256 colours.
        options: method and threads are used.
        space: in which distances are measured; None for the method's.
        is_opaque: whether alpha makes no difference; of a part of a picture that cannot be told
            from its own histogram. None to ask that.

    Returns:
        height x width bytes, the index of each pixel.
    """
    if space is None:
        space = SPACES[options.method]
    dims = dims_of(space, is_opaque=histogram.is_opaque if is_opaque is None else is_opaque)
    labels = _core.label_colors(histogram.colors, palette.buffer, space, dims, options.threads)
    return _core.map_colors(pixels.data, pixels.channels, histogram.colors, labels, options.threads)
