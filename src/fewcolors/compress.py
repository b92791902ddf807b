"""The pipeline. Read this first: each stage is a call, and a file of its name.

    decode -> histogram -> k-means -> palette -> assign -> encode

K-means (``clustering.py``) runs within `build_palette`, which needs no centroids where a picture
has few colours.
"""

from typing import Unpack

from .assign import assign
from .decode import ImageSource, Pixels, decode
from .encode import encode_png
from .histogram import build_histogram
from .image import IndexedImage
from .options import OptionArguments, Options
from .palette import build_palette
from .result import Compressed

__all__ = ["compress", "quantize"]


def compress(
    source: ImageSource, n_colors: int = 256, **options: Unpack[OptionArguments]
) -> Compressed:
    """Compresses a picture to a palette PNG.

    Args:
        source: a path, a file's bytes, a file open for reading bytes, a PIL image or an array;
            see `decode`.
        n_colors: the most colours the result may have, 1 to 256.
        **options: method, effort, init, n_init, max_iter, seed, n_threads, max_pixels;
            see `Options`.

    Returns:
        The result: ``data`` is the PNG, ``save(path)`` writes it.

    Raises:
        DecodeError: the source cannot be read as a picture.
        EncodeError: the result cannot be encoded.
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
    bytes_in, format_in = pixels.bytes_in, pixels.format
    indexed, n_distinct = index(pixels, checked)
    del pixels  # encoding needs the memory
    data = encode_png(indexed, checked.effort)
    return Compressed(data, indexed, bytes_in, format_in, n_distinct, checked)


def quantize(
    source: ImageSource, n_colors: int = 256, **options: Unpack[OptionArguments]
) -> IndexedImage:
    """Reduces a picture to few colours, without encoding it.

    Args:
        source: as for `compress`.
        n_colors: the most colours the result may have, 1 to 256.
        **options: as for `compress`.

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
    return index(decode(source, max_pixels=checked.max_pixels), checked)[0]


def index(pixels: Pixels, options: Options) -> tuple[IndexedImage, int]:
    """Runs the stages between decoding and encoding.

    Returns:
        The indexed image, and the number of distinct colours of the original.
    """
    histogram = build_histogram(pixels, options.threads)
    palette = build_palette(histogram, options)
    return assign(pixels, histogram, palette, options), histogram.n_colors
