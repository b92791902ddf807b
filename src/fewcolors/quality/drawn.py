"""What a drawing can become: nearest colours of any number, or size-aware indices of any fidelity.

Each is a look: a palette and indices, with their score and the bytes that they take. The search in
`drawing` asks for looks by what makes them, and each is made once.
"""

from typing import Literal, NamedTuple, TypeAlias

from .. import _core
from ..assign import nearest
from ..assign.order import indexed_image
from ..assign.size_aware import size_aware_of_drawing
from ..decode import Pixels
from ..encode.png import quick_size
from ..histogram import Histogram
from ..indexed import IndexedImage, Palette
from ..limits import MAX_COLORS
from ..options import Options
from ..palette.drawn import SPACE, FlatAreas, drawn_palette, find_flat_areas, missed_areas
from .score import Candidate, scored

__all__ = ["Drawing", "Keeps", "Recipe"]

MOST_KEPT_PIXELS = 4_000_000
"""Of larger pictures indices are made again rather than kept: a byte a pixel for each look."""


Keeps: TypeAlias = Literal["areas", "large", "nothing"]

APART: tuple[float, ...] = (1.0, 1.5, 2.0)
"""CIEDE2000 beyond which areas do not become one: the least that fits beside half of the shades."""

MOST_MISSED = 32
"""Entries that spots of one colour may claim."""


class Recipe(NamedTuple):
    """What makes a look.

    Attributes:
        n_colors: of k-means; areas may add some.
        damping: the power of its pixels that a colour weighs, see `drawn_palette`.
        fidelity: of the size-aware assignment; None for the nearest colours.
        keeps: whether all flat areas keep their colours, or only large ones; either way also spots
            that would get quite another one.
    """

    n_colors: int
    damping: float = 1.0
    fidelity: float | None = None
    keeps: Keeps = "areas"


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
        self._palettes: dict[tuple[int, float, Keeps, _core.Space], Palette] = {}
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
        """Returns about how many bytes a look takes: good enough to compare it with most others."""
        if recipe not in self._sizes:
            self._sizes[recipe] = quick_size(self._image(recipe))
        return self._sizes[recipe]

    def near_size(self, recipe: Recipe) -> int:
        """Returns nearly how many bytes the file of a look will have."""
        return quick_size(self._image(recipe), self.options.effort)

    def _image(self, recipe: Recipe) -> IndexedImage:
        look = self.candidate(recipe)
        return indexed_image(self.pixels, look.palette, look.indices, self.options, "by similarity")

    def candidate(self, recipe: Recipe) -> Candidate:
        """Returns palette and indices of a look, with its score."""
        if recipe in self._kept:
            return self._kept[recipe]
        palette = self.palette(recipe.n_colors, recipe.damping, recipe.keeps)
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

    def palette(
        self,
        n_colors: int,
        damping: float = 1.0,
        keeps: Keeps = "areas",
        space: _core.Space = SPACE,
    ) -> Palette:
        """Returns a palette of so many colours, and of those beyond that it must keep.

        Args:
            n_colors: of k-means.
            damping: see `Recipe`.
            keeps: see `Recipe`.
            space: of k-means.
        """
        key = (n_colors, damping, keeps, space)
        if key not in self._palettes:
            palette = drawn_palette(
                self.histogram, n_colors, self.options, damping=damping, space=space
            )
            if keeps != "nothing":
                palette = self._completed(palette, damping, keeps, space)
            self._palettes[key] = palette
        return self._palettes[key]

    def _completed(
        self, palette: Palette, damping: float, keeps: Keeps, space: _core.Space
    ) -> Palette:
        """Adds the colours that must be kept, in place of others where there is no room."""
        most = self.options.most_colors
        kinds = min(len(self.histogram.kinds), most)  # opaque and transparent stay so
        half, least = max(kinds, most // 2), max(kinds, most // 8)
        kept = self.areas if keeps == "areas" else self.areas.large
        apart = APART
        n_colors = len(palette)
        while True:
            entries = palette.entries + missed_areas(palette, kept, apart[0])
            entries += self._missed(Palette(b"".join(entries[:MAX_COLORS])))
            if len(entries) <= most or (n_colors <= least and len(apart) == 1):
                return Palette(b"".join(entries[:most]))
            if n_colors <= half and len(apart) > 1:
                apart = apart[1:]
                continue
            # Shades come last: fewer of them, until areas find room.
            n_colors = max(half if len(apart) > 1 else least, n_colors - max(1, most // 8))
            palette = drawn_palette(
                self.histogram, n_colors, self.options, damping=damping, space=space
            )

    def _missed(self, palette: Palette) -> list[bytes]:
        """Returns colours of spots that are too small for an area, and far from all entries."""
        histogram = self.histogram
        missed = bytes(
            _core.missed_colors(histogram.colors, histogram.weights, palette.buffer, MOST_MISSED)
        )
        return [missed[i : i + 4] for i in range(0, len(missed), 4)]

    def _locked_contrast(self) -> memoryview:
        """Returns local contrast, 0 in flat areas and there alone."""
        if self._contrast is None:
            pixels = self.pixels
            contrast = _core.local_contrast(
                pixels.data, pixels.width, pixels.channels, self.options.threads
            )
            self._contrast = _core.with_locked(contrast, self.areas.is_flat)
        return self._contrast
