"""Kills of `fewcolors compress --in-place`: no file may be lost."""

from collections.abc import Iterator

from kills import killed

from .lab import Lab

KILLS, ALL_KILLS = 20, 500


def measure(lab: Lab) -> Iterator[tuple[str, float]]:
    """Yields how many kills there were, and how many files they cost."""
    images = lab.pictures("photos")[0].parents[1]
    toll = killed(images, ALL_KILLS if lab.is_all else KILLS)
    yield "kills", toll.n_kills
    yield "lost", toll.n_lost
    yield "left_over", toll.n_left_over_at_end
