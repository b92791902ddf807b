"""What a drawing can become: nearest colours of any number, or size-aware indices of any fidelity.

Each is a look: a palette and indices, with their score and the bytes that they take. The search in
`drawing` asks for looks by what makes them, and each is made once.
"""

from typing import NamedTuple

from .. import _core
from ..assign import nearest
from ..assign.order import indexed_image
from ..assign.size_aware import size_aware_of_drawing
from ..decode import Pixels
from ..encode.png import quick_size
from ..histogram import Histogram
from ..indexed import Palette
from ..options import Options
from ..palette.drawn import SPACE, FlatAreas, drawn_palette, find_flat_areas, with_flat_colors
from .score import Candidate, scored

__all__ = ["Drawing", "Recipe"]

MOST_KEPT_PIXELS = 4_000_000
"""Of larger pictures indices are made again rather than kept: a byte a pixel for each look."""


class Recipe(NamedTuple):
    """What makes a look.

    Attributes:
        n_colors: of k-means; areas may add some.
        damping: the power of its pixels that a colour weighs, see `drawn_palette`.
        fidelity: of the size-aware assignment; None for the nearest colours.
    """

    n_colors: int
    damping: float = 1.0
    fidelity: float | None = None


class Drawing:
    """A picture, and the looks that were made of it.

    Attributes:
        areas: its flat areas.
    """

    def __init__(
        self, pixels: Pixels, histogram: Histogram, options: Options, areas: FlatAreas | None = None
    ) -> None:
        """Finds the flat areas.

        Args:
            pixels: the picture.
            histogram: of its colours or of more, each weighing its pixels.
            options: see `Options`.
            areas: those of the picture, if they are known.
        """
        self.pixels = pixels
        self.histogram = histogram
        self.options = options
        self.areas = find_flat_areas(pixels) if areas is None else areas
        self._contrast: memoryview | None = None
        self._palettes: dict[tuple[int, float], Palette] = {}
        self._scores: dict[Recipe, float] = {}
        self._sizes: dict[Recipe, int] = {}
        self._kept: dict[Recipe, Candidate] = {}

    @property
    def most(self) -> int:
        """The most colours that are allowed and of use."""
        return min(self.options.most_colors, self.histogram.n_colors)

    def score(self, recipe: Recipe) -> float:
        """Returns the score of a look."""
        if recipe not in self._scores:
            self._scores[recipe] = self.candidate(recipe).score
        return self._scores[recipe]

    def size(self, recipe: Recipe) -> int:
        """Returns about how many bytes a look takes: good enough to compare it with others."""
        if recipe not in self._sizes:
            candidate = self.candidate(recipe)
            image = indexed_image(
                self.pixels, candidate.palette, candidate.indices, self.options, "by similarity"
            )
            self._sizes[recipe] = quick_size(image)
        return self._sizes[recipe]

    def candidate(self, recipe: Recipe) -> Candidate:
        """Returns palette and indices of a look, with its score."""
        if recipe in self._kept:
            return self._kept[recipe]
        palette = self.palette(recipe.n_colors, recipe.damping)
        copy_plan: memoryview | None = None
        if recipe.fidelity is None:
            indices = nearest(self.pixels, self.histogram, palette, self.options, SPACE)
        else:
            indices, copy_plan = size_aware_of_drawing(
                self.pixels, self._locked_contrast(), palette, recipe.fidelity, self.options
            )
        if recipe in self._scores:
            candidate = Candidate(palette, indices, self._scores[recipe], copy_plan)
        else:
            candidate = scored(self.pixels, palette, indices, self.options, copy_plan)
            self._scores[recipe] = candidate.score
        if self.pixels.width * self.pixels.height <= MOST_KEPT_PIXELS:
            self._kept[recipe] = candidate
        return candidate

    def palette(self, n_colors: int, damping: float = 1.0) -> Palette:
        """Returns the palette of so many colours, and of those that areas need beyond."""
        key = (n_colors, damping)
        if key not in self._palettes:
            palette = drawn_palette(self.histogram, n_colors, self.options, damping=damping)
            full = with_flat_colors(palette, self.areas, self.options.most_colors)
            if len(full) == self.options.most_colors > len(self.histogram.kinds):
                full = self._with_room_for_areas(full)
            self._palettes[key] = full
        return self._palettes[key]

    def _with_room_for_areas(self, palette: Palette) -> Palette:
        """Takes fewer colours of k-means where areas would find no room: shades come last."""
        most = self.options.most_colors
        n_colors = most
        while n_colors > max(len(self.histogram.kinds), most // 2):
            n_colors = max(len(self.histogram.kinds), n_colors - max(1, most // 8))
            base = drawn_palette(self.histogram, n_colors, self.options)
            palette = with_flat_colors(base, self.areas, most)
            if len(palette) < most:
                break
        return palette

    def _locked_contrast(self) -> memoryview:
        """Returns local contrast, 0 in flat areas and there alone."""
        if self._contrast is None:
            pixels = self.pixels
            contrast = _core.local_contrast(
                pixels.data, pixels.width, pixels.channels, self.options.threads
            )
            self._contrast = _core.with_locked(contrast, self.areas.is_flat)
        return self._contrast
