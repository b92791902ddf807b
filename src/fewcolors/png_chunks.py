"""The chunks that a PNG is made of."""

import struct
import zlib
from collections.abc import Iterator

__all__ = ["BESIDES_DATA", "HEADER_END", "SIGNATURE", "chunks_of", "png_chunk"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"

HEADER_END = 33
"""Where the signature and IHDR, always the first chunk, are over."""

BESIDES_DATA = 12
"""Bytes of a chunk for its length, name and checksum."""


def png_chunk(name: bytes, data: bytes) -> bytes:
    """Returns a chunk with its length and checksum."""
    checksum = zlib.crc32(data, zlib.crc32(name))
    return b"".join([struct.pack(">I", len(data)), name, data, struct.pack(">I", checksum)])


def chunks_of(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields the name and the data of each chunk, up to IEND or the end of the file.

    Raises:
        ValueError: a chunk is cut off, or its checksum is wrong.
    """
    at = len(SIGNATURE)
    while at < len(png):
        if at + BESIDES_DATA > len(png):
            raise ValueError("a chunk is cut off")
        length, name = struct.unpack_from(">I4s", png, at)
        end = at + BESIDES_DATA + length
        if end > len(png):
            raise ValueError(f"the chunk {name!r} is cut off")
        data = png[at + 8 : end - 4]
        (checksum,) = struct.unpack_from(">I", png, end - 4)
        if checksum != zlib.crc32(data, zlib.crc32(name)):
            raise ValueError(f"the chunk {name!r} has a wrong checksum")
        yield name, data
        if name == b"IEND":
            return
        at = end
