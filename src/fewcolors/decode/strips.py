"""Large pictures a strip at a time, so that a second copy of them never exists at once."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .orientation import MIRRORED_ROWS, SIDEWAYS, UPRIGHT, turned_upright

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Canvas", "bytes_of", "rows_of_strip", "strips_of"]

STRIP_PIXELS = 1 << 19
BAND_PIXELS = 1 << 22


def rows_of_strip(width: int) -> int:
    """Returns how many rows of a picture are a strip."""
    return max(1, STRIP_PIXELS // width)


def strips_of(image: "Image.Image") -> Iterator[tuple[int, int, int, int]]:
    """Yields the boxes that cover a picture from top to bottom, whole rows each."""
    width, height = image.size
    rows = rows_of_strip(width)
    for top in range(0, height, rows):
        yield 0, top, width, min(top + rows, height)


def bytes_of(
    image: "Image.Image", convert: "Callable[[Image.Image], Image.Image]"
) -> bytes | bytearray:
    """Returns a converted picture's bytes.

    Args:
        image: the picture.
        convert: of one strip.

    Returns:
        height x width x channels bytes.
    """
    canvas = Canvas(image.size)
    for box in strips_of(image):
        canvas.add(convert(image if box[2:] == image.size and box[1] == 0 else image.crop(box)))
    return canvas.data


class Canvas:
    """Gathers the strips of a picture, from top to bottom, as bytes, and turns them upright.

    Attributes:
        size: width and height of the upright picture.
        channels: of its strips, a byte each.
        data: its bytes, row by row, once all strips have been added.
        is_upright: whether its strips are added as they are.
    """

    def __init__(self, size: tuple[int, int], orientation: int = UPRIGHT) -> None:
        """Expects a picture of a size as stored, to be turned by its EXIF orientation."""
        width, self._height = size
        self.size = (self._height, width) if orientation in SIDEWAYS else size
        self.data: bytes | bytearray = b""
        self.channels = 0
        self.is_upright = orientation == UPRIGHT
        self._orientation = orientation
        self._band: list[Image.Image] = []
        self._top = 0

    def add(self, strip: "Image.Image") -> None:
        """Adds the next strip, of the mode of the first."""
        self._band.append(strip)
        n_rows = sum(strip.height for strip in self._band)
        is_last = self._top + n_rows == self._height
        # A piece of a column is copied for each row of a sideways picture: the longer the better.
        if is_last or self._orientation not in SIDEWAYS or n_rows * strip.width >= BAND_PIXELS:
            self._add_band(_stacked(self._band))
            self._band.clear()

    def _add_band(self, band: "Image.Image") -> None:
        self.channels = len(band.getbands())
        top, self._top = self._top, self._top + band.height
        turned = turned_upright(band, self._orientation)
        if band.height == self._height:
            self.data = turned.tobytes()
            return
        if not self.data:
            self.data = bytearray(self.size[0] * self.size[1] * self.channels)
        if self._orientation in MIRRORED_ROWS:
            top = self._height - self._top
        self._place(turned, top)

    def _place(self, turned: "Image.Image", first: int) -> None:
        """Puts a strip into its rows, or where the picture is turned sideways, its columns."""
        assert isinstance(self.data, bytearray)
        pieces, row = turned.tobytes(), self.size[0] * self.channels
        if self._orientation not in SIDEWAYS:
            self.data[first * row : first * row + len(pieces)] = pieces
            return
        piece = turned.width * self.channels
        at = first * self.channels
        for number in range(turned.height):
            self.data[at : at + piece] = pieces[number * piece : (number + 1) * piece]
            at += row


def _stacked(strips: "list[Image.Image]") -> "Image.Image":
    if len(strips) == 1:
        return strips[0]
    from PIL import Image

    stacked = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        stacked.paste(strip, (0, top))
        top += strip.height
    return stacked
