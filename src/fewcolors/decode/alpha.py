"""Alpha that hides nothing: screenshots have it, and are opaque throughout."""

from PIL import Image

from . import Pixels
from .strips import bytes_of

__all__ = ["is_opaque", "with_alpha", "without_alpha"]


def is_opaque(pixels: Pixels) -> bool:
    """Whether no pixel may be seen through."""
    return pixels.channels == 3 or pixels.data[3::4].count(255) == pixels.width * pixels.height


def without_alpha(pixels: Pixels) -> Pixels:
    """Returns RGBA pixels as RGB."""
    size = (pixels.width, pixels.height)
    image = Image.frombuffer("RGBA", size, pixels.data, "raw", "RGBA", 0, 1)  # the same memory
    data = bytes_of(image, 3, lambda strip: strip.convert("RGB"))
    return pixels._replace(data=data, channels=3)


def with_alpha(pixels: Pixels) -> Pixels:
    """Returns pixels as RGBA, whether they had alpha or not."""
    if pixels.channels == 4:
        return pixels
    image = Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.data))
    return pixels._replace(data=image.convert("RGBA").tobytes(), channels=4)
