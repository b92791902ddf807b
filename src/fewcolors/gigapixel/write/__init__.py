"""Writes large pictures strip by strip: palette PNG, tiled TIFF, Zarr."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from ...decode.color.profiles import Profile
    from ...indexed import Palette
    from ...options import Effort

__all__ = ["Heading", "IndexedStrip", "LargeFormat", "Strips"]

LargeFormat: TypeAlias = Literal["png", "tiff", "zarr"]
"""Formats that are written strip by strip."""


class Heading(NamedTuple):
    """What a writer knows before the first strip.

    Attributes:
        width, height: of the picture.
        palette: its colours.
        profile: what they mean; None for sRGB.
        effort: time against bytes.
        is_graphic: whether the picture is a graphic rather than a photo.
        n_threads: threads to use.
    """

    width: int
    height: int
    palette: "Palette"
    profile: "Profile | None"
    effort: "Effort"
    is_graphic: bool
    n_threads: int


class IndexedStrip(NamedTuple):
    """Whole rows of indices.

    Attributes:
        indices: a byte a pixel.
        copy_plan: how they are to be deflated, see `SizeAware`; None where that is open.
        is_last: whether the picture ends with them.
    """

    indices: memoryview
    copy_plan: memoryview | None
    is_last: bool

    def rows(self, width: int) -> npt.NDArray[np.uint8]:
        """Returns the indices as an array of (rows, width)."""
        values: npt.NDArray[Any] = np.asarray(self.indices)
        return values.reshape(-1, width)


Strips: TypeAlias = Iterator[IndexedStrip]
