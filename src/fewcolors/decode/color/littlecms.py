"""Converts colours with littlecms, which is part of Pillow.

The intent is perceptual, with black point compensation. For profiles of a matrix and curves, as
nearly all are, this equals relative colorimetric, and is what every browser shows. For profiles
with tables, it uses the same tables as browsers do, and keeps the black of printed pictures black.

ImageCms is imported inside the functions, as this takes 5 ms that most pictures do not need.
"""

import io
from collections.abc import Callable
from typing import TypeAlias

from PIL import Image

__all__ = ["Convert", "build_transform", "description"]

Convert: TypeAlias = Callable[[Image.Image], Image.Image]
"""From a strip of a picture to the same strip, RGB or RGBA."""

LONGEST_DESCRIPTION = 60


def build_transform(icc: bytes | None, mode: str, target: str) -> Convert:
    """Builds a conversion to sRGB.

    Args:
        icc: the profile; None for CIE L*a*b*.
        mode: of the pictures to convert, "L", "RGB", "RGBA", "CMYK" or "LAB".
        target: "RGB", or "RGBA" for pictures of mode "RGBA", whose alpha stays as it is.

    Returns:
        The conversion of a picture.

    Raises:
        OSError, ImageCms.PyCMSError: the profile is damaged, or not for such pictures.
    """
    from PIL import ImageCms

    transform = ImageCms.buildTransform(
        ImageCms.createProfile("LAB") if icc is None else ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.createProfile("sRGB"),
        mode,
        target,
        ImageCms.Intent.PERCEPTUAL,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )

    def convert(strip: Image.Image) -> Image.Image:
        converted = ImageCms.applyTransform(strip, transform)
        assert converted is not None  # it is unless done in place
        return converted

    return convert


def description(icc: bytes) -> str:
    """Returns what a profile calls itself, in letters that can be shown; it may be empty."""
    from PIL import ImageCms

    text = str(ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile.profile_description or "")
    shown = "".join(letter for letter in text if letter.isprintable())
    return shown[:LONGEST_DESCRIPTION].strip()
