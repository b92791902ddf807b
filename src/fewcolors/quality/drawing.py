"""Drawings: the look of the fewest bytes that reaches a score.

Looks stand on ladders. On one of them the number of nearest colours rises from rung to rung; on
others, of one number of colours each, the fidelity of the size-aware assignment. Ladders depend on
the picture alone, not on the score asked for, and each is searched by halves. So a lower score
never ends on a higher rung, and files do not grow as the quality falls.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, repeat
from operator import mul

from ..indexed import Palette
from ..limits import MAX_QUALITY
from ..options import Effort
from ..weigh import SMALL_PIXELS
from .closest_colors import wants_closest_colors
from .drawn import Drawing, Recipe
from .graphic import closest_of_graphic
from .score import Candidate

__all__ = ["best_within", "choose_drawing", "choose_plain", "smallest_reaching"]

NEAR_ENOUGH = 1.0
"""Points by which a score may fall short of the target: one more colour may cost more than they are
worth."""

LAST_POINTS = 0.5
LAST_SHARE = 0.06
MOST_SHORT = 1.5
"""Where all colours together fall short of the target, the search aims this many points below what
they reach, and this share of what they miss, up to a point and a half: the last colours add next to
nothing, and where gradients show bands each further point costs 10 % more bytes."""

COLORS = (
    *(2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96),
    *(112, 128, 144, 160, 192, 224, 256),
)
"""Rungs of nearest colours. Sixteen and fewer take 4 bits a pixel."""

FEWEST = tuple(Recipe(n, keeps="nothing") for n in (1, 2, 3, 4, 6, 8, 12))
"""Rungs below these where a file has to be smaller at any price: areas change their colours."""

DAMPINGS: dict[Effort, tuple[float, ...]] = {
    "fast": (1.0,),
    "balanced": (1.0, 0.5),
    "max": (1.0, 0.75, 0.5),
}

FIDELITY_STEP = 1.5
LEAST_FIDELITY = 4_000.0
N_FIDELITIES = 15
FIDELITIES = tuple(accumulate(repeat(FIDELITY_STEP, N_FIDELITIES - 1), mul, initial=LEAST_FIDELITY))
"""From where thin lines break to where nothing is gained any more."""

SMOOTH_TARGET = 70.0
SMOOTH_FIDELITIES = FIDELITIES[2:]
"""From this score on a look must have a fidelity of 9,000: below, soft shadows show streaks, which
the score of a window with much text does not tell. That costs up to 2 % of the bytes."""

MIXED: dict[Effort, tuple[tuple[int, float], ...]] = {
    "fast": (),
    "balanced": (
        *((64, 0.5), (160, 0.5), (32, 0.5), (96, 0.5), (256, 0.5)),
        *((32, 1.0), (96, 1.0), (256, 1.0)),
    ),
    "max": tuple((n, d) for n in (16, 24, 32, 48, 64, 96, 128, 192, 256) for d in (1.0, 0.5)),
}
"""Numbers of colours and dampings of the palettes that are tried with size-aware indices."""

LARGE_PIXELS = 1_000_000
MOST_MIXED_PIXELS = 4_000_000
"""Above so many pixels only one ladder of nearest colours is searched, and the first two of these
palettes, or none of them: all would take more than five seconds for 1920 x 1080 pixels."""

PROBED_FIDELITY = 9
PROBES = 2
LEAST_GAIN = 0.995
"""So many of these palettes, the first, tell whether size-aware indices pay in a picture: where
their share of the bytes of nearest colours that look as good is below this."""

NEARLY = 1.08
FINALISTS = 3
"""So many looks, whose quick size is at most so many times the smallest, are deflated as the file
will be: quick sizes of nearest and of size-aware indices err by a few per cent."""

BEYOND = 2
"""Rungs above the one found whose sizes are compared with its own: more colours may take fewer
bytes."""


def choose_drawing(drawing: Drawing) -> tuple[Candidate, float]:
    """Returns the smallest look that reaches the target, and the score of all colours allowed."""
    target = drawing.options.target
    assert target is not None
    recipe, ceiling = smallest_reaching(drawing, target)
    return drawing.candidate(recipe), ceiling


def choose_plain(drawing: Drawing) -> tuple[Candidate, float]:
    """Does the same with nearest colours alone, as frames of an animation take them."""
    options = drawing.options
    if wants_closest_colors(drawing.pixels, options):
        closest = closest_of_graphic(drawing.pixels, drawing.histogram, options)
        return closest, closest.score
    best = Recipe(drawing.most)
    ceiling = drawing.score(best)
    if options.target is None or options.target == MAX_QUALITY:
        return drawing.candidate(best), ceiling
    search = _Search(drawing, min(options.target - NEAR_ENOUGH, ceiling - LAST_POINTS))
    search.climb(_nearest_ladder(drawing, 1.0))
    assert search.found is not None
    return drawing.candidate(search.found), ceiling


def smallest_reaching(drawing: Drawing, target: float) -> tuple[Recipe, float]:
    """Returns the recipe of the smallest look found whose score is near enough to a target.

    Returns:
        The recipe, and the best score of nearest colours.
    """
    dampings = DAMPINGS[drawing.options.effort]
    if _is_large(drawing):
        dampings = dampings[-1:]
    nearest = [_nearest_ladder(drawing, damping) for damping in dampings]
    best = max(drawing.score(ladder[-1]) for ladder in nearest)
    short = min(LAST_SHARE * (MAX_QUALITY - best), MOST_SHORT)
    goal = min(target - NEAR_ENOUGH, best - LAST_POINTS - short)
    search = _Search(drawing, goal)
    for ladder in nearest:
        search.climb(ladder)
    for n_colors, damping in _mixed(drawing):
        # Size-aware indices of the highest fidelity look about like the nearest colours.
        if drawing.score(Recipe(n_colors, damping)) >= goal - NEAR_ENOUGH:
            search.climb_mixed(n_colors, damping)
    return search.smallest(), best


def best_within(drawing: Drawing, fits: Callable[[Recipe], bool]) -> Iterator[Recipe]:
    """Yields the recipe of the highest rung that fits of each ladder.

    Args:
        drawing: the picture.
        fits: whether the file of a look is small enough.
    """
    ladders = [_nearest_ladder(drawing, damping, FEWEST) for damping in DAMPINGS["balanced"]]
    for n_colors, damping in _mixed(drawing):
        ladders.append([Recipe(n_colors, damping, fidelity) for fidelity in FIDELITIES])
    for ladder in ladders:
        low, high = -1, len(ladder) - 1  # the one fits, and above the other none does
        while low < high:
            middle = (low + high + 1) // 2
            if fits(ladder[middle]):
                low = middle
            else:
                high = middle - 1
        if low >= 0:
            yield ladder[low]


class _Search:
    """The search of several ladders for the smallest look that reaches a goal.

    Attributes:
        found: its recipe.
    """

    def __init__(self, drawing: Drawing, goal: float) -> None:
        self.found: Recipe | None = None
        self._size = 0
        self._offers: dict[Recipe, int] = {}
        self._place: int | None = None
        self._drawing = drawing
        self._goal = goal
        self._is_smooth = (drawing.options.target or 0.0) >= SMOOTH_TARGET

    def climb(self, ladder: Sequence[Recipe]) -> None:
        """Searches a ladder of nearest colours by halves for its lowest rung that reaches the goal.

        For a lower goal the search goes the same way up to where it first takes the lower half:
        the rung found is never higher.
        """
        low = self._lowest(ladder)
        for recipe in ladder[low : low + 1 + BEYOND]:
            if self._reaches(recipe):
                self._offer(recipe)

    def climb_mixed(self, n_colors: int, damping: float) -> None:
        """Searches the fidelities of a palette for the lowest that reaches the goal.

        It goes by halves with the first palette, and then begins where it ended with the one
        before, as the same fidelity gives about the same score. Bytes grow with fidelity, so that
        it ends at a rung that is too low and still takes more than what was found before.
        """
        fidelities = SMOOTH_FIDELITIES if self._is_smooth else FIDELITIES
        ladder = [Recipe(n_colors, damping, fidelity) for fidelity in fidelities]
        place = self._lowest(ladder) if self._place is None else self._place
        if place == len(ladder):
            return
        if self._reaches(ladder[place]):
            while place > 0 and self._reaches(ladder[place - 1]):
                place -= 1
        else:
            while not self._reaches(ladder[place]):
                if self.found and self._drawing.size(ladder[place]) >= self._size:
                    return
                place += 1
                if place == len(ladder):
                    return
        self._place = place
        self._offer(ladder[place])

    def _lowest(self, ladder: Sequence[Recipe]) -> int:
        low, high = 0, len(ladder)
        while low < high:
            middle = (low + high) // 2
            if self._reaches(ladder[middle]):
                high = middle
            else:
                low = middle + 1
        return low

    def _reaches(self, recipe: Recipe) -> bool:
        return self._drawing.score(recipe) >= self._goal

    def smallest(self) -> Recipe:
        """Returns the look whose file will be the smallest, of those about as small as any."""
        assert self.found is not None  # the best nearest colours reach the goal
        near = [recipe for recipe, size in self._offers.items() if size <= NEARLY * self._size]
        if len(near) == 1 or self._drawing.options.effort == "fast":
            return self.found
        near.sort(key=self._offers.__getitem__)
        n_finalists = FINALISTS - 1 if _is_large(self._drawing) else FINALISTS
        return min(near[:n_finalists], key=self._drawing.near_size)

    def _offer(self, recipe: Recipe) -> None:
        size = self._drawing.size(recipe)
        self._offers[recipe] = size
        if self.found is None or size < self._size:
            self.found, self._size = recipe, size


def _is_large(drawing: Drawing) -> bool:
    """Whether time is spared: a look takes .2 s."""
    is_searched = drawing.options.effort != "max"
    return is_searched and drawing.pixels.width * drawing.pixels.height > LARGE_PIXELS


def _nearest_ladder(
    drawing: Drawing, damping: float, below: tuple[Recipe, ...] = ()
) -> list[Recipe]:
    most = drawing.most
    fewer = [recipe for recipe in below if recipe.n_colors <= most]
    return fewer + [Recipe(n, damping) for n in COLORS if n < most] + [Recipe(most, damping)]


def _mixed(drawing: Drawing) -> list[tuple[int, float]]:
    """Returns the numbers of colours and dampings whose palettes differ, where mixing pays."""
    n_pixels = drawing.pixels.width * drawing.pixels.height
    if n_pixels <= SMALL_PIXELS:  # they are looked at one by one
        return []
    if n_pixels > MOST_MIXED_PIXELS:
        return []
    mixed = MIXED[drawing.options.effort]
    palettes: dict[Palette, tuple[int, float]] = {}
    for n, damping in mixed[:PROBES] if _is_large(drawing) else mixed:
        n = min(n, drawing.most)
        palettes.setdefault(drawing.palette(n, damping), (n, damping))
    found = list(palettes.values())
    if drawing.options.effort == "max" or any(_pays(drawing, *each) for each in found[:PROBES]):
        return found
    return []


def _pays(drawing: Drawing, n_colors: int, damping: float) -> bool:
    """Whether size-aware indices take fewer bytes than nearest colours that look as good.

    That is asked at one fidelity, whatever the score asked for.
    """
    probe = Recipe(n_colors, damping, FIDELITIES[PROBED_FIDELITY])
    as_good = _Search(drawing, drawing.score(probe))
    as_good.climb(_nearest_ladder(drawing, damping))
    return as_good.found is None or drawing.size(probe) < LEAST_GAIN * drawing.size(as_good.found)
