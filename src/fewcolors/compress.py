"""The pipeline. Read this first: each stage is a call, and a file of its name.

    decode -> weigh -> histogram -> k-means -> palette -> assign -> encode

`choose` runs k-means (``clustering.py``), ``palette.py`` and ``assign.py`` as often as it takes to
reach the score asked for: once for most photos.
"""

from typing import Unpack

from .choose import choose
from .decode import ImageSource, Pixels, decode
from .encode import encode_png
from .errors import QualityTooLowError
from .histogram import build_histogram
from .image import IndexedImage
from .marker import marked, requested
from .options import OptionArguments, Options
from .result import Compressed, Outcome
from .weigh import weigh

__all__ = ["compress", "quantize"]


def compress(
    source: ImageSource, n_colors: int | None = None, **options: Unpack[OptionArguments]
) -> Compressed:
    """Compresses a picture to a palette PNG.

    Args:
        source: a path, a file's bytes, a file open for reading bytes, a PIL image or an array;
            see `decode`.
        n_colors: the most colours the result may have, 1 to 256; None for 256.
        **options: quality, min_quality, method, effort, init, n_init, max_iter, seed, n_threads,
            max_pixels; see `Options`. Without quality and n_colors, the score aimed at is 75.

    Returns:
        The result: ``data`` is the PNG, ``score`` how good it looks, ``save(path)`` writes it.

    Raises:
        DecodeError: the source cannot be read as a picture.
        EncodeError: the result cannot be encoded.
        QualityTooLowError: the result would look worse than min_quality allows.
        OSError: a file cannot be read.
        TypeError, ValueError: an argument is not allowed.

    >>> import numpy as np
    >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
    >>> result = compress(ramp, n_colors=4)
    >>> result.n_colors, result.bytes_out < result.bytes_in
    (4, True)
    """
    checked = Options(n_colors=n_colors, **options).checked()
    pixels = decode(source, max_pixels=checked.max_pixels)
    outcome = reduce_colors(pixels, checked)
    pixels = pixels._replace(data=b"")  # encoding needs the memory
    return encode_result(pixels, outcome, checked)


def quantize(
    source: ImageSource, n_colors: int | None = None, **options: Unpack[OptionArguments]
) -> IndexedImage:
    """Reduces a picture to few colours, without encoding it.

    Args:
        source: as for `compress`.
        n_colors: the most colours the result may have, 1 to 256; None for 256.
        **options: as for `compress`; min_quality is not looked at.

    Returns:
        The indexed image.

    Raises:
        DecodeError, OSError, TypeError, ValueError: as for `compress`.

    >>> import numpy as np
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> quantize(ramp, n_colors=2, method="classic").palette.hex()
    ['#404040', '#c0c0c0']
    """
    checked = Options(n_colors=n_colors, **options).checked()
    return reduce_colors(decode(source, max_pixels=checked.max_pixels), checked).chosen.image


def reduce_colors(pixels: Pixels, options: Options) -> Outcome:
    """Runs the stages between decoding and encoding."""
    weights = weigh(pixels, options)
    histogram = build_histogram(pixels, options.threads, weights)
    chosen = choose(pixels, weights, histogram, options)
    return Outcome(chosen, histogram.n_colors, weights.is_graphic)


def encode_result(pixels: Pixels, outcome: Outcome, options: Options) -> Compressed:
    """Encodes what the other stages have made, if it is good enough, with the mark of a result.

    Args:
        pixels: what they made it from; its data are not used.
        outcome: what they made.
        options: what it was made with.

    Raises:
        EncodeError: it cannot be encoded.
        QualityTooLowError: it looks worse than min_quality allows.
    """
    image, score = outcome.chosen.image, outcome.chosen.score
    if options.min_quality is not None and score < options.min_quality:
        raise QualityTooLowError(score, options.min_quality)
    data = encode_png(
        image, options.effort, is_graphic=outcome.is_graphic, n_threads=options.threads
    )
    mark = requested(options)._replace(n_colors=image.n_colors)
    return Compressed(marked(data, mark), outcome, pixels.bytes_in, pixels.format, options)
