"""The pipeline over the strips of a picture: none of its stages sees more than one at a time.

    windows -> sample                     photo or graphic; later, how good looks are
    strips  -> weigh -> histograms, merged
    k-means -> palette -> plan            on the sample, as for any picture
    strips  -> assign -> write

Bands of 128 rows are assigned independently, and weights reach eight rows far. So palette and
indices are those that the whole picture would get in memory, at the same fidelity.
"""

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from .. import _core
from ..decode import Pixels
from ..decode.alpha import without_alpha
from ..errors import FewcolorsError, QualityTooLowError
from ..histogram import Histogram, build_histogram, merge_histograms
from ..indexed import Palette
from ..mark import Mark, requested_mark
from ..options import Options
from ..result import short_note
from ..weigh import UNWEIGHTED, Weights
from ..wording import rounded, score_word
from .plan import Indexed, Plan, indices_of, make_plan
from .read import open_source
from .read.source import Source, Strip
from .sample import CONTRAST_REACH, Sample, Window, read_sample, weights_of
from .target import Target
from .write import Heading, IndexedStrip

__all__ = ["NotSmallerError", "StreamedResult", "Watch", "compress_large"]

Watch: TypeAlias = Callable[[int, int], None]
"""Is told how many rows are done, of how many: each row is read twice."""

NOT_STREAMED = {
    "max_bytes": "which would write it again and again; ask for a quality",
    "keep_metadata": "of which none is kept; leave it out",
    "keep_transparent_colors": "which needs the whole picture; leave it out",
    "allow_damaged": "of which a damaged tile is refused; leave it out",
}
"""Options that make no sense, or none yet, for a picture that is read in strips."""


class NotSmallerError(FewcolorsError):
    """The result is not smaller than the original, and was not wanted then."""

    def __init__(self, result: "StreamedResult") -> None:
        super().__init__("not smaller than the original")
        self.result = result


class StreamedResult(NamedTuple):
    """A large picture that was compressed.

    Attributes:
        path: where the result is.
        format: "png", "tiff" or "zarr".
        format_in: of the original, such as "TIFF".
        width, height: in pixels.
        bytes_in, bytes_out: the sizes of original and result.
        palette: its colours, with the share of the pixels that each has.
        score: how good it looks, by SSIMULACRA 2: the mean of windows that are spread over it.
        ceiling: the best score that its colours allow.
        mse: the mean squared error, see `IndexedImage`.
        note: what may surprise, in words, or None.
    """

    path: str
    format: str
    format_in: str
    width: int
    height: int
    bytes_in: int
    bytes_out: int
    palette: Palette
    score: float
    ceiling: float
    mse: float
    note: str | None

    @property
    def n_frames(self) -> int:
        """The number of frames: it is a still picture."""
        return 1

    @property
    def n_colors(self) -> int:
        """The number of colours of the result."""
        return len(self.palette)

    @property
    def is_estimate(self) -> bool:
        """Whether the score is an estimate: it is measured, on a sample."""
        return False

    @property
    def quality_word(self) -> str:
        """What the score means, see `Compressed`."""
        return score_word(rounded(self.score))

    @property
    def ratio(self) -> float:
        """How many times smaller the result is; below 1 if it is larger."""
        return self.bytes_in / self.bytes_out


