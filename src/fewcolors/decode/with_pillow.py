"""What decoding needs of Pillow, loaded together: once, and not for plain PNGs and arrays."""

from .conversion import pixels_of
from .pillow import open_image, open_with_pillow

__all__ = ["open_image", "open_with_pillow", "pixels_of"]
