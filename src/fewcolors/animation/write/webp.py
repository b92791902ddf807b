"""Animations as lossless WebP.

Pillow compresses the frames. It does not write the animation, because it would join frames that
look the same. After "WebP Container Specification", Google.
"""

import io
import struct

from PIL import Image

from ...decode.metadata import Metadata
from ...encode.webp import MAX_SIDE, webp_settings
from ...errors import EncodeError
from ...formats import Format
from ...indexed import Palette
from ...options import Effort
from .patches import Box, changed_box, indexed, unchanged_pixels

__all__ = ["WebpWriter"]

MAX_DURATION = 2**24 - 1  # milliseconds
MAX_LOOPS = 65535

RIFF_HEADER_BYTES = 12
HAS_XMP, HAS_EXIF, HAS_ALPHA, IS_ANIMATED = 0x04, 0x08, 0x10, 0x02
REPLACES = 0x02  # a flag of a frame: its transparent pixels replace those of the picture

CLEAR = (0, 0, 0, 0)


class WebpWriter:
    """Writes frames one by one."""

    format: Format = "webp"

    def __init__(self, palette: Palette, effort: Effort, loop: int) -> None:
        self._palette = palette
        self._effort = effort
        self._loop = loop
        self._body: list[bytes] = []
        self._size = (1, 1)
        self._before: Image.Image | None = None
        self._has_alpha = not palette.is_opaque
        self._time = self._time_written = 0.0
        self.durations: list[float] = []

    def add(self, indices: Image.Image, duration: float) -> None:
        """Adds a frame, shown for so many milliseconds. Errors of rounding do not add up.

        Raises:
            EncodeError: the frame is too large, or shown for too long.
        """
        if max(indices.size) > MAX_SIDE:
            raise EncodeError(
                f"WebP has no more than {MAX_SIDE:,} pixels a side; choose format png"
            )
        self._size = indices.size
        box = _evened(changed_box(self._before, indices))
        made = [self._frame(image, is_over) for image, is_over in self._ways(indices, box)]
        pixels, is_over = min(made, key=lambda pair: len(pair[0]))
        self._has_alpha |= is_over
        numbers = (box[0] // 2, box[1] // 2, box[2] - box[0] - 1, box[3] - box[1] - 1)
        places = b"".join(number.to_bytes(3, "little") for number in numbers)
        time = self._rounded(duration).to_bytes(3, "little")
        flags = bytes([0 if is_over else REPLACES])
        self._body.append(_chunk(b"ANMF", places + time + flags + pixels))
        self._before = indices

    def finished(self, metadata: Metadata | None) -> bytes:
        """Returns the file."""
        exif, xmp = (metadata.exif, metadata.xmp) if metadata is not None else (None, None)
        flags = IS_ANIMATED | (HAS_ALPHA if self._has_alpha else 0)
        flags |= (HAS_EXIF if exif else 0) | (HAS_XMP if xmp else 0)
        canvas = b"".join((side - 1).to_bytes(3, "little") for side in self._size)
        head = _chunk(b"VP8X", struct.pack("<I", flags) + canvas)
        loop = _chunk(b"ANIM", struct.pack("<IH", 0, min(self._loop, MAX_LOOPS)))
        more = [_chunk(b"EXIF", exif)] if exif else []
        more += [_chunk(b"XMP ", xmp)] if xmp else []
        return _chunk(b"RIFF", b"WEBP" + b"".join([head, loop, *self._body, *more]))

    def _ways(self, indices: Image.Image, box: Box) -> list[tuple[Image.Image, bool]]:
        """Returns the ways to draw a frame, in true colours; each with whether it is drawn over."""
        mode = "RGB" if self._palette.is_opaque else "RGBA"
        image = indexed(indices.crop(box), self._palette).to_pil().convert(mode)
        ways = [(image, False)]
        unchanged = unchanged_pixels(self._before, indices, self._palette, box)
        if unchanged is not None:
            over = image.convert("RGBA")
            over.paste(CLEAR, mask=unchanged)
            ways.append((over, True))
        return ways

    def _rounded(self, duration: float) -> int:
        self._time += duration
        time = max(0, round(self._time - self._time_written))
        if time > MAX_DURATION:
            raise EncodeError(f"a frame of {time // 1000:,} s is too long for WebP")
        self._time_written += time
        self.durations.append(float(time))
        return time

    def _frame(self, image: Image.Image, is_over: bool) -> tuple[bytes, bool]:
        file = io.BytesIO()
        settings = webp_settings(self._effort, image.width * image.height)
        try:
            image.save(file, **settings)
        except (OSError, ValueError, MemoryError) as error:
            raise EncodeError(f"cannot be written as WebP ({error}); choose format png") from error
        return file.getvalue()[RIFF_HEADER_BYTES:], is_over


def _chunk(name: bytes, data: bytes) -> bytes:
    """Returns a chunk of RIFF, padded to an even length."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _evened(box: Box) -> Box:
    """Returns the box with even left and top: the format stores half of them."""
    left, top, right, bottom = box
    return (left - left % 2, top - top % 2, right, bottom)
