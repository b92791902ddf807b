"""A picture's colours as points in space, each in the colour of its centroid."""

from typing import TYPE_CHECKING, Any, Literal

from .. import _core
from ..compare.pictures import Picture, pixels_of
from ..histogram import build_histogram
from ..kmeans import fit_kmeans
from ..limits import MAX_COLORS, available_processors, check_choice, check_integer
from ..options import Options
from .style import INK, axes_or_new, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CloudSpace", "color_cloud"]

CloudSpace = Literal["rgb", "oklab"]

SPACES: tuple[CloudSpace, ...] = ("rgb", "oklab")

AXES = {
    "rgb": ("red", "green", "blue"),
    "oklab": ("a, green to red", "b, blue to yellow", "L, lightness"),
}

SIZE = (7.0, 5.6)
MOST_POINTS = 6000
"""More hide each other."""

SEED = 0
"""Of the choice of points."""

SMALLEST_POINT, LARGEST_POINT = 1.5, 60.0
"""Points squared, of the colours that weigh least and most."""

PANE = (0.96, 0.96, 0.97, 1.0)
TITLE_TOP = 0.97
"""As a share of the axes' height, most of which is empty above the box."""


def color_cloud(
    source: Picture,
    n_colors: int = 16,
    *,
    space: CloudSpace = "oklab",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draws a picture's colours as points in space, with the centroids that k-means finds.

    Each point is a colour of the picture, as large as its share, drawn in its centroid's colour;
    of more than 6,000 colours a sample is drawn.

    Args:
        source: a path, bytes, a file, a PIL image, an array, `IndexedImage` or `Compressed`.
        n_colors: the number of centroids, 1 to 256.
        space: in which k-means runs, and the axes are: "oklab" or "rgb".
        ax: where to draw, made with ``projection="3d"``; None for a new figure.

    Returns:
        The axes.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: matplotlib is not installed.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> import numpy as np
        >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
        >>> ax = color_cloud(ramp, 4, space="rgb")
    """
    check_integer("n_colors", n_colors, 1, MAX_COLORS)
    check_choice("space", space, SPACES)
    histogram = build_histogram(pixels_of(source), available_processors()).of_kind("opaque")
    if histogram.n_colors == 0:
        raise ValueError("source has no opaque colours to draw")
    k = min(n_colors, histogram.n_colors)
    options = Options(k, method="classic" if space == "rgb" else "perceptual")
    clustering = fit_kmeans(histogram, k, options)
    kernel_space = _core.Space.SRGB if space == "rgb" else _core.Space.OKLAB
    with style():
        import numpy as np

        axes = axes_or_new(ax, SIZE, projection="3d")
        points = np.asarray(_core.to_space(histogram.colors, kernel_space, 3))
        rounded = bytes(_core.from_space(clustering.centroids, kernel_space))
        colors = np.frombuffer(rounded, np.uint8).reshape(-1, 4)[:, :3] / 255
        taken = np.arange(len(points))
        if len(points) > MOST_POINTS:
            taken = np.random.default_rng(SEED).choice(len(points), MOST_POINTS, replace=False)
        labels = np.asarray(clustering.labels)[taken]
        weights = np.asarray(histogram.weights)
        shares = (weights / weights.max())[taken]
        _draw_points(axes, _as_drawn(points[taken], space), colors[labels], shares)
        centroids = np.asarray(clustering.centroids)[:, :3]
        _draw_centroids(axes, _as_drawn(centroids, space), colors)
        _finish(axes, AXES[space])
        title = _title(histogram.n_colors, len(taken), len(centroids), space)
        axes.set_title(title, y=TITLE_TOP)
    return axes


def _draw_points(axes: Any, places: Any, colors: Any, shares: Any) -> None:
    """Draws a point for each place, as large as its share; axes of three have no types."""
    import numpy as np

    sizes = SMALLEST_POINT + (LARGEST_POINT - SMALLEST_POINT) * np.sqrt(shares)
    look = {"alpha": 0.5, "linewidths": 0, "depthshade": False}
    axes.scatter(*places.T, s=sizes, c=colors, **look)


def _draw_centroids(axes: Any, places: Any, colors: Any) -> None:
    """Draws a disc for each centroid, with a ring of white in one of ink, for any ground."""
    axes.scatter(*places.T, s=110, c=colors, edgecolors="white", linewidths=2.4, depthshade=False)
    ring = {"facecolors": "none", "edgecolors": INK, "linewidths": 0.9, "depthshade": False}
    axes.scatter(*places.T, s=150, **ring)


def _finish(axes: Any, names: tuple[str, str, str]) -> None:
    for letter, name in zip("xyz", names, strict=True):
        getattr(axes, f"set_{letter}label")(name)
        getattr(axes, f"{letter}axis").set_pane_color(PANE)
    axes.tick_params(labelsize=8, labelfontfamily="sans-serif")
    axes.view_init(elev=18, azim=-62)
    axes.set_box_aspect(None, zoom=1.12)


def _as_drawn(points: Any, space: CloudSpace) -> Any:
    """Returns points with lightness upwards."""
    return points if space == "rgb" else points[:, [1, 2, 0]]


def _title(n_colors: int, n_drawn: int, k: int, space: CloudSpace) -> str:
    drawn = "" if n_drawn == n_colors else f" ({n_drawn:,} drawn)"
    name = "RGB, 0 to 255" if space == "rgb" else "OKLab"
    return f"{n_colors:,} colours{drawn} and {k} centroids in {name}"
