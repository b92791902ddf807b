"""A frame, and what all readers of frames have in common."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from ...decode import Pixels
from ...decode.metadata import Metadata
from ...errors import FewcolorsError, ImageTooLargeError

__all__ = ["Frame", "Reader", "StillPictureError", "check_n_frames"]


class StillPictureError(FewcolorsError):
    """The file looks like an animation, but has to be read as a single picture."""


class Frame(NamedTuple):
    """A picture of an animation.

    Attributes:
        pixels: the whole picture, composed of what was stored, as RGBA.
        duration: how long it is shown, in milliseconds.
    """

    pixels: Pixels
    duration: float


class Reader(Protocol):
    """Reads the frames of one format.

    Attributes:
        n_frames: the number of frames.
        size: width and height, before the picture is turned upright.
        loop: how often all frames are shown; 0 for ever.
        has_fallback_picture: whether there is a picture for viewers that show no animations, which
            is not one of the frames.
    """

    n_frames: int
    size: tuple[int, int]
    loop: int
    has_fallback_picture: bool

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn."""

    def fallback_picture(self) -> Pixels | None:
        """Returns the picture for viewers that show no animations, or None."""

    def metadata(self) -> Metadata:
        """Reads EXIF, XMP, texts and resolution."""


def check_n_frames(n_frames: int, max_frames: int) -> None:
    """Raises ImageTooLargeError where there are more frames than allowed."""
    if n_frames > max_frames:
        raise ImageTooLargeError(
            f"over the limit of {max_frames:,} frames; raise max_frames if you trust the file and "
            "have the time"
        )
