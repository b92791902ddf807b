"""The third stage: from pixels to unique colours with weights.

A histogram is all that k-means needs of a picture, and histograms add up: the sum of two is the
histogram of both pictures. Many pictures, large ones or distributed ones are therefore clustered
by merging the histograms of their parts.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from . import _core
from .buffers import colors_copy, colors_view, numbers_copy, numbers_view
from .decode import Pixels
from .indexed import KINDS, Kind
from .limits import MAX_THREADS, check_boolean, check_integer, of_type
from .weigh import UNWEIGHTED, Weights

__all__ = ["Histogram", "build_histogram", "merge_histograms"]


MOST_SHOWN = 32
"""Colours that a notebook shows of a histogram: a row of them."""


class Histogram(NamedTuple):
    """Unique 8-bit colours and how much each weighs.

    Attributes:
        colors: (n, 4) uint8, sRGB and alpha, not premultiplied, in one canonical order: opaque
            colours first, similar ones near each other. Alpha 0 is one colour, (0, 0, 0, 0), and
            the last, unless the colours under it were to be kept.
        weights: (n,) float64, what the pixels of each colour weigh together: their number, where
            all weigh the same.
    """

    colors: memoryview
    weights: memoryview

    @classmethod
    def checked(
        cls, value: object, name: str = "histogram", *, may_be_empty: bool = False
    ) -> "Histogram":
        """Returns a copy of a histogram that nobody can change, if it is one.

        Args:
            value: `Histogram`, of any buffers of these shapes and dtypes.
            name: of the argument, for the message.
            may_be_empty: whether it may have no colours.

        Raises:
            TypeError, ValueError: it is something else; weights are not finite and above 0; or
                colours are not in their order.
        """
        histogram = of_type(name, value, cls)
        colors = colors_copy(f"{name}.colors", histogram.colors)
        weights = numbers_copy(f"{name}.weights", histogram.weights, len(colors))
        if not may_be_empty and len(colors) == 0:
            raise ValueError(f"{name} must have at least one colour")
        if not _core.is_in_order(colors):
            raise ValueError(f"{name}.colors must be distinct, and in the order of build_histogram")
        if not _core.are_weights(weights):
            raise ValueError(f"{name}.weights must be above 0, and finite, as must be their sum")
        return cls(colors, weights)

    @property
    def n_colors(self) -> int:
        """The number of distinct colours."""
        return len(self.weights)

    @property
    def is_opaque(self) -> bool:
        """Whether every colour has full alpha."""
        return self._last_alpha == 255

    @property
    def has_transparent(self) -> bool:
        """Whether some pixels have alpha 0."""
        return self._last_alpha == 0

    @property
    def _last_alpha(self) -> int:
        """The alpha of the last colour: the order puts opaque colours first, alpha 0 last."""
        if self.n_colors == 0:
            return 255
        return int(self.colors[self.n_colors - 1, 3])

    def __repr__(self) -> str:
        total = sum(self.weights)
        return f"<Histogram of {self.n_colors:,} colours, weighing {total:,.0f}>"

    def _repr_html_(self) -> str:
        """Shows the colours that weigh most in a notebook."""
        from .notebook import facts, swatches
        from .palette_files.text import hex_of

        weights = list(self.weights)
        total = sum(weights)
        most = sorted(range(len(weights)), key=lambda number: -weights[number])[:MOST_SHOWN]
        names = [hex_of(bytes(self.colors[number, c] for c in range(4))) for number in most]
        shares = [weights[number] / total for number in most]
        return facts(repr(self)[1:-1]) + swatches(names, shares)

    def without_transparent(self) -> "Histogram":
        """Returns the histogram of the pixels whose alpha is not 0."""
        return self.without(["transparent"])

    def without(self, kinds: Sequence[Kind]) -> "Histogram":
        """Returns the histogram of the pixels that are not of the first or the last kinds."""
        first = self._first_below(255) if "opaque" in kinds else 0
        last = self._first_below(1) if "transparent" in kinds else self.n_colors
        return self._part(first, last)

    def of_kind(self, kind: Kind) -> "Histogram":
        """Returns the histogram of the pixels of one kind, which may have no colours."""
        opaque, visible = self._first_below(255), self._first_below(1)
        if kind == "opaque":
            return self._part(0, opaque)
        if kind == "translucent":
            return self._part(opaque, visible)
        return self._part(visible, self.n_colors)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of colours that there are."""
        return [kind for kind in KINDS if self.of_kind(kind).n_colors > 0]

    def _first_below(self, alpha: int) -> int:
        """The number of the first colour of less alpha, of those at 255, between, and at 0."""
        places = range(self.n_colors)
        return bisect_left(places, True, key=lambda place: int(self.colors[place, 3]) < alpha)

    def _part(self, first: int, last: int) -> "Histogram":
        if (first, last) == (0, self.n_colors):
            return self
        return Histogram(self.colors[first:last], self.weights[first:last])

    def __reduce__(self) -> tuple[Any, ...]:
        """Lets histograms travel between processes, which memoryviews cannot."""
        return _restored, (bytes(self.colors), bytes(self.weights))

    def merge(self, other: "Histogram") -> "Histogram":
        """Returns the histogram of both pictures together.

        Raises:
            TypeError, ValueError: one of them is no histogram.
        """
        ours = Histogram.checked(self, may_be_empty=True)
        theirs = Histogram.checked(other, "other", may_be_empty=True)
        return ours.merged(theirs)

    @classmethod
    def sum(cls, histograms: Iterable["Histogram"]) -> "Histogram":
        """Returns the histogram of many pictures, or of the parts of one, together.

        They are taken one by one, and merged in pairs and pairs of pairs: a tenth of the work of
        merging each into one sum. Weights that are whole numbers, as those of `build_histogram`
        are, add up exactly: neither order nor parts make a difference.

        Args:
            histograms: at least one; an iterator over what is larger than memory will do.

        Raises:
            TypeError, ValueError: one of them is no histogram, or there are none.

        >>> import numpy as np, fewcolors
        >>> parts = (np.full((1, 2), grey, np.uint8) for grey in (0, 9, 0))
        >>> total = Histogram.sum(build_histogram(fewcolors.decode(part)) for part in parts)
        >>> total.n_colors, list(total.weights)
        (2, [4.0, 2.0])
        """
        total = merge_histograms(
            cls.checked(histogram, "each of histograms", may_be_empty=True)
            for histogram in histograms
        )
        if total is None:
            raise ValueError("histograms must be at least one")
        return total

    def merged(self, other: "Histogram") -> "Histogram":
        """Does what `merge` does, with histograms that are known to be sound."""
        return Histogram(*_core.merge_colors(*self, *other))


