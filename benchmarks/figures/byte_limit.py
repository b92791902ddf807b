"""How much of a byte limit is used, at half of what the default takes."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from measure import on_all_processors

import fewcolors

from .lab import Lab

SHARE = 0.5
"""Of the bytes at the default quality."""


def filled(path: Path) -> float:
    """Returns the share of the limit that is used."""
    limit = round(SHARE * fewcolors.compress(path, n_threads=1).bytes_out)
    return fewcolors.compress(path, max_bytes=limit, n_threads=1).bytes_out / limit


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields it for Kodak's photos; above 1 would be a broken promise."""
    shares = on_all_processors(filled, lab.photos())
    yield "mean_share", statistics.mean(shares)
    yield "most_share", max(shares)
