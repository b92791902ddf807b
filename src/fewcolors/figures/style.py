"""What all figures share: colours that everybody can tell apart, sizes, and axes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE",
    "CYCLE",
    "GREEN",
    "INK",
    "LIGHT_LINE",
    "ORANGE",
    "QUIET_INK",
    "VERMILION",
    "axes_or_new",
    "bare",
    "needs_matplotlib",
    "panels",
    "picture_panels",
    "style",
    "unit_of",
]

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
"""The colours of M. Okabe and K. Ito, Color Universal Design, 2008, which the colour-blind tell
apart; in grey they differ too, and markers and dashes tell them apart as well."""

CYCLE = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK)
"""Yellow is left out: on white it can hardly be seen."""

INK, QUIET_INK = "#1c1c1e", "#5c5c62"
PAPER, LIGHT_LINE = "#ffffff", "#d6d6da"

PIXELS_AN_INCH = 144
"""A figure of 8 inches is 1152 pixels wide: sharp on a page of 800, and in print at 4 inches."""

MOST_PICTURE_INCHES = 7.0
"""The height of a picture in a row of them; tall ones are drawn narrower."""

TITLE_INCHES = 0.62
"""Two lines of title above a picture."""

RC: Any = {
    "axes.edgecolor": QUIET_INK,
    "axes.facecolor": PAPER,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "figure.dpi": PIXELS_AN_INCH,
    "figure.facecolor": PAPER,
    "font.size": 10.5,
    "grid.color": LIGHT_LINE,
    "legend.fontsize": 9.5,
    "legend.edgecolor": PAPER,
    "legend.fancybox": False,
    "legend.framealpha": 0.9,
    "savefig.dpi": PIXELS_AN_INCH,
    "savefig.facecolor": PAPER,
    "text.color": INK,
    "xtick.color": QUIET_INK,
    "xtick.labelcolor": INK,
    "ytick.color": QUIET_INK,
    "ytick.labelcolor": INK,
}


def needs_matplotlib() -> None:
    """Raises ImportError where matplotlib is not installed, and says how to install it."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise ImportError('figures need matplotlib: pip install "fewcolors[plot]"') from None


@contextmanager
def style() -> Iterator[None]:
    """Draws in the style of these figures, whatever the caller's is."""
    needs_matplotlib()
    import matplotlib
    from matplotlib import style as styles

    with styles.context("default"), matplotlib.rc_context(RC):
        yield


def axes_or_new(
    ax: "Axes | None", size: tuple[float, float], projection: str | None = None
) -> "Axes":
    """Returns the axes given, or those of a new figure.

    Args:
        ax: what the caller gave.
        size: of a new figure, in inches.
        projection: "3d", or None.

    Raises:
        TypeError: they are no axes of matplotlib.
        ValueError: they have another projection.
    """
    from matplotlib.axes import Axes

    if ax is None:
        from matplotlib import pyplot

        subplots = {"projection": projection} if projection else None
        _, ax = pyplot.subplots(figsize=size, layout="constrained", subplot_kw=subplots)
        return ax
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be axes of matplotlib, got {type(ax).__name__}")
    if projection and getattr(ax, "name", None) != projection:
        raise ValueError(f"ax must be made with projection={projection!r}")
    return ax


def panels(ax: "Axes", boxes: Sequence[tuple[float, float, float, float]]) -> "list[Axes]":
    """Returns axes within axes, which show nothing themselves any more.

    Args:
        ax: what is divided.
        boxes: left, bottom, width and height of each, as shares of it.
    """
    ax.set_axis_off()
    return [ax.inset_axes(box) for box in boxes]


def picture_panels(
    ax: "Axes | None", count: int, aspect: float, *, has_scale: bool = False
) -> "tuple[Axes, list[Axes]]":
    """Returns axes, and those of pictures side by side within, each under two lines of title.

    Args:
        ax: what the caller gave.
        count: how many pictures.
        aspect: the height of a picture over its width.
        has_scale: whether the last needs room for a scale on its right.
    """
    width, gap = 2.8 if count > 2 else 4.2, 0.28
    room = 0.55 if has_scale else 0.0
    across = count * width + (count - 1) * gap + room
    picture = min(width * aspect, MOST_PICTURE_INCHES)
    height = picture + TITLE_INCHES
    ax = axes_or_new(ax, (across, height))
    boxes = [
        (number * (width + gap) / across, 0.0, width / across, picture / height)
        for number in range(count)
    ]
    return ax, panels(ax, boxes)


def unit_of(largest: float) -> tuple[float, str]:
    """Returns what to divide large numbers by, and what to say of it after their name.

    >>> unit_of(4.2e9)
    (1000000000.0, ', billions')
    """
    for size, name in ((1e9, "billions"), (1e6, "millions"), (1e3, "thousands")):
        if largest >= size:
            return size, f", {name}"
    return 1.0, ""


def bare(ax: "Axes") -> None:
    """Takes ticks and frame away from axes that show a picture."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
