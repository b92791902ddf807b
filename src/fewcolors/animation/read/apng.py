"""Frames of animated PNGs: each made a PNG of its own, decoded, and composed as it asks.

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
from ...png_chunks import SIGNATURE, chunks_of, png_chunk
from .frames import Frame, StillPictureError

__all__ = ["ApngReader"]

DISPOSE_TO_BACKGROUND, DISPOSE_TO_PREVIOUS = 1, 2
BLEND_OVER = 1

NOT_OF_FRAMES = {b"IHDR", b"acTL", b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"pHYs"}
"""Chunks that are not copied into the PNG of a frame. A frame may be a part of the picture, which
has to be turned as a whole."""

CLEAR = (0, 0, 0, 0)
MAX_FRAMES = 2**31 - 1
HUNDREDTHS = 100  # what a denominator of 0 means


class Part(NamedTuple):
    """A frame as stored.

    Attributes:
        box: left, top, right, bottom, of what it covers.
        duration: in milliseconds.
        disposal: what happens to its area afterwards.
        blend: whether it goes over what is there, or in its place.
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
        self._default: list[bytes] = []
        self._parts: list[Part] = []
        self._exif: bytes | None = None
        self._n_numbered = 0
        self._header = b""
        self.size = (0, 0)
        control = None
        for name, data in chunks_of(file):
            if name == b"acTL":
                if control is not None:
                    raise StillPictureError("two animation controls")
                control = struct.unpack(">II", data)
            elif name == b"fcTL":
                self._number(data)
                self._parts.append(self._part(data))
            elif name == b"IDAT":
                (self._parts[0].data if self._parts else self._default).append(data)
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
        self.n_frames, self.plays = control
        if not 0 < self.n_frames <= MAX_FRAMES:
            raise StillPictureError("an animation of no frames")
        self.has_default = bool(self._default)

    def _number(self, data: bytes) -> None:
        """Checks the number that frame controls and data begin with."""
        if struct.unpack_from(">I", data) != (self._n_numbered,):
            self._n_numbered = -1  # told when frames are read: before, it may be a still picture
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
        elif name != b"IEND" and not self._default and not self._parts:
            self._head.append((name, data))

    def default(self) -> Pixels | None:
        """Returns the picture for those who show no animations, if it is not part of it."""
        if not self._default:
            return None
        image = self._decoded(self._default, self.size)
        return self._shown(image)

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
            yield Frame(self._shown(canvas), part.duration)
            if before is not None:
                canvas = before
            elif part.disposal == DISPOSE_TO_BACKGROUND:
                canvas.paste(CLEAR, part.box)

    def metadata(self) -> Metadata:
        """Reads what else the file tells."""
        first = self._default or self._parts[0].data
        chunks = [chunk for chunk in self._metadata if chunk[0] not in (b"IHDR", b"acTL")]
        png = self._still(first, self.size, chunks)
        return decode(png, max_pixels=LARGEST_MAX_PIXELS, keep_metadata=True).metadata or Metadata()

    def _still(
        self, data: list[bytes], size: tuple[int, int], more: list[tuple[bytes, bytes]]
    ) -> bytes:
        """Returns a PNG of part of the pixels."""
        header = struct.pack(">II", *size) + self._header[8:]
        pixels = [(b"IDAT", piece) for piece in data]
        chunks = [(b"IHDR", header), *more, *self._head, *pixels, (b"IEND", b"")]
        return SIGNATURE + b"".join(png_chunk(name, content) for name, content in chunks)

    def _decoded(self, data: list[bytes], size: tuple[int, int]) -> Image.Image:
        pixels = decode(self._still(data, size, []), max_pixels=LARGEST_MAX_PIXELS)
        return Image.frombytes("RGBA", size, bytes(with_alpha(pixels).data))

    def _shown(self, canvas: Image.Image) -> Pixels:
        """Returns a canvas as pixels, turned upright."""
        if self._exif is not None:
            canvas = canvas.copy()
            canvas.info["exif"] = EXIF_PREFIX + self._exif
        return with_alpha(decode(canvas, max_pixels=LARGEST_MAX_PIXELS))
