"""The first stage: from anything that holds a picture to 8-bit sRGB pixels, upright.

    a path, bytes, a stream                      sources.py     how many bytes at most
      -> which decoder reads it                  signatures.py
      -> a plain PNG: pixels at once             png/plain.py
      -> opened, its size checked                png/, pillow.py
      -> strips of rows, of any mode and depth   conversion.py
           -> 8 bits a channel                   bit_depth.py
           -> sRGB, RGB or RGBA                  color/
           -> turned upright                     strips.py, orientation.py
      -> Pixels                                  pixels.py
    an array                                     arrays.py

Pillow is loaded for all but plain PNGs and arrays. Whatever a decoder throws arrives as one of our
errors, with its cause (`faults.py`). What the file tells besides is in `metadata.py`; what later
stages do with alpha is in `alpha.py`.
"""

import io
import os
import stat
from functools import partial
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from ..errors import DecodeError, ImageTooLargeError
from ..limits import (
    LARGEST_MAX_FILE_BYTES,
    LARGEST_MAX_PIXELS,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    check_boolean,
    check_integer,
)
from ..png_chunks import SIGNATURE
from .arrays import pixels_of_array
from .faults import decoding
from .few_colors import FewColors
from .pixels import Pixels
from .png.chunks import read_png
from .png.plain import plain_pixels
from .signatures import SIGNATURE_BYTES, find_opener
from .sources import check_file_bytes, is_pillow_image, read_stream
from .wishes import File, Wishes

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

__all__ = ["FewColors", "ImageSource", "Pixels", "decode", "decode_compactly"]

ImageSource: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Image.Image"
    " | np.ndarray[Any, Any]"
)


_LOADING = Lock()


def decode(
    source: ImageSource,
    *,
    max_pixels: int = MAX_PIXELS,
    max_file_bytes: int = MAX_FILE_BYTES,
    keep_profile: bool = False,
    keep_metadata: bool = False,
    allow_damaged: bool = False,
) -> Pixels:
    """Decodes a picture.

    Args:
        source: a path; a file's bytes; a file open for reading bytes; a PIL image; or an array of
            shape (h, w), (h, w, 1), (h, w, 2), (h, w, 3) or (h, w, 4): grey, grey and alpha, RGB
            or RGBA; of dtype bool, uint8, uint16, or floating with values 0 to 1.
        max_pixels: pictures with more are refused before they are decoded.
        max_file_bytes: files with more are refused before they are decoded; streams that have no
            end are read so far.
        keep_profile: whether RGB of a colour profile stays as it is, with the profile beside it,
            rather than being converted to sRGB.
        keep_metadata: whether to read the metadata as well; an array has none.
        allow_damaged: whether to take what can be decoded of a damaged or incomplete file, with a
            note, rather than refusing it. Pixels that are missing are black or transparent.

    Returns:
        The pixels, upright.

    Raises:
        DecodeError: the source is not a picture, or is damaged; UnsupportedFormatError and
            ImageTooLargeError are kinds of it.
        OSError: a file cannot be read.
        TypeError, ValueError: the source is of no supported type, or an argument is not allowed.

    >>> import numpy as np
    >>> decode(np.zeros((2, 3), np.uint8)).channels
    3
    """
    pixels = decode_compactly(
        source,
        most_colors=0,
        max_pixels=max_pixels,
        max_file_bytes=max_file_bytes,
        keep_profile=keep_profile,
        keep_metadata=keep_metadata,
        allow_damaged=allow_damaged,
    )
    return cast(Pixels, pixels)


def decode_compactly(
    source: ImageSource,
    *,
    most_colors: int,
    max_pixels: int,
    max_file_bytes: int,
    keep_profile: bool,
    keep_metadata: bool,
    allow_damaged: bool,
) -> Pixels | FewColors:
    """Decodes as `decode` does, but a large picture of at most so many colours to `FewColors`."""
    max_pixels = check_integer("max_pixels", max_pixels, 1, LARGEST_MAX_PIXELS)
    max_file_bytes = check_integer("max_file_bytes", max_file_bytes, 1, LARGEST_MAX_FILE_BYTES)
    check_boolean("keep_profile", keep_profile)
    check_boolean("keep_metadata", keep_metadata)
    check_boolean("allow_damaged", allow_damaged)
    check_size = partial(_check_size, max_pixels=max_pixels)
    wishes = Wishes(check_size, keep_profile, keep_metadata, allow_damaged, most_colors)
    return _read(source, max_file_bytes, wishes)


def _read(source: ImageSource, max_file_bytes: int, wishes: Wishes) -> Pixels | FewColors:
    """Decodes a source of whichever type."""
    if is_pillow_image(source):
        wishes.check_size(*source.size)
        with decoding():
            ways = _with_pillow()
            found: Pixels | FewColors = ways.pixels_of(ways.open_image(source), File(), wishes)
            return found
    if hasattr(source, "__array_interface__"):
        pixels = pixels_of_array(source, wishes.check_size)
        return Pixels(*pixels, len(pixels.data), None)
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                check_file_bytes(status.st_size, max_file_bytes)
                return _from_file(file, status.st_size, wishes)
            return _from_bytes(read_stream(file, max_file_bytes), wishes)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), wishes)
    if hasattr(source, "read"):
        return _from_bytes(read_stream(source, max_file_bytes), wishes)
    raise TypeError(
        "source must be a path, bytes, an open file, a PIL image or an array, "
        f"got {type(source).__name__}"
    )


def _from_bytes(data: bytes, wishes: Wishes) -> Pixels | FewColors:
    return _from_file(io.BytesIO(data), len(data), wishes)


def _from_file(file: IO[bytes], n_bytes: int, wishes: Wishes) -> Pixels | FewColors:
    start = file.read(SIGNATURE_BYTES)
    file.seek(0)
    if not start:
        raise DecodeError("empty, not a picture; get a fresh copy of it")
    if start.startswith(SIGNATURE):
        with decoding():
            return _from_png(file, n_bytes, wishes)
    with decoding():
        ways = _with_pillow()
        format_, open_file = find_opener(start)
        check_size, allow_damaged = wishes.check_size, wishes.allow_damaged
        with ways.open_with_pillow(
            file, open_file, check_size, allow_damaged=allow_damaged
        ) as opened:
            name = format_ or opened.description.format
            pixels: Pixels | FewColors = ways.pixels_of(opened, File(name, n_bytes), wishes)
            return pixels


def _from_png(file: IO[bytes], n_bytes: int, wishes: Wishes) -> Pixels | FewColors:
    png = read_png(file, wishes.check_size)
    plain = None if wishes.keep_metadata else plain_pixels(png)
    if plain is not None:
        data, channels = plain
        return Pixels(data, *png.size, channels, n_bytes, "PNG")
    ways = _with_pillow()
    with _LOADING:
        from .png.opening import open_png  # with a plugin that no other format needs
    opened = open_png(png, allow_damaged=wishes.allow_damaged)
    pixels: Pixels | FewColors = ways.pixels_of(opened, File("PNG", n_bytes), wishes)
    return pixels


def _with_pillow() -> Any:
    """Loads Pillow and what works with it, one thread at a time.

    Threads that import modules which need each other can see them half loaded.
    """
    with _LOADING:
        from . import with_pillow
    return with_pillow


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise DecodeError(f"{width} x {height} pixels, nothing to compress; choose another")
    if width * height > max_pixels:
        raise ImageTooLargeError(
            f"{width} x {height} is {width * height:,} pixels, over the limit of {max_pixels:,}; "
            "raise max_pixels if you trust the file and have the memory"
        )
