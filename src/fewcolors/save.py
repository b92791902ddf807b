"""Writing files so that nobody, at any moment, meets half of one."""

import contextlib
import errno
import os
import stat

__all__ = ["write_new"]


def write_new(target: str, data: bytes, *, force: bool = False) -> None:
    """Writes a file beside its target and then gives it its name.

    Args:
        target: where to.
        data: all of the file.
        force: whether a file that is already there may be replaced; its mode is kept.

    Raises:
        FileExistsError: there is a file, and force is false.
        OSError: it cannot be written; nothing is left behind.
    """
    if not force and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    if os.path.exists(target) and not os.path.isfile(target):
        raise OSError(errno.EINVAL, "not a regular file", target)  # replacing would destroy it
    folder, name = os.path.split(target)
    # File systems allow names of 255 bytes; a character is up to four.
    temporary = os.path.join(folder, f".{name[:50]}.{os.urandom(6).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666)  # less what the umask takes away
    try:
        with open(handle, "wb") as file:
            file.write(data)
        if force:
            with contextlib.suppress(FileNotFoundError):
                os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))  # as private as before
            os.replace(temporary, target)
        else:
            _rename_new(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _rename_new(temporary: str, target: str) -> None:
    """Renames, unless the target has come into being meanwhile."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError, AttributeError):  # a file system without hard links
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target) from None
        os.replace(temporary, target)
    else:
        os.unlink(temporary)
