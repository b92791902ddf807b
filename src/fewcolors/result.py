"""What `compress` returns: the file, how it came about, and how to save it."""

import os
from typing import NamedTuple

from .choose import Chosen
from .options import Options
from .save import write_new
from .wording import colors

__all__ = ["Compressed", "Outcome"]

SHORT_OF_TARGET = 4.0
"""Points below the score asked for that are worth a word: more than estimates miss by."""


class Outcome(NamedTuple):
    """What the stages before encoding make of a picture.

    Attributes:
        chosen: the indexed image, and how good it looks.
        n_distinct: the number of distinct colours of the original.
        is_graphic: whether the picture was drawn rather than taken.
    """

    chosen: Chosen
    n_distinct: int
    is_graphic: bool


class Compressed:
    """A compressed picture.

    Attributes:
        data: the bytes of the PNG file.
        indexed: the picture as palette and indices.
        score: how good it looks beside the original, by SSIMULACRA 2: 100 is the same, 90 looks the
            same, 70 is high and 50 medium quality. With alpha it is the worse of the scores on
            black and on white; above two megapixels, that of a sample.
        ceiling: the best score that its colours allow.
        is_estimate: whether score and ceiling are estimates: of photos at effort "fast".
        bytes_in: the size of the original file; of its raw pixels where there was no file.
        format_in: the original's format, such as "JPEG"; None where there was no file.
        n_distinct: the number of distinct colours of the original.
        options: what it was made with.
    """

    __slots__ = (
        "_color_note",
        "bytes_in",
        "ceiling",
        "data",
        "format_in",
        "indexed",
        "is_estimate",
        "n_distinct",
        "options",
        "score",
    )

    def __init__(
        self,
        data: bytes,
        outcome: Outcome,
        bytes_in: int,
        format_in: str | None,
        options: Options,
        color_note: str | None = None,
    ) -> None:
        self.data = data
        self.indexed = outcome.chosen.image
        self.score = outcome.chosen.score
        self.ceiling = outcome.chosen.ceiling
        self.is_estimate = outcome.chosen.is_estimate
        self.n_distinct = outcome.n_distinct
        self.bytes_in = bytes_in
        self.format_in = format_in
        self.options = options
        self._color_note = color_note

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
        """A sentence on what may surprise, or None."""
        notes = [note for note in (self._color_note, self._score_note) if note is not None]
        return "; ".join(notes) or None

    @property
    def _score_note(self) -> str | None:
        asked, target = self.options.n_colors, self.options.target
        given = self.options.given_palette
        if given and self.indexed.palette.has_transparent and not given.has_transparent:
            return "a transparent entry was added: the picture has transparent pixels"
        if target is not None and self.score < target - SHORT_OF_TARGET:
            return (
                f"reaches a score of {self.score:.0f} of the {target:g} asked for; "
                f"with {colors(self.options.most_colors)} about {self.ceiling:.0f} is the most"
            )
        if asked is None or target is not None or self.n_colors == asked:
            return None
        if self.n_distinct <= asked:
            return f"the picture has only {colors(self.n_distinct)}: kept exactly"
        return f"{self.n_colors} of {asked} colours used: the others would have been equal to them"

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the file, whole or not at all.

        Args:
            path: where to.
            force: whether a file that is already there may be replaced.

        Raises:
            FileExistsError: there is a file, and force is false.
            OSError: it cannot be written.
        """
        write_new(os.fspath(path), self.data, force=force)

    def _repr_png_(self) -> bytes:
        """Shows the picture in a notebook."""
        return self.data

    def __repr__(self) -> str:
        return (
            f"<Compressed {self.indexed.width} x {self.indexed.height}, {self.n_colors} colours, "
            f"{self.bytes_in:,} -> {self.bytes_out:,} bytes>"
        )
