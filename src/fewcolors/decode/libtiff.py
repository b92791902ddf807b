"""Listens to libtiff, with which Pillow reads compressed TIFF.

libtiff writes its errors to standard error, hundreds of lines of them, and goes on with wrong
pixels after some. Here they are counted instead.
"""

import contextlib
import ctypes
import threading
from functools import cache
from typing import Any

from PIL import _imaging

__all__ = ["errors_so_far", "listen"]


class _Errors(threading.local):
    """The errors of a thread: libtiff calls back from the thread that decodes."""

    count = 0


_errors = _Errors()


def errors_so_far() -> int:
    """Returns how many errors libtiff has reported in this thread."""
    return _errors.count


@cache
def listen() -> Any:
    """Has libtiff report its errors here, and its warnings nowhere.

    Where Pillow contains libtiff rather than linking to it, it cannot be reached.
    """

    def count(*_: object) -> None:
        _errors.count += 1

    # Module, format, and a va_list, which every platform passes as a pointer.
    parameters = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
    handler = ctypes.CFUNCTYPE(None, *parameters)(count)
    with contextlib.suppress(AttributeError, OSError):
        library = ctypes.CDLL(_imaging.__file__)
        library.TIFFSetErrorHandler(handler)
        library.TIFFSetWarningHandler(None)
    return handler  # kept by the cache, as libtiff calls it from now on
