"""The first stage: from anything that holds a picture to 8-bit sRGB pixels.

Orientation, bit depth and size limits are settled here, before any work. Whatever a decoder
throws arrives as one of our errors, with its cause.
"""

import importlib
import io
import os
import stat
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from PIL import Image, ImageFile

from .errors import DecodeError, FewcolorsError, ImageTooLargeError, UnsupportedFormatError
from .metadata import Metadata, read_metadata
from .options import MAX_PIXELS

if TYPE_CHECKING:
    import numpy as np

__all__ = ["ImageSource", "Pixels", "decode"]

ImageSource: TypeAlias = (
    "str | os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes] | Image.Image"
    " | np.ndarray[Any, Any]"
)

# How files begin: where, with what, and which of Pillow's plugins reads them. Only that one is
# loaded: all of them would take 40 ms, and a decoder that is never reached cannot be attacked.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "Png"),
    (0, b"\xff\xd8\xff", "Jpeg"),
    (0, b"GIF87a", "Gif"),
    (0, b"GIF89a", "Gif"),
    (8, b"WEBP", "WebP"),
    (4, b"ftypavif", "Avif"),
    (4, b"ftypavis", "Avif"),
    (0, b"II*\x00", "Tiff"),
    (0, b"MM\x00*", "Tiff"),
    (0, b"BM", "Bmp"),
    (0, b"P5", "Ppm"),
    (0, b"P6", "Ppm"),
)
SIGNATURE_BYTES = 16

ORIENTATION_TAG = 0x0112
# Where Pillow finds an orientation. Asking it without need costs 8 ms: it loads its TIFF plugin.
ORIENTATION_SOURCES = {"exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp"}
TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pixels converted at a time, so that a second copy of the picture never exists at once.
STRIP_PIXELS = 1 << 19

# What Pillow multiplies the levels of grey of few bits by.
GREY_SCALES = {"L;2": 85, "L;4": 17}

MODES_WITH_ALPHA = {"RGBA", "LA", "PA", "RGBa", "La"}


class Pixels(NamedTuple):
    """A decoded picture.

    Attributes:
        data: height x width x channels bytes, row by row, 8-bit sRGB, alpha not premultiplied.
        width: in pixels, at least 1.
        height: in pixels, at least 1.
        channels: 3 (RGB) or 4 (RGBA).
        bytes_in: the size of the file it came from; of the raw pixels where there was none.
        format: the name of the file's format, such as "PNG"; None where there was no file.
        metadata: what else the file tells, if that was asked for.
    """

    data: bytes | bytearray
    width: int
    height: int
    channels: int
    bytes_in: int
    format: str | None
    metadata: Metadata | None = None


