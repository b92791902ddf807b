"""The pipeline over many frames, as code."""

from collections.abc import Iterator
from typing import TypeAlias

from PIL import Image

from .. import _core
from ..choose import Chosen
from ..decode import Pixels
from ..encoders import Encoded, metadata_note
from ..errors import EncodeError, QualityTooLowError
from ..hard_alpha import with_hard_alpha
from ..histogram import Histogram, build_histogram
from ..image import IndexedImage
from ..options import Format, Options
from ..result import Compressed, Outcome, Timing
from ..weigh import UNWEIGHTED, Weights, weigh
from .apng import ApngWriter
from .gif import GifWriter
from .indices import Indices, local_contrast
from .plan import Plan, make_plan, sampled, stacked, with_room, with_transparent
from .source import Animation, Frame
from .webp import WebpWriter

__all__ = ["compress_animation"]

Writer: TypeAlias = ApngWriter | GifWriter | WebpWriter

FORMAT_OF_SOURCE: dict[str, Format] = {"PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "png"}
FORMATS: tuple[Format, ...] = ("png", "gif", "webp")
AUTO_FORMATS: tuple[Format, ...] = ("png", "webp")


def compress_animation(animation: Animation, options: Options) -> Compressed:
    """Compresses an animation, every frame of it.

    Args:
        animation: from `open_animation`.
        options: see `Options`; the format must be one for animations.

    Returns:
        The result; its score is the mean over a few frames, its indexed image the first frame.

    Raises:
        DecodeError: a frame is damaged.
        EncodeError: the format cannot hold the animation.
        QualityTooLowError: the result would look worse than min_quality allows.
    """
    formats = _formats(animation, options)
    source = _Shown(animation, hard_alpha="gif" in formats)
    roomy = with_room(options)
    sheet = source.sheet()
    weights = weigh(sheet, roomy)
    histogram = source.histogram(weights, roomy)
    if histogram.is_opaque:
        source.drop_alpha()
        sheet = _without_alpha(sheet)
    plan = make_plan(sheet, weights, histogram, roomy)
    plan = with_transparent(plan, formats[0])
    metadata = animation.metadata() if options.keep_metadata else None
    writers = [_writer(format_, plan, animation, options) for format_ in formats]
    first, score = _write(source, plan, writers, roomy)
    if options.min_quality is not None and score < options.min_quality:
        raise QualityTooLowError(score, options.min_quality)
    files = [(writer.finished(metadata), writer) for writer in writers]
    data, writer = min(files, key=lambda file: len(file[0]))
    notes = [
        _duration_note(source, writer),
        _default_note(animation, writer),
        metadata_note(metadata, writer.format),
    ]
    note = "; ".join(note for note in notes if note) or None
    chosen = Chosen(first, score, max(plan.ceiling, score), is_estimate=False)
    outcome = Outcome(chosen, histogram.n_colors, plan.is_graphic, source.n_hardened)
    return Compressed(
        Encoded(data, writer.format, note),
        outcome,
        animation.bytes_in,
        animation.format,
        options,
        Timing(tuple(writer.durations), animation.loop),
    )


def _formats(animation: Animation, options: Options) -> tuple[Format, ...]:
    """Returns the formats to write, of which the smallest is taken."""
    if options.format == "auto":
        return AUTO_FORMATS
    format_ = options.format or FORMAT_OF_SOURCE[animation.format]
    if format_ not in FORMATS:
        raise EncodeError(
            f"{animation.n_frames} frames, and {format_.upper()} holds one; "
            f"choose format {', '.join(FORMATS)}"
        )
    return (format_,)


def _writer(format_: Format, plan: Plan, animation: Animation, options: Options) -> Writer:
    if format_ == "gif":
        return GifWriter(plan.stored, animation.loop)
    if format_ == "webp":
        return WebpWriter(plan.stored, options.effort, animation.loop)
    return ApngWriter(
        plan.stored,
        options.effort,
        animation.loop,
        is_graphic=plan.is_graphic,
        has_default=animation.reader.has_default,
    )


class _Shown:
    """The frames as the result is to show them: with the alpha that it can hold."""

    def __init__(self, animation: Animation, *, hard_alpha: bool) -> None:
        self._animation = animation
        self._hard_alpha = hard_alpha
        self._has_alpha = True
        self.n_hardened = 0
        self.durations: list[float] = []

    def drop_alpha(self) -> None:
        """Makes the frames RGB from now on."""
        self._has_alpha = False

    def frames(self) -> Iterator[Frame]:
        """Yields the frames."""
        for pixels, duration in self._animation.frames():
            yield Frame(self._shown(pixels)[0], duration)

    def default(self) -> Pixels | None:
        """Returns the picture for those who show no animations, if it is not part of it."""
        default = self._animation.default()
        return None if default is None else self._shown(default)[0]

    def sheet(self) -> Pixels:
        """Returns a few of the frames under one another."""
        wanted = set(sampled(self._animation.n_frames))
        return stacked(
            [frame.pixels for number, frame in enumerate(self.frames()) if number in wanted]
        )

    def histogram(self, weights: Weights, options: Options) -> Histogram:
        """Returns that of all frames, weighed as the sheet is."""
        histogram: Histogram | None = None
        for pixels, duration in self._animation.frames():
            shown, n_hardened = self._shown(pixels)
            self.n_hardened += n_hardened
            self.durations.append(duration)
            histogram = _added(histogram, shown, weights, options)
        default = self.default()
        if default is not None:
            histogram = _added(histogram, default, weights, options)
        assert histogram is not None  # there is a frame
        return histogram

    def _shown(self, pixels: Pixels) -> tuple[Pixels, int]:
        if not self._has_alpha:
            return _without_alpha(pixels), 0
        return with_hard_alpha(pixels) if self._hard_alpha else (pixels, 0)


def _added(
    histogram: Histogram | None, pixels: Pixels, weights: Weights, options: Options
) -> Histogram:
    contrast = UNWEIGHTED if weights.is_graphic else local_contrast(pixels, options)
    more = build_histogram(pixels, options.threads, Weights(contrast, weights.is_graphic))
    return more if histogram is None else histogram.merge(more)


def _without_alpha(pixels: Pixels) -> Pixels:
    image = Image.frombytes("RGBA", (pixels.width, pixels.height), bytes(pixels.data))
    return pixels._replace(data=image.convert("RGB").tobytes(), channels=3)


def _write(
    source: _Shown, plan: Plan, writers: list[Writer], options: Options
) -> tuple[IndexedImage, float]:
    """Writes all frames, and returns the first and the mean score."""
    default = source.default()
    if default is not None:
        indices = Indices(plan, options).of(default)
        for writer in writers:
            if isinstance(writer, ApngWriter):
                writer.add_default(indices)
    assigner = Indices(plan, options)
    wanted = set(sampled(len(source.durations)))
    first: IndexedImage | None = None
    scores = []
    for number, (pixels, duration) in enumerate(source.frames()):
        indices = assigner.of(pixels)
        if number in wanted:
            scores.append(_score(pixels, indices, plan, options))
        if first is None:
            first = _image(pixels, indices, plan, options)
        for writer in writers:
            writer.add(indices, duration)
    assert first is not None  # there is a frame
    return first, sum(scores) / len(scores)


def _score(pixels: Pixels, indices: Image.Image, plan: Plan, options: Options) -> float:
    palette, data = plan.stored.buffer, indices.tobytes()
    return _core.score(pixels.data, pixels.width, pixels.channels, data, palette, options.threads)


def _image(pixels: Pixels, indices: Image.Image, plan: Plan, options: Options) -> IndexedImage:
    palette, data = plan.stored, indices.tobytes()
    counts, error = _core.compare(
        pixels.data, pixels.width, pixels.channels, data, palette.buffer, options.threads
    )
    mse = error / (pixels.width * pixels.height)
    counts = counts[: len(palette)]
    return IndexedImage(palette, data, pixels.width, pixels.height, counts, mse)


def _duration_note(source: _Shown, writer: Writer) -> str | None:
    pairs = zip(source.durations, writer.durations, strict=True)
    if all(abs(asked - written) < 0.01 for asked, written in pairs):
        return None
    unit = "1/100 s" if writer.format == "gif" else "milliseconds"
    return f"delays are rounded to {unit}, as {writer.format.upper()} has them"


def _default_note(animation: Animation, writer: Writer) -> str | None:
    if not animation.reader.has_default or writer.format == "png":
        return None
    return "the picture for those who show no animations has no place in it"
