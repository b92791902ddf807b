"""A picture that is opened but whose pixels are not converted yet, whatever it comes from."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from PIL import Image

from .bit_depth import Loaded

__all__ = ["DAMAGED", "Opened"]

DAMAGED = "damaged or incomplete, taken as far as it goes"


class Opened(NamedTuple):
    """A picture that is opened.

    Attributes:
        description: an image with the mode and ``info`` of the picture; its pixels do not count.
        size: width and height as stored.
        is_sixteen_bit: whether it has more than 8 bits a channel.
        strips: yields its pixels from top to bottom.
        is_color_damaged: whether something that says what its colours mean was damaged.
        notes: sentences on what else was wrong with the file, once all strips have been read.
    """

    description: Image.Image
    size: tuple[int, int]
    is_sixteen_bit: bool
    strips: Callable[[], Iterator[Loaded]]
    notes: list[str]
    is_color_damaged: bool = False
