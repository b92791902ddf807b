"""Standard input and output, which may be closed, full, or a terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from .faults import Fault

__all__ = [
    "abandon",
    "print_error",
    "print_line",
    "read_standard",
    "survive_any_name",
    "write_standard",
]


def survive_any_name() -> None:
    """Lets names that do not suit the terminal's encoding be printed, with escapes."""
    for stream in (sys.stdout, sys.stderr):
        # Tests and notebooks put streams of other kinds in their place.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def read_standard() -> bytes:
    """Returns all of standard input.

    Raises:
        Fault: it is closed.
    """
    if sys.stdin is None:
        raise Fault("standard input: is closed; give the picture with < FILE", "unreadable")
    return sys.stdin.buffer.read()


def write_standard(data: bytes) -> None:
    """Writes a picture to standard output.

    Raises:
        Fault: it is closed, full, or a terminal.
    """
    if sys.stdout is not None and sys.stdout.isatty():
        raise Fault(
            "standard output: is a terminal; send it on with > FILE, or name one with -o",
            "unwritable",
        )
    with _writing(sys.stdout):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def print_line(line: str, stream: TextIO | None) -> None:
    """Prints a line of the report.

    Raises:
        Fault: the stream is closed or full.
    """
    with _writing(stream):
        print(line, file=stream, flush=True)


def print_error(message: str, *, start: str = "fewcolors: ") -> None:
    """Prints a line on standard error, if there is one to print it on."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(start + message, file=sys.stderr, flush=True)


@contextlib.contextmanager
def _writing(stream: TextIO | None) -> Iterator[None]:
    if stream is None:
        raise Fault("standard output: is closed; send it on with > FILE", "unwritable")
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon(stream)
        raise Fault(
            f"standard output: cannot be written ({error.strerror}); send it elsewhere",
            "unwritable",
        ) from None


def abandon(stream: TextIO | None) -> None:
    """Points a stream at nothing, or Python would try once more, and complain, when it ends."""
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
