"""The frames of an animation as a result can show them."""

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

__all__ = ["ShownFrames"]


class ShownFrames:
    """The frames as the result is to show them: with the alpha that it can hold."""

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
            yield Frame(self._shown(pixels)[0], duration)

    def default(self) -> Pixels | None:
        """Returns the picture for those who show no animations, if it is not part of it."""
        default = self._animation.default()
        return None if default is None else self._shown(default)[0]

    def sheet(self) -> Pixels:
        """Returns a few of the frames under one another."""
        wanted = set(sampled(self._animation.n_frames))
        return stacked(
            [frame.pixels for number, frame in enumerate(self.frames()) if number in wanted]
        )

    def histogram(self, weights: Weights, options: Options) -> Histogram:
        """Returns that of all frames, weighed as the sheet is."""
        histogram: Histogram | None = None
        for pixels, duration in self._animation.frames():
            shown, n_hardened = self._shown(pixels)
            self.n_hardened += n_hardened
            self.durations.append(duration)
            histogram = _added(histogram, shown, weights, options)
        default = self.default()
        if default is not None:
            histogram = _added(histogram, default, weights, options)
        assert histogram is not None  # there is a frame
        return histogram

    def _shown(self, pixels: Pixels) -> tuple[Pixels, int]:
        if not self._has_alpha:
            return without_alpha(pixels), 0
        return with_hard_alpha(pixels) if self._hard_alpha else (pixels, 0)


def _added(
    histogram: Histogram | None, pixels: Pixels, weights: Weights, options: Options
) -> Histogram:
    contrast = UNWEIGHTED if weights.is_graphic else local_contrast(pixels, options)
    more = build_histogram(pixels, options.threads, Weights(contrast, weights.is_graphic))
    return more if histogram is None else histogram.merge(more)
