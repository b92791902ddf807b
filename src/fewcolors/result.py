"""What `compress` returns: the file, how it came about, and how to save it."""

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from .encode import Encoded
from .encode.png import encode_png
from .formats import EXTENSIONS, FORMAT_NAMES, names_another_format
from .limits import check_integer, of_type
from .options import Options
from .quality import Reduction
from .saving.write import write_new
from .wording import colors, kilobytes, rounded, score_word, times_smaller

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .compare.pictures import Picture

__all__ = ["Compressed", "Outcome", "Timing", "short_note"]

SHORT_OF_TARGET = 4.0
"""Points below the score asked for that are worth a word: more than estimates miss by."""


class Outcome(NamedTuple):
    """What the stages before encoding make of a picture.

    Attributes:
        reduction: the indexed image, and how good it looks.
        n_distinct: the number of distinct colours of the original.
        is_graphic: whether the picture was drawn rather than taken.
        n_hardened: the pixels that were half transparent, and no longer are.
    """

    reduction: Reduction
    n_distinct: int
    is_graphic: bool
    n_hardened: int = 0


class Timing(NamedTuple):
    """When the frames of an animation are shown.

    Attributes:
        durations: of each frame, in milliseconds.
        loop: how often all are shown; 0 for ever.
    """

    durations: tuple[float, ...]
    loop: int


