"""The result of a reduction: a palette, and one small index a pixel."""

from .image import IndexedImage
from .palette import KINDS, TRANSPARENT, Kind, Palette, PaletteSource

__all__ = ["KINDS", "TRANSPARENT", "IndexedImage", "Kind", "Palette", "PaletteSource"]
