"""An animation within so many bytes: first with less quality, then with fewer colours."""

from ..errors import TooManyBytesError
from ..limits import MAX_QUALITY
from ..mark import bytes_once_marked
from ..options import DEFAULT_QUALITY, Options
from ..quality.byte_limit import FULL
from ..result import Compressed
from .pipeline import PreparedAnimation, compress_prepared, prepare
from .source import Animation

__all__ = ["compress_to_byte_limit"]

MOST_TRIES = 7
"""Each try writes all frames. After seven, less than a point of score is left to be gained."""

FEWER_COLORS = (64, 16, 4, 2)

OUT_OF_REACH = 1.5
"""Effort "max" makes no file so many times smaller than effort "fast"."""


def compress_to_byte_limit(animation: Animation, options: Options) -> Compressed:
    """Compresses an animation to at most ``options.max_bytes``.

    Raises:
        TooManyBytesError: even two colours take more.
        DecodeError, EncodeError, QualityTooLowError: as for `compress_animation`.
    """
    limit = options.max_bytes or 0
    unlimited = options._replace(max_bytes=None)
    prepared = prepare(animation, unlimited)
    fewer = [n for n in FEWER_COLORS if n < options.most_colors and options.palette is None]
    if fewer and _is_out_of_reach(prepared, unlimited, fewer[-1], limit):
        fewest = _of_colors(prepared, unlimited._replace(min_quality=None), fewer[-1])
        if _size(fewest) > limit:
            raise TooManyBytesError(_size(fewest), limit)
    best = compress_prepared(prepared, unlimited)
    least = _size(best)
    if least <= limit:
        return best
    if options.method == "perceptual":
        top = DEFAULT_QUALITY if options.target is None else min(options.target, MAX_QUALITY)
        found, least = _of_less_quality(prepared, unlimited, top, limit)
        if found is not None:
            return found
    for n_colors in fewer:
        found = _of_colors(prepared, unlimited, n_colors)
        least = _size(found)
        if least <= limit:
            return found
    raise TooManyBytesError(least, limit)


def _is_out_of_reach(
    prepared: PreparedAnimation, options: Options, n_colors: int, limit: int
) -> bool:
    """Tells by a quick attempt with the fewest colours whether nothing is likely to fit."""
    quick = _of_colors(prepared, options._replace(effort="fast", min_quality=None), n_colors)
    return _size(quick) > OUT_OF_REACH * limit


def _of_colors(prepared: PreparedAnimation, options: Options, n_colors: int) -> Compressed:
    return compress_prepared(prepared, options._replace(n_colors=n_colors))


def _of_less_quality(
    prepared: PreparedAnimation, options: Options, top: float, limit: int
) -> tuple[Compressed | None, int]:
    """Returns the best result that fits, if any does, and the bytes at quality 0."""
    lowest = compress_prepared(prepared, options._replace(quality=0.0))
    if _size(lowest) > limit:
        return None, _size(lowest)
    found, fits, too_much = lowest, 0.0, top
    for _ in range(MOST_TRIES):
        quality = (fits + too_much) / 2
        attempt = compress_prepared(prepared, options._replace(quality=quality))
        if _size(attempt) > limit:
            too_much = quality
            continue
        found, fits = attempt, quality
        if _size(attempt) >= FULL * limit:
            break
    return found, _size(lowest)


def _size(result: Compressed) -> int:
    return bytes_once_marked(result.data, result.format)
