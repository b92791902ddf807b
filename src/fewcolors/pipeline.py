"""The pipeline. Read this first: each stage is a call, and a folder or file of its name.

    decode -> weigh -> histogram -> k-means -> palette -> assign -> encode

`quality` runs k-means (``kmeans.py``), ``palette/`` and ``assign/`` as often as it takes to reach
the score asked for: once for most photos.
"""

from collections.abc import Callable
from typing import TypeAlias, Unpack

from .animation.source import open_animation, read_stream_once
from .assign.order import exact_image
from .decode import FewColors, ImageSource, Pixels, decode_compactly
from .decode.alpha import is_opaque, with_hard_alpha, without_alpha
from .decode.metadata import Metadata
from .encode import Encoded, encode
from .errors import QualityTooLowError
from .histogram import build_histogram
from .indexed import IndexedImage
from .limits import MAX_QUALITY
from .mark import bytes_once_marked, marked, requested_mark
from .options import OptionArguments, Options
from .quality import Reduction, choose, rescored_against
from .quality.byte_limit import choose_within
from .quality.closest_colors import wants_closest_colors
from .result import Compressed, Outcome
from .weigh import is_graphic_of_few, weigh

__all__ = ["compress", "compress_with", "quantize"]

Encoder: TypeAlias = Callable[[Reduction, bool], Encoded]
"""Makes a file of a reduction, given whether it is a graphic."""


def compress(
    source: ImageSource, n_colors: int | None = None, **options: Unpack[OptionArguments]
) -> Compressed:
    """Compresses a picture to a file of few colours: a palette PNG, unless asked otherwise.

    Args:
        source: a path, a file's bytes, a file open for reading bytes, a PIL image or an array;
            see `decode`.
        n_colors: the most colours the result may have, 1 to 256; None for 256.
        **options: every other choice, see `Options`. Without quality, n_colors and palette, the
            score aimed at is 75.

    An animated PNG, GIF, WebP or AVIF stays an animation, with all its frames, under one palette.

    Returns:
        The result: ``data`` is the file, ``score`` how good it looks, ``save(path)`` writes it.

    Raises:
        DecodeError: the source cannot be read as a picture.
        EncodeError: the result cannot be encoded.
        PaletteError: the palette cannot be read, or used for the picture.
        QualityTooLowError: the result would look worse than min_quality allows.
        TooManyBytesError: it cannot be made as small as max_bytes asks.
        OSError: a file cannot be read.
        TypeError, ValueError: an argument is not allowed.

    >>> import numpy as np
    >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
    >>> result = compress(ramp, n_colors=4)
    >>> result.n_colors, result.bytes_out < result.bytes_in
    (4, True)
    """
    result = compress_with(Options(n_colors, **options), source)
    result.original = source
    return result


