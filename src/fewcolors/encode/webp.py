"""Indexed images as lossless WebP, whose encoder finds the palette again by itself."""

import io
from typing import Any

from PIL import Image

from ..decode.metadata import Metadata
from ..errors import EncodeError
from ..indexed import IndexedImage
from ..options import Effort

__all__ = ["MAX_SIDE", "encode_webp", "webp_settings"]

MAX_SIDE = 16383

SETTINGS: dict[Effort, dict[str, int]] = {
    "fast": {"method": 2, "quality": 75},
    "balanced": {"method": 4, "quality": 100},
    "max": {"method": 6, "quality": 100},
}
"""By effort. At "balanced" a photo is 3 % smaller than at "fast". At "max" it is another 2 %
smaller, and takes 40 times as long."""

LARGE_PIXELS = 1_000_000
"""Above this many pixels effort "max" would take minutes, so it is the same as "balanced"."""


def webp_settings(effort: Effort, n_pixels: int) -> dict[str, Any]:
    """Returns Pillow's arguments for a lossless picture."""
    if effort == "max" and n_pixels > LARGE_PIXELS:
        effort = "balanced"
    # exact: keeps the colours of fully transparent pixels.
    return {"format": "WEBP", "lossless": True, "exact": True, **SETTINGS[effort]}


def encode_webp(
    image: IndexedImage, effort: Effort = "balanced", metadata: Metadata | None = None
) -> bytes:
    """Encodes an indexed image.

    Args:
        image: the picture.
        effort: "fast", "balanced" or "max".
        metadata: what to keep; WebP can hold EXIF and XMP.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: it is too large.
    """
    if max(image.width, image.height) > MAX_SIDE:
        raise EncodeError(f"WebP has no more than {MAX_SIDE:,} pixels a side; choose format png")
    chunks: dict[str, bytes | None] = {}
    if metadata:
        chunks = {"exif": metadata.exif, "xmp": metadata.xmp}
    if image.profile is not None:
        chunks["icc_profile"] = image.profile.icc
    kept: dict[str, Any] = {name: data for name, data in chunks.items() if data is not None}
    file = io.BytesIO()
    settings = webp_settings(effort, image.width * image.height)
    try:
        _true_colors(image).save(file, **settings, **kept)
    except (OSError, ValueError, MemoryError) as error:
        raise EncodeError(f"cannot be written as WebP ({error}); choose format png") from error
    return file.getvalue()


def _true_colors(image: IndexedImage) -> Image.Image:
    return image.to_pil().convert("RGB" if image.palette.is_opaque else "RGBA")
