"""Faults in words for the user: one line that names the file, what is wrong, and what to do."""

import contextlib
import re
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

__all__ = [
    "STANDARD",
    "Fault",
    "Kind",
    "escaped",
    "in_options",
    "quoted_name",
    "quoted_target",
    "reading",
]

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

ARGUMENTS = re.compile(r"\b(?:allow|keep|max|min)(?:_[a-z]+)+\b")
"""Arguments of the library whose names are those of options, with hyphens."""

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


def quoted_name(name: str) -> str:
    """Returns an input's name as messages show it, on one line."""
    if name == STANDARD:
        return "standard input"
    return name if name and name.isprintable() else ascii(name)


def quoted_target(name: str) -> str:
    """Returns a target's name as messages show it, on one line."""
    return "standard output" if name == STANDARD else quoted_name(name)


def escaped(text: str) -> str:
    r"""Returns text without the characters that steer a terminal.

    Names of files, and what decoders say of them, may hold any.

    >>> escaped("a\x1b[2J.png: caf\u00e9")
    'a\\x1b[2J.png: café'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def in_options(message: object) -> str:
    """Returns what the library says, with options of the command in place of its arguments.

    >>> in_options("over the limit; raise max_pixels if you trust the file")
    'over the limit; raise --max-pixels if you trust the file'
    """
    return ARGUMENTS.sub(lambda found: "--" + found[0].replace("_", "-"), str(message))


@contextlib.contextmanager
def reading(
    name: str, folder_remedy: str = "--recursive takes the pictures in it"
) -> Iterator[None]:
    """Turns whatever reading and compressing a file raises into a `Fault`.

    Args:
        name: of the file.
        folder_remedy: what to do if it is a folder.
    """
    file = quoted_name(name)
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
        raise Fault(f"{file}: {in_options(error)}", "too low") from None
    except TooManyBytesError as error:
        raise Fault(f"{file}: {in_options(error)}", "too many bytes") from None
    except PaletteError as error:
        raise Fault(f"{file}: {in_options(error)}", "wrong argument") from None
    except ImageTooLargeError as error:
        raise Fault(f"{file}: {in_options(error)}", "too large") from None
    except EncodeError as error:
        raise Fault(f"{file}: {in_options(error)}") from None
    except FewcolorsError as error:
        raise Fault(f"{file}: {in_options(error)}", "no picture") from None
    except MemoryError:
        raise Fault(f"{file}: not enough memory; try a smaller picture", "no memory") from None
