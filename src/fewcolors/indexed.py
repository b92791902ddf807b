"""The result of a reduction: a palette, and one small index a pixel."""

import io
import math
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, TypeAlias, get_args, overload

from . import _core
from .buffers import bytes_view, colors_copy
from .limits import LARGEST_MAX_PIXELS, MAX_COLORS, check_integer, check_number, items, of_type

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from .decode.color.profiles import Profile

__all__ = ["KINDS", "TRANSPARENT", "IndexedImage", "Kind", "Palette", "PaletteSource"]

PaletteSource: TypeAlias = (
    "Palette | str | os.PathLike[str] | Image.Image | Sequence[str] | Sequence[int]"
    " | Sequence[Sequence[float]] | np.ndarray[Any, Any]"
)
"""What `Palette.of` takes."""

Kind = Literal["opaque", "translucent", "transparent"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of colours by alpha: 255, 1 to 254, and 0. Histograms store them in this order."""

TRANSPARENT = bytes(4)
"""The entry for pixels of alpha 0."""


class Palette:
    """Up to 256 8-bit colours, sRGB and alpha: distinct ones, unless they were given otherwise.

    A palette does not change once it is made. Iterating gives (red, green, blue, alpha) tuples.

    Attributes:
        data: (k, 4) bytes, one colour after the other.
        shares: the share of the pixels that each colour stands for, 0 to 1; empty where that is
            not known. Palettes of the same colours are equal whatever their shares.

    >>> Palette(bytes([255, 0, 0, 255, 0, 0, 0, 0])).hex()
    ['#ff0000', '#00000000']
    """

    __slots__ = ("_data", "_shares")

    def __init__(self, data: bytes, shares: tuple[float, ...] = ()) -> None:
        """Takes the colours and their shares.

        Args:
            data: (k, 4) bytes, one colour after the other, k from 1 to 256; any buffer of them.
            shares: k numbers, 0 to 1, or none.

        Raises:
            TypeError: the colours are no bytes, or the shares no numbers.
            ValueError: there are not 1 to 256 colours of four bytes, or not as many shares.
        """
        data = data if type(data) is bytes else colors_copy("data", data).tobytes()
        if len(data) % 4 or not 4 <= len(data) <= 4 * MAX_COLORS:
            raise ValueError(
                f"palette must have 1 to {MAX_COLORS} colours of four bytes, got {len(data)} bytes"
            )
        shares = tuple(
            check_number("each of shares", share, 0, 1) for share in items("shares", shares)
        )
        if len(shares) not in (0, len(data) // 4):
            raise ValueError(f"shares must be one a colour, or none, got {len(shares)}")
        self._data = data
        self._shares = shares

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the palette as what it is made of."""
        return Palette, (self._data, self._shares)

    @property
    def data(self) -> bytes:
        """The colours, four bytes each, one after the other."""
        return self._data

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of the pixels that each colour stands for; empty where that is not known."""
        return self._shares

    @classmethod
    def from_centroids(
        cls, centroids: memoryview, space: _core.Space, separate_kinds: bool = False
    ) -> "Palette":
        """Rounds centroids of a space to 8 bits and joins those that become equal."""
        rounded = bytes(_core.from_space(centroids, space, separate_kinds))
        distinct = dict.fromkeys(rounded[i : i + 4] for i in range(0, len(rounded), 4))
        return cls(b"".join(distinct))

    @classmethod
    def of(cls, source: "PaletteSource") -> "Palette":
        """Makes a palette of anything that stands for one.

        Args:
            source: a `Palette`; the path of a file, see `load`; hex colours in one string; a PIL
                image, see `load`; a list of hex colours, of rows, or what ``getpalette()`` of a PIL
                image returns; or an array. Rows and arrays, of shape (k, 3) or (k, 4), hold numbers
                from 0 to 255, which are rounded. 1 to 256 colours.

        Returns:
            The palette, in the order given; a `Palette` itself.

        Raises:
            PaletteError, OSError: a file cannot be read as a palette.
            TypeError, ValueError: the source is something else, or not of 1 to 256 colours.

        >>> Palette.of("#f00, 00ff0080").hex()
        ['#ff0000', '#00ff0080']
        """
        if isinstance(source, Palette):
            return source
        from .palette_files.source import colors_of

        return cls(b"".join(colors_of(source)))

    @staticmethod
    def load(path: "str | os.PathLike[str]") -> "Palette":
        """Reads a palette from a file.

        Args:
            path: a picture, whose palette counts, or else its distinct colours; or a palette of
                GIMP's (.gpl), Photoshop's (.aco), Adobe Swatch Exchange (.ase), a hex colour a line
                (.hex), .json or .css.

        Returns:
            Its 1 to 256 colours, in its order.

        Raises:
            PaletteError, OSError: it cannot be read, or not as a palette.
        """
        from .palette_files import read_colors

        return Palette(b"".join(read_colors(path)))

    def save(self, path: "str | os.PathLike[str]", *, force: bool = False) -> None:
        """Writes the palette, whole or not at all, in the format of the path's extension.

        Args:
            path: where to; .hex, .css, .json, .gpl, .aco, .ase or .png.
            force: whether a file that is already there may be replaced.

        Raises:
            FileExistsError: there is a file, and force is false.
            OSError: it cannot be written.
            PaletteError: the format has no transparency, and the palette has some.
            ValueError: the extension names no format.
        """
        from .palette_files import FORMATS, encode_colors, format_of_path
        from .saving.write import write_new

        name = format_of_path(path)
        if name is None:
            known = ", ".join(f".{name}" for name in FORMATS)
            raise ValueError(f"path must end in one of {known}, got {os.fspath(path)!r}")
        write_new(os.fspath(path), encode_colors(self.entries, self.shares, name), force=force)

    def entry(self, number: int) -> bytes:
        """Returns the four bytes of an entry."""
        return self.data[4 * number : 4 * number + 4]

    @property
    def entries(self) -> list[bytes]:
        """The entries in their order, four bytes each."""
        return [self.entry(number) for number in range(len(self))]

    def reordered(self, order: list[int]) -> "Palette":
        """Returns the palette of the entries numbered in order, leaving out the rest."""
        return Palette(b"".join(map(self.entry, order)))

    @property
    def n_opaque(self) -> int:
        """The number of entries with full alpha."""
        return self.data[3::4].count(255)

    @property
    def has_transparent(self) -> bool:
        """Whether some entry has alpha 0."""
        return 0 in self.data[3::4]

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of entries that there are."""
        found = {KINDS[(alpha < 255) + (alpha == 0)] for alpha in self.data[3::4]}
        return [kind for kind in KINDS if kind in found]

    @property
    def colors(self) -> "np.ndarray[Any, np.dtype[np.uint8]]":
        """The colours as a (k, 4) uint8 array."""
        import numpy as np

        return np.frombuffer(self.data, np.uint8).reshape(-1, 4)

    @property
    def buffer(self) -> memoryview:
        """The colours as a (k, 4) buffer, for the kernels."""
        return memoryview(self.data).cast("B", (len(self), 4))

    @property
    def is_opaque(self) -> bool:
        """Whether every colour has full alpha."""
        return not self.data[3::4].strip(b"\xff")

    def hex(self) -> list[str]:
        """Returns the colours as CSS writes them: #rrggbb, or #rrggbbaa where not opaque."""
        from .palette_files.text import hex_of

        return [hex_of(entry) for entry in self.entries]

    def __len__(self) -> int:
        return len(self.data) // 4

    @overload
    def __getitem__(self, place: SupportsIndex) -> tuple[int, int, int, int]: ...
    @overload
    def __getitem__(self, place: slice) -> "Palette": ...
    def __getitem__(self, place: Any) -> Any:
        """Returns an entry as (red, green, blue, alpha), or the palette of a slice of entries."""
        if isinstance(place, slice):
            return Palette(b"".join(self.entries[place]), self.shares[place])
        return tuple(self.entries[place])

    def __iter__(self) -> Iterator[tuple[int, int, int, int]]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Palette) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def _repr_html_(self) -> str:
        """Shows the colours in a notebook."""
        from .palette_files.text import html_of

        return html_of(self.entries)

    def __repr__(self) -> str:
        return f"<Palette of {len(self)}: {' '.join(self.hex()[:8])}{' ...' * (len(self) > 8)}>"


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
        palette: "Palette",
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
            from .decode.color.profiles import Profile

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

    def _repr_png_(self) -> bytes:
        """Shows the picture in a notebook."""
        file = io.BytesIO()
        self.to_pil().save(file, "PNG")
        return file.getvalue()

    def __repr__(self) -> str:
        return f"<IndexedImage {self.width} x {self.height}, {self.n_colors} colours>"
