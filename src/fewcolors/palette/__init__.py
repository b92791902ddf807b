"""The fifth stage: from centroids to the 8-bit colours of the file."""

import math
from typing import NamedTuple

from .. import _core
from ..errors import PaletteError
from ..histogram import Histogram
from ..indexed import TRANSPARENT, Palette
from ..kmeans import SPACES, fit_kmeans
from ..limits import MAX_COLORS, check_integer, of_type
from ..options import Options

__all__ = ["Fitted", "build_palette", "fit_palette", "holds_all", "usable_palette"]


class Fitted(NamedTuple):
    """A palette, and how well it fits.

    Attributes:
        palette: the colours, in no particular order.
        error: the mean squared distance, in the method's space, of what was to be fitted from its
            nearest entry, before rounding; 0 where every colour has its own. Not a number for a
            palette that was given.
    """

    palette: Palette
    error: float


def build_palette(histogram: Histogram, options: Options, n_colors: int | None = None) -> Palette:
    """Chooses at most so many colours for a histogram, unless the options give a palette.

    A picture of few colours keeps them exactly. From two colours on there is an entry of alpha 0 if
    there are such pixels, and one of alpha 255, so that what is fully transparent or opaque stays
    so.

    Args:
        histogram: of the picture.
        options: see `Options`.
        n_colors: the most colours, 1 to 256; None for as many as the options allow.

    Returns:
        The palette, in no particular order.

    Raises:
        PaletteError: the options give a palette that cannot be used for the picture.
        TypeError, ValueError: an argument is not allowed, or is no histogram.
    """
    histogram = Histogram.checked(histogram)
    options = of_type("options", options, Options)
    if n_colors is not None:
        n_colors = check_integer("n_colors", n_colors, 1, MAX_COLORS)
    return fit_palette(histogram, options, n_colors).palette


def fit_palette(
    histogram: Histogram,
    options: Options,
    n_colors: int | None = None,
    space: _core.Space | None = None,
) -> Fitted:
    """Does what `build_palette` does, in any space, and tells how well it could be done."""
    if options.palette is not None:
        return Fitted(usable_palette(options.palette, histogram), error=math.nan)
    space = SPACES[options.method] if space is None else space
    n_colors = n_colors or options.most_colors
    if histogram.n_colors <= n_colors:
        return Fitted(Palette(bytes(histogram.colors)), error=0.0)
    if n_colors == 1:
        return _fitted(histogram, 1, options, space)
    if options.keep_transparent_colors or not histogram.has_transparent:
        return _with_every_kind(histogram, n_colors, options, space)
    visible = _with_every_kind(histogram.without_transparent(), n_colors - 1, options, space)
    return Fitted(Palette(TRANSPARENT + visible.palette.data), visible.error)


def _fitted(histogram: Histogram, n_colors: int, options: Options, space: _core.Space) -> Fitted:
    if histogram.n_colors <= n_colors:
        return Fitted(Palette(bytes(histogram.colors)), error=0.0)
    # A single entry for several kinds is something between them.
    separate_kinds = n_colors > 1 or len(histogram.kinds) == 1
    fit = fit_kmeans(histogram, n_colors, options, space, separate_kinds)
    palette = Palette.from_centroids(fit.centroids, space, separate_kinds)
    return Fitted(palette, fit.inertia / math.fsum(histogram.weights))


def _with_every_kind(
    histogram: Histogram, n_colors: int, options: Options, space: _core.Space
) -> Fitted:
    """Fits a palette that has opaque and transparent entries if the picture has such pixels.

    They are hardly ever missing, and then because they are too few for a cluster of their own.
    """
    fitted = _fitted(histogram, n_colors, options, space)
    missing = [
        kind for kind in histogram.kinds if kind not in ("translucent", *fitted.palette.kinds)
    ]
    if not missing:
        return fitted
    entries = b"".join(
        _fitted(histogram.of_kind(kind), 1, options, space).palette.data
        for kind in missing[:n_colors]
    )
    left = n_colors - len(missing)
    if left > 0:
        fitted = _fitted(histogram.without(missing), left, options, space)
        entries += fitted.palette.data
    return Fitted(Palette(entries), fitted.error)


def usable_palette(given: Palette, histogram: Histogram) -> Palette:
    """Returns what a picture may use of a palette that was given.

    Opaque pictures take opaque entries only. Pixels of alpha 0 need an entry of alpha 0: where
    there is none, one is added.

    Args:
        given: 1 to 256 colours.
        histogram: of the picture.

    Returns:
        Distinct entries of the palette, in its order, and the one added, last.

    Raises:
        PaletteError: an opaque picture finds no opaque entry, or there is no room to add one.
    """
    entries = list(dict.fromkeys(map(given.entry, range(len(given)))))
    if histogram.is_opaque:
        entries = [entry for entry in entries if entry[3] == 255]
        if not entries:
            raise PaletteError("an opaque picture, and the palette has no opaque colour; add one")
    elif histogram.has_transparent and not given.has_transparent:
        if len(given) == MAX_COLORS:
            raise PaletteError(
                f"has transparent pixels, and none of the palette's {MAX_COLORS} colours is "
                "transparent; leave one out, and #00000000 takes its place"
            )
        entries.append(TRANSPARENT)
    return Palette(b"".join(entries))


def holds_all(palette: Palette, histogram: Histogram) -> bool:
    """Tells whether every colour of a histogram has its own entry."""
    if histogram.n_colors > len(palette):
        return False
    colors = bytes(histogram.colors)
    entries = set(map(palette.entry, range(len(palette))))
    return all(colors[i : i + 4] in entries for i in range(0, len(colors), 4))
