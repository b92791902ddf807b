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

LARGEST_POINT = 60.0
"""Points squared, of the colour that weighs most."""


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

        axes: Any = axes_or_new(ax, SIZE, projection="3d")  # of a class that has no types
        points = np.asarray(_core.to_space(histogram.colors, kernel_space, 3))
        weights, labels = np.asarray(histogram.weights), np.asarray(clustering.labels)
        centroids = np.asarray(clustering.centroids)[:, :3]
        rounded = _core.from_space(clustering.centroids, kernel_space)
        shown = np.frombuffer(bytes(rounded), np.uint8).reshape(-1, 4) / 255
        taken = np.arange(len(points))
        if len(points) > MOST_POINTS:
            taken = np.random.default_rng(SEED).choice(len(points), MOST_POINTS, replace=False)
        sizes = 1.5 + (LARGEST_POINT - 1.5) * np.sqrt(weights / weights.max())
        place = _as_drawn(points, space)
        axes.scatter(
            *place[taken].T,
            s=sizes[taken],
            c=shown[labels[taken], :3],
            alpha=0.5,
            linewidths=0,
            depthshade=False,
        )
        axes.scatter(
            *_as_drawn(centroids, space).T,
            s=110,
            c=shown[:, :3],
            edgecolors="white",
            linewidths=2.4,
            depthshade=False,
        )
        axes.scatter(
            *_as_drawn(centroids, space).T,
            s=150,
            facecolors="none",
            edgecolors=INK,
            linewidths=0.9,
            depthshade=False,
        )
        for name, text in zip("xyz", AXES[space], strict=True):
            getattr(axes, f"set_{name}label")(text)
            getattr(axes, f"{name}axis").set_pane_color((0.96, 0.96, 0.97, 1.0))
        axes.tick_params(labelsize=8, labelfontfamily="sans-serif")
        axes.set_title(_title(histogram.n_colors, len(taken), len(centroids), space), y=0.97)
        axes.view_init(elev=18, azim=-62)
        axes.set_box_aspect(None, zoom=1.12)
    return axes  # type: ignore[no-any-return]


def _as_drawn(points: Any, space: CloudSpace) -> Any:
    """Returns points with lightness upwards."""
    return points if space == "rgb" else points[:, [1, 2, 0]]


def _title(n_colors: int, n_drawn: int, k: int, space: CloudSpace) -> str:
    drawn = "" if n_drawn == n_colors else f" ({n_drawn:,} drawn)"
    name = "RGB, 0 to 255" if space == "rgb" else "OKLab"
    return f"{n_colors:,} colours{drawn} and {k} centroids in {name}"
