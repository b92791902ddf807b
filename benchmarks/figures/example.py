"""The example that comes with the project, whose figures stand in README's first lines."""

from collections.abc import Iterator

import fewcolors
from fewcolors.mark import bytes_once_marked, marked, requested

from .lab import EXAMPLE, Lab

BYTES_A_KB = 1000


def measure(_: Lab) -> Iterator[tuple[str, float]]:
    """Yields what 16 colours and the default make of it."""
    yield "original.kilobytes", EXAMPLE.stat().st_size / BYTES_A_KB
    for name, n_colors in (("k16", 16), ("default", None)):
        result = fewcolors.compress(EXAMPLE, n_colors)
        size = bytes_once_marked(result.data, "png")
        yield f"{name}.kilobytes", size / BYTES_A_KB
        yield f"{name}.times_smaller", result.bytes_in / size
        yield f"{name}.score", result.score
    with_mark = marked(result.data, requested(result.options))
    yield "mark.bytes", len(with_mark) - len(result.data)
