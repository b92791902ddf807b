"""Which way up a picture stands, as its EXIF data say."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "MIRRORED_ROWS",
    "ORIENTATION_SOURCES",
    "ORIENTATION_TAG",
    "SIDEWAYS",
    "UPRIGHT",
    "orientation_of",
    "turned_upright",
]

ORIENTATION_TAG = 0x0112
ORIENTATION_SOURCES = {"exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp"}
"""Where in ``info`` Pillow finds an orientation. Where none of them is there, it is not asked: it
would load its TIFF plugin, which takes 8 ms."""

UPRIGHT = 1
ORIENTATIONS = range(1, 9)
TRANSPOSES = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
"""What turns a picture of an orientation upright, by Pillow's names."""

SIDEWAYS = range(5, 9)
"""The orientations whose stored rows are columns of the upright picture."""

MIRRORED_ROWS = {3, 4, 6, 7}
"""The orientations whose first stored row is the last one, or the last column."""


def orientation_of(image: "Image.Image") -> int:
    """Returns the EXIF orientation of a picture, 1 to 8; UPRIGHT where there is none."""
    if ORIENTATION_SOURCES.isdisjoint(image.info):
        return UPRIGHT
    try:
        orientation = image.getexif().get(ORIENTATION_TAG, UPRIGHT)
    except Exception:  # damaged metadata raise errors of any kind; the picture is sound
        return UPRIGHT
    return orientation if orientation in ORIENTATIONS else UPRIGHT


def turned_upright(image: "Image.Image", orientation: int) -> "Image.Image":
    """Returns a picture of an orientation, or a part of one, as it is to be seen."""
    if orientation == UPRIGHT:
        return image
    from PIL import Image

    return image.transpose(Image.Transpose[TRANSPOSES[orientation]])
