"""What comes out: a palette and one small index a pixel."""

from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    import numpy as np

    from .decode.color.profiles import Profile
    from .palette import Palette

__all__ = ["IndexedImage"]


class IndexedImage:
    """A picture as a palette and one index a pixel.

    Attributes:
        palette: the colours, a `Palette`.
        data: height x width bytes, row by row, the index of each pixel.
        width: in pixels.
        height: in pixels.
        counts: the number of pixels of each palette entry.
        mse: the mean squared error against the original: the squared distance summed over red,
            green, blue (premultiplied) and alpha, 0 to 255 each, averaged over pixels.
        parse: how the indices are meant to be deflated, (n, 2) uint16; see `assign.SizeAware`.
            None where it is not known.
        profile: what the colours mean, where they are not sRGB; else None.

    >>> import numpy as np, fewcolors
    >>> image = fewcolors.quantize(np.array([[0, 0, 255]], np.uint8), n_colors=2)
    >>> image.palette.hex(), image.indices.tolist()
    (['#000000', '#ffffff'], [[0, 0, 1]])
    """

    __slots__ = ("counts", "data", "height", "mse", "palette", "parse", "profile", "width")

    def __init__(
        self,
        palette: "Palette",
        data: bytes | memoryview,
        width: int,
        height: int,
        counts: list[int],
        mse: float,
        parse: memoryview | None = None,
        profile: "Profile | None" = None,
    ) -> None:
        self.palette = palette
        self.data = data
        self.width = width
        self.height = height
        self.counts = counts
        self.mse = mse
        self.parse = parse
        self.profile = profile

    def __reduce__(self) -> tuple[Any, ...]:
        """Lets images travel between processes, which memoryviews cannot; the parse stays."""
        state = (self.palette, bytes(self.data), self.width, self.height, self.counts, self.mse)
        return IndexedImage, (*state, None, self.profile)

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

        return np.frombuffer(self.data, np.uint8).reshape(self.height, self.width)

    def to_rgb(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """Returns the picture as an (h, w, 3) uint8 array; alpha is left out."""
        return self.to_rgba()[:, :, :3]

    def to_rgba(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """Returns the picture as an (h, w, 4) uint8 array."""
        import numpy as np

        return np.take(self.palette.colors, self.indices, axis=0)

    def to_pil(self) -> Image.Image:
        """Returns the picture as a PIL image of mode "P"."""
        image = Image.frombytes("P", (self.width, self.height), bytes(self.data))
        image.putpalette(self.palette.data, "RGBA")
        if self.profile is not None:
            image.info["icc_profile"] = self.profile.icc
        return image

    def __repr__(self) -> str:
        return f"<IndexedImage {self.width} x {self.height}, {self.n_colors} colours>"
