"""Dask: arrays larger than memory, and bags of pictures (``pip install "fewcolors[dask]"``).

    blocks -> partial histograms -> a tree of merges -> one fit -> blocks of indices

What travels between workers are histograms and one palette. Nothing is computed before the caller
says so, and the scheduler is the caller's: Dask's threads, or a cluster.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias, TypedDict, Unpack

import dask.array as da
import dask.bag as db
import numpy as np
import numpy.typing as npt
from dask import delayed
from dask.delayed import Delayed
from dask.graph_manipulation import bind

from ..assign import nearest
from ..decode import Pixels, decode
from ..histogram import Histogram, build_histogram, merge_histograms
from ..indexed import Palette
from ..limits import LARGEST_MAX_PIXELS, check_integer
from ..options import Effort, Init, Method, OptionArguments, Options
from ..palette.shared import shared_palette
from .items import histogram_of_items, row_of_item, row_of_shared

__all__ = [
    "ArrayOptions",
    "QuantizedArray",
    "apply_palette",
    "compress_bag",
    "fit_palette",
    "quantize_array",
]

SPLIT_EVERY = 8
"""Histograms that one task merges. A histogram of a photo has some megabytes."""

Block: TypeAlias = npt.NDArray[Any]


class ArrayOptions(TypedDict, total=False):
    """The options that mean something for an array, see `fewcolors.Options`."""

    method: Method
    effort: Effort
    init: Init
    n_init: int | None
    max_iter: int
    seed: int
    n_threads: int | None


class QuantizedArray(NamedTuple):
    """Indices and palette of an array, neither of them computed.

    Attributes:
        indices: (h, w) uint8, in the chunks of the array.
        palette: becomes a `Palette`. Entries that are not opaque come first, then by brightness.
    """

    indices: da.Array
    palette: Delayed


def quantize_array(
    array: da.Array,
    n_colors: int | None = None,
    *,
    split_every: int = SPLIT_EVERY,
    **options: Unpack[ArrayOptions],
) -> QuantizedArray:
    """Reduces an array of any size to few colours: each pixel takes the nearest one.

    The array is read twice: for the histogram and, once the palette is there, for the indices. A
    chunk is let go after each, so that memory holds a few chunks a thread, and one histogram.
    `dask.compute` of both results, or of one and what is written from the other, reads it no more
    often; computing one after the other starts again. Whoever wants the palette first calls
    `fit_palette`, computes it, and gives it to `apply_palette`.

    All pixels weigh the same, so that the palette does not depend on the chunks; it is that of
    ``build_palette(build_histogram(decode(array)), Options(n_colors))``, in the order of a shared
    palette. Where a chunk has more than 65,536 translucent colours, those that look the same are
    counted as one, and other chunks may give a slightly different palette.

    Args:
        array: (h, w), (h, w, 1), (h, w, 2), (h, w, 3) or (h, w, 4): grey, grey and alpha, RGB or
            RGBA; bool, uint8, uint16, or floating with values 0 to 1. Chunks of its last axis are
            joined.
        n_colors: the most colours, 1 to 256; None for 256.
        split_every: histograms that one task merges, at least 2.
        **options: see `ArrayOptions`; n_threads is that of the fit.

    Returns:
        Indices and palette, both lazy.

    Raises:
        TypeError, ValueError: an argument is not allowed.

    >>> import dask, dask.array as da
    >>> ramp = da.arange(256, dtype="uint8").reshape(16, 16).rechunk(8)
    >>> indices, palette = dask.compute(*quantize_array(ramp, 2, method="classic"))
    >>> palette.hex(), int(indices.sum())
    (['#404040', '#c0c0c0'], 127)
    """
    palette = fit_palette(array, n_colors, split_every=split_every, **options)
    return QuantizedArray(apply_palette(array, palette, **options), palette)


def fit_palette(
    source: da.Array | db.Bag,
    n_colors: int | None = None,
    *,
    split_every: int = SPLIT_EVERY,
    **options: Unpack[OptionArguments],
) -> Delayed:
    """Chooses one palette for an array, or for all pictures of a bag.

    Args:
        source: an array as for `quantize_array`, or a bag as for `compress_bag`. Pixels of photos
            in a bag weigh as much as errors show at them; what is no picture is left out.
        n_colors: the most colours, 1 to 256; None for 256.
        split_every: histograms that one task merges, at least 2.
        **options: for an array see `ArrayOptions`, for a bag `fewcolors.Options`.

    Returns:
        What becomes a `Palette`, or raises ValueError where the bag has no pictures.

    Raises:
        TypeError, ValueError: an argument is not allowed.
    """
    check_integer("split_every", split_every, 2)
    if isinstance(source, db.Bag):
        choices = Options(n_colors, **options)
        parts = source.map_partitions(histogram_of_items, choices._replace(n_threads=1))
        histograms = parts.to_delayed(optimize_graph=False)
    else:
        choices = _array_options(n_colors, options)
        blocks = _whole_pixels(source).to_delayed(optimize_graph=False).ravel()
        histograms = [delayed(_histogram_of_block, pure=True)(block) for block in blocks]
    merge = delayed(_merged, pure=True)
    while len(histograms) > 1:
        groups = range(0, len(histograms), split_every)
        histograms = [merge(histograms[first : first + split_every]) for first in groups]
    return delayed(_fitted, pure=True)(histograms[0], choices)


def apply_palette(
    source: da.Array | db.Bag,
    palette: Palette | Delayed,
    **options: Any,
) -> Any:
    """Gives every pixel of an array, or every picture of a bag, the entries of one palette.

    Args:
        source: an array as for `quantize_array`, or a bag as for `compress_bag`.
        palette: computed or not. Of one that is not, an array is read once more after the fit.
        **options: for an array see `ArrayOptions`; for a bag `fewcolors.Options`, of which quality
            is the score to aim at: without it, each picture gets the best look.

    Returns:
        For an array the indices, (h, w) uint8 in its chunks. For a bag the bag of `Row`, whose
        files have all entries of the palette in its order.

    Raises:
        TypeError, ValueError: an argument is not allowed.
    """
    if not isinstance(palette, Delayed):
        palette = Palette.of(palette)
    if isinstance(source, db.Bag):
        choices = Options(**options)._replace(n_threads=1)
        return source.map(row_of_shared, palette=palette, options=choices)
    choices = _array_options(None, options)
    array = _whole_pixels(source)
    if isinstance(palette, Delayed):
        # The second reading starts after the fit. A chunk that both readings shared would have to
        # be kept from one to the other.
        array = bind(array, palette)
    return da.map_blocks(
        _indices_of_block,
        array,
        palette,
        choices._replace(n_threads=1),
        dtype=np.uint8,
        meta=np.empty((0, 0), np.uint8),
        drop_axis=2,
    )


def compress_bag(
    bag: db.Bag, n_colors: int | None = None, **options: Unpack[OptionArguments]
) -> db.Bag:
    """Compresses each picture of a bag; a fault of one becomes a row, and the others are done.

    Args:
        bag: of files as bytes, or of their paths: local ones, or URLs that fsspec opens.
        n_colors: the most colours of a file, 1 to 256; None for 256.
        **options: see `fewcolors.Options`; each picture takes one thread.

    Returns:
        The bag of `Row`, in its order. The files are those of `fewcolors.compress`.

    Raises:
        TypeError, ValueError: an argument is not allowed.

    >>> import dask.bag as db
    >>> files = db.from_sequence([b"P5 2 1 255 " + bytes([0, 255]), b"no picture"])
    >>> [(row.width, row.error is None) for row in compress_bag(files).compute(scheduler="sync")]
    [(2, True), (None, False)]
    """
    return bag.map(row_of_item, options=Options(n_colors, **options)._replace(n_threads=1))


def _array_options(n_colors: int | None, options: Any) -> Options:
    unknown = options.keys() - ArrayOptions.__annotations__.keys()
    if unknown:
        known = ", ".join(ArrayOptions.__annotations__)
        raise TypeError(f"an array has no option {min(unknown)!r}; it has n_colors, {known}")
    return Options(n_colors, **options)


def _whole_pixels(array: Any) -> da.Array:
    """Returns an array of shape (h, w, channels), whose chunks hold whole pixels."""
    if not isinstance(array, da.Array):
        raise TypeError(f"source must be a dask array or bag, got {type(array).__name__}")
    if array.ndim == 2:
        array = array[:, :, np.newaxis]
    if array.ndim != 3 or array.shape[2] not in (1, 2, 3, 4):
        raise ValueError(f"an array must have shape (h, w) or (h, w, 1 to 4), got {array.shape}")
    if not all(size >= 1 for size in array.shape):  # nor are sizes that are not known
        raise ValueError(f"an array must have known sides of at least 1, got {array.shape}")
    if array.dtype.kind not in "bf" and array.dtype not in (np.uint8, np.uint16):
        raise TypeError(f"an array must be bool, uint8, uint16 or floating, got {array.dtype}")
    return array.rechunk({2: -1})


def _pixels(block: Block) -> Pixels:
    return decode(block, max_pixels=LARGEST_MAX_PIXELS)


def _histogram_of_block(block: Block) -> Histogram | None:
    return build_histogram(_pixels(block)) if block.size else None


def _merged(histograms: Iterable[Histogram | None]) -> Histogram | None:
    return merge_histograms(part for part in histograms if part is not None)


def _fitted(histogram: Histogram | None, options: Options) -> Palette:
    if histogram is None:
        raise ValueError("a palette needs at least one picture, and none could be decoded")
    return shared_palette(histogram, options)


def _indices_of_block(block: Block, palette: Palette, options: Options) -> npt.NDArray[np.uint8]:
    if not block.size:
        return np.empty(block.shape[:2], np.uint8)
    pixels = _pixels(block)
    # Whether alpha counts is asked of the palette: a chunk does not know the rest of the picture.
    is_opaque = pixels.channels == 3 or palette.is_opaque
    histogram = build_histogram(pixels)
    indices = nearest(pixels, histogram, palette, options, is_opaque=is_opaque)
    return np.asarray(indices).reshape(block.shape[:2])
