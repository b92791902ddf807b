"""What is known from earlier runs: pictures that cannot be made smaller, by what is in them.

Results carry a mark (``marker.py``). An original that stands carries none, and would be tried anew
every night; so a checksum of its bytes and of the options is kept in the user's cache folder. It
may be thrown away at any time.
"""

import contextlib
import os
import sys

__all__ = ["Memory"]

FOLDER_VARIABLE = "FEWCOLORS_CACHE"
FILE_NAME = "kept"

DIGEST_BYTES = 16
MAX_BYTES = 4_000_000
"""Beyond a quarter of a million pictures it starts anew."""


class Memory:
    """The contents that are known to stay as they are.

    Attributes:
        request: the checksum of the options: other options, another knowledge.
    """

    def __init__(self, request: int) -> None:
        """Reads what is known."""
        self.request = request
        self.path = os.path.join(_cache_folder(), FILE_NAME)
        self._known: set[bytes] = set()
        with contextlib.suppress(OSError), open(self.path, "rb") as file:
            data = file.read(MAX_BYTES)
            self._known = {data[i : i + DIGEST_BYTES] for i in range(0, len(data), DIGEST_BYTES)}

    def knows(self, content: bytes) -> bool:
        """Whether a file with this content was kept, with these options."""
        return bool(self._known) and self._digest(content) in self._known

    def add(self, content: bytes) -> None:
        """Remembers that a file with this content was kept; failing that, does nothing."""
        digest = self._digest(content)
        if digest in self._known:
            return
        self._known.add(digest)
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            is_full = os.path.exists(self.path) and os.path.getsize(self.path) >= MAX_BYTES
            # Appending so few bytes is one step to other processes.
            with open(self.path, "wb" if is_full else "ab", buffering=0) as file:
                file.write(digest)

    def _digest(self, content: bytes) -> bytes:
        import hashlib

        salt = self.request.to_bytes(4, "big")
        return hashlib.blake2b(content, digest_size=DIGEST_BYTES, salt=salt).digest()


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
