"""Writes files so that other programs never see half of one."""

import contextlib
import errno
import os
import stat
import sys

from .temporary import Content, temporary_beside

__all__ = ["ChangedError", "replace_file", "write_new"]

PRIVATE = 0o600
"""The mode of a temporary file, until it gets the mode of the file that it replaces."""

XATTRS_OF_THE_SYSTEM = ("security.", "trusted.")
"""Prefixes of extended attributes that the system, not the user, sets."""


class ChangedError(OSError):
    """Somebody has written the file since it was read."""


def write_new(target: str, data: Content, *, force: bool = False) -> None:
    """Writes a file under a temporary name, and then renames it.

    Args:
        target: where to.
        data: all of the file, or what writes it; what that raises is raised here.
        force: whether a file that is already there may be replaced; its mode is kept.

    Raises:
        FileExistsError: there is a file, and force is false.
        OSError: it cannot be written; nothing is left behind.
    """
    if not force and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
    if os.path.exists(target) and not os.path.isfile(target):
        raise OSError(errno.EINVAL, "not a regular file", target)  # such as a device
    with temporary_beside(target, data) as temporary:
        if force:
            with contextlib.suppress(FileNotFoundError):
                os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))  # as private as before
            os.replace(temporary, target)
        else:
            _rename_new(temporary, target)


def replace_file(
    path: str, data: bytes, before: os.stat_result, *, preserve_times: bool = False
) -> None:
    """Replaces a file by another with its mode, owner and attributes.

    A symbolic link stays, and what it leads to is replaced. Of a file with several names (hard
    links) the others keep what they have: they may be somebody's backup.

    Args:
        path: an existing file.
        data: all of what it shall be.
        before: its status when it was read.
        preserve_times: whether it keeps the time of its last change, too.

    Raises:
        ChangedError: it is no longer what was read; it stays as it is.
        PermissionError: it is read-only, or its owner cannot be kept.
        OSError: it cannot be written; it is whole, and nothing is left behind.
    """
    target = os.path.realpath(path)
    if not before.st_mode & 0o222 or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only", path)
    with temporary_beside(target, data, mode=PRIVATE, durable=True) as temporary:
        _copy_ownership(target, temporary, before)
        if preserve_times:
            os.utime(temporary, ns=(before.st_atime_ns, before.st_mtime_ns))
        now = os.stat(target)
        if _identity(now) != _identity(before):
            raise ChangedError(errno.EBUSY, "it has changed meanwhile", path)
        os.replace(temporary, target)


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _copy_ownership(source: str, target: str, status: os.stat_result) -> None:
    if sys.platform != "win32":
        made = os.stat(target)
        if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.chown(target, status.st_uid, status.st_gid)
            except PermissionError:
                raise PermissionError(errno.EPERM, "its owner could not be kept", source) from None
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a file system without them
            for name in os.listxattr(source):
                if not name.startswith(XATTRS_OF_THE_SYSTEM):
                    os.setxattr(target, name, os.getxattr(source, name))
    os.chmod(target, stat.S_IMODE(status.st_mode))  # after chown, which takes some of it away


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
