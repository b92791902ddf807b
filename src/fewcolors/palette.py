"""The fifth stage: from centroids to the 8-bit colours of the file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from . import _core
from .clustering import SPACES, fit_kmeans
from .histogram import Histogram
from .options import Method, Options

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Fitted", "Palette", "build_palette", "fit_palette"]

TRANSPARENT = bytes(4)


class Palette:
    """Up to 256 distinct 8-bit colours, sRGB and alpha.

    Iterating gives (red, green, blue, alpha) tuples.

    >>> Palette(bytes([255, 0, 0, 255, 0, 0, 0, 0])).hex()
    ['#ff0000', '#00000000']
    """

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        """Takes (k, 4) bytes, one colour after the other."""
        self.data = data

    @classmethod
    def from_centroids(cls, centroids: memoryview, method: Method) -> "Palette":
        """Rounds centroids of the method's space to 8 bits and joins those that become equal."""
        rounded = bytes(_core.from_space(centroids, SPACES[method]))
        distinct = dict.fromkeys(rounded[i : i + 4] for i in range(0, len(rounded), 4))
        return cls(b"".join(distinct))

    def entry(self, number: int) -> bytes:
        """Returns the four bytes of an entry."""
        return self.data[4 * number : 4 * number + 4]

    def reordered(self, order: list[int]) -> "Palette":
        """Returns the palette of the entries numbered in order, leaving out the rest."""
        return Palette(b"".join(map(self.entry, order)))

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
            nearest entry, before rounding; 0 where every colour has its own.
    """

    palette: Palette
    error: float


def build_palette(histogram: Histogram, options: Options, n_colors: int | None = None) -> Palette:
    """Chooses at most so many colours for a histogram.

    A picture of few colours keeps them exactly. Alpha 0 has an entry of its own, so that what is
    fully transparent stays so.

    Args:
        histogram: of the picture.
        options: see `Options`.
        n_colors: the most colours, 1 to 256; None for as many as the options allow.

    Returns:
        The palette, in no particular order.
    """
    return fit_palette(histogram, options, n_colors).palette


def fit_palette(histogram: Histogram, options: Options, n_colors: int | None = None) -> Fitted:
    """Does what `build_palette` does, and tells how well it could be done."""
    n_colors = n_colors or options.most_colors
    if histogram.n_colors <= n_colors:
        return Fitted(Palette(bytes(histogram.colors)), error=0.0)
    visible = histogram if n_colors == 1 else histogram.without_transparent()
    reserved = [TRANSPARENT] if visible is not histogram else []
    fit = fit_kmeans(visible, n_colors - len(reserved), options)
    palette = Palette.from_centroids(fit.centroids, options.method)
    if reserved:
        entries = [*reserved, *map(palette.entry, range(len(palette)))]
        palette = Palette(b"".join(dict.fromkeys(entries)))
    return Fitted(palette, fit.inertia / sum(visible.weights))
