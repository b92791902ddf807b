"""Files that match a pattern such as ``sprites/**/*.png``."""

import contextlib
import os
import re
import stat
from collections.abc import Iterator

__all__ = ["MAGIC", "fixed_folder", "matching_files"]

MAGIC = re.compile(r"[*?[]")
"""What makes a name a pattern."""

ANY_DEPTH = "**"
SEPARATORS = re.compile(r"[/\\]+" if os.sep == "\\" else "/+")


def fixed_folder(pattern: str) -> str:
    """Returns the folder that a pattern starts in.

    >>> fixed_folder("in/a*/b.png"), fixed_folder("*.png")
    ('in', '.')
    """
    return os.path.dirname(MAGIC.split(pattern, maxsplit=1)[0]) or os.curdir


def matching_files(pattern: str) -> list[str]:
    """Returns the files that match a pattern, in alphabetical order.

    As in a shell, ``*``, ``?`` and ``[...]`` stand for characters of a name, and ``**`` for any
    number of folders. None of them stands for what is hidden, and ``**`` does not follow links.
    The folders wait in a list: trees may be deeper than Python's stack, which `glob` needs.
    """
    drive, rest = os.path.splitdrive(pattern)
    root = drive + os.sep if SEPARATORS.match(rest) else drive
    parts = [part for part in SEPARATORS.split(rest) if part]
    if parts[-1] == ANY_DEPTH:
        parts.append("*")
    files: set[str] = set()
    waiting = [(root, 0)]
    seen = set(waiting)
    while waiting:
        folder, number = waiting.pop()
        further: list[tuple[str, int]] = []
        if parts[number] == ANY_DEPTH:
            further = [(folder, number + 1), *((path, number) for path in _folders(folder))]
        else:
            found = _matching(folder, parts[number])
            if number + 1 < len(parts):
                further = [(path, number + 1) for path in found]
            else:
                files.update(filter(_is_file, found))
        waiting += [place for place in further if place not in seen]
        seen.update(further)
    return sorted(files)


def _matching(folder: str, part: str) -> list[str]:
    """Returns what a folder holds that matches one part of a pattern."""
    if not MAGIC.search(part):
        path = os.path.join(folder, part)
        return [path] if os.path.lexists(path) else []
    import fnmatch

    is_match = re.compile(fnmatch.translate(os.path.normcase(part))).match
    names = [entry.name for entry in _entries(folder)]
    return [
        os.path.join(folder, name)
        for name in names
        if is_match(os.path.normcase(name)) and (part.startswith(".") or not name.startswith("."))
    ]


def _folders(folder: str) -> Iterator[str]:
    for entry in _entries(folder):
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield os.path.join(folder, entry.name)


def _entries(folder: str) -> "list[os.DirEntry[str]]":
    try:
        return list(os.scandir(folder or os.curdir))
    except OSError:  # no folder, or not to be read
        return []


def _is_file(path: str) -> bool:
    """Whether it is a regular file, or a link that cannot be followed, which reading will tell."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except FileNotFoundError:
        return False
    except OSError:
        return True
