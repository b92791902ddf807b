"""The result of a reduction: a palette, and one small index a pixel."""

import io
import math
from typing import TYPE_CHECKING, Any

from .. import _core
from ..buffers import bytes_view
from ..limits import LARGEST_MAX_PIXELS, check_integer, check_number, items, of_type
from .palette import KINDS, TRANSPARENT, Kind, Palette, PaletteSource

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from ..decode.color.profiles import Profile

__all__ = ["KINDS", "TRANSPARENT", "IndexedImage", "Kind", "Palette", "PaletteSource"]


class IndexedImage:
    """A picture as a palette and one index a pixel.

    Attributes:
        palette: the colours, a `Palette`.
        data: height x width bytes, row by row, the index of each pixel.
        width, height: in pixels.
        counts: the number of pixels of each palette entry.
        mse: the mean squared error against the original: the squared distance summed over red,
            green, blue (premultiplied) and alpha, 0 to 255 each, averaged over pixels.
        profile: what the colours mean, where they are not sRGB; else None.

    >>> import numpy as np, fewcolors
    >>> image = fewcolors.quantize(np.array([[0, 0, 255]], np.uint8), n_colors=2)
    >>> image.palette.hex(), image.indices.tolist()
    (['#000000', '#ffffff'], [[0, 0, 1]])
    """

    __slots__ = ("counts", "data", "height", "mse", "palette", "profile", "width")

    def __init__(
        self,
        palette: Palette,
        data: bytes | memoryview,
        width: int,
        height: int,
        counts: list[int],
        mse: float,
        profile: "Profile | None" = None,
    ) -> None:
        """Takes a palette and indices that fit together.

        Args:
            palette: 1 to 256 colours.
            data: height x width indices of them, in any buffer of bytes.
            width: in pixels, at least 1.
            height: in pixels, at least 1.
            counts: the number of pixels of each entry; empty where that is not known.
            mse: at least 0.
            profile: what the colours mean; None for sRGB.

        Raises:
            TypeError, ValueError: they do not fit together, or are something else.
        """
        self.palette = palette
        self.data = data
        self.width = width
        self.height = height
        self.counts = counts
        self.mse = mse
        self.profile = profile
        self._check()

    def _check(self, prefix: str = "") -> None:
        """Raises TypeError or ValueError unless the attributes fit together."""
        palette = of_type(f"{prefix}palette", self.palette, Palette)
        self.width = check_integer(f"{prefix}width", self.width, 1, LARGEST_MAX_PIXELS)
        most = LARGEST_MAX_PIXELS // self.width
        self.height = check_integer(f"{prefix}height", self.height, 1, most)
        view = bytes_view(f"{prefix}data", self.data, self.height, self.width)
        if not isinstance(self.data, bytes):
            self.data = view
        largest = _core.largest_index(view)
        if largest >= len(palette):
            raise ValueError(
                f"{prefix}data must be indices of {len(palette)} colours, got {largest}"
            )
        if len(counts := items(f"{prefix}counts", self.counts)) not in (0, len(palette)):
            raise ValueError(f"{prefix}counts must be one a colour, or none, got {len(counts)}")
        self.counts = [check_integer(f"each of {prefix}counts", count, 0) for count in counts]
        self.mse = check_number(f"{prefix}mse", self.mse, 0, math.inf)
        if self.profile is not None:
            from ..decode.color.profiles import Profile

            of_type(f"{prefix}profile", self.profile, Profile)

    @classmethod
    def checked(cls, value: object) -> "IndexedImage":
        """Returns a copy of an image, if its attributes still fit together.

        Raises:
            TypeError, ValueError: it is something else, or they do not.
        """
        image = of_type("image", value, cls)
        copy = cls.__new__(cls)
        for name in IndexedImage.__slots__:
            setattr(copy, name, getattr(image, name))
        copy._check("image.")
        return copy

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the image; memoryviews cannot be pickled, so the indices become bytes."""
        state = (self.palette, bytes(self.data), self.width, self.height, self.counts, self.mse)
        return IndexedImage, (*state, self.profile)

    @property
    def n_colors(self) -> int:
        """The number of palette entries: of colours used, unless a palette was to be kept."""
        return len(self.palette)

    @property
    def shares(self) -> list[float]:
        """The share of the pixels that each palette entry has, 0 to 1."""
        return [count / (self.width * self.height) for count in self.counts]

    @property
    def indices(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """The indices as an (h, w) uint8 array, without a copy."""
        import numpy as np

        self._check()
        return np.frombuffer(self.data, np.uint8).reshape(self.height, self.width)

    def to_rgb(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """Returns the picture as an (h, w, 3) uint8 array; alpha is left out."""
        return self.to_rgba()[:, :, :3]

    def to_rgba(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """Returns the picture as an (h, w, 4) uint8 array."""
        import numpy as np

        indices = self.indices  # checks the image first
        return np.take(self.palette.colors, indices, axis=0)

    def to_pil(self) -> "Image.Image":
        """Returns the picture as a PIL image of mode "P"."""
        from PIL import Image

        self._check()
        image = Image.frombytes("P", (self.width, self.height), bytes(self.data))
        image.putpalette(self.palette.data, "RGBA")
        if self.profile is not None:
            image.info["icc_profile"] = self.profile.icc
        return image

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> "np.ndarray[Any, Any]":
        """Gives NumPy the picture: as by `to_rgb` if it is opaque, else as by `to_rgba`."""
        if copy is False:
            raise ValueError("an indexed image becomes an array by a copy")
        picture = self.to_rgb() if self.palette.is_opaque else self.to_rgba()
        return picture if dtype is None else picture.astype(dtype)

    def _repr_html_(self) -> str:
        """Shows the picture in a notebook, over what it is made of and its palette."""
        from ..notebook import facts, picture, swatches

        shown = picture(self._repr_png_())
        return shown + facts(repr(self)[1:-1]) + swatches(self.palette.hex(), self.shares)

    def _repr_png_(self) -> bytes:
        """Shows the picture in a notebook."""
        file = io.BytesIO()
        self.to_pil().save(file, "PNG")
        return file.getvalue()

    def __repr__(self) -> str:
        return f"<IndexedImage {self.width} x {self.height}, {self.n_colors} colours>"
