"""Where the result of a large picture goes: in which format, and whole or not at all."""

import errno
import os
from collections.abc import Callable
from typing import IO, NamedTuple

from ..errors import EncodeError
from ..formats import FormatChoice, format_of
from ..mark import Mark
from ..png_chunks import LARGEST_NUMBER
from ..saving.temporary import temporary_folder_beside
from ..saving.write import write_new
from .kinds import is_zarr, names_zarr
from .write import Heading, LargeFormat, Strips

__all__ = ["Target"]

LARGEST_OF_TIFF = 2**32 - 1
"""TIFF counts columns and rows in 32 bits."""


class Target(NamedTuple):
    """A file, or the folder of a Zarr array.

    Attributes:
        path: its name.
        format: of the result.
    """

    path: str
    format: LargeFormat

    @classmethod
    def of(cls, path: str, asked: FormatChoice | None = None) -> "Target":
        """Returns the target of a name.

        Args:
            path: its name.
            asked: the format that was asked for, if any; else the extension says it, or it is PNG.

        Raises:
            EncodeError: the format is not written strip by strip.
        """
        path = path.rstrip(os.sep) or path
        if names_zarr(path):
            return cls(path, "zarr")
        found = (format_of(path) or "png") if asked in (None, "auto") else asked
        if found == "png" or found == "tiff":
            return cls(path, found)
        raise EncodeError(
            f"{found.upper()} is not written strip by strip; name a target in .png, .tif or .zarr"
        )

    def check(self, width: int, height: int) -> None:
        """Finds out before the work that the format cannot hold a picture.

        Raises:
            EncodeError: its sides are too long.
        """
        most = {"png": LARGEST_NUMBER, "tiff": LARGEST_OF_TIFF}.get(self.format)
        if most is not None and max(width, height) > most:
            raise EncodeError(
                f"{width} x {height} pixels, and a side of {self.format.upper()} has {most:,} "
                "at most; name a target in .zarr"
            )

    def write(
        self,
        strips: Strips,
        heading: Heading,
        mark: Mark,
        accept: Callable[[int], None],
        *,
        force: bool,
    ) -> int:
        """Writes a picture whole or not at all.

        Args:
            strips: its indices.
            heading: what it is.
            mark: of a PNG.
            accept: is called with the bytes of the result before it takes its place; what it raises
                is raised here, and nothing is left.
            force: whether a target that is there may be replaced.

        Returns:
            The bytes of the result.

        Raises:
            FileExistsError: there is one, and force is false.
            OSError: it cannot be written; nothing is left behind.
        """
        if self.format == "zarr":
            return self._write_folder(strips, heading, accept, force=force)
        n_bytes = 0

        def content(file: IO[bytes]) -> None:
            nonlocal n_bytes
            if self.format == "png":
                from .write.png import write_png

                write_png(file, strips, heading, mark)
            else:
                from .write.tiff import write_tiff

                write_tiff(file, strips, heading)
            n_bytes = file.seek(0, os.SEEK_END)
            accept(n_bytes)

        write_new(self.path, content, force=force)
        return n_bytes

    def _write_folder(
        self, strips: Strips, heading: Heading, accept: Callable[[int], None], *, force: bool
    ) -> int:
        from .read.zarr import bytes_below
        from .write.zarr import write_zarr

        self._check_folder(force=force)
        with temporary_folder_beside(self.path) as folder:
            write_zarr(folder, strips, heading)
            n_bytes = bytes_below(folder)
            accept(n_bytes)
            self._check_folder(force=force)
            if os.path.lexists(self.path):
                _replace_folder(self.path, folder)
            else:
                os.rename(folder, self.path)
        return n_bytes

    def _check_folder(self, *, force: bool) -> None:
        """Raises OSError where something stands there that may not be replaced."""
        if not os.path.lexists(self.path):
            return
        if not force:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), self.path)
        if os.path.islink(self.path) or not is_zarr(self.path):
            raise OSError(errno.EINVAL, "not a Zarr array", self.path)


def _replace_folder(path: str, folder: str) -> None:
    """Puts a folder in the place of another, which is removed."""
    import shutil

    with temporary_folder_beside(path) as old:
        os.rename(path, os.path.join(old, "old"))
        try:
            os.rename(folder, path)
        except OSError:
            os.rename(os.path.join(old, "old"), path)
            raise
        shutil.rmtree(old)
