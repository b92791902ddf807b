"""Alpha that hides nothing: screenshots have it, and are opaque throughout."""

from PIL import Image

from .decode import Pixels

__all__ = ["is_opaque", "without_alpha"]


def is_opaque(pixels: Pixels) -> bool:
    """Whether no pixel may be seen through."""
    return pixels.channels == 3 or pixels.data[3::4].count(255) == pixels.width * pixels.height


def without_alpha(pixels: Pixels) -> Pixels:
    """Returns RGBA pixels as RGB."""
    image = Image.frombytes("RGBA", (pixels.width, pixels.height), bytes(pixels.data))
    return pixels._replace(data=image.convert("RGB").tobytes(), channels=3)
