"""From the names of a call, among them folders and patterns, to the files that are meant."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from ...saving.temporary import TEMPORARY, remove_if_left_over
from ..faults import STANDARD

__all__ = ["PICTURE_SUFFIXES", "Input", "find_inputs", "is_picture"]

PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"),
    *(".tif", ".tiff", ".bmp", ".ppm", ".pgm"),
)
"""What is a picture in a folder; a file that is named is one whatever it is called."""

MAGIC = re.compile(r"[*?[]")


class Input(NamedTuple):
    """One file to compress.

    Attributes:
        name: its path, as messages show it.
        inside: its path inside the folder, or inside the fixed part of the pattern, that led to it;
            its own name where it was named.
        is_found: whether a folder or a pattern led to it.
    """

    name: str
    inside: str
    is_found: bool = False


def find_inputs(
    names: list[str],
    *,
    recursive: bool,
    suffixes: tuple[str, ...] = PICTURE_SUFFIXES,
    leave_out: str | None = None,
    once: bool = False,
) -> list[Input]:
    """Finds the files that are meant, in the order given, those of a folder in alphabetical order.

    Hidden files and folders are left out, and links to folders are not followed. Temporary files
    that a killed process has left in a folder are removed on the way.

    Args:
        names: files, folders, and patterns such as ``sprites/**/*.png``.
        recursive: whether folders are entered; else they count as files, which they are not.
        suffixes: the endings of the files that are wanted in folders.
        leave_out: a folder to leave out: where the results go.
        once: whether a file that is reached twice, by links or names, is taken once.
    """
    found: list[Input] = []
    for name in names:
        if recursive and os.path.isdir(name):
            found += _walk(name, "", leave_out and os.path.realpath(leave_out))
        elif name != STANDARD and MAGIC.search(name) and not os.path.lexists(name):
            found += _matches(name) or [Input(name, name)]  # which reading it will find missing
        else:
            found.append(Input(name, os.path.basename(name)))
    wanted = [item for item in found if not item.is_found or is_picture(item.name, suffixes)]
    return _without_repetitions(wanted) if once else wanted


def is_picture(name: str, suffixes: tuple[str, ...] = PICTURE_SUFFIXES) -> bool:
    """Whether a file in a folder is to be compressed."""
    base = os.path.basename(name)
    return base.lower().endswith(suffixes) and not base.startswith(".")


def _walk(folder: str, inside: str, leave_out: str | None) -> Iterator[Input]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield Input(folder, inside)  # reading it will tell why
        return
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            if TEMPORARY.fullmatch(name):
                remove_if_left_over(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            if leave_out is None or os.path.realpath(entry.path) != leave_out:
                yield from _walk(entry.path, os.path.join(inside, name), leave_out)
        elif entry.is_file():
            yield Input(entry.path, os.path.join(inside, name), is_found=True)


def _matches(pattern: str) -> list[Input]:
    import glob

    fixed = MAGIC.split(pattern, maxsplit=1)[0]
    base = os.path.dirname(fixed) or os.curdir
    return [
        Input(path, os.path.relpath(path, base), is_found=True)
        for path in sorted(glob.iglob(pattern, recursive=True))
        if os.path.isfile(path)
    ]


def _without_repetitions(inputs: list[Input]) -> list[Input]:
    """Leaves out what a name or a link leads to once more."""
    places = [os.path.realpath(item.name) for item in inputs]
    links = [item.is_found and os.path.islink(item.name) for item in inputs]
    # Links come last, so that a file is taken under its own name, if that was found.
    order = sorted(range(len(inputs)), key=lambda number: links[number])
    first: dict[str, int] = {}
    for number in order:
        first.setdefault(places[number], number)
    return [
        item
        for number, item in enumerate(inputs)
        if not item.is_found or first[places[number]] == number
    ]
