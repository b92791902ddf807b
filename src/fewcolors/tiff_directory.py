"""Directories of TIFF: tags with typed values, some of which are directories themselves.

EXIF data are such directories too. Their values are copied with the types they have: Pillow keeps
no types, and would guess them. After "TIFF Revision 6.0", Adobe 1992, and "Exif 3.0", CIPA 2023.
"""

import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

__all__ = [
    "Directory",
    "Entry",
    "ascii_entry",
    "byte_entry",
    "exif_of",
    "longs",
    "rationals",
    "read_exif",
    "shorts",
    "undefined_entry",
    "written_at",
]

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7

VALUE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 1, 7: 1, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4}
"""Of a number of each type; a rational is two numbers."""
PAIRS = (5, 10)

ENTRY_BYTES = 12
INLINE_BYTES = 4

EXIF, GPS, INTEROPERABILITY = 0x8769, 0x8825, 0xA005
NESTED: dict[int, tuple[int, ...]] = {
    0: (EXIF, GPS),
    EXIF: (INTEROPERABILITY,),
    GPS: (),
    INTEROPERABILITY: (),
}
"""The tags that point at further directories, by the tag of their own directory; 0 of the first."""

UNDEFINED_TAGS: dict[int, tuple[int, ...]] = {
    EXIF: (
        *(0x8828, 0x9000, 0x9101, 0x927C, 0x9286, 0xA000),
        *(0xA20C, 0xA300, 0xA301, 0xA302, 0xA40B),
    ),
    GPS: (0x001B, 0x001C),
    INTEROPERABILITY: (0x0002,),
}
"""Tags of a directory whose type Exif fixes as UNDEFINED. Pillow writes most of them as BYTE."""

LITTLE_ENDIAN = b"II*\0"
FIRST_DIRECTORY = 8

MAX_NUMBER = 2**32 - 1


class Entry(NamedTuple):
    """The value of a tag.

    Attributes:
        kind: the number of its type.
        n_values: how many values of the type there are.
        data: the values, little-endian.
        directory: what the value points at, if it is a directory.
    """

    kind: int
    n_values: int
    data: bytes
    directory: "Directory | None" = None


Directory: TypeAlias = dict[int, Entry]
"""Entries by the number of their tag."""


def shorts(*values: int) -> Entry:
    """Returns integers of 16 bits."""
    return Entry(SHORT, len(values), struct.pack(f"<{len(values)}H", *values))


def longs(*values: int) -> Entry:
    """Returns integers of 32 bits.

    Raises:
        struct.error: one is too large.
    """
    return Entry(LONG, len(values), struct.pack(f"<{len(values)}I", *values))


def rationals(*values: float) -> Entry:
    """Returns positive numbers as fractions."""
    fractions = [number for value in values for number in _fraction(value)]
    return Entry(RATIONAL, len(values), struct.pack(f"<{len(fractions)}I", *fractions))


def ascii_entry(text: bytes) -> Entry:
    """Returns a text."""
    return Entry(ASCII, len(text) + 1, text + b"\0")


def byte_entry(data: bytes) -> Entry:
    """Returns numbers of 8 bits."""
    return Entry(BYTE, len(data), data)


def undefined_entry(data: bytes) -> Entry:
    """Returns bytes whose meaning the tag defines."""
    return Entry(UNDEFINED, len(data), data)


def written_at(directory: Directory, start: int) -> bytes:
    """Returns a directory and its values as the bytes that begin at a place of the file.

    Raises:
        struct.error: the file is larger than 32 bits can number.
    """
    entries, values = b"", b""
    values_at = start + 2 + ENTRY_BYTES * len(directory) + 4
    for tag, entry in sorted(directory.items()):
        kind, n_values, data = entry.kind, entry.n_values, entry.data
        if entry.directory is not None:
            kind, n_values, data = LONG, 1, struct.pack("<I", values_at + len(values))
            values += written_at(entry.directory, values_at + len(values))
        elif len(data) > INLINE_BYTES:
            at, data = struct.pack("<I", values_at + len(values)), data + bytes(len(data) % 2)
            data, values = at, values + data
        entries += struct.pack("<HHI", tag, kind, n_values) + data.ljust(INLINE_BYTES, b"\0")
    return struct.pack("<H", len(directory)) + entries + bytes(4) + values


