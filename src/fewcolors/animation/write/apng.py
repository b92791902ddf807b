"""Animations as APNG: one palette, and the pixels of each frame compressed as those of a PNG.

After "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025, section 11.3.5.
"""

import struct
from fractions import Fraction

from PIL import Image

from ...decode.metadata import Metadata
from ...encode.png import deflated_png
from ...encode.png_metadata import add_to_png
from ...errors import EncodeError
from ...formats import Format
from ...indexed import Palette
from ...options import Effort
from ...png_chunks import SIGNATURE, chunks_of, png_chunk
from .patches import Patch, changed_box, indexed, patches, transparent_index

__all__ = ["ApngWriter"]

MAX_PART = 65535
"""A delay in seconds is a fraction, with a numerator and a denominator of 16 bits."""

KEEP = 0  # a frame stays when the next one is drawn
BEFORE_PIXELS = (b"PLTE", b"tRNS")


class ApngWriter:
    """Writes frames one by one."""

    format: Format = "png"

    def __init__(
        self,
        palette: Palette,
        effort: Effort,
        loop: int,
        *,
        is_graphic: bool,
        is_large: bool,
        has_fallback_picture: bool,
    ) -> None:
        self._palette = palette
        self._effort = effort
        self._is_graphic = is_graphic
        self._is_large = is_large
        self._loop = loop
        self._has_fallback_picture = has_fallback_picture
        self._transparent = transparent_index(palette)
        self._head: list[bytes] = []
        self._body: list[bytes] = []
        self._before: Image.Image | None = None
        self._n_numbered = 0
        self.durations: list[float] = []

    def add_fallback_picture(self, indices: Image.Image) -> None:
        """Adds the picture for viewers that show no animations, before all frames."""
        self._body.append(png_chunk(b"IDAT", self._pixels(indices)))

    def add(self, indices: Image.Image, duration: float) -> None:
        """Adds a frame, shown for so many milliseconds.

        Raises:
            EncodeError: it is shown for too long.
        """
        delay = _delay(duration)
        box = changed_box(self._before, indices)
        ways = patches(self._before, indices, self._palette, box, self._transparent)
        made = [(self._pixels(patch.indices), patch) for patch in ways]
        pixels, patch = min(made, key=lambda pair: len(pair[0]))
        self._body.append(png_chunk(b"fcTL", self._numbered(_control(patch, delay))))
        if self._before is None and not self._has_fallback_picture:
            self._body.append(png_chunk(b"IDAT", pixels))
        else:
            self._body.append(png_chunk(b"fdAT", self._numbered(pixels)))
        self._before = indices
        self.durations.append(float(delay * 1000))

    def finished(self, metadata: Metadata | None) -> bytes:
        """Returns the file."""
        control = struct.pack(">II", len(self.durations), self._loop)
        header, *others = self._head
        end = png_chunk(b"IEND", b"")
        chunks = [header, png_chunk(b"acTL", control), *others, *self._body, end]
        png = SIGNATURE + b"".join(chunks)
        return png if metadata is None else add_to_png(png, metadata)

    def _numbered(self, data: bytes) -> bytes:
        self._n_numbered += 1
        return struct.pack(">I", self._n_numbered - 1) + data

    def _pixels(self, indices: Image.Image) -> bytes:
        """Returns compressed pixels. The first time, keeps the chunks before them as the head."""
        image = indexed(indices, self._palette)
        png = deflated_png(
            image, self._effort, is_graphic=self._is_graphic, is_of_many=self._is_large
        )
        chunks = list(chunks_of(png))
        if not self._head:
            kept = [chunk for chunk in chunks if chunk[0] in (b"IHDR", *BEFORE_PIXELS)]
            self._head = [png_chunk(name, data) for name, data in kept]
        return b"".join(data for name, data in chunks if name == b"IDAT")


def _delay(duration: float) -> Fraction:
    """Returns milliseconds as a fraction of seconds that fits."""
    seconds = duration / 1000
    if seconds > MAX_PART:
        raise EncodeError(f"a frame of {seconds:,.0f} s is too long for PNG; choose format webp")
    limit = MAX_PART if seconds <= 1 else int(MAX_PART / seconds)
    return Fraction(seconds).limit_denominator(limit)


def _control(patch: Patch, delay: Fraction) -> bytes:
    size = patch.indices.size
    time = (delay.numerator, delay.denominator)
    return struct.pack(">IIIIHHBB", *size, *patch.at, *time, KEEP, patch.is_over)