def compress_with(options: Options, source: ImageSource) -> Compressed:
    """Does what `compress` does, with options that are made already."""
    source = read_stream_once(source, options.max_file_bytes)
    limits = (options.max_pixels, options.max_frames, options.max_file_bytes)
    if animation := open_animation(source, *limits):
        if options.max_bytes is not None:
            from .animation.byte_limit import compress_to_byte_limit

            return _marked(compress_to_byte_limit(animation, options))
        from .animation.pipeline import compress_animation

        return _marked(compress_animation(animation, options))
    pixels = _read(source, options, most_colors=_most_exact(options))
    read = pixels._replace(data=b"") if isinstance(pixels, Pixels) else pixels
    encoder = _encoder(options, read.metadata)
    if isinstance(pixels, Pixels):
        outcome = reduce_colors(pixels, options, encoder)
    else:
        outcome = reduce_exactly(pixels, options)
    del pixels  # encoding needs the memory
    reduction = outcome.reduction
    if options.min_quality is not None and reduction.score < options.min_quality:
        raise QualityTooLowError(reduction.score, options.min_quality)
    encoded = encoder(reduction, outcome.is_graphic)
    return _marked(Compressed(encoded, outcome, read.bytes_in, read.format, options, read.note))


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
        DecodeError, PaletteError, OSError, TypeError, ValueError: as for `compress`.

    >>> import numpy as np
    >>> ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
    >>> quantize(ramp, n_colors=2, method="classic").palette.hex()
    ['#404040', '#c0c0c0']
    """
    checked = Options(n_colors, **options)
    pixels = _read(source, checked)
    assert isinstance(pixels, Pixels)
    return reduce_colors(pixels, checked, _encoder(checked)).reduction.image


def _most_exact(options: Options) -> int:
    """Returns up to how many colours a picture is stored with exactly these; 0 for never."""
    has_own_search = options.palette is not None or options.max_bytes is not None
    may_change = options.format == "gif" or options.keep_transparent_colors
    if has_own_search or may_change or options.quality not in (None, MAX_QUALITY):
        return 0
    return options.most_colors


def _read(source: ImageSource, options: Options, most_colors: int = 0) -> Pixels | FewColors:
    """Decodes a picture, and drops an alpha channel that is 255 everywhere."""
    pixels = decode_compactly(
        source,
        most_colors=most_colors,
        max_pixels=options.max_pixels,
        max_file_bytes=options.max_file_bytes,
        keep_profile=options.keep_profile,
        keep_metadata=options.keep_metadata,
        allow_damaged=options.allow_damaged,
    )
    if not isinstance(pixels, Pixels):
        return pixels
    may_drop = pixels.channels == 4 and not wants_closest_colors(pixels, options)
    return without_alpha(pixels) if may_drop and is_opaque(pixels) else pixels


def reduce_colors(original: Pixels, options: Options, encoder: Encoder) -> Outcome:
    """Runs the stages between decoding and encoding."""
    pixels, n_hardened = original, 0
    if options.format == "gif":
        of_one_kind = options.palette is None and options.most_colors == 1
        pixels, n_hardened = with_hard_alpha(original, of_one_kind=of_one_kind)
    weights = weigh(pixels, options)
    is_graphic = weights.is_graphic
    histogram = build_histogram(
        pixels,
        options.threads,
        weights,
        keep_transparent_colors=options.keep_transparent_colors,
    )
    if options.max_bytes is None:
        reduction = choose(pixels, weights, histogram, options)
    else:

        def size_of(attempt: Reduction) -> int:
            encoded = encoder(attempt, is_graphic)
            return bytes_once_marked(encoded.data, encoded.format)

        reduction = choose_within(pixels, weights, histogram, options, size_of)
    if n_hardened:  # the score is to count what hard alpha does to the look
        reduction = rescored_against(original, reduction, options)
    return Outcome(reduction, histogram.n_colors, reduction.is_graphic, n_hardened)


def reduce_exactly(few: FewColors, options: Options) -> Outcome:
    """Does what `reduce_colors` does, where every colour of the picture is kept."""
    is_graphic = is_graphic_of_few(few, options)
    image = exact_image(few, options, "by similarity" if is_graphic else "by count")
    reduction = Reduction(image, score=MAX_QUALITY, ceiling=MAX_QUALITY)
    return Outcome(reduction, len(few.counts), is_graphic)


def _encoder(options: Options, metadata: Metadata | None = None) -> Encoder:
    def encoder(reduction: Reduction, is_graphic: bool) -> Encoded:
        return encode(
            reduction.image,
            options.format or "png",
            options.effort,
            is_graphic=is_graphic,
            n_threads=options.threads,
            metadata=metadata,
            copy_plan=reduction.copy_plan,
        )

    return encoder


def _marked(result: Compressed) -> Compressed:
    """Gives a PNG the mark by which it is known when it comes back."""
    if result.format == "png":
        mark = requested_mark(result.options)._replace(n_colors=result.n_colors)
        result.data = marked(result.data, mark)
    return result
