"""The pictures that a source holds, each with what tells whether it has changed."""

import posixpath
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .place import Place, PlaceError, place_of

__all__ = ["RESERVED", "Picture", "find_pictures", "source_of"]

RESERVED = "manifest"
"""The folder of the target in which there are no results."""

CHECKSUMS = ("ETag", "etag", "md5Hash", "content_md5", "generation")
"""What stores call a checksum or number of a file's content; one is enough."""

TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
"""What file systems call the time of the last change; the first that is there counts."""

MAGIC = frozenset("*?[")


class Picture(NamedTuple):
    """One picture of the source.

    Attributes:
        file: its name inside the source, with slashes between folders.
        n_bytes: its size; None where that is unknown.
        state: changes when the picture does; None where nothing tells.
        fault: what is wrong with its place, so that it cannot be compressed.
    """

    file: str
    n_bytes: int | None
    state: str | None
    fault: str | None = None


def source_of(url: str) -> tuple[Place, str | None]:
    """Splits a source into a folder and a pattern below it.

    Args:
        url: a folder, a file or a pattern.

    Returns:
        The folder, whose files are named from there; the pattern, or None for all pictures.
    """
    place = place_of(url)
    parts = place.root.split("/")
    first = next((n for n, part in enumerate(parts) if MAGIC & set(part)), None)
    if first is None or (place.is_local and place.store.exists(place.root)):
        if place.root.strip("/") and place.store.isfile(place.root):
            first = len(parts) - 1
        else:
            return place, None
    root = "/".join(parts[:first]) or "/" * place.root.startswith("/")
    return place._replace(root=root), "/".join(parts[first:])


def find_pictures(
    source: Place,
    pattern: str | None,
    is_wanted: Callable[[str], bool],
    *,
    leave_out: Place | None = None,
) -> Iterator[Picture]:
    """Yields the pictures of a source, folder by folder.

    Hidden files and folders are left out, and links to folders are not followed. A picture whose
    result would have the name of another's in its folder gets a fault.

    Args:
        source: the folder.
        pattern: which files of it; None for all below it.
        is_wanted: whether a file of a name is a picture.
        leave_out: a folder to leave out: where the results go.

    Raises:
        FileNotFoundError: there is no such folder.
        PlaceError: it cannot be listed.
    """
    if pattern is not None:
        yield from _without_clashes(source, source.matches(pattern), is_wanted)
        return
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            entries = source.entries(folder)
        except (FileNotFoundError, PlaceError) as error:
            if not folder:
                raise
            yield Picture(folder, None, None, str(error))
            continue
        left_out = None if leave_out is None else leave_out.root
        waiting += reversed(_folders(source, entries, left_out))
        files = [entry for entry in entries if entry["type"] == "file"]
        yield from _without_clashes(source, files, is_wanted)


def _folders(source: Place, entries: list[dict[str, Any]], leave_out: str | None) -> list[str]:
    """Returns the folders to look through next, by their names inside the source."""
    found = [
        _inside(source, entry)
        for entry in entries
        if entry["type"] == "directory" and not entry.get("islink")
        if entry["name"].rstrip("/") != leave_out
    ]
    return [name for name in found if not posixpath.basename(name).startswith(".")]


def _without_clashes(
    source: Place, entries: list[dict[str, Any]], is_wanted: Callable[[str], bool]
) -> Iterator[Picture]:
    """Yields pictures; where only suffixes differ, all but the first have a fault."""
    first: dict[str, str] = {}
    for entry in entries:
        file = _inside(source, entry)
        if not is_wanted(file):
            continue
        stem = posixpath.splitext(file)[0]
        other = first.setdefault(stem, file)
        fault = _fault_of_name(file)
        if fault is None and other != file:
            fault = f"its result would have the name of that of {other}; rename one"
        yield Picture(file, entry.get("size"), _state(entry), fault)


def _inside(source: Place, entry: dict[str, Any]) -> str:
    name = str(entry["name"]).rstrip("/")
    return (
        name[len(source.root) :].removeprefix("/") if source.root.strip("/") else name.lstrip("/")
    )


def _fault_of_name(file: str) -> str | None:
    """Returns what is wrong with a name that stores allow, and that could lead out of a folder."""
    if {"", ".", ".."} & set(file.split("/")) or "\0" in file or "\\" in file:
        return "its name is none that a file in a folder can have"
    if file.startswith(f"{RESERVED}/"):
        return "its result would be beside the manifest; rename its folder"
    return None


def _state(entry: dict[str, Any]) -> str | None:
    """Returns what is another when the file has changed: its size, and a checksum or a time."""
    for key in (*CHECKSUMS, *TIMES):
        if (value := entry.get(key)) is not None:
            value = str(value).strip('"')
            return f"{entry.get('size')} {value}"
    return None