def _restored(colors: bytes, weights: bytes) -> Histogram:
    return Histogram(colors_view(colors), numbers_view(weights))


def build_histogram(
    pixels: Pixels,
    n_threads: int = 1,
    weights: Weights | None = None,
    *,
    keep_transparent_colors: bool = False,
) -> Histogram:
    """Finds the distinct colours of a picture, and what each weighs.

    Of more than 65,536 translucent colours those that look the same are counted as one that is less
    than 5 of 255 away from each, premultiplied.

    Args:
        pixels: the decoded picture.
        n_threads: threads to use, 1 to 256; the result does not depend on it.
        weights: of its pixels, from `weigh`; without them, every pixel counts once.
        keep_transparent_colors: whether colours of alpha 0 differ; each pixel weighs an eighth.

    Returns:
        Its histogram.

    Raises:
        TypeError, ValueError: an argument is not allowed, or the weights do not fit the pixels.

    >>> import numpy as np, fewcolors
    >>> histogram = build_histogram(fewcolors.decode(np.array([[0, 9, 0]], np.uint8)))
    >>> histogram.n_colors, list(histogram.weights)
    (2, [2.0, 1.0])
    """
    pixels = Pixels.checked(pixels)
    n_threads = check_integer("n_threads", n_threads, 1, MAX_THREADS)
    check_boolean("keep_transparent_colors", keep_transparent_colors)
    contrast = UNWEIGHTED if weights is None else Weights.checked(weights, pixels).contrast
    return Histogram(
        *_core.count_colors(
            pixels.data, pixels.channels, contrast, keep_transparent_colors, n_threads
        )
    )


def merge_histograms(histograms: Iterable[Histogram]) -> Histogram | None:
    """Returns the sum of histograms, or None if there are none.

    They are added in pairs, and pairs of pairs, in an order that depends on nothing but their own:
    a tenth of the work of adding them to one sum, and always the same rounding.
    """
    sums: list[tuple[int, Histogram]] = []  # (histograms merged, sum), counts descending
    for histogram in histograms:
        count = 1
        while sums and sums[-1][0] == count:
            count, histogram = 2 * count, sums.pop()[1].merged(histogram)
        sums.append((count, histogram))
    if not sums:
        return None
    total = sums.pop()[1]
    while sums:
        total = sums.pop()[1].merged(total)
    return total
