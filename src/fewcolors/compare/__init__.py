"""How near a picture is to its original, by numbers: any two pictures of one size.

sources -> pixels                pictures.py
pixels -> the numbers            here; butteraugli.py, flip.py where these are installed
pixels -> where it would be seen visible_error.py
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from PIL import ImageChops

from .. import _core
from ..decode import Pixels
from ..histogram import build_histogram
from ..limits import MAX_PIXELS, MAX_THREADS, available_processors, check_integer
from .butteraugli import butteraugli
from .flip import mean_flip
from .pictures import GROUNDS, Picture, over, pixels_of, repeated

__all__ = ["Comparison", "compare", "compared"]

PEAK = 255.0
"""The largest value of a channel."""

LEAST_SIDE = 225
"""From here on SSIMULACRA 2 has all of its scales (kernels/score/metrics.cpp)."""


class Comparison(NamedTuple):
    """What a compressed picture has lost, and gained.

    Where a picture has alpha, each measure is taken over white and over black; the worse counts.

    Attributes:
        width, height: in pixels.
        bytes_original, bytes_compressed: the sizes of the files; of raw pixels where there is none.
        colors_original, colors_compressed: numbers of distinct colours.
        mse: the mean squared error: squared differences of red, green and blue, 0 to 255 each,
            summed, averaged over the pixels; 0 for the same picture.
        psnr: the peak signal-to-noise ratio in decibels, 10 log10(255^2 / (mse / 3)); infinite for
            the same picture.
        score: of SSIMULACRA 2, at most 100; 90 looks the same. It is measured on all pixels;
            pictures smaller than 225 pixels are repeated to that size.
        butteraugli: the 3-norm of Butteraugli, where the program ``butteraugli_main`` is installed,
            or else None; 0 for the same picture.
        flip: the mean of FLIP, 0 to 1, where the package flip-evaluator is installed, or else None.

    >>> import numpy as np
    >>> grey = np.full((20, 20), 200, np.uint8)
    >>> compare(grey, grey).score
    100.0
    """

    width: int
    height: int
    bytes_original: int
    bytes_compressed: int
    colors_original: int
    colors_compressed: int
    mse: float
    psnr: float
    score: float
    butteraugli: float | None
    flip: float | None

    @property
    def ratio(self) -> float:
        """How many times smaller the compressed picture is; below 1 if it is larger."""
        return self.bytes_original / self.bytes_compressed


def compare(
    original: Picture,
    compressed: Picture,
    *,
    n_threads: int | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Comparison:
    """Measures how near a compressed picture is to its original.

    Args:
        original: a path, a file's bytes, a file open for reading bytes, a PIL image or an array,
            see `decode`; an `IndexedImage` or `Compressed`.
        compressed: the same; of the same width and height, by whatever tool.
        n_threads: threads to use, 1 to 256; None for one a processor.
        max_pixels: larger pictures are refused.

    Returns:
        The measures. SSIMULACRA 2 is that of J. Sneyers, https://github.com/cloudinary/ssimulacra2;
        FLIP that of P. Andersson et al., 2020, doi:10.1145/3406183.

    Raises:
        DecodeError, OSError: a picture cannot be read.
        TypeError, ValueError: an argument is not allowed, or the sizes differ.

    >>> import numpy as np
    >>> grey, darker = np.full((20, 20), 200, np.uint8), np.full((20, 20), 190, np.uint8)
    >>> measured = compare(grey, darker)
    >>> measured.mse, round(measured.psnr, 2), measured.colors_original
    (300.0, 28.13, 1)
    """
    if n_threads is not None:
        check_integer("n_threads", n_threads, 1, MAX_THREADS)
    before = pixels_of(original, "original", max_pixels)
    after = pixels_of(compressed, "compressed", max_pixels)
    return compared(before, after, n_threads or min(available_processors(), MAX_THREADS))


def compared(before: Pixels, after: Pixels, n_threads: int) -> Comparison:
    """Does what `compare` does, with pixels.

    Raises:
        ValueError: the sizes differ.
    """
    if (before.width, before.height) != (after.width, after.height):
        raise ValueError(
            f"compressed must be {before.width} x {before.height}, as the original is, "
            f"got {after.width} x {after.height}"
        )
    has_alpha = 4 in (before.channels, after.channels)
    pairs = [
        (over(before, ground), over(after, ground)) for ground in GROUNDS[: 2 if has_alpha else 1]
    ]
    errors, scores = [], []
    for first, second in pairs:
        counts = ImageChops.difference(first, second).histogram()  # of the three channels in turn
        squares = sum(
            count * (number % 256) * (number % 256) for number, count in enumerate(counts)
        )
        errors.append(squares / (before.width * before.height))
        filled = [repeated(picture, LEAST_SIDE) for picture in (first, second)]
        data = [picture.tobytes() for picture in filled]
        scores.append(_core.ssimulacra2(data[0], data[1], *filled[0].size, n_threads))
    mse = max(errors)
    return Comparison(
        before.width,
        before.height,
        before.bytes_in,
        after.bytes_in,
        build_histogram(before, n_threads).n_colors,
        build_histogram(after, n_threads).n_colors,
        mse,
        10 * math.log10(PEAK * PEAK / (mse / 3)) if mse else math.inf,
        min(scores),
        _worst(butteraugli(*pair) for pair in pairs),
        _worst(mean_flip(*pair) for pair in pairs),
    )


def _worst(measures: Iterable[float | None]) -> float | None:
    """Returns the largest measure, or None where there are none."""
    known = [measure for measure in measures if measure is not None]
    return max(known) if known else None
