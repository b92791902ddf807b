"""The first stage: from anything that holds a picture to 8-bit sRGB pixels.

Sources, limits and errors are here; what a file is (`signatures.py`), how its bits are rounded
(`depth.py`), what its colours mean (`profiles.py`, `to_srgb.py`) and which way up it stands
(`orientation.py`) have files of their own. Whatever a decoder throws arrives as one of our errors,
with its cause.
"""

import io
import os
import stat
from collections.abc import Callable
from functools import partial
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias

from PIL import Image, ImageFile

from ..buffers import bytes_view
from ..errors import DecodeError, FewcolorsError, ImageTooLargeError, UnsupportedFormatError
from ..limits import (
    LARGEST_MAX_PIXELS,
    MAX_PIXELS,
    check_boolean,
    check_integer,
    of_type,
)
from .arrays import pixels_of_array
from .bit_depth import WIDE_GREY_MODES, Loaded, in_eight_bits, load
from .color.icc_read import space_of
from .color.png_color_chunks import read_color_chunks
from .color.profiles import IGNORED, Profile, find_profile
from .color.to_srgb import converter, in_srgb_tones
from .metadata import Metadata, read_metadata
from .orientation import upright
from .signatures import SIGNATURE_BYTES, find_opener
from .strips import bytes_of

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ImageSource", "Pixels", "decode"]

ImageSource: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Image.Image"
    " | np.ndarray[Any, Any]"
)

STILLS = {"JPEG", "MPO", "HEIF", "PSD"}
"""Formats whose further frames are previews, depth maps or layers, not an animation."""


class Kept(NamedTuple):
    """What is to be kept of a picture besides its pixels.

    Attributes:
        profile: whether pixels may stay in the picture's own colours.
        metadata: whether to read what else the file tells.
    """

    profile: bool
    metadata: bool


class Source(NamedTuple):
    """What is known of a picture besides its pixels, and what is wanted.

    Attributes:
        format: the name of the file's format; None where there was no file.
        bytes_in: the file's size, or None.
        keep: what is to be kept besides the pixels.
        is_damaged: whether something that says what its colours mean was damaged.
    """

    format: str | None
    bytes_in: int | None
    keep: Kept
    is_damaged: bool = False