def exif_of(directory: Directory) -> bytes:
    """Returns a directory as EXIF data, a TIFF structure."""
    return (
        LITTLE_ENDIAN + struct.pack("<I", FIRST_DIRECTORY) + written_at(directory, FIRST_DIRECTORY)
    )


def read_exif(exif: bytes, tags: Sequence[int]) -> Directory:
    """Reads the given tags of EXIF data, and all of the directories they point at.

    Args:
        exif: a TIFF structure.
        tags: to look for in its first directory.

    Returns:
        What is there; a value that is damaged, or points nowhere, is left out.
    """
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 8:
        return {}
    (start,) = struct.unpack_from(f"{order}I", exif, 4)
    return _ExifReader(exif, order).directory(start, tags)


class _ExifReader:
    """Reads directories. All values together are no longer than the data: none is read twice."""

    def __init__(self, exif: bytes, order: str) -> None:
        self._exif = exif
        self._order = order
        self._left = len(exif)

    def directory(self, start: int, tags: Sequence[int] = (), parent: int = 0) -> Directory:
        """Reads the directory at a place: the given tags, or all of them."""
        found: Directory = {}
        if start + 2 > len(self._exif):
            return found
        (count,) = struct.unpack_from(f"{self._order}H", self._exif, start)
        count = min(count, (len(self._exif) - start - 2) // ENTRY_BYTES)
        for at in range(start + 2, start + 2 + ENTRY_BYTES * count, ENTRY_BYTES):
            tag, kind = struct.unpack_from(f"{self._order}HH", self._exif, at)
            if (tags and tag not in tags) or tag in found:
                continue
            entry = self._pointed_at(tag, at) if tag in NESTED[parent] else self._value(at)
            if entry is not None:
                found[tag] = entry._replace(kind=_true_kind(tag, kind, parent))
        return found

    def _pointed_at(self, tag: int, at: int) -> Entry | None:
        (place,) = struct.unpack_from(f"{self._order}I", self._exif, at + 8)
        inner = self.directory(place, parent=tag)
        return Entry(LONG, 1, b"", inner) if inner else None

    def _value(self, at: int) -> Entry | None:
        """Returns the value of the entry at a place; None where it is damaged."""
        kind, n_values = struct.unpack_from(f"{self._order}HI", self._exif, at + 2)
        size = VALUE_BYTES.get(kind, 0)
        n_numbers = n_values * (2 if kind in PAIRS else 1)
        n_bytes = size * n_numbers
        place = at + 8
        if n_bytes > INLINE_BYTES:
            (place,) = struct.unpack_from(f"{self._order}I", self._exif, place)
        if n_bytes == 0 or place + n_bytes > len(self._exif) or n_bytes > self._left:
            return None
        self._left -= n_bytes
        letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
        numbers = struct.unpack_from(f"{self._order}{n_numbers}{letter}", self._exif, place)
        return Entry(kind, n_values, struct.pack(f"<{n_numbers}{letter}", *numbers))


def _true_kind(tag: int, kind: int, parent: int) -> int:
    """Returns the type of a value, corrected where it is BYTE and Exif says UNDEFINED."""
    is_undefined = tag in UNDEFINED_TAGS.get(parent, ())
    return UNDEFINED if kind == BYTE and is_undefined else kind


def _fraction(value: float) -> tuple[int, int]:
    """Returns numerator and denominator of 32 bits each."""
    is_large = value > 1
    near = Fraction(1 / value if is_large else value).limit_denominator(MAX_NUMBER)
    pair = (near.numerator, near.denominator)
    return pair[::-1] if is_large else pair
