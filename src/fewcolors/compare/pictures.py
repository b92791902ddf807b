"""Whatever stands for a picture, as pixels, and as it looks over a ground."""

from typing import Any, Protocol, TypeAlias

from PIL import Image

from ..decode import ImageSource, Pixels, decode
from ..indexed import IndexedImage
from ..limits import MAX_PIXELS

__all__ = ["GROUNDS", "Encoded", "Picture", "over", "pixels_of", "repeated"]

GROUNDS = ((255, 255, 255), (0, 0, 0))
"""White and black: what shows through where a picture has alpha."""


class Encoded(Protocol):
    """What has a file in memory, such as `Compressed`."""

    data: bytes
    bytes_in: int


Picture: TypeAlias = "ImageSource | Pixels | IndexedImage | Encoded"
"""What `pixels_of` takes."""


def pixels_of(source: Picture, name: str = "source", max_pixels: int = MAX_PIXELS) -> Pixels:
    """Returns the pixels of a picture.

    Args:
        source: what `decode` takes or returns, an `IndexedImage` or `Compressed`.
        name: of the argument, for the message.
        max_pixels: larger pictures are refused.

    Raises:
        DecodeError, OSError: it cannot be read.
        TypeError, ValueError: it is no picture.
    """
    if isinstance(source, Pixels):
        return Pixels.checked(source)
    if isinstance(source, IndexedImage):
        return decode(source.to_pil(), max_pixels=max_pixels)
    given: Any = source
    if hasattr(given, "bytes_in"):  # of `Encoded`; arrays have data too
        given = given.data
    try:
        return decode(given, max_pixels=max_pixels)
    except TypeError as error:
        raise TypeError(f"{name} is no picture: {error}") from None


def over(pixels: Pixels, ground: tuple[int, int, int]) -> Image.Image:
    """Returns a picture as it looks over a ground, in RGB."""
    size = (pixels.width, pixels.height)
    if pixels.channels == 3:
        return Image.frombytes("RGB", size, bytes(pixels.data))
    picture = Image.frombytes("RGBA", size, bytes(pixels.data))
    shown = Image.new("RGB", size, ground)
    shown.paste(picture, mask=picture)
    return shown


def repeated(picture: Image.Image, least_side: int) -> Image.Image:
    """Returns a picture of at least so many pixels a side, by repeating a smaller one."""
    width, height = (max(side, least_side) for side in picture.size)
    if (width, height) == picture.size:
        return picture
    filled = Image.new(picture.mode, (width, height))
    for top in range(0, height, picture.height):
        for left in range(0, width, picture.width):
            filled.paste(picture, (left, top))
    return filled
