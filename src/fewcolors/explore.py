"""What each number of colours, and each quality, makes of a picture: bytes, score, time."""

import time
from collections.abc import Iterable
from typing import NamedTuple, Unpack

from .animation.source import read_stream_once
from .decode import ImageSource
from .limits import MAX_COLORS, MAX_QUALITY, check_integer, check_number, items
from .notebook import table
from .options import DEFAULT_QUALITY, OptionArguments, Options
from .pipeline import compress_with
from .progress import with_progress
from .wording import kilobytes

__all__ = ["COLORS", "QUALITIES", "Attempt", "Exploration", "explore"]

COLORS = (2, 4, 8, 16, 32, 64, 128, 256)
"""Numbers of colours at which a pixel takes one bit more, and those between."""

QUALITIES = (40, 50, 60, 70, 75, 80, 85, 90)
"""From "poor" to "like the original", and the default."""


class Attempt(NamedTuple):
    """What one request makes of the picture.

    Attributes:
        asked_colors: the number of colours asked for, or None.
        asked_quality: the score asked for, or None.
        n_colors: the number of colours of the result.
        n_bytes: the size of the result.
        score: of SSIMULACRA 2, see `Compressed`.
        mse: the mean squared error, see `IndexedImage`.
        seconds: the time it took, decoding included.
    """

    asked_colors: int | None
    asked_quality: float | None
    n_colors: int
    n_bytes: int
    score: float
    mse: float
    seconds: float

    @property
    def is_default(self) -> bool:
        """Whether it is what `compress` does when nothing else is asked for."""
        return self.asked_colors is None and self.asked_quality == DEFAULT_QUALITY

    @property
    def request(self) -> str:
        """The options of the command that ask for it."""
        if self.asked_colors is not None:
            return f"-k {self.asked_colors}"
        return f"-q {self.asked_quality:g}"


class Exploration(NamedTuple):
    """What `explore` finds.

    Attributes:
        bytes_in: the size of the original.
        attempts: first those by number of colours, then those by quality, each from few to many.

    >>> few = Attempt(2, None, n_colors=2, n_bytes=90, score=20.0, mse=90.0, seconds=0.1)
    >>> more = Attempt(None, 75.0, n_colors=9, n_bytes=200, score=75.0, mse=9.0, seconds=0.1)
    >>> found = Exploration(1000, (few, more))
    >>> found
    <Exploration of 2 attempts, 90 to 200 bytes of 1,000>
    >>> found.best_within(100).request, found.best_within(200).is_default
    ('-k 2', True)
    """

    bytes_in: int
    attempts: tuple[Attempt, ...]

    def best_within(self, max_bytes: int) -> Attempt | None:
        """Returns the attempt of the highest score that takes no more bytes, or None."""
        check_integer("max_bytes", max_bytes, 1)
        fitting = [attempt for attempt in self.attempts if attempt.n_bytes <= max_bytes]
        return max(fitting, key=lambda attempt: attempt.score, default=None)

    def __repr__(self) -> str:
        sizes = [attempt.n_bytes for attempt in self.attempts]
        return (
            f"<Exploration of {len(sizes)} attempts, {min(sizes):,} to {max(sizes):,} bytes "
            f"of {self.bytes_in:,}>"
        )

    def _repr_html_(self) -> str:
        """Shows the attempts in a notebook."""
        return table(
            ("asked for", "colours", "bytes", "score", "error", "seconds"),
            [
                (
                    attempt.request + (" (the default)" if attempt.is_default else ""),
                    f"{attempt.n_colors}",
                    kilobytes(attempt.n_bytes),
                    f"{attempt.score:.1f}",
                    f"{attempt.mse:.1f}",
                    f"{attempt.seconds:.2f}",
                )
                for attempt in self.attempts
            ],
        )


def explore(
    source: ImageSource,
    colors: Iterable[int] | None = None,
    qualities: Iterable[float] | None = None,
    *,
    progress: bool = False,
    **options: Unpack[OptionArguments],
) -> Exploration:
    """Compresses a picture at many numbers of colours and many qualities.

    Args:
        source: as for `compress`.
        colors: numbers of colours, 1 to 256 each; None for powers of two, from 2.
        qualities: scores to ask for, 0 to 100 each; None for eight from 40 to 90.
        progress: whether to show a bar, by tqdm (``pip install "fewcolors[progress]"``).
        **options: as for `compress`, but neither quality nor palette.

    Returns:
        The bytes, score and time of each.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: progress is to be shown, and tqdm is not installed.
        TypeError, ValueError: an argument is not allowed.

    >>> import numpy as np
    >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
    >>> found = explore(ramp, colors=(2, 8), qualities=())
    >>> [attempt.n_colors for attempt in found.attempts]
    [2, 8]
    """
    if options.get("quality") is not None or options.get("palette") is not None:
        raise ValueError("explore takes qualities and colors rather than quality or palette")
    asked = () if options.get("method") == "classic" else QUALITIES
    ks = {
        check_integer("each of colors", k, 1, MAX_COLORS)
        for k in items("colors", COLORS if colors is None else colors)
    }
    scores = {
        check_number("each of qualities", score, 0, MAX_QUALITY)
        for score in items("qualities", asked if qualities is None else qualities)
    }
    requests: list[tuple[int | None, float | None]] = [
        *((k, None) for k in sorted(ks)),
        *((None, score) for score in sorted(scores)),
    ]
    if not requests:
        raise ValueError("colors and qualities must not both be empty")
    plain = Options(**options)
    source = read_stream_once(source, plain.max_file_bytes)
    attempts, bytes_in = [], 0
    for n_colors, quality in with_progress(requests, len(requests), "explore", progress=progress):
        start = time.perf_counter()
        result = compress_with(plain._replace(n_colors=n_colors, quality=quality), source)
        seconds = time.perf_counter() - start
        bytes_in = result.bytes_in
        size = (result.n_colors, result.bytes_out, result.score, result.mse)
        attempts.append(Attempt(n_colors, quality, *size, seconds))
    return Exploration(bytes_in, tuple(attempts))
