"""The chunks that a PNG is made of: found, read and written here.

After "Portable Network Graphics (PNG) Specification (Third Edition)", W3C 2025, section 5.
"""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple, TypeAlias

__all__ = [
    "BESIDES_DATA",
    "CHECKSUM_BYTES",
    "HEADER_END",
    "LARGEST_NUMBER",
    "SIGNATURE",
    "ChunkPlace",
    "checksum_of",
    "chunks_of",
    "find_chunks",
    "png_chunk",
    "png_file",
    "with_chunks_after_header",
]

ChunkData: TypeAlias = bytes | bytearray | memoryview

SIGNATURE = b"\x89PNG\r\n\x1a\n"

HEADER_END = 33
"""Where IHDR ends, which is always the first chunk after the signature."""

LARGEST_NUMBER = 2**31 - 1
"""Of pixels along a side, and of bytes of a chunk's data (PNG, 7.1)."""

BESIDES_DATA = 12
"""Bytes of a chunk for its length, name and checksum."""

BEFORE_DATA = 8
CHECKSUM_BYTES = 4


class ChunkPlace(NamedTuple):
    """Where a chunk lies in a file.

    Attributes:
        name: its four letters.
        start: where it begins, with its length.
        length: the bytes of its data.
    """

    name: bytes
    start: int
    length: int

    @property
    def data_start(self) -> int:
        """Where its data begin."""
        return self.start + BEFORE_DATA

    @property
    def end(self) -> int:
        """Where the next chunk begins; beyond the end of the file if the chunk is cut off."""
        return self.start + BESIDES_DATA + self.length


def find_chunks(file: IO[bytes]) -> Iterator[ChunkPlace]:
    """Yields where each chunk lies, up to IEND or the end of the file.

    Only lengths and names are read; nothing is checked. Between two chunks the caller may read
    elsewhere in the file.
    """
    at = len(SIGNATURE)
    while True:
        file.seek(at)
        head = file.read(BEFORE_DATA)
        if len(head) < BEFORE_DATA:
            return
        length, name = struct.unpack(">I4s", head)
        place = ChunkPlace(name, at, length)
        yield place
        if name == b"IEND":
            return
        at = place.end


def chunks_of(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields the name and the data of each chunk, up to IEND or the end of the file.

    Raises:
        ValueError: a chunk is cut off, or its checksum is wrong.
    """
    end = len(SIGNATURE)
    for place in find_chunks(io.BytesIO(png)):
        name, end = place.name, place.end
        if end > len(png):
            raise ValueError(f"the chunk {name!r} is cut off")
        data = png[place.data_start : end - CHECKSUM_BYTES]
        if png[end - CHECKSUM_BYTES : end] != checksum_of(name, data):
            raise ValueError(f"the chunk {name!r} has a wrong checksum")
        yield name, data
        if name == b"IEND":
            return
    if end < len(png):
        raise ValueError("a chunk is cut off")


def checksum_of(name: bytes, data: ChunkData) -> bytes:
    """Returns the four bytes that a chunk ends with."""
    return struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))


def png_chunk(name: bytes, data: ChunkData) -> bytes:
    """Returns a chunk with its length and checksum."""
    return b"".join(_parts(name, data))


def png_file(chunks: Iterable[tuple[bytes, ChunkData]]) -> bytes:
    """Returns a PNG of the given names and data; IHDR comes first and IEND last."""
    parts: list[ChunkData] = [SIGNATURE]
    for name, data in chunks:
        parts += _parts(name, data)
    return b"".join(parts)


def with_chunks_after_header(png: bytes, chunks: bytes) -> bytes:
    """Returns a PNG with whole chunks put in between its header and what follows it."""
    return b"".join([png[:HEADER_END], chunks, png[HEADER_END:]])


def _parts(name: bytes, data: ChunkData) -> list[ChunkData]:
    return [struct.pack(">I", len(data)), name, data, checksum_of(name, data)]
