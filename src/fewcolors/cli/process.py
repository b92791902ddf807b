"""A command as a process: interruptions, pipes that close, and a quick end."""

import contextlib
import gc
import os
import sys
import warnings
from collections.abc import Callable
from typing import NoReturn

from .._core import keep_freed_memory
from .streams import abandon, escape_names, print_error

__all__ = ["end_with", "guarded"]

FAILED = 1
INTERRUPTED = 130

OBJECTS_A_COLLECTION = 100_000
"""Importing makes some ten thousand objects that stay. To look them over for garbage again and
again, as Python does every 700, takes 5 ms of a run of 180."""


def guarded(work: Callable[[], int]) -> int:
    """Does the work of a command.

    Args:
        work: returns the exit status.

    Returns:
        The exit status; 130 if interrupted, 1 if nobody reads the report any more.
    """
    escape_names()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a decoder's doubts; what it cannot read is an error
            return work()
    except KeyboardInterrupt:
        print_error("interrupted")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read the report has seen enough
        abandon(sys.stdout)
        abandon(sys.stderr)
        return FAILED


def end_with(main: Callable[[], int]) -> NoReturn:
    """Runs a command as a process of its own, which ends with it.

    It ends at once: all files are closed by then, and Python would spend a tenth of a short run on
    taking itself apart.
    """
    gc.set_threshold(OBJECTS_A_COLLECTION)
    keep_freed_memory()
    status = main()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
    os._exit(status)
