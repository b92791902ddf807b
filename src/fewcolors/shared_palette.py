"""One palette for many pictures: sprites, frames, the icons of a site.

Histograms add up, so that the pictures are never in memory together. All results have the same
entries in the same order, whether they use them or not: index 5 is one colour in all of them.
"""

from collections.abc import Iterable

from . import _core
from .assign import Choice, chosen
from .choose import Chosen, at_score
from .compress import encode_result
from .decode import ImageSource, Pixels, decode
from .histogram import Histogram, build_histogram
from .image import IndexedImage
from .options import MAX_QUALITY, Options
from .palette import Palette, build_palette
from .result import Compressed, Outcome
from .weigh import Weights, weigh

__all__ = ["compress_with_palette", "merge_histograms", "shared_palette"]


def merge_histograms(histograms: Iterable[Histogram]) -> Histogram | None:
    """Returns the sum of histograms, or None if there are none.

    They are added in pairs, and pairs of pairs, in an order that depends on nothing but their own:
    a tenth of the work of adding them to one sum, and always the same rounding.
    """
    sums: list[tuple[int, Histogram]] = []  # of so many each, ever fewer
    for histogram in histograms:
        count = 1
        while sums and sums[-1][0] == count:
            count, histogram = 2 * count, sums.pop()[1].merge(histogram)
        sums.append((count, histogram))
    if not sums:
        return None
    total = sums.pop()[1]
    while sums:
        total = sums.pop()[1].merge(total)
    return total


def shared_palette(histogram: Histogram, options: Options) -> Palette:
    """Chooses a palette for all the pictures of a merged histogram.

    Args:
        histogram: the sum of theirs.
        options: see `Options`.

    Returns:
        The palette; entries that are not fully opaque come first, then by brightness, so that the
        order does not depend on that of the pictures.
    """
    palette = build_palette(histogram, options)
    order = sorted(range(len(palette)), key=lambda entry: _place(palette.entry(entry)))
    return palette.reordered(order)


def compress_with_palette(source: ImageSource, palette: Palette, options: Options) -> Compressed:
    """Compresses a picture to a given palette.

    Args:
        source: as for `compress`.
        palette: 1 to 256 colours; the result has all of them, in this order.
        options: as for `compress`; the score asked for is reached as far as the palette allows.

    Returns:
        The result.

    Raises:
        DecodeError, EncodeError, QualityTooLowError, OSError: as for `compress`.
    """
    pixels = decode(source, max_pixels=options.max_pixels)
    weights = weigh(pixels, options)
    histogram = build_histogram(pixels, options.threads, weights)
    choice, ceiling = _choice(pixels, weights, histogram, palette, options)
    image = _image(pixels, palette, choice, options)
    outcome = Outcome(
        Chosen(image, choice.score, ceiling, is_estimate=False),
        histogram.n_colors,
        weights.is_graphic,
    )
    return encode_result(pixels, outcome, options)


def _choice(
    pixels: Pixels, weights: Weights, histogram: Histogram, palette: Palette, options: Options
) -> tuple[Choice, float]:
    plain = chosen(pixels, histogram, palette, options)
    target = options.target
    if weights.is_graphic or target is None or target >= min(plain.score, MAX_QUALITY):
        return plain, plain.score
    choice = at_score(pixels, weights, histogram, plain, target, options)
    return choice, max(plain.score, choice.score)


def _image(pixels: Pixels, palette: Palette, choice: Choice, options: Options) -> IndexedImage:
    """Returns the image with all entries where they are."""
    counts, error = _core.compare(
        pixels.data,
        pixels.width,
        pixels.channels,
        choice.indices,
        palette.buffer,
        options.threads,
    )
    return IndexedImage(
        palette=palette,
        data=choice.indices,
        width=pixels.width,
        height=pixels.height,
        counts=list(counts)[: len(palette)],
        mse=error / (pixels.width * pixels.height),
        parse=choice.parse,
    )


def _place(color: bytes) -> tuple[bool, int, bytes]:
    red, green, blue, alpha = color
    return alpha == 255, 2 * red + 5 * green + blue, color
