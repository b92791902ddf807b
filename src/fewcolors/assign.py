"""The fifth stage: which palette entry each pixel takes."""

from . import _core
from .clustering import SPACES
from .decode import Pixels
from .histogram import Histogram
from .image import IndexedImage
from .options import Options
from .palette import Palette

__all__ = ["assign"]


def assign(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> IndexedImage:
    """Gives every pixel the nearest entry of a palette.

    The distance is that of the method's space. Each distinct colour is looked up once. Entries
    that no pixel takes are dropped; the others are put in the order in which they are stored:
    those that are not fully opaque first (PNG then stores fewer alphas), the most used before the
    less used.

    Args:
        pixels: the picture.
        histogram: its histogram, or one that has all its colours.
        palette: 1 to 256 colours.
        options: method and threads are used.

    Returns:
        The indexed image.
    """
    dims = 3 if histogram.is_opaque else 4
    labels = bytes(
        _core.label_colors(
            histogram.colors, palette.buffer, SPACES[options.method], dims, options.threads
        )
    )
    counts = list(_core.counts_by_label(histogram.weights, labels, len(palette)))
    alphas = palette.data[3::4]
    used = [entry for entry, count in enumerate(counts) if count > 0]
    order = sorted(
        used, key=lambda entry: (alphas[entry] == 255, -counts[entry], palette.entry(entry))
    )
    places = bytearray(256)
    for place, entry in enumerate(order):
        places[entry] = place
    labels = labels.translate(places)
    palette = palette.reordered(order)
    error = _core.squared_error(histogram.colors, histogram.weights, labels, palette.buffer)
    return IndexedImage(
        palette=palette,
        data=_core.map_colors(
            pixels.data, pixels.channels, histogram.colors, labels, options.threads
        ),
        width=pixels.width,
        height=pixels.height,
        counts=[int(counts[entry]) for entry in order],
        mse=error / (pixels.width * pixels.height),
    )
