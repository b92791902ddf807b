"""Frames that Pillow composes: of GIF, WebP and AVIF."""

import io
from collections.abc import Callable, Iterator
from typing import IO

from PIL import Image, ImageFile

from ...decode import Pixels, decode
from ...decode.alpha import with_alpha
from ...decode.metadata import Metadata, read_metadata
from ...limits import LARGEST_MAX_PIXELS
from .frames import Frame

__all__ = ["PillowReader"]

ENDLESS = 0


class PillowReader:
    """Reads what Pillow composes."""

    has_default = False

    def __init__(
        self,
        data: bytes,
        opened: Callable[[IO[bytes]], ImageFile.ImageFile],
        extent: tuple[int, int] = (0, 0),
    ) -> None:
        """Opens a file; its frames may be larger together than it says."""
        self._data = data
        self._opened = opened
        with opened(io.BytesIO(data)) as image:
            self.n_frames: int = getattr(image, "n_frames", 1)
            self.size = (max(image.width, extent[0]), max(image.height, extent[1]))
            self.plays = _plays(image)

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn."""
        with self._opened(io.BytesIO(self._data)) as image:
            for number in range(self.n_frames):
                image.seek(number)
                pixels = decode(image, max_pixels=LARGEST_MAX_PIXELS)
                yield Frame(with_alpha(pixels), float(image.info.get("duration", 0)))

    def default(self) -> Pixels | None:
        """Returns None: these formats know of no such picture."""
        return None

    def metadata(self) -> Metadata:
        """Reads what else the file tells."""
        with self._opened(io.BytesIO(self._data)) as image:
            image.load()
            return read_metadata(image)


def _plays(image: Image.Image) -> int:
    """Returns how often an animation is played; GIF tells how often it is repeated."""
    loop = image.info.get("loop")
    if image.format == "GIF":
        return 1 if loop is None else loop and loop + 1
    return ENDLESS if loop is None else int(loop)
