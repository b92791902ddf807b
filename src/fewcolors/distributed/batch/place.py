"""Folders on this machine and in stores, as fsspec reaches them; files are written whole."""

import contextlib
import os
import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

import fsspec
from fsspec.implementations.local import LocalFileSystem

from ...saving.temporary import TEMPORARY, remove_if_left_over
from ...saving.write import write_new

__all__ = ["Place", "PlaceError", "place_of"]

WHOLE_OR_NOT = frozenset(("memory", "s3", "s3a", "gs", "gcs", "az", "abfs", "abfss"))
"""Protocols of stores in which a file appears once it is written, all of it. On others a killed
process could leave half a file."""


class PlaceError(Exception):
    """A folder or file cannot be reached, or not be written."""


class Place(NamedTuple):
    """A folder; it can be sent to other processes.

    Attributes:
        url: as the user gave it, with its protocol if it had one.
        store: the file system of fsspec.
        root: its path there, without a slash at the end.
    """

    url: str
    store: Any
    root: str

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine, or one that is mounted."""
        return isinstance(self.store, LocalFileSystem)

    @property
    def is_written_whole(self) -> bool:
        """Whether `write` never leaves half a file, even when its process is killed."""
        protocols = self.store.protocol
        names = {protocols} if isinstance(protocols, str) else set(protocols)
        return self.is_local or bool(names & WHOLE_OR_NOT)

    def path(self, name: str) -> str:
        """Returns the path of a file, given its name inside this place."""
        return f"{self.root}/{name}" if self.root.strip("/") else f"{self.root}{name}"

    def read(self, name: str) -> bytes:
        """Returns a file.

        Raises:
            PlaceError: it cannot be read.
        """
        with _reaching("read"):
            content: bytes = self.store.cat_file(self.path(name))
        return content

    def write(self, name: str, data: bytes) -> None:
        """Writes a file in the place of any that is there: whole or not at all.

        Raises:
            PlaceError: it cannot be written.
        """
        path = self.path(name)
        with _reaching("written"):
            if self.is_local:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                write_new(path, data, force=True)
            else:
                self.store.pipe_file(path, data)

    def remove(self, name: str) -> None:
        """Removes a file.

        Raises:
            PlaceError: it cannot be removed.
        """
        with _reaching("removed"):
            self.store.rm_file(self.path(name))

    def entries(self, folder: str = "") -> list[dict[str, Any]]:
        """Returns what a folder holds, in the order of the names, as fsspec describes it.

        Args:
            folder: its name inside this place; "" for all of it.

        Raises:
            FileNotFoundError: there is none.
            PlaceError: it cannot be listed.
        """
        path = (self.path(folder) if folder else self.root).rstrip("/")
        with _reaching("listed", missing_too=False):
            found = self.store.ls(path or self.root, detail=True)
        # Stores may have an object of the folder's own name.
        below = [entry for entry in found if entry["name"].rstrip("/") != path]
        return sorted(below, key=lambda entry: str(entry["name"]))

    def matches(self, pattern: str) -> list[dict[str, Any]]:
        """Returns the files of a pattern, as `entries` does.

        Raises:
            PlaceError: it cannot be listed.
        """
        with _reaching("listed"):
            found = self.store.glob(self.path(pattern), detail=True).values()
        return [entry for entry in found if entry["type"] == "file"]

    def remove_left_over(self, folder: str) -> None:
        """Removes temporary files that a killed process has left in a folder."""
        if self.is_local and os.path.isdir(path := self.path(folder).rstrip("/")):
            with os.scandir(path) as opened:
                for entry in opened:
                    if TEMPORARY.fullmatch(entry.name):
                        remove_if_left_over(entry.path)


def place_of(url: str) -> Place:
    """Opens a folder.

    Args:
        url: a path, or what fsspec takes, such as ``s3://bucket/photos``.

    Raises:
        PlaceError: its protocol is unknown, or needs a package that is not installed.
    """
    try:
        with _reaching("opened"):
            store, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        extra = 'pip install "fewcolors[s3]" brings what S3 needs'
        raise PlaceError(f"cannot be opened ({error}); {extra}") from error
    root = posixpath.normpath(root) if isinstance(store, LocalFileSystem) else root.rstrip("/")
    return Place(url, store, root)


@contextlib.contextmanager
def _reaching(done: str, *, missing_too: bool = True) -> Iterator[None]:
    """Turns what file systems raise into `PlaceError`: each store has exceptions of its own.

    Args:
        done: what was to be done, such as "read".
        missing_too: whether FileNotFoundError is turned, too.
    """
    try:
        yield
    except FileNotFoundError as error:
        if not missing_too:
            raise
        raise PlaceError(f"cannot be {done} ({error.strerror or 'not found'})") from error
    except ImportError:
        raise
    except Exception as error:
        reason = isinstance(error, OSError) and error.strerror
        reason = reason or str(error) or type(error).__name__
        raise PlaceError(f"cannot be {done} ({reason})") from error
