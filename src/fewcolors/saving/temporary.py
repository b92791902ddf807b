"""Temporary files that are known by their names and, when their process is gone, by their locks."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator

__all__ = ["TEMPORARY", "remove_if_left_over", "temporary_beside"]

TEMPORARY = re.compile(r"\.[^/]*\.[0-9a-f]{12}\.fewcolors-tmp", re.DOTALL)

NAME_CHARACTERS = 45
"""Of the target's name: file systems allow 255 bytes, and a character is up to four."""


@contextlib.contextmanager
def temporary_beside(
    target: str, data: bytes, *, mode: int = 0o666, durable: bool = False
) -> Iterator[str]:
    """Writes a file beside a target, to be given the target's name; else it is removed.

    While it is in use it is locked: the lock goes with the process, however that ends.

    Args:
        target: the file whose place it will take.
        data: all of the file.
        mode: its permissions, less what the umask takes away.
        durable: whether its bytes must have reached the disk, so that no power cut leaves a new
            name with nothing in it.

    Yields:
        Its path.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    path, handle = _create(target, mode)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
            if sys.platform != "win32":
                yield path  # locked until the file is closed
        if sys.platform == "win32":  # there an open file can be neither renamed nor removed
            yield path
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def remove_if_left_over(path: str) -> None:
    """Removes a temporary file if the process that made it is gone."""
    with contextlib.suppress(OSError):  # somebody else's, or still in use
        if sys.platform == "win32":
            os.unlink(path)  # fails where it is open
            return
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            _lock(handle, wait=False)
            os.unlink(path)
        finally:
            os.close(handle)


def _create(target: str, mode: int) -> tuple[str, int]:
    folder, name = os.path.split(target)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        unique = f".{name[:NAME_CHARACTERS]}.{os.urandom(6).hex()}.fewcolors-tmp"
        path = os.path.join(folder, unique)
        handle = os.open(path, flags, mode)
        _lock(handle, wait=True)
        # Between the two, another process may have taken it for left over.
        if sys.platform == "win32" or os.fstat(handle).st_nlink > 0:
            return path, handle
        os.close(handle)


def _lock(handle: int, *, wait: bool) -> None:
    """Locks an open file.

    Raises:
        OSError: another process has it, and wait is false.
    """
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        if not wait:
            raise  # a file system without locks may leave some behind, rather than remove too many
