"""Temporary files, told by their names; a lock tells whether their process is still at work."""

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from typing import IO, TypeAlias

__all__ = [
    "TEMPORARY",
    "Content",
    "remove_if_left_over",
    "temporary_beside",
    "temporary_folder_beside",
]

TEMPORARY = re.compile(r"\.[^/]*\.[0-9a-f]{12}\.fewcolors-tmp", re.DOTALL)

NAME_CHARACTERS = 45
"""How many characters of the target's name a temporary name repeats. File systems allow 255 bytes,
and a character takes up to four."""


Content: TypeAlias = bytes | Callable[[IO[bytes]], None]
"""All bytes of a file, or what writes them to a file that is open for reading and writing."""


@contextlib.contextmanager
def temporary_beside(
    target: str, data: Content, *, mode: int = 0o666, durable: bool = False
) -> Iterator[str]:
    """Writes a file beside a target, for the caller to rename; a file that is left is removed.

    It is locked while it is in use. The system drops the lock when the process ends, however that
    happens.

    Args:
        target: the file whose place it will take.
        data: all of the file, or what writes it; what that raises is raised here.
        mode: its permissions, less what the umask takes away.
        durable: whether to wait until its bytes have reached the disk. Otherwise a power cut may
            leave the new name with nothing in it.

    Yields:
        Its path.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    path = _unique_name(target)
    try:  # from before it is there: an interruption may come at any time
        handle = _create(path, mode)
        with open(path, "w+b", opener=lambda *_: handle) as file:
            if callable(data):
                data(file)
            else:
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


@contextlib.contextmanager
def temporary_folder_beside(target: str) -> Iterator[str]:
    """Makes a folder beside a target, for the caller to fill and rename; what is left is removed.

    It is locked while it is in use, as temporary files are.

    Yields:
        Its path.

    Raises:
        OSError: it cannot be made, or locked where others lock.
    """
    path = _unique_name(target)
    handle = None
    try:
        os.mkdir(path)
        if sys.platform != "win32":
            handle = os.open(path, os.O_RDONLY)
            _lock(handle, wait=True)
        yield path
    except BaseException:
        import shutil  # which loads more than a short run needs

        shutil.rmtree(path, ignore_errors=True)
        raise
    finally:
        if handle is not None:
            os.close(handle)


def remove_if_left_over(path: str) -> None:
    """Removes a temporary file or folder if the process that made it is gone."""
    with contextlib.suppress(OSError):  # it is somebody else's, or still in use
        if sys.platform == "win32":
            os.unlink(path)  # fails where it is open, and of folders
            return
        # O_NONBLOCK: a named pipe of such a name has nobody at its other end to wait for.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            _lock(handle, wait=False)
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                import shutil

                shutil.rmtree(path)
            else:
                os.unlink(path)
        finally:
            os.close(handle)


def _create(path: str, mode: int) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        handle = os.open(path, flags, mode)
        _lock(handle, wait=True)
        # Between opening and locking, another process may have taken it for left over.
        if sys.platform == "win32" or os.fstat(handle).st_nlink > 0:
            return handle
        os.close(handle)


def _unique_name(target: str) -> str:
    folder, name = os.path.split(target)
    unique = f".{name[:NAME_CHARACTERS]}.{os.urandom(6).hex()}.fewcolors-tmp"
    return os.path.join(folder, unique)


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
