"""What pngquant's command line asks for, with its abbreviations and its old spellings."""

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

__all__ = ["Asked", "parse"]

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
    "--help": {"shows": "help"},
    "--version": {"shows": "version"},
}
"""Options without a value, and the fields of `Asked` that they set."""

VALUED: dict[str, tuple[str, Callable[[str], object]]] = {
    "--colors": ("n_colors", values.colors),
    "--quality": ("quality", values.quality),
    "--speed": ("speed", values.speed),
    "--floyd": ("floyd", values.floyd),
    "--posterize": ("posterize", values.bits),
    "--map": ("palette", str),
    "--output": ("output", str),
    "--ext": ("ext", str),
}
"""Options with a value, the field of `Asked` that it is, and what reads it."""

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
"""The one option whose value may be left out; getopt knows no such options."""


class Asked(NamedTuple):
    """What is asked for.

    Attributes:
        files: the pictures, or standard input alone.
        n_colors: 2 to 256.
        quality: None for the best look that so many colours can have.
        speed: 1 to 11.
        floyd: the strength of dithering, 0 to 1; 0 for none.
        posterize: bits to do without, 0 to 4.
        palette: the picture whose colours to use, or None.
        output: where to write, or None for beside the original.
        ext: what replaces .png there, or None for the usual.
        force: whether to overwrite.
        skip_if_larger: whether to write only what is enough smaller.
        strip: whether to leave out texts and resolution.
        transparent_last: whether the transparent colour is to be the last of the palette.
        verbose: whether to say what is done.
        shows: what to show instead of doing anything, or None.
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
    shows: Literal["help", "version"] | None = None

    @property
    def dithers(self) -> bool:
        """Whether results are dithered, as their names say."""
        return self.floyd > 0 and self.speed < values.FASTEST


def parse(argv: list[str]) -> Asked:
    """Reads a command line.

    Raises:
        WrongUsage: it makes no sense.

    >>> parse(["--qual", "70-85", "16", "photo.png"]).quality
    QualityRange(least=70, most=85)
    """
    if not argv:
        raise WrongUsage("No arguments given.", MISSING_ARGUMENT, shows_usage=True)
    short = "".join(o[1] + ":" * (long in VALUED) for o, long in SHORT_OPTIONS.items())
    long = [option[2:] for option in FLAGS] + [option[2:] + "=" for option in VALUED]
    try:
        options, words = getopt.gnu_getopt(_modern(argv), short, long)
    except getopt.GetoptError as error:
        raise WrongUsage(f"{error.msg}; see fewcolors-pngquant --help") from None
    given = [(SHORT_OPTIONS.get(name, name), value) for name, value in options]
    asked = Asked()
    for name, value in given:
        asked = _with_option(asked, name, value)
        if asked.shows is not None:
            return asked
    names = [name for name, _ in given]
    if names.count("--output") > 1:
        raise WrongUsage("--output option can be used only once")
    if "--colors" not in names and words and re.fullmatch(r"\+?\d+", words[0]):
        asked = asked._replace(n_colors=values.colors(words.pop(0)))
    elif not words:
        raise WrongUsage("No input files specified.", MISSING_ARGUMENT, shows_usage=True)
    return _checked(asked._replace(files=_files(words)))


def _files(words: list[str]) -> tuple[str, ...]:
    if len(words) > 1:  # among several files - is the name of one
        words = [os.path.join(os.curdir, word) if word == STANDARD else word for word in words]
    return tuple(words) or (STANDARD,)


def _modern(argv: list[str]) -> list[str]:
    """Returns the words in today's spelling, up to the one that ends the options."""
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


def _with_option(asked: Asked, name: str, text: str) -> Asked:
    if name == "--iebug":
        print_error("the workaround for IE6 is deprecated", start="  warning: ")
    changes: dict[str, Any] = FLAGS.get(name, {})
    if name in VALUED:
        field, read = VALUED[name]
        changes = {field: read(text)}
    return asked._replace(**changes)


def _checked(asked: Asked) -> Asked:
    if asked.output is not None and asked.ext is not None:
        raise WrongUsage("--ext and --output options can't be used at the same time")
    if asked.output is not None and len(asked.files) > 1:
        raise WrongUsage("  error: Only one input file is allowed when --output is used.")
    return asked
