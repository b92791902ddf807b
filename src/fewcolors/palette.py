"""The fifth stage: from centroids to the 8-bit colours of the file."""

import math
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _core
from .clustering import SPACES, fit_kmeans
from .errors import PaletteError
from .histogram import KINDS, Histogram, Kind
from .options import MAX_COLORS, Options

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "Fitted",
    "Palette",
    "build_palette",
    "fit_palette",
    "holds_all",
    "usable_palette",
]

TRANSPARENT = bytes(4)


class Palette:
    """Up to 256 8-bit colours, sRGB and alpha: distinct ones, unless they were given otherwise.

    Iterating gives (red, green, blue, alpha) tuples.

    Attributes:
        data: (k, 4) bytes, one colour after the other.
        shares: the share of the pixels that each colour stands for, 0 to 1; empty where that is
            not known. Palettes of the same colours are equal whatever their shares.

    >>> Palette(bytes([255, 0, 0, 255, 0, 0, 0, 0])).hex()
    ['#ff0000', '#00000000']
    """

    __slots__ = ("data", "shares")

    def __init__(self, data: bytes, shares: tuple[float, ...] = ()) -> None:
        """Takes (k, 4) bytes, one colour after the other, and their shares."""
        self.data = data
        self.shares = shares

    @classmethod
    def from_centroids(
        cls, centroids: memoryview, space: _core.Space, separate_kinds: bool = False
    ) -> "Palette":
        """Rounds centroids of a space to 8 bits and joins those that become equal."""
        rounded = bytes(_core.from_space(centroids, space, separate_kinds))
        distinct = dict.fromkeys(rounded[i : i + 4] for i in range(0, len(rounded), 4))
        return cls(b"".join(distinct))

    @staticmethod
    def load(path: "str | os.PathLike[str]") -> "Palette":
        """Reads a palette from a file.

        Args:
            path: a picture, whose palette counts, or else its distinct colours; or a palette of
                GIMP's (.gpl), Photoshop's (.aco), Adobe Swatch Exchange (.ase), a hex colour a line
                (.hex), .json or .css.

        Returns:
            Its 1 to 256 colours, in its order.

        Raises:
            PaletteError: it cannot be read as a palette.
            OSError: it cannot be read at all.
        """
        from .palette_files import read_palette

        return read_palette(path)

    def save(self, path: "str | os.PathLike[str]", *, force: bool = False) -> None:
        """Writes the palette, whole or not at all, in the format of the path's extension.

        Args:
            path: where to; .hex, .css, .json, .gpl, .aco, .ase or .png.
            force: whether a file that is already there may be replaced.

        Raises:
            FileExistsError: there is a file, and force is false.
            OSError: it cannot be written.
            PaletteError: the format has no transparency, and the palette has some.
            ValueError: the extension names no format.
        """
        from .palette_files import FORMATS, encode_palette, format_of_path
        from .save import write_new

        name = format_of_path(path)
        if name is None:
            known = ", ".join(f".{name}" for name in FORMATS)
            raise ValueError(f"path must end in one of {known}, got {os.fspath(path)!r}")
        write_new(os.fspath(path), encode_palette(self, name), force=force)

    def entry(self, number: int) -> bytes:
        """Returns the four bytes of an entry."""
        return self.data[4 * number : 4 * number + 4]

    def reordered(self, order: list[int]) -> "Palette":
        """Returns the palette of the entries numbered in order, leaving out the rest."""
        return Palette(b"".join(map(self.entry, order)))

    @property
    def n_opaque(self) -> int:
        """The number of entries with full alpha."""
        return self.data[3::4].count(255)

    @property
    def has_transparent(self) -> bool:
        """Whether some entry has alpha 0."""
        return 0 in self.data[3::4]

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of entries that there are."""
        found = {KINDS[(alpha < 255) + (alpha == 0)] for alpha in self.data[3::4]}
        return [kind for kind in KINDS if kind in found]

    @property
    def colors(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """The colours as a (k, 4) uint8 array."""
        import numpy as np

        return np.frombuffer(self.data, np.uint8).reshape(-1, 4)

    @property
    def buffer(self) -> memoryview:
        """The colours as a (k, 4) buffer, for the kernels."""
        return memoryview(self.data).cast("B", (len(self), 4))

    @property
    def is_opaque(self) -> bool:
        """Whether every colour has full alpha."""
        return not self.data[3::4].strip(b"\xff")

    def hex(self) -> list[str]:
        """Returns the colours as CSS writes them: #rrggbb, or #rrggbbaa where not opaque."""
        return [f"#{bytes(c if c[3] < 255 else c[:3]).hex()}" for c in self]

    def __len__(self) -> int:
        return len(self.data) // 4

    def __iter__(self) -> Iterator[tuple[int, int, int, int]]:
        for number in range(len(self)):
            red, green, blue, alpha = self.entry(number)
            yield red, green, blue, alpha

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Palette) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def __repr__(self) -> str:
        return f"<Palette of {len(self)}: {' '.join(self.hex()[:8])}{' ...' * (len(self) > 8)}>"


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
    """
    return fit_palette(histogram, options, n_colors).palette


def fit_palette(
    histogram: Histogram,
    options: Options,
    n_colors: int | None = None,
    space: _core.Space | None = None,
) -> Fitted:
    """Does what `build_palette` does, in any space, and tells how well it could be done."""
    if options.given_palette is not None:
        return Fitted(usable_palette(options.given_palette, histogram), error=math.nan)
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
    return Fitted(palette, fit.inertia / sum(histogram.weights))


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
