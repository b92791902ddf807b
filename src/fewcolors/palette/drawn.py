"""Palettes of drawings: screenshots, charts, icons, illustrations.

K-means finds the shades of edges and gradients. What is flat is seen as a colour, so that its entry
is that colour: exactly where it fills much, and to within what is told apart elsewhere.
"""

import math
from array import array
from typing import NamedTuple

from .. import _core
from ..decode import Pixels
from ..histogram import Histogram
from ..indexed import TRANSPARENT, Palette
from ..kmeans import dims_of, fit_points
from ..limits import MAX_COLORS
from ..options import Options

__all__ = ["FlatAreas", "drawn_palette", "find_flat_areas", "missed_areas"]

SPACE = _core.Space.OKLAB_TOE

EXACT_SHARE = 0.01
"""Areas of one colour that fill this share of the pixels together keep it exactly."""

TOLERANCE = 1.0
"""CIEDE2000 by which the colours of smaller areas may change, and beyond which two of them stay
apart: the least difference that is seen."""

MOST_AREAS = 4096
"""Colours of areas that are looked at, the largest ones: the others are steps of gradients."""

DOMINANT_SHARE = 0.3
"""From this share of its cluster on a colour is the entry itself."""

MOST_EXACT_STARTS = 65_536
"""Up to so many colours the starts of k-means are made on all of them. The grid of coarse starts
puts near whites into one cell: a page of text scored 65 instead of 84 at 128 colours."""

STARTS = 3
FEW_COLORS_STARTS = 10
FEW_COLORS = 32
"""Starts, and how many there are up to so many colours."""

MAX_ITER = 20


class FlatAreas(NamedTuple):
    """The flat areas of a picture.

    Attributes:
        colors: (n, 4) uint8, of which there are areas of at least 64 pixels, the most pixels first.
        n_exact: so many of them, the first, fill `EXACT_SHARE` of the pixels or more.
        is_flat: height x width bytes, 1 in an area, 0 elsewhere.
    """

    colors: memoryview
    n_exact: int
    is_flat: memoryview

    @property
    def large(self) -> "FlatAreas":
        """Those that keep their colour exactly."""
        return self._replace(colors=self.colors[: self.n_exact])


def find_flat_areas(pixels: Pixels) -> FlatAreas:
    """Finds the flat areas of a picture."""
    colors, counts, is_flat = _core.flat_areas(pixels.data, pixels.width, pixels.channels)
    colors = colors[:MOST_AREAS]
    least = EXACT_SHARE * pixels.width * pixels.height
    n_exact = sum(count >= least for count in counts[:MOST_AREAS])
    return FlatAreas(colors, n_exact, is_flat)


def drawn_palette(
    histogram: Histogram,
    n_colors: int,
    options: Options,
    *,
    damping: float = 1.0,
    space: _core.Space = SPACE,
) -> Palette:
    """Chooses colours by k-means for a drawing.

    Args:
        histogram: of the picture, each colour weighing its pixels.
        n_colors: the most colours, 1 to 256.
        options: init, seed and threads are used.
        damping: the power of its pixels that a colour weighs: 1, .75 or .5. With .5 rare colours
            count for more.
        space: in which distances are measured.

    Returns:
        The palette, with an entry of every kind of alpha that the picture has.
    """
    if histogram.n_colors <= n_colors:
        return Palette(bytes(histogram.colors))
    if histogram.has_transparent and n_colors > 1 and not options.keep_transparent_colors:
        visible = histogram.without_transparent()
        rest = drawn_palette(visible, n_colors - 1, options, damping=damping, space=space)
        return Palette(TRANSPARENT + rest.data)
    dims = dims_of(space, is_opaque=histogram.is_opaque)
    separate_kinds = n_colors > 1 or len(histogram.kinds) == 1
    fit = fit_points(
        _core.to_space(histogram.colors, space, dims, separate_kinds),
        _damped(histogram.weights, damping),
        n_colors,
        init=options.init,
        n_init=FEW_COLORS_STARTS if n_colors <= FEW_COLORS else STARTS,
        max_iter=min(MAX_ITER, options.max_iter),
        tolerance=0.0,
        seed=options.seed,
        n_threads=options.threads,
        rank="exact" if histogram.n_colors <= MOST_EXACT_STARTS else "coarse",
    )
    entries = bytes(_core.from_space(fit.centroids, space, separate_kinds))
    snapped = bytes(
        _core.snap_to_dominant(
            histogram.colors,
            histogram.weights,
            fit.labels,
            DOMINANT_SHARE,
            memoryview(entries).cast("B", (n_colors, 4)),
        )
    )
    distinct = dict.fromkeys(snapped[i : i + 4] for i in range(0, len(snapped), 4))
    return _with_every_kind(Palette(b"".join(distinct)), histogram)


def missed_areas(palette: Palette, areas: FlatAreas, apart: float = TOLERANCE) -> list[bytes]:
    """Returns the colours of areas that would be seen to change, or become one.

    Args:
        palette: of the picture.
        areas: of the picture.
        apart: CIEDE2000 beyond which two areas may not have one entry.

    Returns:
        At most 256 colours to add, those of the largest areas first.
    """
    if not len(areas.colors):
        return []
    missed = bytes(
        _core.missed_areas(
            areas.colors,
            n_exact=areas.n_exact,
            palette=palette.buffer,
            tolerance=TOLERANCE,
            apart=apart,
            limit=MAX_COLORS,
        )
    )
    return [missed[i : i + 4] for i in range(0, len(missed), 4)]


def _damped(weights: memoryview, damping: float) -> memoryview:
    """Returns the weights to a power that square roots can make: every processor agrees on them."""
    if damping == 1.0:
        return weights
    if damping == 0.5:
        return memoryview(array("d", map(math.sqrt, weights)))
    assert damping == 0.75
    return memoryview(array("d", (math.sqrt(x) * math.sqrt(math.sqrt(x)) for x in weights)))


def _with_every_kind(palette: Palette, histogram: Histogram) -> Palette:
    """Replaces the last entry where opaque or transparent pixels have none of their kind."""
    missing = [kind for kind in histogram.kinds if kind not in ("translucent", *palette.kinds)]
    entries = palette.data
    for kind in missing:
        part = histogram.of_kind(kind)
        most = max(range(part.n_colors), key=lambda place: part.weights[place])
        entries = entries[: -4 or None] if len(entries) > 4 else b""
        entries += bytes(part.colors[most : most + 1])
    return Palette(entries) if missing else palette
