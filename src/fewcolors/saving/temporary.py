"""Temporary files, told by their names; a lock tells whether their process is still at work."""

import contextlib
import os
import re
import sys
from collections.abc import Iterator

__all__ = ["TEMPORARY", "remove_if_left_over", "temporary_beside"]

TEMPORARY = re.compile(r"\.[^/]*\.[0-9a-f]{12}\.fewcolors-tmp", re.DOTALL)

NAME_CHARACTERS = 45
"""How many characters of the target's name a temporary name repeats. File systems allow 255 bytes,
and a character takes up to four."""


@contextlib.contextmanager
def temporary_beside(
    target: str, data: bytes, *, mode: int = 0o666, durable: bool = False
) -> Iterator[str]:
    """Writes a file beside a target, for the caller to rename; a file that is left is removed.

    It is locked while it is in use. The system drops the lock when the process ends, however that
    happens.

    Args:
        target: the file whose place it will take.
        data: all of the file.
        mode: its permissions, less what the umask takes away.
        durable: whether to wait until its bytes have reached the disk. Otherwise a power cut may
            leave the new name with nothing in it.

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
    with contextlib.suppress(OSError):  # it is somebody else's, or still in use
        if sys.platform == "win32":
            os.unlink(path)  # fails where it is open
            return
        # O_NONBLOCK: a named pipe of such a name has nobody at its other end to wait for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
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
        # Between opening and locking, another process may have taken it for left over.
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
            raise
        # A file system without locks: its temporary files stay, as one in use is never removed.
