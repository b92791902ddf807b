"""Frames that Pillow composes: of GIF, WebP and AVIF files, and of animated PIL images."""

import contextlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import IO, TypeAlias

from PIL import Image, ImageFile

from ...decode import Pixels, decode
from ...decode.alpha import with_alpha
from ...decode.metadata import Metadata, read_metadata
from ...errors import UnsupportedFormatError
from ...limits import LARGEST_MAX_PIXELS
from .frames import Frame, check_n_frames
from .gif_scan import scan_gif

__all__ = ["PillowReader"]

OpenImage: TypeAlias = Callable[[], AbstractContextManager[Image.Image]]

FOR_EVER = 0


class PillowReader:
    """Reads what Pillow composes."""

    def __init__(self, open_image: OpenImage, max_frames: int) -> None:
        """Looks at an animation.

        Args:
            open_image: opens it anew, at its first frame.
            max_frames: the most that are allowed.

        Raises:
            ImageTooLargeError: it has more frames.
        """
        self._open_image = open_image
        with open_image() as image:
            n_pictures = getattr(image, "n_frames", 1)
            self.has_fallback_picture = bool(getattr(image, "default_image", False))
            self.n_frames: int = n_pictures - self.has_fallback_picture
            check_n_frames(self.n_frames, max_frames)
            self.size = image.size
            self.loop = _loop_of(image)

    @classmethod
    def of_gif(cls, data: bytes, max_frames: int) -> "PillowReader":
        """Returns a reader of a GIF; its frames may be larger together than its header says."""
        from PIL.GifImagePlugin import GifImageFile

        size, n_frames = scan_gif(data, max_frames)
        check_n_frames(n_frames, max_frames)
        reader = cls.of_file(data, GifImageFile, max_frames)
        reader.size = (max(reader.size[0], size[0]), max(reader.size[1], size[1]))
        return reader

    @classmethod
    def of_file(
        cls, data: bytes, opened: Callable[[IO[bytes]], ImageFile.ImageFile], max_frames: int
    ) -> "PillowReader":
        """Returns a reader of a file, which a plugin of Pillow opens."""
        return cls(lambda: opened(io.BytesIO(data)), max_frames)

    @classmethod
    def of_image(cls, image: Image.Image, max_frames: int) -> "PillowReader":
        """Returns a reader of a PIL image, which is left at its first frame.

        Raises:
            UnsupportedFormatError: it is at another frame.
        """
        if image.tell() != 0:
            raise UnsupportedFormatError(
                f"an animation at frame {image.tell() + 1}; call seek(0) to compress all of its "
                "frames, or pass image.copy() for this one"
            )

        @contextlib.contextmanager
        def open_image() -> Iterator[Image.Image]:
            try:
                yield image
            finally:
                image.seek(0)

        return cls(open_image, max_frames)

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn."""
        first = int(self.has_fallback_picture)
        with self._open_image() as image:
            for number in range(first, first + self.n_frames):
                image.seek(number)
                pixels = _pixels_of(image)
                yield Frame(pixels, float(image.info.get("duration", 0)))

    def fallback_picture(self) -> Pixels | None:
        """Returns the picture for viewers that show no animations, which only PNG may have."""
        if not self.has_fallback_picture:
            return None
        with self._open_image() as image:
            return _pixels_of(image)

    def metadata(self) -> Metadata:
        """Reads EXIF, XMP, texts and resolution."""
        with self._open_image() as image:
            image.load()
            return read_metadata(image)


def _pixels_of(image: Image.Image) -> Pixels:
    """Returns the frame that an image is at. A copy of it is a picture of a single frame."""
    return with_alpha(decode(image.copy(), max_pixels=LARGEST_MAX_PIXELS))


def _loop_of(image: Image.Image) -> int:
    """Returns how often the frames are shown. GIF stores how often they are repeated."""
    loop = image.info.get("loop")
    if image.format == "GIF":
        return 1 if loop is None else loop and loop + 1
    return FOR_EVER if loop is None else int(loop)
