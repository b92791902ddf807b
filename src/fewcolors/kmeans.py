"""The fourth stage: k-means, from a histogram to centroids.

The starts are ranked on a coarser histogram, the means of the cells of a grid, where a start takes
a millisecond. The best few go on to the exact fit, on all colours.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from . import _core
from .histogram import Histogram
from .limits import MAX_QUALITY
from .options import Init, Options

__all__ = ["SPACES", "Clustering", "dims_of", "fit_kmeans", "fit_points"]

SPACES = {"classic": _core.Space.SRGB, "perceptual": _core.Space.OKLAB}
SEEDINGS = {"k-means++": _core.Seeding.PLUS_PLUS, "random": _core.Seeding.RANDOM}

COARSE_LEVELS = (64, 32)
"""Grid steps a coordinate; the last is taken that leaves enough cells, or else the first."""

COARSE_DIMS = 4
"""With more coordinates nearly every point has a cell to itself."""

COARSE_MAX_ITER = 20
"""Enough to rank the starts; more changed the mean error on 24 photos by less than 0.1 %."""

CELLS_A_CLUSTER = 32
"""With 16, starts at 256 colours end 0.5 % above those drawn from all colours."""

FAST_CELLS_A_CLUSTER = 16
"""At effort "fast": drawing the starts takes half the time."""

LEAST_CELLS_A_CLUSTER = 8
"""With fewer cells at the finest grid, the starts are made on all colours instead."""

POINTS_A_CELL = 2
"""Below that, the coarse histogram is hardly smaller than the full one."""

COARSE_STARTS = 3
"""Starts on the coarse histogram for each one asked for: they cost little, and ranking errs."""

MAX_FINALISTS = 3
"""The starts that go on to all colours. At 16 colours, with thrice ten starts, the error is that of
ten exact ones; with ten starts and a single finalist it is 0.5 % above (24 photos, 3 seeds)."""

TRIAL_ITER = 2
"""Iterations on all points after which the best finalist goes on alone. At 16 colours the error
ends .013 % above that of three whole fits, and .06 % below that of the first finalist alone
(7 photos, 6 seeds); all takes three quarters of the time."""

FINALIST_COLORS = 192
"""With more colours starts differ less and cost more: so many finalists as fit into this."""

STARTS = 10
"""The recipe's number: single starts differ by up to 9 % in their error at 16 colours."""

FAST_START_COLORS = 64
"""Effort "fast" makes as many starts as cost together no more than one at this many colours."""

FAST_MAX_ITER = 5
"""Exact iterations after the coarse fit at effort "fast"; all the others gain 1 % together."""

MOST_TRANSLUCENT = 16_384
"""With more translucent colours even effort "max" ranks its starts on the coarse histogram. Alpha
is a coordinate of its own, and in four coordinates the bounds that spare distances rarely hold: an
exact fit of noise takes thirteen times as long as in three. Pictures with soft edges and shadows
have a tenth as many."""

MOST_DISTANCES = 2_500_000_000
"""Distances that the exact fit of so many translucent colours may compute, which bounds its
iterations: about two seconds. Going on to the end lowers the error by less than 1 % (noise)."""

Restarts: TypeAlias = Callable[..., list[tuple[memoryview, int]]]
"""Makes fits of several starts, and returns their centroids and iterations."""

Rank = Literal["coarse", "exact"]
"""Whether starts are compared on coarse points, where there are enough, or on all of them."""


MOST_ROWS = 16
"""Centroids that a notebook lists: more would fill the screen."""


class Clustering(NamedTuple):
    """A fit of k-means.

    Attributes:
        centroids: (k, d) float64, in the working space.
        labels: (n,) int32, the nearest centroid of each point.
        inertia: the sum over points of weight x squared distance to the nearest centroid.
        n_iter: iterations of the final fit.
    """

    centroids: memoryview
    labels: memoryview
    inertia: float
    n_iter: int

    def __repr__(self) -> str:
        k, dims = self.centroids.shape or (0, 0)
        return (
            f"<Clustering of {len(self.labels):,} points, k={k} in {dims} coordinates: "
            f"inertia {self.inertia:.6g} after {self.n_iter} iterations>"
        )

    def _repr_html_(self) -> str:
        """Shows the centroids in a notebook, and how many points each has."""
        from .notebook import facts, table

        counts = Counter(self.labels.tolist())
        centroids: list[list[float]] = self.centroids.tolist()  # type: ignore[assignment]
        rows = [
            (f"{number}", ", ".join(f"{value:.4g}" for value in row), f"{counts[number]:,}")
            for number, row in enumerate(centroids)
        ]
        return facts(repr(self)[1:-1]) + table(("label", "centroid", "points"), rows[:MOST_ROWS])


def dims_of(space: _core.Space, *, is_opaque: bool) -> int:
    """Returns the number of coordinates of colours in a space."""
    return (6 if space == _core.Space.OKLAB_AND_SRGB else 3) + (not is_opaque)


