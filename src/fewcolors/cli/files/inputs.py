"""From the names that were given, among them folders and patterns, to the files that are meant."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from ...gigapixel.kinds import is_zarr
from ...saving.temporary import TEMPORARY, remove_if_left_over
from ..faults import STANDARD
from .patterns import MAGIC, fixed_folder, matching_files

__all__ = ["PICTURE_SUFFIXES", "Input", "find_inputs", "is_picture"]

PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif"),
    *(".tif", ".tiff", ".bmp", ".ppm", ".pgm"),
)
"""What is a picture in a folder; a file that is named is one whatever it is called."""


class Input(NamedTuple):
    """One file to compress.

    Attributes:
        name: its path, as messages show it.
        inside: its path inside the folder, or inside the fixed part of the pattern, that led to it;
            its own name where it was named.
        is_found: whether a folder or a pattern led to it.
        is_link: whether that led to a symbolic link.
    """

    name: str
    inside: str
    is_found: bool = False
    is_link: bool = False


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
    that a killed process has left in a folder are removed.

    Args:
        names: files, folders, and patterns such as ``sprites/**/*.png``.
        recursive: whether folders are entered; else they count as files, which they are not.
        suffixes: the endings of the files that are wanted in folders.
        leave_out: a folder to leave out: where the results go.
        once: whether a file that is reached twice, by names or links, is taken once.
    """
    found: list[Input] = []
    for name in names:
        is_array = is_zarr(name)
        if is_array:
            name = name.rstrip(os.sep)
        if recursive and os.path.isdir(name) and not is_array:
            below = _walk(name, leave_out and os.path.realpath(leave_out))
        elif name != STANDARD and MAGIC.search(name) and not os.path.lexists(name):
            below = _matches(name)
        else:
            below = iter([Input(name, os.path.basename(name))])
        found += [item for item in below if not item.is_found or is_picture(item.name, suffixes)]
    may_repeat = len(names) > 1 or any(item.is_link for item in found)
    return _without_repetitions(found) if once and may_repeat else found


def is_picture(name: str, suffixes: tuple[str, ...] = PICTURE_SUFFIXES) -> bool:
    """Whether a file in a folder is to be compressed."""
    base = os.path.basename(name)
    return base.lower().endswith(suffixes) and not base.startswith(".")


def _walk(folder: str, leave_out: str | None) -> Iterator[Input]:
    """Yields the files of a folder and those below it.

    The folders that are being looked through are kept in a list: trees may be deeper than Python's
    stack.
    """
    open_folders = [_entries(_Folder(folder, "", os.path.realpath(folder)), leave_out)]
    while open_folders:
        item = next(open_folders[-1], None)
        if item is None:
            open_folders.pop()
        elif isinstance(item, Input):
            yield item
        else:
            open_folders.append(_entries(item, leave_out))


class _Folder(NamedTuple):
    """A folder: its name, its path inside the one that was given, and its path without links."""

    name: str
    inside: str
    place: str


def _entries(folder: _Folder, leave_out: str | None) -> "Iterator[Input | _Folder]":
    """Yields what a folder holds, in alphabetical order, and removes temporary files left in it."""
    try:
        with os.scandir(folder.name) as opened:
            entries = sorted(opened, key=lambda entry: entry.name)
    except OSError:
        yield Input(folder.name, folder.inside)  # reading it will tell why
        return
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            if TEMPORARY.fullmatch(name):
                remove_if_left_over(entry.path)
            continue
        try:
            is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
        except OSError:  # such as a link to itself: reading it will tell
            is_folder, is_file = False, True
        inside = os.path.join(folder.inside, name)
        if is_folder:
            place = os.path.join(folder.place, name)  # no link, so this holds none either
            if place != leave_out:
                yield _Folder(entry.path, inside, place)
        elif is_file:
            yield Input(entry.path, inside, is_found=True, is_link=entry.is_symlink())


def _matches(pattern: str) -> Iterator[Input]:
    base = fixed_folder(pattern)
    files = matching_files(pattern)
    if not files:
        yield Input(pattern, pattern)  # reading it will tell that there is none
    for path in files:
        inside, is_link = os.path.relpath(path, base), os.path.islink(path)
        yield Input(path, inside, is_found=True, is_link=is_link)


def _without_repetitions(inputs: list[Input]) -> list[Input]:
    """Takes each file once, under a name of its own rather than that of a link to it."""
    places = [os.path.realpath(item.name) for item in inputs]
    links = [os.path.islink(item.name) for item in inputs]
    order = sorted(range(len(inputs)), key=lambda number: links[number])
    first: dict[str, int] = {}
    for number in order:
        first.setdefault(places[number], number)
    return [item for number, item in enumerate(inputs) if first[places[number]] == number]
