"""The indices of a picture as deflate sees them: a row of small numbers after the other."""

from typing import TYPE_CHECKING

from ..animation.source import read_stream_once
from ..indexed import IndexedImage
from ..options import DEFAULT_QUALITY
from ..pipeline import compress
from ..wording import kilobytes
from .style import bare, picture_panels, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..decode import ImageSource

__all__ = ["index_map"]


def index_map(
    source: "ImageSource | IndexedImage",
    n_colors: int | None = None,
    quality: float | None = None,
    *,
    ax: "Axes | None" = None,
) -> "Axes":
    """Draws the indices of a picture, each number as a colour of its own, from dark to bright.

    Deflate knows nothing of colours: it copies runs of indices that came before. Of a picture the
    nearest entries of a palette are drawn beside those that are chosen to repeat, with the bytes
    of both.

    Args:
        source: an `IndexedImage`, whose indices are drawn; or a picture as for `compress`.
        n_colors: for a picture, the most colours, 1 to 256; None for 256.
        quality: for a picture, the score to aim at, 0 to 100; None for 75.
        ax: where to draw; None for a new figure.

    Returns:
        The axes.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: matplotlib is not installed.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> import fewcolors, numpy as np
        >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
        >>> ax = index_map(fewcolors.quantize(ramp, 4))
    """
    shown: list[tuple[str, IndexedImage, int | None]]
    if isinstance(source, IndexedImage):
        shown = [("Indices", source, None)]
    else:
        source = read_stream_once(source)
        chosen = compress(source, n_colors, quality=DEFAULT_QUALITY if quality is None else quality)
        palette = chosen.indexed.palette
        nearest = compress(source, palette=palette, keep_palette_order=True, dither="none")
        shown = [
            (f"The nearest entries, score {nearest.score:.0f}", nearest.indexed, nearest.bytes_out),
            (f"Entries that repeat, score {chosen.score:.0f}", chosen.indexed, chosen.bytes_out),
        ]
    with style():
        size = shown[0][1]
        ax, panels = picture_panels(ax, len(shown), size.height / size.width)
        for panel, (title, image, n_bytes) in zip(panels, shown, strict=True):
            panel.imshow(image.indices, cmap="viridis", interpolation="nearest", vmin=0)
            about = f"{image.n_colors} entries"
            if n_bytes is not None:
                bits = 8 * n_bytes / (image.width * image.height)
                about = f"{kilobytes(n_bytes)}, {bits:.1f} bits a pixel"
            panel.set_title(f"{title}\n{about}")
            bare(panel)
    return ax
