"""A frame, and what reads frames, whatever their format."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from ...decode import Pixels
from ...decode.metadata import Metadata
from ...errors import FewcolorsError

__all__ = ["Frame", "Reader", "StillPictureError"]


class StillPictureError(FewcolorsError):
    """What looked like an animation has to be read as a single picture."""


class Frame(NamedTuple):
    """A picture of an animation.

    Attributes:
        pixels: all of it, composed, as RGBA.
        duration: how long it is shown, in milliseconds.
    """

    pixels: Pixels
    duration: float


class Reader(Protocol):
    """Reads the frames of one format."""

    n_frames: int
    size: tuple[int, int]
    plays: int
    has_default: bool

    def frames(self) -> Iterator[Frame]:
        """Yields the frames in turn."""

    def default(self) -> Pixels | None:
        """Returns a picture for those who show no animations, that is not part of it."""

    def metadata(self) -> Metadata:
        """Reads what else the file tells."""
