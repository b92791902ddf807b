"""The original, the compressed picture, and where the difference would be seen."""

from typing import TYPE_CHECKING

from ..compare import compared
from ..compare.pictures import GROUNDS, Picture, over, pixels_of
from ..compare.visible_error import VisibleError, visible_error
from ..decode import Pixels
from ..limits import MAX_PIXELS, available_processors
from ..wording import colors, kilobytes, times_smaller
from .style import bare, picture_panels, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["comparison"]

ERROR_PERCENTILE = 99.8
"""Of the error, where the scale ends: a few pixels more would leave all others dark."""

SCALE_BOX = (1.03, 0.0, 0.035, 1.0)
"""Left, bottom, width and height beside the panel, as shares of it."""

LEAST_SCALE = 0.02
"""The scale ends no lower, or a perfect result would show its rounding in bright colours."""


def comparison(
    original: Picture,
    compressed: Picture,
    *,
    ax: "Axes | None" = None,
    max_pixels: int = MAX_PIXELS,
) -> "Axes":
    """Draws a picture before and after compression, and where the difference would be seen.

    The third panel is FLIP (doi:10.1145/3406183) where the package flip-evaluator is installed, or
    else the distance in OKLab weighed by how well the surroundings hide it.

    Args:
        original: a path, bytes, a file, a PIL image, an array, `IndexedImage` or `Compressed`.
        compressed: the same, of the same size.
        ax: where to draw; None for a new figure.
        max_pixels: larger pictures are refused.

    Returns:
        The axes.

    Raises:
        DecodeError, OSError: a picture cannot be read.
        ImportError: matplotlib is not installed.
        TypeError, ValueError: an argument is not allowed, or the sizes differ.

    Examples:
        >>> import fewcolors, numpy as np
        >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
        >>> ax = comparison(ramp, fewcolors.compress(ramp, 4))
    """
    before = pixels_of(original, "original", max_pixels)
    after = pixels_of(compressed, "compressed", max_pixels)
    measured = compared(before, after, available_processors())
    error = visible_error(before, after)
    with style():
        ax, (first, second, third) = picture_panels(
            ax, 3, before.height / before.width, has_scale=True
        )
        size, n_colors = kilobytes(measured.bytes_original), colors(measured.colors_original)
        _show(first, before, f"Original\n{size}, {n_colors}")
        size, n_colors = kilobytes(measured.bytes_compressed), colors(measured.colors_compressed)
        _show(
            second,
            after,
            f"Compressed, {times_smaller(measured.ratio)}\n"
            f"{size}, {n_colors}, score {measured.score:.1f}",
        )
        _show_error(third, error)
    return ax


def _show(ax: "Axes", pixels: Pixels, title: str) -> None:
    ax.imshow(over(pixels, GROUNDS[0]), interpolation="antialiased")
    ax.set_title(title)
    bare(ax)


def _show_error(ax: "Axes", error: VisibleError) -> None:
    import numpy as np

    largest = max(float(np.percentile(error.values, ERROR_PERCENTILE)), LEAST_SCALE)
    shown = ax.imshow(error.values, cmap="inferno", vmin=0, vmax=largest)
    ax.set_title(f"Where it would be seen\n{error.name}, mean {error.values.mean():.3f}")
    bare(ax)
    ax.figure.colorbar(shown, cax=ax.inset_axes(SCALE_BOX))
