"""How k-means gets there: inertia by iteration, and the ways of the centroids."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ..limits import check_integer
from ..progress import with_progress
from .style import (
    BLUE,
    INK,
    LIGHT_LINE,
    QUIET_INK,
    VERMILION,
    axes_or_new,
    panels,
    style,
    unit_of,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from matplotlib.axes import Axes

__all__ = ["State", "convergence", "random_runs"]

SIZE = (10.0, 4.4)
PANELS = ((0.05, 0.09, 0.41, 0.83), (0.58, 0.09, 0.41, 0.83))
MOST_POINTS = 5000
"""Drawn behind the centroids' ways; more hide each other."""

PADDING = 0.1
MOST_TICKS = 5
"""More have no room in a panel."""


class State(Protocol):
    """Centroids and their inertia, such as those of `KMeans.iterations`."""

    @property
    def centroids(self) -> "npt.NDArray[np.float64]":
        """Has shape (k, d)."""

    @property
    def inertia(self) -> float:
        """Is the sum of squared distances."""


def random_runs(
    X: "npt.ArrayLike", n_clusters: int, n_init: int = 5, seed: int = 0, *, progress: bool = False
) -> list[Sequence[State]]:
    """Runs k-means from random rows, several times, and keeps every iteration.

    Args:
        X: (n_samples, n_features) numbers.
        n_clusters: the number of clusters.
        n_init: starts.
        seed: of the choice of rows.
        progress: whether to show a bar, by tqdm.

    Returns:
        The states of each start, see `KMeans.iterations`.

    Examples:
        >>> [run] = random_runs([[0.0], [1.0], [9.0]], n_clusters=3, n_init=1)
        >>> run[-1].inertia
        0.0
    """
    import numpy as np

    from ..estimator import KMeans

    rows = np.asarray(X)
    check_integer("n_init", n_init, 1)
    check_integer("n_clusters", n_clusters, 1)
    distinct = np.unique(rows, axis=0)
    if len(distinct) < n_clusters:
        raise ValueError(f"n_clusters must be at most {len(distinct)}, the distinct rows of X")
    draws = np.random.default_rng(seed)
    starts = [draws.choice(distinct, n_clusters, replace=False) for _ in range(n_init)]
    runs: list[Sequence[State]] = []
    for start in with_progress(starts, n_init, "k-means", progress=progress):
        runs.extend(KMeans(n_clusters, init=start.astype(float)).iterations(rows))
    return runs


def convergence(
    X: "npt.ArrayLike",
    n_clusters: int = 8,
    *,
    runs: Sequence[Sequence[State]] | None = None,
    n_init: int = 5,
    seed: int = 0,
    ax: "Axes | None" = None,
    progress: bool = False,
) -> "Axes":
    """Draws the inertia of each iteration, starts compared, and the ways of the best's centroids.

    The ways are drawn in the plane in which the rows spread most (their two principal components).

    Args:
        X: (n_samples, n_features) numbers, two features or more.
        n_clusters: the number of clusters.
        runs: states of each start, as `KMeans.iterations` returns them; None for random starts.
        n_init: random starts.
        seed: of the random starts.
        ax: where to draw; None for a new figure.
        progress: whether to show a bar, by tqdm.

    Returns:
        The axes.

    Raises:
        ImportError: matplotlib is not installed, or tqdm and progress is to be shown.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> import numpy as np
        >>> ax = convergence(np.random.default_rng(0).normal(size=(90, 3)), 3, n_init=2)
    """
    import numpy as np

    rows = np.asarray(X, np.float64)
    if rows.ndim != 2 or rows.shape[1] < 2:
        raise ValueError(f"X must have two dimensions and two features, got shape {rows.shape}")
    if runs is None:
        runs = random_runs(rows, n_clusters, n_init, seed, progress=progress)
    best = min(range(len(runs)), key=lambda number: runs[number][-1].inertia)
    with style():
        ax = axes_or_new(ax, SIZE)
        left, right = panels(ax, PANELS)
        _draw_inertia(left, runs, best)
        _draw_ways(right, rows, runs[best])
    return ax


def _draw_inertia(ax: "Axes", runs: Sequence[Sequence[State]], best: int) -> None:
    from matplotlib.ticker import MaxNLocator

    unit, unit_name = unit_of(max(run[0].inertia for run in runs))
    for number, run in enumerate(runs):
        is_best = number == best
        ax.plot(
            range(len(run)),
            [state.inertia / unit for state in run],
            color=BLUE if is_best else QUIET_INK,
            linewidth=2.2 if is_best else 1.0,
            linestyle="-" if is_best else "--",
            zorder=3 if is_best else 2,
            label="the best start" if is_best else None,
        )
        ax.plot(
            [len(run) - 1],
            [run[-1].inertia / unit],
            "o",
            markersize=5,
            color=BLUE if is_best else QUIET_INK,
            zorder=4,
        )
    if len(runs) > 1:
        ax.plot([], [], "--", color=QUIET_INK, linewidth=1.0, label="the others")
    last, worst = runs[best][-1].inertia, max(run[-1].inertia for run in runs)
    ax.xaxis.set_major_locator(MaxNLocator(MOST_TICKS, integer=True))
    ax.set_xlabel("iteration")
    ax.set_ylabel(f"inertia: squared distance summed{unit_name}")
    ax.grid(axis="y")
    ax.legend(loc="upper right")
    spread = f", which end up to {100 * (worst / last - 1):.1f} % apart" if len(runs) > 1 else ""
    ax.set_title(f"{len(runs)} start{'s' if len(runs) > 1 else ''}{spread}")


def _draw_ways(ax: "Axes", rows: Any, run: Sequence[State]) -> None:
    import numpy as np

    middle = rows.mean(axis=0)
    _, _, directions = np.linalg.svd(np.cov((rows - middle).T))
    plane = directions[:2].T
    sample = rows
    if len(rows) > MOST_POINTS:
        sample = np.random.default_rng(0).choice(rows, MOST_POINTS, replace=False)
    is_rgb = rows.shape[1] == 3 and 1 < rows.max() <= 255 and rows.min() >= 0
    points = (sample - middle) @ plane
    shown = sample / 255 if is_rgb else LIGHT_LINE
    ax.scatter(
        points[:, 0], points[:, 1], s=5, c=shown, alpha=0.55 if is_rgb else 1.0, linewidths=0
    )
    ways = np.stack([(np.asarray(state.centroids) - middle) @ plane for state in run])
    for way in ways.transpose(1, 0, 2):
        ax.plot(*way.T, color="white", linewidth=3.4, zorder=3)
        ax.plot(*way.T, color=INK, linewidth=1.3, zorder=4)
    ax.plot(*ways[0].T, "o", markersize=5, color="white", markeredgecolor=INK, zorder=5)
    ax.plot(*ways[-1].T, "o", markersize=8, color=VERMILION, markeredgecolor="white", zorder=6)
    ax.plot([], [], "o", markersize=5, color="white", markeredgecolor=INK, label="start")
    ax.plot([], [], "o", markersize=8, color=VERMILION, markeredgecolor="white", label="end")
    low, high = points.min(axis=0), points.max(axis=0)
    room = (high - low) * PADDING
    ax.set(
        xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + 2 * room[1])
    )
    ax.locator_params(nbins=MOST_TICKS)
    ax.set_xlabel("first principal component")
    ax.set_ylabel("second")
    ax.legend(loc="upper right", ncols=2)
    ax.set_title(f"Ways of the centroids, {len(run) - 1} iterations")
