"""Parses pngquant's command line, with its abbreviations and its old spellings."""

import getopt
import os
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ..faults import STANDARD
from ..streams import print_error
from . import values
from .statuses import MISSING_ARGUMENT
from .values import QualityRange, WrongUsage

__all__ = ["Request", "parse"]

SHORT_OPTIONS = {
    "-V": "--version",
    "-v": "--verbose",
    "-q": "--quiet",
    "-f": "--force",
    "-h": "--help",
    "-s": "--speed",
    "-Q": "--quality",
    "-o": "--output",
}

FLAGS: dict[str, dict[str, object]] = {
    "--force": {"force": True},
    "--no-force": {"force": False},
    "--verbose": {"verbose": True},
    "--quiet": {"verbose": False},
    "--ordered": {"floyd": 0.0},
    "--nofs": {"floyd": 0.0},
    "--skip-if-larger": {"skip_if_larger": True},
    "--strip": {"strip": True},
    "--transbug": {"transparent_last": True},
    "--iebug": {},
    "--help": {"information": "help"},
    "--version": {"information": "version"},
}
"""Options without a value, and the field of `Request` that each sets."""

VALUED: dict[str, tuple[str, Callable[[str], object]]] = {
    "--colors": ("n_colors", values.read_colors),
    "--quality": ("quality", values.read_quality),
    "--speed": ("speed", values.read_speed),
    "--floyd": ("floyd", values.read_floyd),
    "--posterize": ("posterize", values.read_bits),
    "--map": ("palette", str),
    "--output": ("output", str),
    "--ext": ("ext", str),
}
"""Options with a value, the field of `Request` that each sets, and what parses the value."""

OLD_SPELLINGS = {
    "-ext": "--ext",
    "-floyd": "--floyd=1",
    "-force": "--force",
    "-fs": "--floyd=1",
    "-nofs": "--ordered",
    "-ordered": "--ordered",
    "-speed": "--speed",
    "-verbose": "--verbose",
}

FLOYD_ALONE = ("--fl", "--flo", "--floy", "--floyd")
"""The only option with an optional value, which `getopt` does not support."""


class Request(NamedTuple):
    """What a command line asks for.

    Attributes:
        files: the names of the pictures; "-" is standard input.
        n_colors: the most colours, 2 to 256.
        quality: the qualities to aim at and to insist on; None for the best look of n_colors.
        speed: 1 to 11.
        floyd: the strength of dithering, 0 to 1; 0 for none.
        posterize: the number of low bits that colours lose, 0 to 4.
        palette: the file whose colours to use, or None.
        output: the file to write, or None for one beside each original.
        ext: what replaces .png in the names of results, or None for -fs8.png or -or8.png.
        force: whether to overwrite existing files.
        skip_if_larger: whether to write only results that are small enough for their quality.
        strip: whether to leave out texts and resolution.
        transparent_last: whether the transparent colour comes last in the palette.
        verbose: whether to report progress.
        information: what to print instead of compressing, or None.
    """

    files: tuple[str, ...] = (STANDARD,)
    n_colors: int = values.MOST_COLORS
    quality: QualityRange | None = None
    speed: int = values.DEFAULT_SPEED
    floyd: float = 1.0
    posterize: int = 0
    palette: str | None = None
    output: str | None = None
    ext: str | None = None
    force: bool = False
    skip_if_larger: bool = False
    strip: bool = False
    transparent_last: bool = False
    verbose: bool = False
    information: Literal["help", "version"] | None = None

    @property
    def dithers(self) -> bool:
        """Whether results are dithered, and named -fs8.png."""
        return self.floyd > 0 and self.speed < values.FASTEST


def parse(argv: list[str]) -> Request:
    """Reads a command line.

    Raises:
        WrongUsage: an option or a value is unknown, or a file is missing.

    >>> parse(["--qual", "70-85", "16", "photo.png"]).quality
    QualityRange(least=70, most=85)
    """
    if not argv:
        raise WrongUsage("No arguments given.", MISSING_ARGUMENT, shows_usage=True)
    short = "".join(o[1] + ":" * (long in VALUED) for o, long in SHORT_OPTIONS.items())
    long = [option[2:] for option in FLAGS] + [option[2:] + "=" for option in VALUED]
    try:
        options, words = getopt.gnu_getopt(_with_current_spellings(argv), short, long)
    except getopt.GetoptError as error:
        # The message holds the option as it was typed, perhaps with control characters.
        fault = error.msg if error.msg.isprintable() else ascii(error.msg)[1:-1]
        raise WrongUsage(f"{fault}; see fewcolors-pngquant --help") from None
    given = [(SHORT_OPTIONS.get(name, name), value) for name, value in options]
    names = [name for name, _ in given]
    if informing := [name for name in names if name in ("--help", "--version")]:
        return _with_option(Request(), informing[0], "")  # whatever else is wrong
    request = Request()
    for name, value in given:
        request = _with_option(request, name, value)
    if names.count("--output") > 1:
        raise WrongUsage("--output option can be used only once")
    if "--colors" not in names and words and re.fullmatch(r"\+?\d+", words[0]):
        request = request._replace(n_colors=values.read_colors(words.pop(0)))
    elif not words:
        raise WrongUsage("No input files specified.", MISSING_ARGUMENT, shows_usage=True)
    return _checked(request._replace(files=_file_names(words)))


def _file_names(words: list[str]) -> tuple[str, ...]:
    if len(words) > 1:  # as in pngquant, "-" among several files is a file of that name
        words = [os.path.join(os.curdir, word) if word == STANDARD else word for word in words]
    return tuple(words) or (STANDARD,)


def _with_current_spellings(argv: list[str]) -> list[str]:
    """Replaces the old spellings of options, up to the word that ends the options."""
    words = list(argv)
    for at, word in enumerate(words):
        if word == "--":
            break
        if word in OLD_SPELLINGS:
            words[at] = OLD_SPELLINGS[word]
            new = words[at]
            print_error(f"option '{word}' has been replaced with '{new}'.", start="  warning: ")
        elif word in FLOYD_ALONE:
            words[at] = "--floyd=1"
    return words


def _with_option(request: Request, name: str, text: str) -> Request:
    if name == "--iebug":
        print_error("the workaround for IE6 is deprecated", start="  warning: ")
    changes: dict[str, Any] = FLAGS.get(name, {})
    if name in VALUED:
        field, read = VALUED[name]
        changes = {field: read(text)}
    return request._replace(**changes)


def _checked(request: Request) -> Request:
    if request.output is not None and request.ext is not None:
        raise WrongUsage("--ext and --output options can't be used at the same time")
    if request.output is not None and len(request.files) > 1:
        raise WrongUsage("  error: Only one input file is allowed when --output is used.")
    return request