class Pixels(NamedTuple):
    """A decoded picture.

    Attributes:
        data: height x width x channels bytes, row by row, 8-bit sRGB (or of its profile), alpha not
            premultiplied.
        width: in pixels, at least 1.
        height: in pixels, at least 1.
        channels: 3 (RGB) or 4 (RGBA).
        bytes_in: the size of the file it came from; of the raw pixels where there was none.
        format: the name of the file's format, such as "PNG"; None where there was no file.
        profile: what the values mean, where they were not to be converted to sRGB; else None.
        note: a sentence on what became of its colours, or None.
        metadata: what else the file tells, if that was asked for.
    """

    data: bytes | bytearray
    width: int
    height: int
    channels: int
    bytes_in: int
    format: str | None
    profile: Profile | None = None
    note: str | None = None
    metadata: Metadata | None = None

    @classmethod
    def checked(cls, value: object) -> "Pixels":
        """Returns pixels that fit together, their data held so that nobody can resize it.

        Args:
            value: `Pixels`, whose data may be any buffer of height x width x channels bytes.

        Raises:
            TypeError, ValueError: it is something else.
        """
        pixels = of_type("pixels", value, cls)
        width = check_integer("pixels.width", pixels.width, 1, LARGEST_MAX_PIXELS)
        height = check_integer("pixels.height", pixels.height, 1, LARGEST_MAX_PIXELS // width)
        channels = check_integer("pixels.channels", pixels.channels, 3, 4)
        data: Any = bytes_view("pixels.data", pixels.data, height, width, channels)
        return pixels._replace(data=data, width=width, height=height, channels=channels)


def decode(
    source: ImageSource,
    *,
    max_pixels: int = MAX_PIXELS,
    keep_profile: bool = False,
    keep_metadata: bool = False,
) -> Pixels:
    """Decodes a picture.

    Args:
        source: a path; a file's bytes; a file open for reading bytes; a PIL image; or an array of
            shape (h, w), (h, w, 1), (h, w, 2), (h, w, 3) or (h, w, 4): grey, grey and alpha, RGB
            or RGBA; of dtype bool, uint8, uint16, or floating with values 0 to 1.
        max_pixels: pictures with more are refused before they are decoded.
        keep_profile: whether RGB of a colour profile stays as it is, with the profile beside it,
            rather than being converted to sRGB.
        keep_metadata: whether to read the metadata as well; an array has none.

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
    max_pixels = check_integer("max_pixels", max_pixels, 1, LARGEST_MAX_PIXELS)
    check_boolean("keep_profile", keep_profile)
    check_boolean("keep_metadata", keep_metadata)
    keep = Kept(keep_profile, keep_metadata)
    if isinstance(source, Image.Image):
        _check_size(*source.size, max_pixels)
        return _wrapped(lambda: _from_image(source, keep))
    if hasattr(source, "__array_interface__"):
        pixels = pixels_of_array(source, partial(_check_size, max_pixels=max_pixels))
        return Pixels(*pixels, len(pixels.data), None)
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                return _from_file(file, status.st_size, max_pixels, keep)
            return _from_bytes(file.read(), max_pixels, keep)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), max_pixels, keep)
    if hasattr(source, "read"):
        data = source.read()
        if not isinstance(data, bytes):
            raise TypeError("a file must be open for reading bytes (mode 'rb')")
        return _from_bytes(data, max_pixels, keep)
    raise TypeError(
        "source must be a path, bytes, an open file, a PIL image or an array, "
        f"got {type(source).__name__}"
    )


def _wrapped(read: Callable[[], Pixels]) -> Pixels:
    """Runs a decoder, turning whatever it throws into a DecodeError."""
    try:
        return read()
    except FewcolorsError:
        raise
    except MemoryError as error:
        raise ImageTooLargeError("not enough memory for its pixels; make it smaller") from error
    except Exception as error:  # decoders throw OSError, SyntaxError, ValueError, struct.error, ...
        fault = " ".join(str(error).split()) or type(error).__name__
        raise DecodeError(
            f"damaged or incomplete ({fault}); get it anew from its source"
        ) from error


def _from_bytes(data: bytes, max_pixels: int, keep: Kept) -> Pixels:
    return _from_file(io.BytesIO(data), len(data), max_pixels, keep)


def _from_file(file: IO[bytes], bytes_in: int, max_pixels: int, keep: Kept) -> Pixels:
    start = file.read(SIGNATURE_BYTES)
    file.seek(0)
    if not start:
        raise DecodeError("empty, not a picture; get a fresh copy of it")
    format_, open_file = find_opener(start)

    def read() -> Pixels:
        color = read_color_chunks(file) if format_ == "PNG" else None
        readable = color.file if color else file

        def opened() -> ImageFile.ImageFile:
            readable.seek(0)
            return open_file(readable)

        with opened() as image:
            _check_size(*image.size, max_pixels)
            _check_frames(image)
            if color:
                image.info.update(color.info)
            loaded = load(image, opened)
            _check_size(*loaded.image.size, max_pixels)  # headers of icons may lie
            name = format_ or image.format
            source = Source(name, bytes_in, keep, bool(color and color.is_damaged))
            return _pixels_of(loaded, source)

    return _wrapped(read)


def _from_image(image: Image.Image, keep: Kept) -> Pixels:
    image.load()  # some of what matters may stand behind the pixels
    return _pixels_of(Loaded(image), Source(None, None, keep))


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise DecodeError(f"{width} x {height} pixels, nothing to compress; choose another")
    if width * height > max_pixels:
        raise ImageTooLargeError(
            f"{width} x {height} is {width * height:,} pixels, over the limit of {max_pixels:,}; "
            "raise max_pixels (--max-pixels) if you trust the file and have the memory"
        )


def _check_frames(image: Image.Image) -> None:
    n_frames = 1 if image.format in STILLS else getattr(image, "n_frames", 1)
    if n_frames > 1:
        raise UnsupportedFormatError(
            f"{n_frames} frames, and only still pictures are supported here; "
            "compress it whole, or save the frame you want as a picture of its own"
        )


def _pixels_of(loaded: Loaded, source: Source) -> Pixels:
    metadata = read_metadata(loaded.image) if source.keep.metadata else None
    profile, ignored = find_profile(loaded.image)
    kept = profile if source.keep.profile and profile and space_of(profile.icc) == "RGB" else None
    note = _note(profile, kept, source.keep.profile)
    if ignored or source.is_damaged:
        note = IGNORED if note is None else f"{IGNORED}; {note}"

    left, tables = None if kept else profile, None
    is_wide = loaded.low is not None or loaded.image.mode in WIDE_GREY_MODES
    if left and is_wide and (wide := in_srgb_tones(left, loaded.image)):
        tables, left = wide
    image = upright(in_eight_bits(loaded, tables))
    convert, channels = converter(image, left)
    data = bytes_of(image, channels, convert)
    bytes_in = len(data) if source.bytes_in is None else source.bytes_in
    return Pixels(
        data, image.width, image.height, channels, bytes_in, source.format, kept, note, metadata
    )


def _note(profile: Profile | None, kept: Profile | None, keep_profile: bool) -> str | None:
    if profile is None or kept is not None:
        return None
    converted = f"converted from {profile.name} to sRGB"
    space = space_of(profile.icc)
    if space != "RGB":
        return f"{converted}: palettes are RGB, not {space}" if keep_profile else converted
    return f"{converted}; keep_profile (--keep-profile) leaves its colours as they are"
