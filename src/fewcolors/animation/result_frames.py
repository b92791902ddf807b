"""The frames of an animation with the alpha that its result can hold."""

from collections.abc import Iterator

from ..decode import Pixels
from ..decode.alpha import with_hard_alpha, without_alpha
from ..histogram import Histogram, build_histogram
from ..options import Options
from ..weigh import UNWEIGHTED, Weights
from .indices import local_contrast
from .plan import sampled, stacked
from .read.frames import Frame
from .source import Animation

__all__ = ["ResultFrames"]

SMALL_PIXELS = 1024
BATCH_PIXELS = 65_536
"""Graphics of up to SMALL_PIXELS are counted so many pixels at once: to count even one pixel takes
a quarter of a millisecond."""


class ResultFrames:
    """The frames of an animation with the alpha that its result can hold.

    Attributes:
        n_hardened: the pixels that were half transparent, and no longer are; from `histogram` on.
        durations: of each frame, in milliseconds; from `histogram` on.
    """

    def __init__(self, animation: Animation, *, hard_alpha: bool) -> None:
        self._animation = animation
        self._hard_alpha = hard_alpha
        self._has_alpha = True
        self.n_hardened = 0
        self.durations: list[float] = []

    def drop_alpha(self) -> None:
        """Makes the frames RGB from now on."""
        self._has_alpha = False

    def frames(self) -> Iterator[Frame]:
        """Yields the frames."""
        for pixels, duration in self._animation.frames():
            yield Frame(self._adapted(pixels)[0], duration)

    def fallback_picture(self) -> Pixels | None:
        """Returns the picture for viewers that show no animations, or None."""
        picture = self._animation.fallback_picture()
        return None if picture is None else self._adapted(picture)[0]

    def sheet(self) -> Pixels:
        """Returns a few of the frames, one below the other."""
        wanted = set(sampled(self._animation.n_frames))
        return stacked(
            [frame.pixels for number, frame in enumerate(self.frames()) if number in wanted]
        )

    def histogram(self, weights: Weights, options: Options) -> Histogram:
        """Returns the histogram of all frames.

        Args:
            weights: of the sheet, which tell whether the frames are graphics.
            options: method and threads are used.
        """
        counted = _CountedColors(weights, options)
        for pixels, duration in self._animation.frames():
            adapted, n_hardened = self._adapted(pixels)
            self.n_hardened += n_hardened
            self.durations.append(duration)
            counted.add(adapted)
        fallback = self.fallback_picture()
        if fallback is not None:
            counted.add(fallback)
        return counted.total()

    def _adapted(self, pixels: Pixels) -> tuple[Pixels, int]:
        """Returns a frame as the result can show it, and how many pixels that hardened."""
        if not self._has_alpha:
            return without_alpha(pixels), 0
        return with_hard_alpha(pixels) if self._hard_alpha else (pixels, 0)


class _CountedColors:
    """Adds up the histograms of frames.

    Small graphics are counted many at once. Their pixels weigh 1 each, so the sum is the same.
    """

    def __init__(self, weights: Weights, options: Options) -> None:
        self._is_graphic = weights.is_graphic
        self._options = options
        self._total: Histogram | None = None
        self._waiting: list[Pixels] = []

    def add(self, pixels: Pixels) -> None:
        """Counts the colours of a frame."""
        n_pixels = pixels.width * pixels.height
        if not self._is_graphic or n_pixels > SMALL_PIXELS:
            self._count(pixels)
            return
        self._waiting.append(pixels)
        if n_pixels * len(self._waiting) >= BATCH_PIXELS:
            self._count_waiting()

    def total(self) -> Histogram:
        """Returns the sum."""
        self._count_waiting()
        assert self._total is not None  # there is at least one frame
        return self._total

    def _count_waiting(self) -> None:
        if self._waiting:
            self._count(stacked(self._waiting))
            self._waiting = []

    def _count(self, pixels: Pixels) -> None:
        contrast = UNWEIGHTED if self._is_graphic else local_contrast(pixels, self._options)
        weights = Weights(contrast, self._is_graphic)
        more = build_histogram(pixels, self._options.threads, weights)
        self._total = more if self._total is None else self._total.merged(more)
