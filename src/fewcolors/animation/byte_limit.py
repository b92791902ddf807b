"""An animation within so many bytes: less quality first, then fewer colours."""

from ..errors import TooManyBytesError
from ..limits import MAX_QUALITY
from ..mark import bytes_once_marked
from ..options import DEFAULT_QUALITY, Options
from ..quality.byte_limit import FULL
from ..result import Compressed
from .pipeline import compress_animation
from .source import Animation

__all__ = ["compress_animation_within"]

MOST_TRIES = 7
"""Each goes through all frames; they leave less than a point of score open."""

FEWER_COLORS = (64, 16, 4, 2)


def compress_animation_within(animation: Animation, options: Options) -> Compressed:
    """Compresses an animation to at most ``options.max_bytes``.

    Raises:
        TooManyBytesError: even two colours take more.
        DecodeError, EncodeError, QualityTooLowError: as for `compress_animation`.
    """
    limit = options.max_bytes or 0
    without = options._replace(max_bytes=None)
    best = compress_animation(animation, without)
    if _size(best) <= limit:
        return best
    least = _size(best)
    if options.method == "perceptual":
        top = DEFAULT_QUALITY if options.target is None else min(options.target, MAX_QUALITY)
        found, least = _of_less_quality(animation, without, top, limit)
        if found is not None:
            return found
    for n_colors in FEWER_COLORS:
        if n_colors < options.most_colors and options.palette is None:
            found = compress_animation(animation, without._replace(n_colors=n_colors))
            least = _size(found)
            if least <= limit:
                return found
    raise TooManyBytesError(least, limit)


def _of_less_quality(
    animation: Animation, options: Options, top: float, limit: int
) -> tuple[Compressed | None, int]:
    """Returns the best that fits, if any does, and the bytes at no quality at all."""
    lowest = compress_animation(animation, options._replace(quality=0.0))
    if _size(lowest) > limit:
        return None, _size(lowest)
    found, fits, too_much = lowest, 0.0, top
    for _ in range(MOST_TRIES):
        quality = (fits + too_much) / 2
        attempt = compress_animation(animation, options._replace(quality=quality))
        if _size(attempt) > limit:
            too_much = quality
            continue
        found, fits = attempt, quality
        if _size(attempt) >= FULL * limit:
            break
    return found, _size(lowest)


def _size(result: Compressed) -> int:
    return bytes_once_marked(result.data, result.format)
