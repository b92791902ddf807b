"""What the decode stage returns, and every later stage starts from."""

from typing import TYPE_CHECKING, Any, NamedTuple

from ..buffers import bytes_view
from ..limits import LARGEST_MAX_PIXELS, check_integer, of_type

if TYPE_CHECKING:
    from .color.profiles import Profile
    from .metadata import Metadata

__all__ = ["Pixels"]


class Pixels(NamedTuple):
    """A decoded picture.

    Attributes:
        data: height x width x channels bytes, row by row, 8-bit sRGB (or of its profile), alpha not
            premultiplied.
        width: in pixels, at least 1.
        height: in pixels, at least 1.
        channels: 3 (RGB) or 4 (RGBA).
        bytes_in: the size of the file it came from; of the raw pixels where there was none.
        format: the name of the file's format, such as "PNG"; None where there was no file.
        profile: the colour space of the values, where they were not converted to sRGB; else None.
        note: a sentence on what was converted, ignored or left out, or None.
        metadata: what else the file tells, if that was asked for.
    """

    data: bytes | bytearray
    width: int
    height: int
    channels: int
    bytes_in: int
    format: str | None
    profile: "Profile | None" = None
    note: str | None = None
    metadata: "Metadata | None" = None

    @classmethod
    def checked(cls, value: object) -> "Pixels":
        """Returns pixels that fit together, their data held so that nobody can resize it.

        Args:
            value: `Pixels`, whose data may be any buffer of height x width x channels bytes.

        Raises:
            TypeError, ValueError: it is something else.
        """
        pixels = of_type("pixels", value, cls)
        width = check_integer("pixels.width", pixels.width, 1, LARGEST_MAX_PIXELS)
        height = check_integer("pixels.height", pixels.height, 1, LARGEST_MAX_PIXELS // width)
        channels = check_integer("pixels.channels", pixels.channels, 3, 4)
        data: Any = bytes_view("pixels.data", pixels.data, height, width, channels)
        return pixels._replace(data=data, width=width, height=height, channels=channels)
