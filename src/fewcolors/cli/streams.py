"""Standard input and output, which may be closed, full, or a terminal."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from typing import IO, TextIO

from ..limits import MAX_FILE_BYTES
from .faults import STANDARD, Fault, escaped, quoted_name, reading

__all__ = [
    "abandon",
    "escape_names",
    "picture_source",
    "print_error",
    "print_line",
    "read_standard",
    "write_standard",
]

RAISE_LIMIT = "raise --max-file-bytes if you trust the file and have the memory"


def escape_names() -> None:
    """Prints names that the terminal's encoding lacks with escapes, rather than failing."""
    for stream in (sys.stdout, sys.stderr):
        # Tests and notebooks replace them by streams that have no reconfigure.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def picture_source(name: str, max_bytes: int = MAX_FILE_BYTES) -> str | bytes:
    """Returns what to decode for an input.

    Args:
        name: of a file, or STANDARD.
        max_bytes: the most that it may hold.

    Returns:
        The path of a regular file; all bytes of standard input, a named pipe or a device, which can
        be read only once.

    Raises:
        Fault: it holds more, or cannot be read.
    """
    if name == STANDARD:
        return read_standard(max_bytes, RAISE_LIMIT)
    with reading(name):
        mode = os.stat(name).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError
        if not stat.S_ISREG(mode):
            with open(name, "rb") as file:
                return _read_up_to(max_bytes, file, name, RAISE_LIMIT)
        if os.path.getsize(name) > max_bytes:
            raise _too_large(name, max_bytes, RAISE_LIMIT)
    return name


def read_standard(
    max_bytes: int = MAX_FILE_BYTES, remedy: str = "choose a smaller picture"
) -> bytes:
    """Returns all of standard input.

    Args:
        max_bytes: the most that it may hold.
        remedy: what to do if it holds more.

    Raises:
        Fault: it is closed, or holds more.
    """
    if sys.stdin is None:
        raise Fault("standard input: is closed; give the picture with < FILE", "unreadable")
    return _read_up_to(max_bytes, sys.stdin.buffer, STANDARD, remedy)


def _read_up_to(max_bytes: int, file: IO[bytes], name: str, remedy: str) -> bytes:
    from ..decode.sources import read_up_to  # which a run that reads no stream does without

    data = read_up_to(file, max_bytes)
    if data is None:
        raise _too_large(name, max_bytes, remedy)
    return data


def _too_large(name: str, max_bytes: int, remedy: str) -> Fault:
    return Fault(f"{quoted_name(name)}: more than {max_bytes:,} bytes; {remedy}", "too large")


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
    """Prints a line on standard error, unless that is closed or full."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(start + escaped(message), file=sys.stderr, flush=True)


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
    """Sends the rest of a stream to the null device.

    Otherwise Python would try to write it once more when it ends, and print a warning.
    """
    if stream is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
