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
        total: Histogram | None = None
        for pixels, duration in self._animation.frames():
            adapted, n_hardened = self._adapted(pixels)
            self.n_hardened += n_hardened
            self.durations.append(duration)
            total = _added(total, adapted, weights, options)
        fallback = self.fallback_picture()
        if fallback is not None:
            total = _added(total, fallback, weights, options)
        assert total is not None  # there is at least one frame
        return total

    def _adapted(self, pixels: Pixels) -> tuple[Pixels, int]:
        """Returns a frame as the result can show it, and how many pixels that hardened."""
        if not self._has_alpha:
            return without_alpha(pixels), 0
        return with_hard_alpha(pixels) if self._hard_alpha else (pixels, 0)


def _added(
    total: Histogram | None, pixels: Pixels, weights: Weights, options: Options
) -> Histogram:
    contrast = UNWEIGHTED if weights.is_graphic else local_contrast(pixels, options)
    more = build_histogram(pixels, options.threads, Weights(contrast, weights.is_graphic))
    return more if total is None else total.merge(more)
