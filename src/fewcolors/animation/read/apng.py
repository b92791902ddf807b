"""Frames of animated PNGs: each is decoded as a PNG of its own, and drawn as its control says.

After "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025, section 11.3.5.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from ...decode import Pixels, decode
from ...decode.alpha import with_alpha
from ...decode.metadata import EXIF_PREFIX, Metadata
from ...limits import LARGEST_MAX_PIXELS
from ...png_chunks import chunks_of, png_file
from .frames import Frame, StillPictureError

__all__ = ["ApngReader"]

DISPOSE_TO_BACKGROUND, DISPOSE_TO_PREVIOUS = 1, 2
BLEND_OVER = 1

NOT_OF_FRAMES = {b"IHDR", b"acTL", b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"pHYs"}
"""Chunks that are not copied into the PNG of a frame. EXIF data are among them because a frame may
be a part of the picture, and the picture has to be turned as a whole."""

CLEAR = (0, 0, 0, 0)
MAX_CHUNKS = 1 << 20
"""Pieces of 8 kB, as libpng writes them, would be eight gigabytes."""

LARGEST_N_FRAMES = 2**31 - 1
HUNDREDTHS = 100  # a denominator of 0 means hundredths


class Part(NamedTuple):
    """A frame as stored.

    Attributes:
        box: left, top, right and bottom of the area it covers.
        duration: in milliseconds.
        disposal: what its area becomes before the next frame is drawn.
        blend: whether it is drawn over the picture, or replaces its area.
        data: the compressed pixels, in pieces.
    """

    box: tuple[int, int, int, int]
    duration: float
    disposal: int
    blend: int
    data: list[bytes]


class ApngReader:
    """Reads the frames of an animated PNG."""

    def __init__(self, file: bytes) -> None:
        self._head: list[tuple[bytes, bytes]] = []
        self._metadata: list[tuple[bytes, bytes]] = []
        self._fallback: list[bytes] = []
        self._parts: list[Part] = []
        self._exif: bytes | None = None
        self._n_numbered = 0
        self._header = b""
        self.size = (0, 0)
        control = None
        for number, (name, data) in enumerate(chunks_of(file)):
            if number >= MAX_CHUNKS:
                raise ValueError(f"more than {MAX_CHUNKS:,} chunks")
            if name == b"acTL":
                if control is not None:
                    raise StillPictureError("two animation controls")
                control = struct.unpack(">II", data)
            elif name == b"fcTL":
                self._number(data)
                self._parts.append(self._part(data))
            elif name == b"IDAT":
                (self._parts[0].data if self._parts else self._fallback).append(data)
            elif name == b"fdAT":
                self._number(data)
                if not self._parts:
                    raise ValueError("pixels of no frame")
                self._parts[-1].data.append(data[4:])
            else:
                self._keep(name, data)
        if control is None:
            raise ValueError("no animation control")
        if not self._header:
            raise ValueError("no header")
        self.n_frames, self.loop = control
        if not 0 < self.n_frames <= LARGEST_N_FRAMES:
            raise StillPictureError("an animation of no frames")
        self.has_fallback_picture = bool(self._fallback)

    def _number(self, data: bytes) -> None:
        """Checks the number that every frame control, and every piece of data, begins with."""
        if struct.unpack_from(">I", data) != (self._n_numbered,):
            self._n_numbered = -1  # reported by `frames`: it may still be read as a still picture
        else:
            self._n_numbered += 1

    def _part(self, data: bytes) -> Part:
        _, width, height, left, top, numerator, denominator, disposal, blend = struct.unpack(
            ">IIIIIHHBB", data
        )
        duration = numerator / (denominator or HUNDREDTHS) * 1000
        return Part((left, top, left + width, top + height), duration, disposal, blend, [])

    def _keep(self, name: bytes, data: bytes) -> None:
        if name == b"IHDR":
            width, height = struct.unpack_from(">II", data)
            self.size = (width, height)
            self._header = data
        if name == b"eXIf":
            self._exif = data
        if name in NOT_OF_FRAMES:
            self._metadata.append((name, data))
        elif name != b"IEND" and not self._fallback and not self._parts:
            self._head.append((name, data))

    def fallback_picture(self) -> Pixels | None:
        """Returns the picture for viewers that show no animations, or None."""
        if not self._fallback:
            return None
        return self._upright(self._decoded(self._fallback, self.size))

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn, composed."""
        if self._n_numbered < 0:
            raise ValueError("the frames are out of order")
        parts = self._parts[: self.n_frames]
        if len(parts) < self.n_frames or not all(part.data for part in parts):
            raise ValueError(f"{self.n_frames} frames, of which some are missing")
        canvas = Image.new("RGBA", self.size, CLEAR)
        for number, part in enumerate(parts):
            left, top, right, bottom = part.box
            if right > canvas.width or bottom > canvas.height:
                raise ValueError(f"frame {number + 1} reaches beyond the picture")
            image = self._decoded(part.data, (right - left, bottom - top))
            before = canvas.copy() if part.disposal == DISPOSE_TO_PREVIOUS else None
            if part.blend == BLEND_OVER:
                canvas.alpha_composite(image, (left, top))
            else:
                canvas.paste(image, (left, top))
            yield Frame(self._upright(canvas), part.duration)
            if before is not None:
                canvas = before
            elif part.disposal == DISPOSE_TO_BACKGROUND:
                canvas.paste(CLEAR, part.box)

    def metadata(self) -> Metadata:
        """Reads EXIF, XMP, texts and resolution."""
        first = self._fallback or self._parts[0].data
        chunks = [chunk for chunk in self._metadata if chunk[0] not in (b"IHDR", b"acTL")]
        png = self._still(first, self.size, chunks)
        return decode(png, max_pixels=LARGEST_MAX_PIXELS, keep_metadata=True).metadata or Metadata()

    def _still(
        self, data: list[bytes], size: tuple[int, int], more: list[tuple[bytes, bytes]]
    ) -> bytes:
        """Returns the pixels of one frame as a PNG of its own."""
        header = struct.pack(">II", *size) + self._header[8:]
        pixels = [(b"IDAT", piece) for piece in data]
        return png_file([(b"IHDR", header), *more, *self._head, *pixels, (b"IEND", b"")])

    def _decoded(self, data: list[bytes], size: tuple[int, int]) -> Image.Image:
        pixels = decode(self._still(data, size, []), max_pixels=LARGEST_MAX_PIXELS)
        return Image.frombytes("RGBA", size, bytes(with_alpha(pixels).data))

    def _upright(self, canvas: Image.Image) -> Pixels:
        """Returns the pixels of a composed frame, turned upright as EXIF data ask."""
        if self._exif is None:
            data = canvas.tobytes()
            return Pixels(data, canvas.width, canvas.height, 4, len(data), None)
        canvas = canvas.copy()
        canvas.info["exif"] = EXIF_PREFIX + self._exif
        return with_alpha(decode(canvas, max_pixels=LARGEST_MAX_PIXELS))
