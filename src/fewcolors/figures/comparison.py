"""The original, the compressed picture, and where the difference would be seen."""

from typing import TYPE_CHECKING

from ..compare import compared
from ..compare.pictures import GROUNDS, Picture, over, pixels_of
from ..compare.visible_error import visible_error
from ..limits import MAX_PIXELS, available_processors
from ..wording import colors, kilobytes, times_smaller
from .style import bare, picture_panels, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["comparison"]

ERROR_PERCENTILE = 99.8
"""Of the error, where the scale ends: a few pixels more would leave all others dark."""

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
        import numpy as np

        ax, (first, second, third) = picture_panels(
            ax, 3, before.height / before.width, has_scale=True
        )
        for panel, pixels, title in (
            (
                first,
                before,
                f"Original\n{kilobytes(measured.bytes_original)}, "
                f"{colors(measured.colors_original)}",
            ),
            (
                second,
                after,
                f"Compressed, {times_smaller(measured.ratio)}\n"
                f"{kilobytes(measured.bytes_compressed)}, {colors(measured.colors_compressed)}, "
                f"score {measured.score:.1f}",
            ),
        ):
            panel.imshow(over(pixels, GROUNDS[0]), interpolation="antialiased")
            panel.set_title(title)
            bare(panel)
        largest = max(float(np.percentile(error.values, ERROR_PERCENTILE)), LEAST_SCALE)
        shown = third.imshow(error.values, cmap="inferno", vmin=0, vmax=largest)
        third.set_title(f"Where it would be seen\n{error.name}, mean {error.values.mean():.3f}")
        bare(third)
        scale = third.inset_axes((1.03, 0.0, 0.035, 1.0))
        ax.figure.colorbar(shown, cax=scale)
    return ax
