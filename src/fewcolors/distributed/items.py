"""The items of a collection of pictures: the bytes of a file, or its path."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from ..decode import decode
from ..errors import FewcolorsError
from ..histogram import Histogram, build_histogram, merge_histograms
from ..indexed import Palette
from ..options import Options
from ..weigh import weigh
from .row import Row, compressed_row, failed_row

__all__ = ["histogram_of_items", "row_of_item", "row_of_shared"]


def row_of_item(item: Any, options: Options) -> Row:
    """Compresses an item; a file that cannot be read becomes a row with an error, too.

    Args:
        item: a file as bytes, or its path: a local one, or a URL that fsspec opens.
        options: see `Options`.

    Returns:
        Its row.

    Raises:
        TypeError: it is something else.
    """
    try:
        content = _content(item)
    except OSError as fault:
        return failed_row(f"cannot be read ({fault.strerror or fault})", 0)
    return compressed_row(content, options)


def row_of_shared(item: Any, palette: Palette, options: Options) -> Row:
    """Compresses an item to a file that has all entries of a palette, in its order."""
    return row_of_item(item, options._replace(palette=palette, keep_palette_order=True))


def histogram_of_items(items: Iterable[Any], options: Options) -> Histogram | None:
    """Returns the histogram of all pictures among the items, or None where there are none."""
    return merge_histograms(_histograms(items, options))


def _histograms(items: Iterable[Any], options: Options) -> Iterator[Histogram]:
    for item in items:
        try:
            pixels = decode(
                _content(item),
                max_pixels=options.max_pixels,
                max_file_bytes=options.max_file_bytes,
                allow_damaged=options.allow_damaged,
            )
        except (FewcolorsError, OSError):
            continue
        yield build_histogram(pixels, options.threads, weigh(pixels, options))


def _content(item: Any) -> bytes:
    if isinstance(item, bytes | bytearray | memoryview):
        return bytes(item)
    if not isinstance(item, str | os.PathLike):
        raise TypeError(f"items must be bytes or paths, got {type(item).__name__}")
    import fsspec

    with fsspec.open(os.fspath(item), "rb") as file:
        return bytes(file.read())
