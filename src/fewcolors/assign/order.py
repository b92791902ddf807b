"""The order in which palette entries are stored: it decides how well the indices deflate."""

from typing import Literal

from .. import _core
from ..decode import FewColors, Pixels
from ..indexed import IndexedImage, Palette
from ..kmeans import SPACES
from ..options import Options

__all__ = ["Order", "exact_image", "in_given_order", "indexed_image"]

Order = Literal["by count", "by similarity"]
"""The order of palette entries: the most used first, which suits unfiltered rows, or each beside
one of a similar colour, which suits PNG's filters."""


def indexed_image(
    pixels: Pixels,
    palette: Palette,
    indices: memoryview,
    options: Options,
    order: Order = "by count",
    *,
    in_place: bool = False,
) -> IndexedImage:
    """Puts the entries in the order in which they are stored, and leaves out the unused.

    Those that are not fully opaque come first: PNG then stores fewer alphas.

    Args:
        pixels: the original.
        palette: the colours.
        indices: height x width bytes.
        options: threads are used.
        order: of entries of one kind.
        in_place: whether the indices become those of the image, rather than a copy of them: that
            spares a byte a pixel.

    Returns:
        The image, compared with the original.
    """
    counts, error = _core.compare(
        pixels.data, pixels.width, pixels.channels, indices, palette.buffer, options.threads
    )
    if not in_place:
        indices = memoryview(bytearray(indices))
    size = (pixels.width, pixels.height)
    image = _ordered_image(palette, indices, counts, size, options, order)
    image.mse = error / (pixels.width * pixels.height)
    image.profile = pixels.profile
    return image


def exact_image(few: FewColors, options: Options, order: Order) -> IndexedImage:
    """Does the same with a picture that came as indices, and takes these for the image."""
    palette, size = Palette(few.palette), (few.width, few.height)
    image = _ordered_image(palette, memoryview(few.indices), few.counts, size, options, order)
    image.profile = few.profile
    return image


def _ordered_image(
    palette: Palette,
    indices: memoryview,
    counts: list[int],
    size: tuple[int, int],
    options: Options,
    order: Order,
) -> IndexedImage:
    """Renumbers indices in place, for entries in the order in which they are stored."""
    used = [entry for entry, count in enumerate(counts) if count > 0]
    colors = [palette.entry(entry) for entry in range(len(palette))]
    used.sort(key=lambda entry: (-counts[entry], colors[entry]))
    if order == "by similarity":
        used = _by_similarity(used, palette)
    used.sort(key=lambda entry: colors[entry][3] == 255)
    places = bytearray(256)
    for place, entry in enumerate(used):
        places[entry] = place
    _core.renumber(indices, bytes(places), options.threads)
    return IndexedImage(
        palette.reordered(used), indices, *size, [counts[entry] for entry in used], mse=0.0
    )


def in_given_order(image: IndexedImage, given: Palette, options: Options) -> IndexedImage:
    """Gives an image all entries of a palette, in its order, and last the ones it has beyond them.

    Args:
        image: with entries of the palette, and at most 256 of both together.
        given: the palette, in which entries may be equal; the first of them is used.
        options: threads are used.

    Returns:
        The same picture; entries that no pixel takes count 0.
    """
    entries = list(map(given.entry, range(len(given))))
    used = list(map(image.palette.entry, range(len(image.palette))))
    entries += [entry for entry in used if entry not in entries]
    places = [entries.index(entry) for entry in used]
    counts = [0] * len(entries)
    for place, count in zip(places, image.counts, strict=True):
        counts[place] = count
    data = memoryview(bytearray(image.data))
    _core.renumber(data, bytes(places).ljust(256, b"\0"), options.threads)
    palette = Palette(b"".join(entries))
    return IndexedImage(palette, data, image.width, image.height, counts, image.mse)


def _by_similarity(entries: list[int], palette: Palette) -> list[int]:
    """Orders entries so that each is followed by the one most like it of those left."""
    rows = _core.to_space(palette.reordered(entries).buffer, SPACES["perceptual"], 4)
    return [entries[place] for place in _core.chain_alike(rows)]
