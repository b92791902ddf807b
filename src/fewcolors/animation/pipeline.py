"""The pipeline over many frames, as code."""

from typing import TypeAlias

from PIL import Image

from .. import _core
from ..decode import Pixels
from ..decode.alpha import without_alpha
from ..encode import Encoded, metadata_note
from ..errors import EncodeError, QualityTooLowError
from ..formats import Format
from ..indexed import IndexedImage
from ..options import Options
from ..quality import Reduction
from ..result import Compressed, Outcome, Timing
from ..weigh import weigh
from .indices import Indices
from .plan import Plan, make_plan, sampled, with_room, with_transparent
from .result_frames import ShownFrames
from .source import Animation
from .write.apng import ApngWriter
from .write.gif import GifWriter
from .write.webp import WebpWriter

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
    source = ShownFrames(animation, hard_alpha="gif" in formats)
    roomy = with_room(options)
    sheet = source.sheet()
    weights = weigh(sheet, roomy)
    histogram = source.histogram(weights, roomy)
    if histogram.is_opaque:
        source.drop_alpha()
        sheet = without_alpha(sheet)
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
        _colors_note(options),
    ]
    note = "; ".join(note for note in notes if note) or None
    reduction = Reduction(first, score, max(plan.ceiling, score))
    outcome = Outcome(reduction, histogram.n_colors, plan.is_graphic, source.n_hardened)
    return Compressed(
        Encoded(data, writer.format, note),
        outcome,
        animation.bytes_in,
        animation.format,
        options,
        timing=Timing(tuple(writer.durations), animation.loop),
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


def _write(
    source: ShownFrames, plan: Plan, writers: list[Writer], options: Options
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
    shift = bytes(max(0, index - plan.n_reserved) for index in range(256))
    palette, data = plan.palette, indices.tobytes().translate(shift)
    counts, error = _core.compare(
        pixels.data, pixels.width, pixels.channels, data, palette.buffer, options.threads
    )
    mse = error / (pixels.width * pixels.height)
    counts = counts[: len(palette)]
    return IndexedImage(palette, data, pixels.width, pixels.height, counts, mse)


def _duration_note(source: ShownFrames, writer: Writer) -> str | None:
    pairs = zip(source.durations, writer.durations, strict=True)
    if all(abs(asked - written) < 0.01 for asked, written in pairs):
        return None
    unit = "1/100 s" if writer.format == "gif" else "milliseconds"
    return f"delays are rounded to {unit}, as {writer.format.upper()} has them"


def _colors_note(options: Options) -> str | None:
    """Says what is asked for and an animation does not have."""
    if options.keep_profile:
        return "an animation is sRGB, and keeps no profile"
    if options.keep_transparent_colors:
        return "an animation keeps no colours under transparency"
    return None


def _default_note(animation: Animation, writer: Writer) -> str | None:
    if not animation.reader.has_default or writer.format == "png":
        return None
    return "the picture for those who show no animations has no place in it"