def decode(
    source: ImageSource, *, max_pixels: int = MAX_PIXELS, keep_metadata: bool = False
) -> Pixels:
    """Decodes a picture.

    Args:
        source: a path; a file's bytes; a file open for reading bytes; a PIL image; or an array of
            shape (h, w), (h, w, 1), (h, w, 2), (h, w, 3) or (h, w, 4): grey, grey and alpha, RGB
            or RGBA; of dtype bool, uint8, uint16, or floating with values 0 to 1.
        max_pixels: pictures with more are refused before they are decoded.
        keep_metadata: whether to read the metadata as well; an array has none.

    Returns:
        The pixels, upright.

    Raises:
        DecodeError: the source is not a picture, or is damaged; UnsupportedFormatError and
            ImageTooLargeError are kinds of it.
        OSError: a file cannot be read.
        TypeError: the source is of no supported type.

    >>> import numpy as np
    >>> decode(np.zeros((2, 3), np.uint8)).channels
    3
    """
    if isinstance(source, Image.Image):
        _check_size(*source.size, max_pixels)
        return _wrapped(lambda: _from_image(source, None, keep_metadata))
    if hasattr(source, "__array_interface__"):
        return _from_array(source, max_pixels)
    if isinstance(source, str | os.PathLike):
        with open(source, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                return _from_file(file, status.st_size, max_pixels, keep_metadata)
            return _from_bytes(file.read(), max_pixels, keep_metadata)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_bytes(bytes(source), max_pixels, keep_metadata)
    if hasattr(source, "read"):
        data = source.read()
        if not isinstance(data, bytes):
            raise TypeError("a file must be open for reading bytes (mode 'rb')")
        return _from_bytes(data, max_pixels, keep_metadata)
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


def _from_bytes(data: bytes, max_pixels: int, keep_metadata: bool) -> Pixels:
    return _from_file(io.BytesIO(data), len(data), max_pixels, keep_metadata)


def _from_file(file: IO[bytes], bytes_in: int, max_pixels: int, keep_metadata: bool) -> Pixels:
    start = file.read(SIGNATURE_BYTES)
    file.seek(0)
    if not start:
        raise DecodeError("empty, not a picture; get a fresh copy of it")
    plugin = next((name for at, sign, name in SIGNATURES if start[at:].startswith(sign)), None)
    if plugin is None:
        names = ", ".join(sorted({name.upper() for _, _, name in SIGNATURES}))
        raise UnsupportedFormatError(
            f"not a picture of a known format ({names}); convert it to one of them"
        )

    # Not Image.open: its fixed limit of pixels would come before ours.
    try:
        importlib.import_module(f"PIL.{plugin}ImagePlugin")
        open_file, _ = Image.OPEN[plugin.upper()]
    except (ImportError, KeyError) as error:
        raise UnsupportedFormatError(
            f"this Pillow cannot read {plugin.upper()}; install a newer one, or convert the picture"
        ) from error

    def read() -> Pixels:
        with open_file(file, "") as image:
            _check_size(*image.size, max_pixels)
            # A JPEG's further frames (MPO) are previews and depth maps, not an animation.
            n_frames = getattr(image, "n_frames", 1) if plugin != "Jpeg" else 1
            if n_frames > 1:
                raise UnsupportedFormatError(
                    f"{n_frames} frames, and only still pictures are supported here; "
                    "compress it whole, or save the frame you want as a picture of its own"
                )
            if image.format == "PNG":
                _scale_transparency(image)
            return _from_image(image, (plugin.upper(), bytes_in), keep_metadata)

    return _wrapped(read)


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width < 1 or height < 1:
        raise DecodeError(f"{width} x {height} pixels, nothing to compress; choose another")
    if width * height > max_pixels:
        raise ImageTooLargeError(
            f"{width} x {height} is {width * height:,} pixels, over the limit of {max_pixels:,}; "
            "raise max_pixels (--max-pixels) if you trust the file and have the memory"
        )


def _scale_transparency(image: Image.Image) -> None:
    """Brings a PNG's transparent colour, which Pillow leaves as stored, to its pixels' scale."""
    key = image.info.get("transparency")
    stored_as = (
        image.tile[0].args if isinstance(image, ImageFile.ImageFile) and image.tile else None
    )
    if isinstance(key, int) and stored_as in GREY_SCALES:
        image.info["transparency"] = key * GREY_SCALES[stored_as]
    elif isinstance(key, tuple) and stored_as == "RGB;16B":
        image.info["transparency"] = tuple(value >> 8 for value in key)


def _from_image(image: Image.Image, file: tuple[str, int] | None, keep_metadata: bool) -> Pixels:
    image.load()  # some of what matters may stand behind the pixels
    metadata = read_metadata(image) if keep_metadata else None
    image = _upright(_in_eight_bits(image))
    has_alpha = image.mode in MODES_WITH_ALPHA or "transparency" in image.info
    mode, channels = ("RGBA", 4) if has_alpha else ("RGB", 3)
    data = _bytes_of(image, mode, channels)
    format_, bytes_in = file or (None, len(data))
    return Pixels(data, image.width, image.height, channels, bytes_in, format_, metadata)


def _bytes_of(image: Image.Image, mode: str, channels: int) -> bytes | bytearray:
    width, height = image.size
    rows = max(1, STRIP_PIXELS // width)
    if rows >= height:
        return (image if image.mode == mode else image.convert(mode)).tobytes()
    data = bytearray(width * height * channels)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        strip = image.crop((0, top, width, bottom))
        converted = strip if strip.mode == mode else strip.convert(mode)
        data[top * width * channels : bottom * width * channels] = converted.tobytes()
    return data


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Rounds wide grey to 8 bits; Pillow's own conversion clips instead."""
    if image.mode == "F":
        low, high = cast("tuple[float, float]", image.getextrema())
        if not 0 <= low <= high <= 1:
            raise DecodeError(
                f"floating values {low:g} to {high:g}, not 0 to 1; scale them, or save 8 bits"
            )
        return image.point(lambda value: value * 255 + 0.5).convert("L")
    if image.mode not in {"I", "I;16", "I;16L", "I;16B", "I;16N"}:
        return image
    wide = image if image.mode == "I" else image.convert("I")
    grey = wide.point([(value + 128) // 257 for value in range(65536)], "L")
    key = image.info.get("transparency")
    if not isinstance(key, int):
        return grey
    alpha = wide.point([0 if value == key else 255 for value in range(65536)], "L")
    return Image.merge("LA", (grey, alpha))


def _upright(image: Image.Image) -> Image.Image:
    """Applies the EXIF orientation."""
    if ORIENTATION_SOURCES.isdisjoint(image.info):
        return image
    try:
        orientation = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:  # damaged metadata, in as many ways as it can be; the picture is sound
        return image
    transpose = TRANSPOSES.get(orientation)
    return image if transpose is None else image.transpose(transpose)


def _from_array(source: Any, max_pixels: int) -> Pixels:
    import numpy as np

    array = np.asarray(source)
    if array.ndim == 2:
        array = array[:, :, np.newaxis]
    if array.ndim != 3 or array.shape[2] not in (1, 2, 3, 4):
        raise ValueError(
            f"an array must have shape (h, w) or (h, w, 1 to 4), got {np.shape(source)}"
        )
    _check_size(array.shape[1], array.shape[0], max_pixels)
    array = _array_in_eight_bits(array)
    grey, alpha = array.shape[2] <= 2, array.shape[2] in (2, 4)
    if grey:
        array = array[:, :, [0, 0, 0, 1]] if alpha else np.repeat(array, 3, axis=2)
    height, width, channels = array.shape
    data = np.ascontiguousarray(array).tobytes()
    return Pixels(data, width, height, channels, len(data), None)


def _array_in_eight_bits(array: Any) -> Any:
    import numpy as np

    kind, n_bytes = array.dtype.kind, array.dtype.itemsize
    if (kind, n_bytes) == ("u", 1):
        return array
    if kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if (kind, n_bytes) == ("u", 2):
        return ((array.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if kind == "f":
        if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
            raise ValueError("an array of floating numbers must have values 0 to 1, all finite")
        return np.floor(array * 255 + 0.5).astype(np.uint8)
    raise TypeError(f"an array must be of dtype bool, uint8, uint16 or floating, got {array.dtype}")
