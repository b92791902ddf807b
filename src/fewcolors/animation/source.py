"""Animations as files: which they are, and whether they are not too large.

Pillow composes the frames of GIF, WebP and AVIF. Those of PNG are composed in `apng_source`: Pillow
draws half transparent ones too faintly, and leaves the default image under the first.
"""

import contextlib
import io
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

from ..decode import ImageSource, Pixels
from ..decode.faults import decoding
from ..decode.metadata import Metadata
from ..decode.sources import read_stream
from ..errors import ImageTooLargeError
from ..limits import MAX_FILE_BYTES
from ..png_chunks import SIGNATURE
from .is_animated import may_be_animated
from .read.frames import Frame, Reader, StillPictureError
from .read.gif_extent import gif_extent
from .read.pillow import PillowReader

__all__ = ["Animation", "open_animation", "reread"]


class Animation(NamedTuple):
    """An animation that can be read again and again.

    Attributes:
        reader: of its frames.
        format: the name of the file's format, such as "GIF".
        bytes_in: the size of its file.
    """

    reader: Reader
    format: str
    bytes_in: int

    @property
    def n_frames(self) -> int:
        """The number of frames."""
        return self.reader.n_frames

    @property
    def loop(self) -> int:
        """How often it is played; 0 for ever."""
        return self.reader.plays

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn.

        Raises:
            DecodeError: one is damaged, or missing.
        """
        size = None
        with decoding():
            for number, frame in enumerate(self.reader.frames()):
                size = size or (frame.pixels.width, frame.pixels.height)
                if size != (frame.pixels.width, frame.pixels.height):
                    raise ValueError(f"frame {number + 1} is not of the size of the first")
                yield frame

    def default(self) -> Pixels | None:
        """Returns a picture for those who show no animations, that is not part of it."""
        with decoding():
            return self.reader.default()

    def metadata(self) -> Metadata:
        """Reads what else the file tells."""
        with decoding():
            return self.reader.metadata()


def reread(source: ImageSource, max_file_bytes: int = MAX_FILE_BYTES) -> ImageSource:
    """Returns what can be read twice: the source, or its bytes if it is a stream."""
    if isinstance(source, str | os.PathLike):
        with contextlib.suppress(OSError):  # which reading it will tell
            if not stat.S_ISREG(os.stat(source).st_mode):
                with open(source, "rb") as file:
                    return read_stream(file, max_file_bytes)
    elif not isinstance(source, Image.Image) and hasattr(source, "read"):
        return read_stream(source, max_file_bytes)
    return source


def open_animation(
    source: ImageSource, max_pixels: int, max_file_bytes: int = MAX_FILE_BYTES
) -> Animation | None:
    """Opens an animation.

    Args:
        source: as for `decode`, but no stream.
        max_pixels: of all frames together.
        max_file_bytes: of the file.

    Returns:
        The animation, or None where there is none.

    Raises:
        DecodeError: it is damaged.
        ImageTooLargeError: it has more pixels, or its file more bytes, than allowed.
    """
    data = _animated_bytes(source, max_file_bytes)
    if data is None:
        return None
    try:
        with decoding():
            reader, format_ = _reader(data)
    except StillPictureError:
        return None
    if reader.n_frames == 1 and not reader.has_default:
        return None
    width, height = reader.size
    n_pixels = width * height * reader.n_frames
    if n_pixels > max_pixels:
        raise ImageTooLargeError(
            f"{reader.n_frames:,} frames of {width} x {height} are {n_pixels:,} pixels, over the "
            f"limit of {max_pixels:,}; raise max_pixels (--max-pixels) if you trust the file and "
            "have the time"
        )
    return Animation(reader, format_, len(data))


def _animated_bytes(source: ImageSource, max_file_bytes: int) -> bytes | None:
    """Returns the bytes of a file that may be an animation."""
    if isinstance(source, str | os.PathLike):
        try:
            with open(source, "rb") as file:
                return read_stream(file, max_file_bytes) if may_be_animated(file) else None
        except OSError:  # which decoding it will tell
            return None
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        return data if may_be_animated(io.BytesIO(data)) else None
    return None


def _reader(data: bytes) -> tuple[Reader, str]:
    if data.startswith(SIGNATURE):
        from .read.apng import ApngReader

        return ApngReader(data), "PNG"
    if data.startswith(b"GIF"):
        from PIL.GifImagePlugin import GifImageFile

        return PillowReader(data, GifImageFile, gif_extent(data)), "GIF"
    if data[8:12] == b"WEBP":
        from PIL.WebPImagePlugin import WebPImageFile

        return PillowReader(data, WebPImageFile), "WEBP"
    from PIL.AvifImagePlugin import AvifImageFile

    return PillowReader(data, AvifImageFile), "AVIF"
