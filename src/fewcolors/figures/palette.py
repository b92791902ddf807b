"""The colours of a palette as swatches, with shares and hex."""

from typing import TYPE_CHECKING

from PIL import Image

from ..compare.pictures import Picture, pixels_of
from ..indexed import IndexedImage, Palette
from ..limits import MAX_COLORS, check_integer
from ..options import DEFAULT_MAIN_COLORS
from ..palette.main_colors import palette_of
from .style import LIGHT_LINE, QUIET_INK, axes_or_new, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["palette"]

MOST_LABELLED = 64
"""With more colours the swatches are smaller than their hex."""

COLUMNS, SMALL_COLUMNS = 8, 16
INCHES_A_ROW, INCHES_A_SMALL_ROW = 1.0, 0.45
WIDTH = 8.0
SWATCH = 0.92
"""Of its cell: the rest is a gap."""

LABEL_PART = 0.45
"""Of a cell's height, below the swatch."""


def palette(
    source: "Palette | Picture", n_colors: int = DEFAULT_MAIN_COLORS, *, ax: "Axes | None" = None
) -> "Axes":
    """Draws the colours of a palette, the most frequent first, with their hex and shares.

    Args:
        source: a `Palette`; an `IndexedImage` or `Compressed`, whose palette is drawn; or a
            picture, whose main colours are, see `palette_of`.
        n_colors: of a picture, the most main colours, 1 to 256.
        ax: where to draw; None for a new figure.

    Returns:
        The axes.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: matplotlib is not installed.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> from fewcolors import Palette
        >>> ax = palette(Palette.of("#0072b2, #e69f00, #009e73"))
    """
    check_integer("n_colors", n_colors, 1, MAX_COLORS)
    colors, shares = _colors_of(source, n_colors)
    if shares:
        order = sorted(range(len(colors)), key=lambda number: -shares[number])
        colors, shares = [colors[i] for i in order], [shares[i] for i in order]
    is_labelled = len(colors) <= MOST_LABELLED
    columns = min(len(colors), COLUMNS if is_labelled else SMALL_COLUMNS)
    rows = -(-len(colors) // columns)
    with style():
        height = rows * (INCHES_A_ROW if is_labelled else INCHES_A_SMALL_ROW)
        width = WIDTH * max(columns, 3) / (COLUMNS if is_labelled else SMALL_COLUMNS)
        ax = axes_or_new(ax, (width, height + 0.35))
        top = 1.0 - LABEL_PART if is_labelled else SWATCH
        for number, color in enumerate(colors):
            left, row = number % columns, rows - 1 - number // columns
            bottom = row + (LABEL_PART if is_labelled else 0.0)
            _swatch(ax, color, (left, bottom, SWATCH, top))
            if is_labelled:
                _label(ax, color, shares[number] if shares else None, (left, bottom))
        ax.set(xlim=(-0.04, columns), ylim=(-0.04, rows + 0.04))
        ax.set_axis_off()
        kind = "main colours" if _is_picture(source) else "colours"
        by_share = ", the most frequent first" if shares else ""
        ax.set_title(f"{len(colors)} {kind}{by_share}" if len(colors) > 1 else "1 colour")
    return ax


def _is_picture(source: object) -> bool:
    return not isinstance(source, Palette | IndexedImage) and not hasattr(source, "indexed")


def _colors_of(source: "Palette | Picture", n_colors: int) -> tuple[list[bytes], list[float]]:
    image = getattr(source, "indexed", source)
    if isinstance(image, IndexedImage):
        return image.palette.entries, image.shares if image.counts else []
    if not isinstance(source, Palette):
        pixels = pixels_of(source)
        mode = "RGB" if pixels.channels == 3 else "RGBA"
        size = (pixels.width, pixels.height)
        source = palette_of(Image.frombytes(mode, size, bytes(pixels.data)), n_colors=n_colors)
    return source.entries, list(source.shares)


def _swatch(ax: "Axes", color: bytes, box: tuple[float, float, float, float]) -> None:
    """Draws a square; half of one with alpha lies on checks of grey, so that it shows through."""
    from matplotlib.patches import Rectangle

    left, bottom, width, height = box
    red, green, blue, alpha = (value / 255 for value in color)
    if alpha < 1:
        for part in range(4):
            grey = LIGHT_LINE if part in (0, 3) else "white"
            corner = (left + part % 2 * width / 2, bottom + part // 2 * height / 2)
            ax.add_patch(Rectangle(corner, width / 2, height / 2, color=grey, linewidth=0))
    ax.add_patch(
        Rectangle(
            (left, bottom),
            width,
            height,
            facecolor=(red, green, blue, alpha),
            edgecolor=LIGHT_LINE,
            linewidth=0.8,
        )
    )


def _label(ax: "Axes", color: bytes, share: float | None, at: tuple[float, float]) -> None:
    name = Palette(color).hex()[0]
    text = name if share is None else f"{name}\n{100 * share:.1f} %"
    ax.text(at[0], at[1] - 0.05, text, va="top", fontsize=8.5, color=QUIET_INK, linespacing=1.15)