def fit_kmeans(
    histogram: Histogram,
    n_colors: int,
    options: Options,
    space: _core.Space | None = None,
    separate_kinds: bool = False,
) -> Clustering:
    """Clusters the colours of a histogram.

    Args:
        histogram: with at least n_colors colours.
        n_colors: the number of clusters.
        options: method, effort, init, n_init, max_iter, seed and threads are used.
        space: the working space; None for that of the method.
        separate_kinds: whether no cluster may mix opaque, translucent and transparent colours.

    Returns:
        The best fit, in the working space, labels in the histogram's order.
    """
    space = SPACES[options.method] if space is None else space
    dims = dims_of(space, is_opaque=histogram.is_opaque)
    rows = _core.to_space(histogram.colors, space, dims, separate_kinds)
    # Scores are no better for a longer fit, where the assignment has the larger part in them.
    has_score = options.target not in (None, MAX_QUALITY)
    fast = options.effort == "fast" or (options.effort == "balanced" and has_score)
    max_iter = min(FAST_MAX_ITER, options.max_iter) if fast else options.max_iter
    rank: Rank = "exact" if options.effort == "max" else "coarse"
    if histogram.of_kind("translucent").n_colors > MOST_TRANSLUCENT:
        distances = histogram.n_colors * n_colors * _most_finalists(n_colors)
        max_iter = min(max_iter, max(FAST_MAX_ITER, MOST_DISTANCES // distances))
        rank = "coarse"
    return fit_points(
        rows,
        histogram.weights,
        n_colors,
        init=options.init,
        n_init=options.n_init or (_fast_starts(n_colors) if fast else STARTS),
        max_iter=max_iter,
        tolerance=0.0,
        seed=options.seed,
        n_threads=options.threads,
        rank=rank,
        cells_a_cluster=FAST_CELLS_A_CLUSTER if fast else CELLS_A_CLUSTER,
        trial_iter=max_iter,
    )


def fit_points(
    rows: memoryview,
    weights: memoryview,
    k: int,
    *,
    init: Init,
    n_init: int,
    max_iter: int,
    tolerance: float,
    seed: int,
    n_threads: int,
    rank: Rank = "coarse",
    cells_a_cluster: int = CELLS_A_CLUSTER,
    trial_iter: int = TRIAL_ITER,
    on_start: Callable[[memoryview], None] | None = None,
) -> Clustering:
    """Clusters distinct weighted points.

    Args:
        rows: (n, d) float64, C-contiguous, finite, all distinct, n at least k.
        weights: (n,) float64, each above 0.
        k: the number of clusters.
        init: how the first centroids are drawn.
        n_init: the number of starts.
        max_iter: the most iterations on all points.
        tolerance: a fit ends when the squared shifts of the centroids add up to no more.
        seed: of all draws.
        n_threads: threads to use; the result does not depend on it.
        rank: whether the starts are compared on coarse points, where there are enough, or on all.
        cells_a_cluster: coarse points for each cluster, about; at least 8.
        trial_iter: iterations on all points after which one of the finalists goes on alone.
        on_start: is called with the first centroids of each fit that is made to the end.

    Returns:
        The best fit.
    """
    restarts = partial(
        _core.best_restarts,
        k=k,
        seeding=SEEDINGS[init],
        tolerance=tolerance,
        seed=seed,
        n_threads=n_threads,
    )
    coarse = _coarse_points(rows, weights, k, cells_a_cluster) if rank == "coarse" else None
    if coarse is None:
        return _fit_every_start(rows, weights, restarts, n_init, max_iter, n_threads, on_start)
    starts = _finalists(restarts, coarse, k, n_init, max_iter)
    *fitted, place = _core.best_fit(
        rows,
        weights,
        starts,
        trial_iter=trial_iter,
        max_iter=max_iter,
        tolerance=tolerance,
        n_threads=n_threads,
    )
    if on_start is not None:
        on_start(starts[place])
    return Clustering._make(fitted)


def _fit_every_start(
    rows: memoryview,
    weights: memoryview,
    restarts: Restarts,
    n_init: int,
    max_iter: int,
    n_threads: int,
    on_start: Callable[[memoryview], None] | None,
) -> Clustering:
    """Goes on to the end from every start, on all points."""
    if on_start is not None:
        for centroids, _ in restarts(rows, weights, n_init=n_init, n_best=n_init, max_iter=0):
            on_start(centroids)
    [(centroids, n_iter)] = restarts(rows, weights, n_init=n_init, n_best=1, max_iter=max_iter)
    # best_restarts returns no labels; zero iterations assign them.
    fit = Clustering(*_core.lloyd(rows, weights, centroids, 0, 0.0, n_threads))
    return fit._replace(n_iter=n_iter)


def _finalists(
    restarts: Restarts,
    coarse: tuple[memoryview, memoryview],
    k: int,
    n_init: int,
    max_iter: int,
) -> list[memoryview]:
    """Returns the centroids of the starts that fit coarse points best."""
    n_best = min(n_init, _most_finalists(k))
    n_starts = n_init if n_best == 1 else n_init * COARSE_STARTS
    max_coarse = min(COARSE_MAX_ITER, max_iter)
    best = restarts(*coarse, n_init=n_starts, n_best=n_best, max_iter=max_coarse)
    return [centroids for centroids, _ in best]


def _most_finalists(k: int) -> int:
    return max(1, min(MAX_FINALISTS, FINALIST_COLORS // k))


def _fast_starts(n_colors: int) -> int:
    return max(1, min(STARTS, FAST_START_COLORS // n_colors))


def _coarse_points(
    rows: memoryview, weights: memoryview, k: int, cells_a_cluster: int
) -> tuple[memoryview, memoryview] | None:
    """Returns the points of a coarser histogram, or None where none would do."""
    if rows.shape is None or rows.shape[1] > COARSE_DIMS:
        return None
    coarse = _core.coarsen(rows, weights, COARSE_LEVELS[0])
    for levels in COARSE_LEVELS[1:]:
        coarser = _core.coarsen(*coarse, levels)
        if len(coarser[1]) < cells_a_cluster * k:
            break
        coarse = coarser
    if LEAST_CELLS_A_CLUSTER * k <= len(coarse[1]) <= len(weights) // POINTS_A_CELL:
        return coarse
    return None
