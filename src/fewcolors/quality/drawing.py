"""Drawings: the look of the fewest bytes that reaches a score.

Looks stand on ladders. On one of them the number of nearest colours rises from rung to rung; on
others, of one number of colours each, the fidelity of the size-aware assignment. Ladders depend on
the picture alone, not on the score asked for, and each is searched by halves. So a lower score
never ends on a higher rung, and files do not grow as the quality falls.
"""

from collections.abc import Callable, Sequence

from ..decode import Pixels
from ..histogram import Histogram
from ..limits import MAX_QUALITY
from ..options import Effort, Options
from ..weigh import SMALL_PIXELS
from .drawn import Drawing, Recipe
from .score import Candidate

__all__ = ["choose_drawing", "ladders", "smallest_reaching"]

NEAR_ENOUGH = 1.0
"""Points by which a score may fall short of the target: one more colour may cost more than they are
worth."""

LAST_POINTS = 0.5
"""Where all colours together fall short of the target, the search aims this many points below what
they reach: the last colours add next to nothing."""

COLORS = (
    *(2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96),
    *(112, 128, 144, 160, 192, 224, 256),
)
"""Rungs of nearest colours. Sixteen and fewer take 4 bits a pixel."""

DAMPINGS: dict[Effort, tuple[float, ...]] = {
    "fast": (1.0,),
    "balanced": (1.0, 0.5),
    "max": (1.0, 0.75, 0.5),
}

FIDELITY_STEP = 1.5
FIDELITIES = tuple(2e4 * FIDELITY_STEP**step for step in range(11))
"""From where thin lines break to where nothing is gained any more."""

MIXED_COLORS: dict[Effort, tuple[int, ...]] = {
    "fast": (),
    "balanced": (32, 96, 256),
    "max": (16, 32, 64, 96, 160, 256),
}

BEYOND = 2
"""Rungs above the one found whose sizes are compared with its own: more colours may take fewer
bytes."""


def choose_drawing(drawing: Drawing) -> tuple[Candidate, float]:
    """Returns the smallest look that reaches the target, and the score of all colours allowed."""
    best = Recipe(drawing.most)
    ceiling = drawing.score(best)
    target = drawing.options.target
    if target is None or target == MAX_QUALITY:
        return drawing.candidate(best), ceiling
    return drawing.candidate(smallest_reaching(drawing, target)), ceiling


def smallest_reaching(drawing: Drawing, target: float) -> Recipe:
    """Returns the recipe of the smallest look found whose score is near enough to a target."""
    rungs = ladders(drawing)
    best = max(drawing.score(rungs[0][-1]), *(drawing.score(r[-1]) for r in rungs)) 
    goal = min(target - NEAR_ENOUGH, best - LAST_POINTS)
    found: list[Recipe] = []
    for ladder in rungs:
        place = lowest(ladder, lambda recipe: drawing.score(recipe) >= goal)
        if place is not None:
            found += [
                recipe
                for recipe in ladder[place : place + 1 + BEYOND]
                if drawing.score(recipe) >= goal
            ]
    return min(found, key=lambda recipe: (drawing.size(recipe), recipe))


def ladders(drawing: Drawing) -> list[list[Recipe]]:
    """Returns the ladders of a picture, each from the worst look to the best."""
    effort = drawing.options.effort
    most = drawing.most
    colors = [n for n in COLORS if n < most] + [most]
    found = [[Recipe(n, damping) for n in colors] for damping in DAMPINGS[effort]]
    if drawing.pixels.width * drawing.pixels.height > SMALL_PIXELS:
        numbers = sorted({min(n, most) for n in MIXED_COLORS[effort]})
        found += [[Recipe(n, 1.0, fidelity) for fidelity in FIDELITIES] for n in numbers]
    return found


def lowest(ladder: Sequence[Recipe], reaches: Callable[[Recipe], bool]) -> int | None:
    """Returns the place of a rung that reaches what the one below does not, by halves.

    For a lower goal the search goes the same way up to where it first takes the lower half: the
    place found is never higher.
    """
    low, high = 0, len(ladder) - 1
    if not reaches(ladder[high]):
        return None
    while low < high:
        middle = (low + high) // 2
        if reaches(ladder[middle]):
            high = middle
        else:
            low = middle + 1
    return low
