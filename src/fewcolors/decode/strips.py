"""Large pictures a strip at a time, so that a second copy of them never exists at once."""

from collections.abc import Callable, Iterator

from PIL import Image

__all__ = ["bytes_of", "strips_of"]

STRIP_PIXELS = 1 << 19


def strips_of(image: Image.Image) -> Iterator[tuple[int, int, int, int]]:
    """Yields the boxes that cover a picture from top to bottom, whole rows each."""
    width, height = image.size
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        yield 0, top, width, min(top + rows, height)


def bytes_of(
    image: Image.Image, channels: int, convert: Callable[[Image.Image], Image.Image]
) -> bytes | bytearray:
    """Returns a converted picture's bytes.

    Args:
        image: the picture.
        channels: what it has when converted, a byte each.
        convert: of one strip.

    Returns:
        height x width x channels bytes.
    """
    boxes = list(strips_of(image))
    if len(boxes) == 1:
        return convert(image).tobytes()
    row = image.width * channels
    data = bytearray(row * image.height)
    for box in boxes:
        data[box[1] * row : box[3] * row] = convert(image.crop(box)).tobytes()
    return data
