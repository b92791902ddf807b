"""The sixth stage: which palette entry each pixel takes.

Either the nearest one, or one that is nearly as good and deflates better.
"""

from typing import Literal, NamedTuple

from . import _core
from .clustering import SPACES, dims_of
from .decode import Pixels
from .histogram import Histogram
from .image import IndexedImage
from .options import Effort, Options
from .palette import Palette
from .weigh import Weights

__all__ = [
    "Choice",
    "Order",
    "SizeAware",
    "assign",
    "chosen",
    "in_given_order",
    "indexed_image",
    "nearest",
    "scored",
    "size_aware",
]

Order = Literal["by count", "by likeness"]
"""Of palette entries: the most used first, which suits indices that stand for themselves, or each
beside one like it, which suits PNG's filters."""


class Reach(NamedTuple):
    """Where copies are looked for: rows above, columns of each, far places to try."""

    rows: int
    columns: int
    visits: int


REACHES: dict[Effort, Reach] = {
    "fast": Reach(rows=1, columns=96, visits=0),
    "balanced": Reach(rows=2, columns=64, visits=4),
    "max": Reach(rows=8, columns=64, visits=32),
}
"""By effort. On 24 photos, at equal score, "balanced" takes 5 % fewer bytes than "fast" for twice
the time, and "max" 6 % fewer again for four times that. Columns are worth more than rows."""


def assign(
    pixels: Pixels, histogram: Histogram, palette: Palette, options: Options
) -> IndexedImage:
    """Gives every pixel the nearest entry of a palette.

    Args:
        pixels: the picture.
        histogram: its histogram, or one that has all its colours.
        palette: 1 to 256 colours.
        options: method and threads are used.

    Returns:
        The indexed image; see `indexed_image`.
    """
    indices = nearest(pixels, histogram, palette, options)
    return indexed_image(pixels, palette, indices, options)


def nearest(
    pixels: Pixels,
    histogram: Histogram,
    palette: Palette,
    options: Options,
    space: _core.Space | None = None,
) -> memoryview:
    """Gives every pixel the nearest entry of a palette.

    Opaque pixels take opaque entries, and transparent ones entries of alpha 0, where there are any.
    Each distinct colour is looked up once.

    Args:
        pixels: the picture.
        histogram: its histogram, or one that has all its colours.
        palette: 1 to 256 colours.
        options: method and threads are used.
        space: in which distances are measured; None for the method's.

    Returns:
        height x width bytes, the index of each pixel.
    """
    if space is None:
        space = SPACES[options.method]
    dims = dims_of(space, is_opaque=histogram.is_opaque)
    labels = _core.label_colors(histogram.colors, palette.buffer, space, dims, options.threads)
    return _core.map_colors(pixels.data, pixels.channels, histogram.colors, labels, options.threads)


class SizeAware(NamedTuple):
    """Indices, and how they are meant to be deflated.

    Attributes:
        indices: height x width bytes.
        parse: (n, 2) uint16: so many indices, and from how far back in the scanlines they are
            copied; 0 where they are not. Each row's add up to the width.
    """

    indices: memoryview
    parse: memoryview


def size_aware(
    pixels: Pixels, weights: Weights, palette: Palette, fidelity: float, options: Options
) -> SizeAware:
    """Chooses the entries that minimise the bits of the file plus fidelity x visible error.

    Rows are settled one after the other, and what one gets wrong is taken off what the next aims
    at: at high fidelity that is a mild form of dithering.

    Args:
        pixels: the picture.
        weights: of its pixels, with their contrast.
        palette: 1 to 256 colours.
        fidelity: the bits that an error of 1, squared, in OKLab, is worth where contrast is
            middling; above 0.
        options: effort and threads are used.

    Returns:
        The index of each pixel, with their parse.
    """
    reach = REACHES[options.effort]
    return SizeAware(
        *_core.assign_size_aware(
            pixels.data,
            pixels.width,
            pixels.channels,
            weights.contrast,
            palette.buffer,
            fidelity=fidelity,
            rows=reach.rows,
            columns=reach.columns,
            far_tries=reach.visits,
            n_threads=options.threads,
        )
    )


class Choice(NamedTuple):
    """A palette, and an index a pixel.

    Attributes:
        palette: the colours.
        indices: height x width bytes.
        score: how good they look beside the original: the score of SSIMULACRA 2. Above two
            megapixels it is that of a sample of them; with alpha, the worse of those on black and
            on white.
        parse: see `SizeAware`; None where it is not known.
    """

    palette: Palette
    indices: memoryview
    score: float
    parse: memoryview | None = None


def chosen(
    pixels: Pixels,
    histogram: Histogram,
    palette: Palette,
    options: Options,
    assigned: SizeAware | None = None,
) -> Choice:
    """Returns a choice with its score; of the nearest entries, unless others are given."""
    if assigned is None:
        return scored(pixels, palette, nearest(pixels, histogram, palette, options), options)
    return scored(pixels, palette, assigned.indices, options, assigned.parse)


def scored(
    pixels: Pixels,
    palette: Palette,
    indices: memoryview,
    options: Options,
    parse: memoryview | None = None,
) -> Choice:
    """Returns a choice with its score."""
    score = _core.score(
        pixels.data, pixels.width, pixels.channels, indices, palette.buffer, options.threads
    )
    return Choice(palette, indices, score, parse)


def indexed_image(
    pixels: Pixels,
    palette: Palette,
    indices: memoryview,
    options: Options,
    order: Order = "by count",
    parse: memoryview | None = None,
) -> IndexedImage:
    """Puts the entries in the order in which they are stored, and leaves out the unused.

    Those that are not fully opaque come first: PNG then stores fewer alphas.

    Args:
        pixels: the original.
        palette: the colours.
        indices: height x width bytes.
        options: threads are used.
        order: of entries of one kind.
        parse: of the indices, if it is known; see `SizeAware`.

    Returns:
        The image, compared with the original.
    """
    counts, error = _core.compare(
        pixels.data, pixels.width, pixels.channels, indices, palette.buffer, options.threads
    )
    used = [entry for entry, count in enumerate(counts) if count > 0]
    colors = [palette.entry(entry) for entry in range(len(palette))]
    used.sort(key=lambda entry: (-counts[entry], colors[entry]))
    if order == "by likeness":
        used = _by_likeness(used, palette)
    used.sort(key=lambda entry: colors[entry][3] == 255)
    places = bytearray(256)
    for place, entry in enumerate(used):
        places[entry] = place
    return IndexedImage(
        palette=palette.reordered(used),
        data=_core.renumber(indices, bytes(places), options.threads),
        width=pixels.width,
        height=pixels.height,
        counts=[counts[entry] for entry in used],
        mse=error / (pixels.width * pixels.height),
        parse=parse,
        profile=pixels.profile,
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
    data = _core.renumber(image.data, bytes(places).ljust(256, b"\0"), options.threads)
    palette = Palette(b"".join(entries))
    return IndexedImage(palette, data, image.width, image.height, counts, image.mse, image.parse)


def _by_likeness(entries: list[int], palette: Palette) -> list[int]:
    """Orders entries so that each is followed by the one most like it of those left."""
    rows = _core.to_space(palette.reordered(entries).buffer, SPACES["perceptual"], 4)
    return [entries[place] for place in _core.chain_alike(rows)]
