"""Turning a picture as its EXIF data ask."""

from PIL import Image

__all__ = ["upright"]

ORIENTATION_TAG = 0x0112
# Where Pillow finds an orientation. Asking it without need costs 8 ms: it loads its TIFF plugin.
ORIENTATION_SOURCES = {"exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp"}
TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image) -> Image.Image:
    """Returns the picture as it is meant to be seen."""
    if ORIENTATION_SOURCES.isdisjoint(image.info):
        return image
    try:
        orientation = image.getexif().get(ORIENTATION_TAG, 1)
    except Exception:  # damaged metadata, in as many ways as it can be; the picture is sound
        return image
    transpose = TRANSPOSES.get(orientation)
    return image if transpose is None else image.transpose(transpose)
