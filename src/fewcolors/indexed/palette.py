"""A palette: up to 256 colours, and the share of the pixels that each stands for."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, SupportsIndex, TypeAlias, get_args, overload

from .. import _core
from ..buffers import colors_copy
from ..limits import MAX_COLORS, check_number, items

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

__all__ = ["KINDS", "TRANSPARENT", "Kind", "Palette", "PaletteSource"]

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
        from ..palette_files.source import colors_of

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
        from ..palette_files import read_colors

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
        from ..palette_files import FORMATS, encode_colors, format_of_path
        from ..saving.write import write_new

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
        from ..palette_files.text import hex_of

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
        from ..notebook import swatches

        return swatches(self.hex(), self.shares)

    def __repr__(self) -> str:
        return f"<Palette of {len(self)}: {' '.join(self.hex()[:8])}{' ...' * (len(self) > 8)}>"