def compress_large(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    options: Options | None = None,
    *,
    force: bool = False,
    only_if_smaller: bool = False,
    mark: Mark | None = None,
    watch: Watch | None = None,
) -> StreamedResult:
    """Compresses a picture that need not fit into memory.

    Memory holds a row of tiles, a strip of 8 million pixels or of 128 rows, and the distinct
    colours. The picture is read twice.

    Args:
        source: the path of a tiled TIFF or BigTIFF, or of the folder of a Zarr array.
        target: where to; its extension says what: ``.png`` a palette PNG, ``.tif`` or ``.tiff`` a
            tiled TIFF, ``.zarr`` a Zarr array with the palette as its attribute.
        options: see `Options`; None for the defaults. max_pixels and max_file_bytes are not looked
            at: memory does not grow with either.
        force: whether a file that is already there may be replaced, or a Zarr array.
        only_if_smaller: whether a result that is not smaller is dropped.
        mark: of a PNG; None for that of the options.
        watch: is called after each strip with the rows done, and how many there are, both times
            counted.

    Returns:
        What was written.

    Raises:
        DecodeError: the source cannot be read; ImageTooLargeError is a kind of it.
        EncodeError: the target's format cannot hold the picture.
        FileExistsError: there is a target, and force is false.
        ImportError: tifffile or zarr is not installed.
        NotSmallerError: the result is not smaller, and only_if_smaller.
        OSError: a file cannot be read or written; nothing is left behind.
        PaletteError: the options give a palette that cannot be used for the picture.
        QualityTooLowError: the result would look worse than min_quality allows.
        ValueError: an option makes no sense for such a picture, or the target names no format.
    """
    options = Options() if options is None else options
    _check_options(options)
    goal = Target.of(os.fspath(target), options.format)
    mark = requested_mark(options) if mark is None else mark
    opened = open_source(os.fspath(source), options.threads, keep_profile=options.keep_profile)
    try:
        goal.check(opened.width, opened.height)
        work = _Work(opened, options, watch)
        work.prepare()
        return _write(work, goal, mark, force=force, only_if_smaller=only_if_smaller)
    finally:
        opened.close()


def _check_options(options: Options) -> None:
    """Raises ValueError where an option makes no sense for such a picture."""
    for name, why in NOT_STREAMED.items():
        if getattr(options, name):
            raise ValueError(f"{name} is not for pictures that are read in strips, {why}")


def _write(
    work: "_Work", goal: Target, mark: Mark, *, force: bool, only_if_smaller: bool
) -> StreamedResult:
    heading = work.heading()
    mark = mark._replace(n_colors=len(heading.palette))

    def accept(n_bytes: int) -> None:
        """Raises an error, if need be, once all is written and before it is in place."""
        work.check_quality()
        result = work.result(goal, n_bytes)
        if only_if_smaller and result.ratio <= 1:
            raise NotSmallerError(result)

    n_bytes = goal.write(work.indexed(), heading, mark, accept, force=force)
    return work.result(goal, n_bytes)


