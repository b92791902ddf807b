"""The third stage: from pixels to unique colours with weights.

A histogram is all that k-means needs of a picture, and histograms add up: the sum of two is the
histogram of both pictures. Many pictures, large ones or distributed ones are therefore clustered
by merging the histograms of their parts.
"""

from typing import Any, NamedTuple

from . import _core
from .decode import Pixels
from .weigh import UNWEIGHTED, Weights

__all__ = ["Histogram", "build_histogram"]


class Histogram(NamedTuple):
    """Unique 8-bit colours and how much each weighs.

    Attributes:
        colors: (n, 4) uint8, sRGB and alpha, not premultiplied, in one canonical order: opaque
            colours first, similar ones near each other. Alpha 0 is one colour, (0, 0, 0, 0), and
            the last.
        weights: (n,) float64, what the pixels of each colour weigh together: their number, where
            all weigh the same.
    """

    colors: memoryview
    weights: memoryview

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
        return int(self.colors[self.n_colors - 1, 3])

    def without_transparent(self) -> "Histogram":
        """Returns the histogram of the pixels whose alpha is not 0."""
        if not self.has_transparent:
            return self
        return Histogram(self.colors[:-1], self.weights[:-1])

    def __reduce__(self) -> tuple[Any, ...]:
        """Lets histograms travel between processes, which memoryviews cannot."""
        return _restored, (bytes(self.colors), bytes(self.weights))

    def merge(self, other: "Histogram") -> "Histogram":
        """Returns the histogram of both pictures together."""
        return Histogram(*_core.merge_colors(*self, *other))


def _restored(colors: bytes, weights: bytes) -> Histogram:
    counts: Any = memoryview(weights).cast("d")
    return Histogram(memoryview(colors).cast("B", (len(counts), 4)), counts)


def build_histogram(
    pixels: Pixels, n_threads: int = 1, weights: Weights | None = None
) -> Histogram:
    """Finds the distinct colours of a picture, and what each weighs.

    Args:
        pixels: the decoded picture.
        n_threads: threads to use; the result does not depend on it.
        weights: of its pixels, from `weigh`; without them, every pixel counts once.

    Returns:
        Its histogram.

    >>> import numpy as np, fewcolors
    >>> histogram = build_histogram(fewcolors.decode(np.array([[0, 9, 0]], np.uint8)))
    >>> histogram.n_colors, list(histogram.weights)
    (2, [2.0, 1.0])
    """
    contrast = UNWEIGHTED if weights is None else weights.contrast
    return Histogram(*_core.count_colors(pixels.data, pixels.channels, contrast, n_threads))
