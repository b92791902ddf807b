"""What decoding needs of Pillow, loaded together: once, and not for plain PNGs and arrays."""

from .conversion import pixels_of
from .pillow import open_image, open_with_pillow
from .png.opening import open_png

__all__ = ["open_image", "open_png", "open_with_pillow", "pixels_of"]
