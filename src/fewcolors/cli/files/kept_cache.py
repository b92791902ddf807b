"""Which files an earlier run has kept as they are, by a checksum of what is in them.

Results carry a mark (``mark.py``). An original that cannot be made smaller carries none, and would
be tried again every night. So a checksum of its bytes and of the options is kept in the user's
cache folder, which may be emptied at any time.
"""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from io import FileIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib

__all__ = ["KeptCache"]

FOLDER_VARIABLE = "FEWCOLORS_CACHE"
FILE_NAME = "kept"

DIGEST_BYTES = 16
MAX_BYTES = 4_000_000
"""When the file is this large, a quarter of a million pictures, it is emptied."""

PIECE_BYTES = 2**20
"""What is read of a picture at a time."""


class KeptCache:
    """The contents that are known to stay as they are.

    Attributes:
        request: a checksum of the options: with other options other files are kept.
        path: the file in the user's cache folder.
        max_file_bytes: larger files are not looked at.
    """

    def __init__(self, request: int, max_file_bytes: int) -> None:
        """Reads what is known."""
        self.request = request
        self.max_file_bytes = max_file_bytes
        self.path = os.path.join(_cache_folder(), FILE_NAME)
        self._known: set[bytes] = set()
        with contextlib.suppress(OSError), _opened(self.path, os.O_RDONLY) as file:
            data = file.read(MAX_BYTES)
            self._known = {data[i : i + DIGEST_BYTES] for i in range(0, len(data), DIGEST_BYTES)}

    def knows(self, path: str) -> bool:
        """Whether a file with this content was kept, with these options."""
        if not self._known:
            return False
        try:
            with _opened(path, os.O_RDONLY) as file:
                if os.fstat(file.fileno()).st_size > self.max_file_bytes:
                    return False
                digest = self._new_digest()
                while piece := file.read(PIECE_BYTES):
                    digest.update(piece)
        except (OSError, ValueError):
            return False
        return digest.digest() in self._known

    def add(self, content: bytes) -> None:
        """Remembers that a file with this content was kept, in the file too where that is possible.

        Args:
            content: all bytes of the file.
        """
        digest = self._new_digest(content).digest()
        if digest in self._known:
            return
        self._known.add(digest)
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            # Other processes may append too: so few bytes are written in one step.
            with _opened(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT) as file:
                n_bytes = os.fstat(file.fileno()).st_size
                if n_bytes >= MAX_BYTES or n_bytes % DIGEST_BYTES:  # full, or damaged
                    file.truncate(0)
                file.write(digest)

    def _new_digest(self, content: bytes = b"") -> "hashlib.blake2b":
        import hashlib

        salt = self.request.to_bytes(4, "big")
        return hashlib.blake2b(content, digest_size=DIGEST_BYTES, salt=salt)


@contextlib.contextmanager
def _opened(path: str, flags: int) -> Iterator[FileIO]:
    """Opens a regular file; a named pipe would be waited for.

    Raises:
        OSError: it is none, or cannot be opened.
    """
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o666)
    with FileIO(handle, "wb" if flags & os.O_WRONLY else "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError("not a regular file")
        yield file


def _cache_folder() -> str:
    if named := os.environ.get(FOLDER_VARIABLE):
        return named
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "fewcolors")