class Compressed:
    """A compressed picture.

    Attributes:
        data: the bytes of the file.
        format: what it is, such as "png".
        encoding_note: what of the picture or its metadata the file does not hold, or None.
        indexed: the picture as palette and indices.
        score: how good it looks beside the original, by SSIMULACRA 2: 100 is the same, 90 looks the
            same, 70 is high and 50 medium quality. With alpha it is the mean of the scores on
            white, mid grey and black; above two megapixels, that of a sample.
        ceiling: the best score that its colours allow.
        is_estimate: whether score and ceiling are estimates: of photos at effort "fast".
        bytes_in: the size of the original file; of its raw pixels where there was no file.
        format_in: the original's format, such as "JPEG"; None where there was no file.
        n_distinct: the number of distinct colours of the original.
        n_hardened: the pixels that were half transparent, which GIF cannot hold.
        options: what it was made with.
        timing: when the frames of an animation are shown; None of a still picture. Of an animation,
            indexed is the first frame, and score the mean of a few.
        original: what `compress` was given, as long as the result stays in its process, or None.
    """

    __slots__ = (
        "_color_note",
        "bytes_in",
        "ceiling",
        "data",
        "encoding_note",
        "format",
        "format_in",
        "indexed",
        "is_estimate",
        "n_distinct",
        "n_hardened",
        "options",
        "original",
        "score",
        "timing",
    )

    def __init__(
        self,
        encoded: Encoded,
        outcome: Outcome,
        bytes_in: int,
        format_in: str | None,
        options: Options,
        color_note: str | None = None,
        timing: Timing | None = None,
    ) -> None:
        of_type("encoded", encoded, Encoded)
        of_type("outcome", outcome, Outcome)
        of_type("outcome.reduction", outcome.reduction, Reduction)
        of_type("options", options, Options)
        check_integer("bytes_in", bytes_in, 0)
        self.data = encoded.data
        self.format = encoded.format
        self.encoding_note = encoded.note
        self.indexed = outcome.reduction.image
        self.score = outcome.reduction.score
        self.ceiling = outcome.reduction.ceiling
        self.is_estimate = outcome.reduction.is_estimate
        self.n_distinct = outcome.n_distinct
        self.n_hardened = outcome.n_hardened
        self.bytes_in = bytes_in
        self.format_in = format_in
        self.options = options
        self.timing = timing
        self._color_note = color_note
        self.original: object = None

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """Leaves the original out of what is pickled: it may be large, or no more than a path."""
        state = {name: getattr(self, name) for name in self.__slots__}
        return None, {**state, "original": None}

    @property
    def width(self) -> int:
        """The width in pixels."""
        return self.indexed.width

    @property
    def height(self) -> int:
        """The height in pixels."""
        return self.indexed.height

    @property
    def n_frames(self) -> int:
        """The number of frames; 1 of a still picture."""
        return 1 if self.timing is None else len(self.timing.durations)

    @property
    def durations(self) -> tuple[float, ...]:
        """How long each frame is shown, in milliseconds; empty for a still picture."""
        return () if self.timing is None else self.timing.durations

    @property
    def loop(self) -> int | None:
        """How often an animation is played, 0 for ever; None of a still picture."""
        return None if self.timing is None else self.timing.loop

    @property
    def quality_word(self) -> str:
        """What the score means: "like the original" (from 90), "high" (70), "fair" (50) or "poor".

        The score is rounded before, to the digits that reports show.
        """
        return score_word(rounded(self.score, 0 if self.is_estimate else 1))

    @property
    def bytes_out(self) -> int:
        """The size of the result."""
        return len(self.data)

    @property
    def ratio(self) -> float:
        """How many times smaller the result is; below 1 if it is larger."""
        return self.bytes_in / self.bytes_out

    @property
    def n_colors(self) -> int:
        """The number of colours of the result."""
        return self.indexed.n_colors

    @property
    def mse(self) -> float:
        """The mean squared error; see `IndexedImage`."""
        return self.indexed.mse

    @property
    def note(self) -> str | None:
        """What may surprise, in words, or None."""
        notes = [self._color_note, self._quality_note, self._alpha_note, self.encoding_note]
        return "; ".join(note for note in notes if note) or None

    @property
    def _alpha_note(self) -> str | None:
        if not self.n_hardened:
            return None
        count = "1 pixel" if self.n_hardened == 1 else f"{self.n_hardened:,} pixels"
        return f"GIF has no half transparency: {count} became opaque or transparent"

    @property
    def _quality_note(self) -> str | None:
        asked, target = self.options.n_colors, self.options.target
        given = self.options.palette
        if given and self.indexed.palette.has_transparent and not given.has_transparent:
            return "a transparent entry was added: the picture has transparent pixels"
        if self.options.max_bytes is not None:  # which is why the score is what it is
            return None
        short = short_note(self.score, self.ceiling, self.options)
        if short is not None and not self.n_hardened:
            return short
        if asked is None or target is not None or self.n_colors == asked:
            return None
        if self.n_distinct <= asked:
            return f"the picture has only {colors(self.n_distinct)}: kept exactly"
        return f"{self.n_colors} of {asked} colours used: the others would have been equal to them"

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the file, whole or not at all.

        Args:
            path: where to; its extension must not be that of another format.
            force: whether a file that is already there may be replaced.

        Raises:
            FileExistsError: there is a file, and force is false.
            OSError: it cannot be written.
            ValueError: the extension is that of another format.
        """
        name = os.fspath(path)
        if names_another_format(name, self.format):
            own = " or ".join(EXTENSIONS[self.format])
            raise ValueError(
                f"path must end in {own}, as the file is a {self.format.upper()}, got {name!r}; "
                "for other formats give compress a format"
            )
        write_new(name, self.data, force=force)

    def figure(self, original: "Picture | None" = None, *, ax: "Axes | None" = None) -> "Axes":
        """Draws the original, the result, and where the difference would be seen.

        See `fewcolors.figures.comparison`; it needs matplotlib (``pip install "fewcolors[plot]"``).

        Args:
            original: the picture that was compressed; None for what `compress` was given, which
                must still be there, and no stream.
            ax: where to draw; None for a new figure.

        Returns:
            The axes.

        Raises:
            DecodeError, OSError: the original cannot be read.
            ImportError: matplotlib is not installed.
            TypeError, ValueError: there is no original.
        """
        from .figures.comparison import comparison

        source: Any = self.original if original is None else original
        if source is None or (original is None and hasattr(source, "readinto")):
            raise ValueError("figure needs the original, which this result does not have any more")
        return comparison(source, self, ax=ax)

    def _repr_html_(self) -> str:
        """Shows the picture in a notebook, over its size, its score and its palette."""
        from .notebook import facts, picture, swatches

        sizes = f"{kilobytes(self.bytes_in)} → {kilobytes(self.bytes_out)}"
        about = "about " if self.is_estimate else ""
        palette = self.indexed.palette.hex()
        return (
            picture(self._repr_png_())
            + facts(
                f"{FORMAT_NAMES[self.format]}, {sizes}, {times_smaller(self.ratio)}",
                f"{colors(self.n_colors)}, score {about}{self.score:.1f} ({self.quality_word})",
            )
            + swatches(palette, self.indexed.shares)
        )

    def _repr_png_(self) -> bytes:
        """Shows the picture in a notebook."""
        return self.data if self.format == "png" else encode_png(self.indexed, "fast")

    def __repr__(self) -> str:
        return (
            f"<Compressed {self.indexed.width} x {self.indexed.height}, {self.n_colors} colours, "
            f"{self.bytes_in:,} -> {self.bytes_out:,} bytes>"
        )


def short_note(score: float, ceiling: float, options: Options) -> str | None:
    """Returns a sentence on a score that is clearly below the one asked for, or None."""
    target = options.target
    if target is None or score >= target - SHORT_OF_TARGET:
        return None
    return (
        f"reaches a score of {score:.0f} of the {target:g} asked for; "
        f"with {colors(options.most_colors)} about {ceiling:.0f} is the most"
    )
