"""Faults in words for the user: one line that names the file, what is wrong, and what to do."""

import contextlib
from collections.abc import Iterator
from typing import Literal

from ..errors import (
    EncodeError,
    FewcolorsError,
    ImageTooLargeError,
    PaletteError,
    QualityTooLowError,
    TooManyBytesError,
)

__all__ = ["STANDARD", "Fault", "Kind", "reading", "shown"]

STANDARD = "-"
"""The name that stands for standard input, or standard output."""

Kind = Literal[
    "unreadable",
    "no picture",
    "too large",
    "no memory",
    "too low",
    "too many bytes",
    "wrong argument",
    "exists",
    "unwritable",
    "other",
]
"""What is wrong, for commands that have an exit status for each. A "wrong argument" is one that
does not suit the picture, such as a palette without an opaque colour."""

FAILED = 1
TOO_LOW = 99


class Fault(Exception):
    """What ends the work on one file; its text is all that is printed.

    Attributes:
        kind: what is wrong.
        status: the exit status it asks for.
    """

    def __init__(self, message: str, kind: Kind = "other") -> None:
        super().__init__(message)
        self.kind = kind
        self.status = TOO_LOW if kind == "too low" else FAILED


def shown(name: str) -> str:
    """Returns a file's name as messages show it, on one line."""
    if name == STANDARD:
        return "standard input"
    return name if name and name.isprintable() else ascii(name)


@contextlib.contextmanager
def reading(
    name: str, folder_remedy: str = "--recursive takes the pictures in it"
) -> Iterator[None]:
    """Turns whatever reading and compressing a file raises into a `Fault`.

    Args:
        name: of the file.
        folder_remedy: what to do if it is a folder.
    """
    file = shown(name)
    try:
        yield
    except FileNotFoundError:
        raise Fault(f"{file}: no such file; check the path", "unreadable") from None
    except IsADirectoryError:
        raise Fault(f"{file}: is a folder; {folder_remedy}", "no picture") from None
    except OSError as error:
        reason = error.strerror or error
        raise Fault(f"{file}: cannot be read ({reason}); check the path", "unreadable") from None
    except QualityTooLowError as error:
        raise Fault(f"{file}: {error}", "too low") from None
    except TooManyBytesError as error:
        raise Fault(f"{file}: {error}", "too many bytes") from None
    except PaletteError as error:
        raise Fault(f"{file}: {error}", "wrong argument") from None
    except ImageTooLargeError as error:
        raise Fault(f"{file}: {error}", "too large") from None
    except EncodeError as error:
        raise Fault(f"{file}: {error}") from None
    except FewcolorsError as error:
        raise Fault(f"{file}: {error}", "no picture") from None
    except MemoryError:
        raise Fault(f"{file}: not enough memory; try a smaller picture", "no memory") from None
