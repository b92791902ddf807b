"""Unpacks the compressed pixels of a PNG, as many bytes at a time as are needed."""

import zlib
from collections.abc import Callable, Iterator

from .chunks import PIECE_BYTES, PngFile

__all__ = ["Unpacker"]


MOST_AT_ONCE = 1 << 20
"""Bytes that are unpacked before they are put in their place: a row may be the whole picture."""


class Unpacker:
    """Reads the rows of a PNG as they were before compression."""

    def __init__(self, png: PngFile, find_fault: Callable[[str], None]) -> None:
        """Starts at the first row; ``find_fault`` may raise an error when told of one."""
        self._pieces = _pieces(png)
        self._inflate = zlib.decompressobj()
        self._find_fault = find_fault
        self._packed = b""

    def read(self, n_bytes: int) -> bytearray:
        """Returns the next bytes, exactly so many: zeros in place of what is missing."""
        data, at = bytearray(n_bytes), 0
        while at < n_bytes:
            more = self._some(min(n_bytes - at, MOST_AT_ONCE))
            if not more:
                self._find_fault("rows of pixels are missing")
                break
            data[at : at + len(more)] = more
            at += len(more)
        return data

    def _some(self, most: int) -> bytes:
        """Returns a few of the next bytes, or none at the end."""
        try:
            while not self._inflate.eof:
                data = self._inflate.decompress(self._packed, most)
                self._packed = self._inflate.unconsumed_tail
                if data:
                    return data
                self._packed = self._packed or next(self._pieces, b"")
                if not self._packed:
                    break
        except zlib.error as error:
            self._find_fault(str(error))
        return b""


def _pieces(png: PngFile) -> Iterator[bytes]:
    """Yields the compressed pixels, a bounded number of bytes at a time."""
    for start, length in png.pixels:
        for at in range(start, start + length, PIECE_BYTES):
            png.file.seek(at)
            yield png.file.read(min(PIECE_BYTES, start + length - at))
