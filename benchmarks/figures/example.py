"""The example that comes with the project, whose figures stand in README's first lines."""

from collections.abc import Iterator

import fewcolors
from fewcolors.mark import read_mark
from fewcolors.png_chunks import BESIDES_DATA, HEADER_END

from .lab import EXAMPLE, Lab

BYTES_A_KB = 1000


def measure(_: Lab) -> Iterator[tuple[str, float]]:
    """Yields what 16 colours and the default make of it."""
    yield "original.kilobytes", EXAMPLE.stat().st_size / BYTES_A_KB
    for name, n_colors in (("k16", 16), ("default", None)):
        result = fewcolors.compress(EXAMPLE, n_colors)
        yield f"{name}.kilobytes", result.bytes_out / BYTES_A_KB
        yield f"{name}.times_smaller", result.ratio
        yield f"{name}.score", result.score
        yield f"{name}.mark_bytes", mark_bytes(result.data)


def mark_bytes(png: bytes) -> int:
    """Returns the size of the mark in a result; 0 where it has none."""
    if read_mark(png) is None:
        return 0
    return BESIDES_DATA + int.from_bytes(png[HEADER_END : HEADER_END + 4], "big")
