"""What `compress` returns: the file, how it came about, and how to save it."""

import os

from .image import IndexedImage
from .options import Options
from .save import write_new
from .wording import colors

__all__ = ["Compressed"]


class Compressed:
    """A compressed picture.

    Attributes:
        data: the bytes of the PNG file.
        indexed: the picture as palette and indices.
        bytes_in: the size of the original file; of its raw pixels where there was no file.
        format_in: the original's format, such as "JPEG"; None where there was no file.
        n_distinct: the number of distinct colours of the original.
        options: what it was made with.
    """

    __slots__ = ("bytes_in", "data", "format_in", "indexed", "n_distinct", "options")

    def __init__(
        self,
        data: bytes,
        indexed: IndexedImage,
        bytes_in: int,
        format_in: str | None,
        n_distinct: int,
        options: Options,
    ) -> None:
        self.data = data
        self.indexed = indexed
        self.bytes_in = bytes_in
        self.format_in = format_in
        self.n_distinct = n_distinct
        self.options = options

    @property
    def bytes_out(self) -> int:
        """The size of the result."""
        return len(self.data)

    @property
    def ratio(self) -> float:
        """How many times smaller the result is; below 1 if it is larger."""
        return self.bytes_in / self.bytes_out

    @property
    def n_colors(self) -> int:
        """The number of colours of the result."""
        return self.indexed.n_colors

    @property
    def mse(self) -> float:
        """The mean squared error; see `IndexedImage`."""
        return self.indexed.mse

    @property
    def note(self) -> str | None:
        """A sentence on what may surprise, or None."""
        asked = self.options.n_colors
        if self.n_colors == asked:
            return None
        if self.n_distinct <= asked:
            return f"the picture has only {colors(self.n_distinct)}: kept exactly"
        return f"{self.n_colors} of {asked} colours used: the others would have been equal to them"

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the file, whole or not at all.

        Args:
            path: where to.
            force: whether a file that is already there may be replaced.

        Raises:
            FileExistsError: there is a file, and force is false.
            OSError: it cannot be written.
        """
        write_new(os.fspath(path), self.data, force=force)

    def _repr_png_(self) -> bytes:
        """Shows the picture in a notebook."""
        return self.data

    def __repr__(self) -> str:
        return (
            f"<Compressed {self.indexed.width} x {self.indexed.height}, {self.n_colors} colours, "
            f"{self.bytes_in:,} -> {self.bytes_out:,} bytes>"
        )
