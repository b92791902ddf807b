"""The pipeline over many frames, as code.

    sheet -> weigh -> histogram of all frames -> plan (palette) -> indices -> a writer of the format

`prepare` does what depends on the animation alone, `compress_prepared` what quality and number of
colours decide. A search for a number of bytes prepares once.
"""

from typing import NamedTuple, TypeAlias

from PIL import Image

from .. import _core
from ..decode import Pixels
from ..decode.alpha import without_alpha
from ..encode import Encoded, joined_notes, metadata_note
from ..encode.png import LARGE_PIXELS
from ..errors import EncodeError, QualityTooLowError
from ..formats import Format
from ..histogram import Histogram
from ..indexed import IndexedImage
from ..options import Options
from ..quality import Reduction
from ..result import Compressed, Outcome, Timing
from ..weigh import Weights, weigh
from .indices import Indices
from .plan import Plan, make_plan, reserve_transparent, sampled, with_transparent_entry
from .result_frames import ResultFrames
from .source import Animation
from .write.apng import ApngWriter
from .write.gif import GifWriter
from .write.webp import WebpWriter

__all__ = ["PreparedAnimation", "compress_animation", "compress_prepared", "prepare"]

Writer: TypeAlias = ApngWriter | GifWriter | WebpWriter

FORMAT_OF_SOURCE: dict[str, Format] = {"PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "png"}
FORMATS: tuple[Format, ...] = ("png", "gif", "webp")
AUTO_FORMATS: tuple[Format, ...] = ("png", "webp")

SMALL_PIXELS = 4096
"""Up to so many pixels a frame, the kernels run on one thread: to wake others takes longer than
their share of the work."""


class PreparedAnimation(NamedTuple):
    """An animation whose frames have been read and whose colours have been counted.

    Attributes:
        animation: the animation.
        formats: the formats to write, of which the smallest result is taken.
        frames: its frames with the alpha that the result can hold.
        sheet: a few of them, one below the other.
        weights: of the sheet.
        histogram: of all frames.
    """

    animation: Animation
    formats: tuple[Format, ...]
    frames: ResultFrames
    sheet: Pixels
    weights: Weights
    histogram: Histogram


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
    return compress_prepared(prepare(animation, options), options)


def prepare(animation: Animation, options: Options) -> PreparedAnimation:
    """Reads all frames of an animation, and counts their colours.

    Args:
        animation: from `open_animation`.
        options: see `Options`; quality and the number of colours make no difference.
    """
    formats = _formats(animation, options)
    frames = ResultFrames(animation, hard_alpha="gif" in formats)
    options = _options_of_frames(animation, options)
    sheet = frames.sheet()
    weights = weigh(sheet, options)
    histogram = frames.histogram(weights, options)
    if histogram.is_opaque:
        frames.drop_alpha()
        sheet = without_alpha(sheet)
    return PreparedAnimation(animation, formats, frames, sheet, weights, histogram)


def compress_prepared(prepared: PreparedAnimation, options: Options) -> Compressed:
    """Chooses a palette for a prepared animation, and writes its frames.

    Args:
        prepared: from `prepare`, with the same options but for quality and number of colours.
        options: see `Options`.

    Returns, Raises: as `compress_animation`.
    """
    animation, formats, frames, sheet, weights, histogram = prepared
    inner = _options_of_frames(animation, reserve_transparent(options))
    plan = with_transparent_entry(make_plan(sheet, weights, histogram, inner), formats[0])
    metadata = animation.metadata() if options.keep_metadata else None
    writers = [_writer(format_, plan, animation, options) for format_ in formats]
    first, score = _write(frames, plan, writers, inner)
    if options.min_quality is not None and score < options.min_quality:
        raise QualityTooLowError(score, options.min_quality)
    files = [(writer.finished(metadata), writer) for writer in writers]
    data, writer = min(files, key=lambda file: len(file[0]))
    note = joined_notes(
        _duration_note(frames, writer),
        _fallback_note(animation, writer),
        metadata_note(metadata, writer.format),
        _colors_note(options),
    )
    reduction = Reduction(first, score, max(plan.ceiling, score))
    outcome = Outcome(reduction, histogram.n_colors, plan.is_graphic, frames.n_hardened)
    return Compressed(
        Encoded(data, writer.format, note),
        outcome,
        animation.bytes_in,
        animation.format,
        options,
        timing=Timing(tuple(writer.durations), animation.loop),
    )


def _options_of_frames(animation: Animation, options: Options) -> Options:
    """Returns options with one thread where frames are small: to wake others would take longer."""
    width, height = animation.reader.size
    return options if width * height > SMALL_PIXELS else options._replace(n_threads=1)


def _formats(animation: Animation, options: Options) -> tuple[Format, ...]:
    """Returns the formats to write, of which the smallest result is taken."""
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
        return GifWriter(plan.stored, animation.loop, keeps_order=plan.keeps_order)
    if format_ == "webp":
        return WebpWriter(plan.stored, options.effort, animation.loop)
    width, height = animation.reader.size
    return ApngWriter(
        plan.stored,
        options.effort,
        animation.loop,
        is_graphic=plan.is_graphic,
        is_large=width * height * animation.n_frames > LARGE_PIXELS,
        has_fallback_picture=animation.reader.has_fallback_picture,
    )


def _write(
    frames: ResultFrames, plan: Plan, writers: list[Writer], options: Options
) -> tuple[IndexedImage, float]:
    """Writes all frames, and returns the first one and the mean score of a few."""
    fallback = frames.fallback_picture()
    if fallback is not None:
        indices = Indices(plan, options).of(fallback)
        for writer in writers:
            if isinstance(writer, ApngWriter):
                writer.add_fallback_picture(indices)
    assigner = Indices(plan, options)
    wanted = set(sampled(len(frames.durations)))
    first: IndexedImage | None = None
    scores = []
    for number, (pixels, duration) in enumerate(frames.frames()):
        indices = assigner.of(pixels)
        if number in wanted:
            scores.append(_score(pixels, indices, plan, options))
        if first is None:
            first = _image(pixels, indices, plan, options)
        for writer in writers:
            writer.add(indices, duration)
    assert first is not None  # there is at least one frame
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


def _duration_note(frames: ResultFrames, writer: Writer) -> str | None:
    pairs = zip(frames.durations, writer.durations, strict=True)
    if all(abs(asked - written) < 0.01 for asked, written in pairs):
        return None
    unit = "1/100 s" if writer.format == "gif" else "milliseconds"
    return f"delays are rounded to {unit}, as {writer.format.upper()} has them"


def _colors_note(options: Options) -> str | None:
    """Returns what the options ask for and no animation can keep, in words, or None."""
    if options.keep_profile:
        return "an animation is sRGB, and keeps no profile"
    if options.keep_transparent_colors:
        return "an animation keeps no colours under transparency"
    return None


def _fallback_note(animation: Animation, writer: Writer) -> str | None:
    if not animation.reader.has_fallback_picture or writer.format == "png":
        return None
    return f"{writer.format.upper()} has no picture for viewers that show no animations: left out"
