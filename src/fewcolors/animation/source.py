"""Animations from files and PIL images: which are animations, and whether they are too large.

Pillow composes the frames of GIF, WebP and AVIF. Those of PNG files are composed in `read/apng`:
Pillow draws half transparent frames too faintly, and leaves the fallback picture under the first.
"""

import contextlib
import io
import os
import stat
from collections.abc import Iterator

from ..decode import ImageSource, Pixels
from ..decode.faults import decoding
from ..decode.metadata import Metadata
from ..decode.sources import is_pillow_image, read_stream
from ..errors import ImageTooLargeError
from ..limits import MAX_FILE_BYTES, MAX_FRAMES
from ..png_chunks import SIGNATURE
from .is_animated import may_be_animated
from .read.frames import Frame, Reader, StillPictureError, check_n_frames

__all__ = ["Animation", "open_animation", "read_stream_once"]

ANIMATED_FORMATS = ("GIF", "PNG", "WEBP", "AVIF")
"""The formats of PIL images whose frames are those of an animation."""

KEPT_BYTES = 1 << 25
"""Frames of so many bytes together stay in memory. Larger ones are decoded anew for each pass."""


class Animation:
    """An animation whose frames can be read again and again.

    Attributes:
        reader: of its frames.
        format: the name of the file's format, such as "GIF".
        bytes_in: the size of its file; of its raw pixels where there was no file.
    """

    def __init__(self, reader: Reader, format_: str, bytes_in: int | None) -> None:
        width, height = reader.size
        self._n_bytes = 4 * width * height * reader.n_frames
        self._kept: list[Frame] = []
        self.reader = reader
        self.format = format_
        self.bytes_in = self._n_bytes if bytes_in is None else bytes_in

    @property
    def n_frames(self) -> int:
        """The number of frames."""
        return self.reader.n_frames

    @property
    def loop(self) -> int:
        """How often all frames are shown; 0 for ever."""
        return self.reader.loop

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn.

        Raises:
            DecodeError: one is damaged, or missing.
        """
        if self._kept:
            yield from self._kept
            return
        frames: list[Frame] = []
        for frame in self._read():
            if self._n_bytes <= KEPT_BYTES:
                frames.append(frame)
            yield frame
        self._kept = frames

    def fallback_picture(self) -> Pixels | None:
        """Returns the picture for viewers that show no animations, or None.

        Raises:
            DecodeError: it is damaged.
        """
        with decoding():
            return self.reader.fallback_picture()

    def metadata(self) -> Metadata:
        """Reads EXIF, XMP, texts and resolution."""
        with decoding():
            return self.reader.metadata()

    def _read(self) -> Iterator[Frame]:
        size = None
        with decoding():
            for number, frame in enumerate(self.reader.frames()):
                size = size or (frame.pixels.width, frame.pixels.height)
                if size != (frame.pixels.width, frame.pixels.height):
                    raise ValueError(f"frame {number + 1} is not of the size of the first")
                yield frame


def read_stream_once(source: ImageSource, max_file_bytes: int = MAX_FILE_BYTES) -> ImageSource:
    """Returns a source that can be read twice: the source itself, or the bytes of a stream."""
    if isinstance(source, str | os.PathLike):
        with contextlib.suppress(OSError):  # decoding reports it
            if not stat.S_ISREG(os.stat(source).st_mode):
                with open(source, "rb") as file:
                    return read_stream(file, max_file_bytes)
    elif not is_pillow_image(source) and hasattr(source, "read"):
        return read_stream(source, max_file_bytes)
    return source


def open_animation(
    source: ImageSource,
    max_pixels: int,
    max_frames: int = MAX_FRAMES,
    max_file_bytes: int = MAX_FILE_BYTES,
) -> Animation | None:
    """Opens an animation.

    Args:
        source: as for `decode`, but no stream.
        max_pixels: the most pixels of all frames together.
        max_frames: the most frames.
        max_file_bytes: the most bytes of the file.

    Returns:
        The animation, or None where the source is a still picture.

    Raises:
        DecodeError: it is damaged.
        ImageTooLargeError: it has more pixels, frames or bytes than allowed.
        UnsupportedFormatError: it is a PIL image that shows another frame than its first.
    """
    try:
        with decoding():
            animation = _opened(source, max_frames, max_file_bytes)
    except StillPictureError:
        return None
    if animation is None:
        return None
    reader = animation.reader
    if reader.n_frames == 1 and not reader.has_fallback_picture:
        return None
    check_n_frames(reader.n_frames, max_frames)
    width, height = reader.size
    n_pixels = width * height * reader.n_frames
    if n_pixels > max_pixels:
        raise ImageTooLargeError(
            f"{reader.n_frames:,} frames of {width} x {height} are {n_pixels:,} pixels, over the "
            f"limit of {max_pixels:,}; raise max_pixels if you trust the file and have the time"
        )
    return animation


def _opened(source: ImageSource, max_frames: int, max_file_bytes: int) -> Animation | None:
    if is_pillow_image(source):
        from .read.pillow import PillowReader

        if source.format not in ANIMATED_FORMATS or not getattr(source, "is_animated", False):
            return None
        return Animation(PillowReader.of_image(source, max_frames), source.format, None)
    data = _animated_bytes(source, max_file_bytes)
    return None if data is None else Animation(*_reader(data, max_frames), len(data))


def _animated_bytes(source: ImageSource, max_file_bytes: int) -> bytes | None:
    """Returns the bytes of a file that may be an animation."""
    if isinstance(source, str | os.PathLike):
        try:
            with open(source, "rb") as file:
                return read_stream(file, max_file_bytes) if may_be_animated(file) else None
        except OSError:  # decoding reports it
            return None
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        return data if may_be_animated(io.BytesIO(data)) else None
    return None


def _reader(data: bytes, max_frames: int) -> tuple[Reader, str]:
    if data.startswith(SIGNATURE):
        from .read.apng import ApngReader

        return ApngReader(data), "PNG"
    from .read.pillow import PillowReader

    if data.startswith(b"GIF"):
        return PillowReader.of_gif(data, max_frames), "GIF"
    if data[8:12] == b"WEBP":
        from PIL.WebPImagePlugin import WebPImageFile

        return PillowReader.of_file(data, WebPImageFile, max_frames), "WEBP"
    from PIL.AvifImagePlugin import AvifImageFile

    return PillowReader.of_file(data, AvifImageFile, max_frames), "AVIF"