class _Work:
    """The stages between a source and a target, and what they find out."""

    def __init__(self, source: Source, options: Options, watch: Watch | None) -> None:
        self._source = source
        self._options = options
        self._watch = watch
        self._n_done = 0
        self._sample: Sample
        self._plan: Plan
        self._counts = [0] * 256
        self._error = 0.0
        self._chosen: list[list[bytes]] = []

    def prepare(self) -> None:
        """Reads sample and strips, and makes the plan."""
        options, sample = self._options, read_sample(self._source, self._options)
        is_weighed = options.method == "perceptual" and not sample.is_graphic
        histogram = merge_histograms(self._histograms(is_weighed=is_weighed))
        assert histogram is not None  # there is at least one row
        self._sample = sample.opaque() if histogram.is_opaque else sample
        self._plan = make_plan(self._sample, histogram, options)
        self._chosen = [[] for _ in self._sample.windows]

    def heading(self) -> Heading:
        """Returns what a writer has to know."""
        source, options, plan = self._source, self._options, self._plan
        return Heading(
            source.width,
            source.height,
            plan.stored,
            source.profile,
            options.effort,
            plan.is_graphic,
            options.threads,
        )

    def indexed(self) -> Iterator[IndexedStrip]:
        """Yields the indices of each strip."""
        plan, source = self._plan, self._source
        rows_around = max(CONTRAST_REACH, plan.way.rows_above)
        for strip in source.strips(rows_around):
            found = self._indices(strip)
            indices = found.indices
            self._measure(strip, indices)
            indices = memoryview(bytearray(indices))
            _core.renumber(indices, plan.places, self._options.threads)
            is_last = strip.top + strip.n_rows == source.height
            yield IndexedStrip(indices, found.copy_plan, is_last)
            self._done(strip)

    def check_quality(self) -> None:
        """Raises QualityTooLowError where the result looks worse than is allowed."""
        least, score = self._options.min_quality, self._score
        if least is not None and score < least:
            raise QualityTooLowError(score, least)

    def result(self, goal: Target, n_bytes: int) -> StreamedResult:
        """Returns what was written, of so many bytes."""
        source, plan = self._source, self._plan
        n_pixels, score = source.width * source.height, self._score
        ceiling = max(plan.ceiling, score)
        short = short_note(score, ceiling, self._options)
        shares = [0.0] * len(plan.stored)
        for count, place in zip(self._counts[: len(plan.palette)], plan.places, strict=False):
            shares[place] += count / n_pixels
        return StreamedResult(
            path=goal.path,
            format=goal.format,
            format_in=source.format,
            width=source.width,
            height=source.height,
            bytes_in=source.bytes_in,
            bytes_out=n_bytes,
            palette=Palette(plan.stored.data, tuple(shares)),
            score=score,
            ceiling=ceiling,
            mse=self._error / n_pixels,
            note="; ".join(filter(None, [*source.notes, short])) or None,
        )

    def _histograms(self, *, is_weighed: bool) -> Iterator[Histogram]:
        options = self._options
        for strip in self._source.strips(CONTRAST_REACH if is_weighed else 0):
            weights = Weights(self._contrast(strip) if is_weighed else UNWEIGHTED, is_graphic=False)
            yield build_histogram(strip.pixels, options.threads, weights)
            self._done(strip)

    def _contrast(self, strip: Strip) -> memoryview:
        """Returns the local contrast of a strip, as it is in the whole picture."""
        return strip.own_rows(memoryview(weights_of(strip.around, self._options)))

    def _indices(self, strip: Strip) -> Indexed:
        plan, options = self._plan, self._options
        way, palette, is_opaque = plan.way, plan.palette, plan.is_opaque
        contrast: memoryview | bytes = UNWEIGHTED
        if way.kind == "size-aware":
            contrast = self._contrast(strip)
        weights = Weights(contrast, is_graphic=False)
        pixels = self._opaque(strip.around if way.rows_above else strip.pixels)
        found = indices_of(pixels, weights, palette, way, is_opaque, options)
        return found._replace(indices=strip.own_rows(found.indices)) if way.rows_above else found

    def _opaque(self, pixels: Pixels) -> Pixels:
        """Returns pixels without an alpha channel that is 255 in the whole picture."""
        is_dropped = self._plan.is_opaque and pixels.channels == 4
        return without_alpha(pixels) if is_dropped else pixels

    def _measure(self, strip: Strip, indices: memoryview) -> None:
        """Counts entries and errors, and keeps the indices of the sample's windows."""
        palette, pixels = self._plan.palette.buffer, strip.pixels
        counts, error = _core.compare(
            pixels.data, pixels.width, pixels.channels, indices, palette, self._options.threads
        )
        self._error += error
        for entry, count in enumerate(counts):
            self._counts[entry] += count
        for window, rows in zip(self._sample.windows, self._chosen, strict=True):
            rows += _rows_of_window(window, strip, indices)

    @cached_property
    def _score(self) -> float:
        """The mean score of the windows, as they were written; known once all strips are."""
        palette, options = self._plan.palette, self._options
        scores = [
            window.score(b"".join(rows), palette, options)
            for window, rows in zip(self._sample.windows, self._chosen, strict=True)
        ]
        return sum(scores) / len(scores)

    def _done(self, strip: Strip) -> None:
        self._n_done += strip.n_rows
        if self._watch is not None:
            self._watch(self._n_done, 2 * self._source.height)


def _rows_of_window(window: Window, strip: Strip, indices: memoryview) -> list[bytes]:
    """Returns the indices of those rows of a window that are in a strip."""
    width, pixels = strip.around.width, window.pixels
    first = max(window.top, strip.top)
    end = min(window.top + pixels.height, strip.top + strip.n_rows)
    places: Any = ((y - strip.top) * width + window.left for y in range(first, end))
    return [bytes(indices[place : place + pixels.width]) for place in places]
