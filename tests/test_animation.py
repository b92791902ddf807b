"""Animations: every frame, delay and repetition comes back, in every format that has them."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import MakePicture, Run, names, photo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

import fewcolors
from fewcolors import (
    DecodeError,
    EncodeError,
    ImageTooLargeError,
    QualityTooLowError,
    TooManyBytesError,
)
from fewcolors.animation.source import Animation, open_animation
from fewcolors.formats import FORMAT_NAMES, Format

FORMATS: tuple[Format, ...] = ("png", "gif", "webp")
GREEN = [0, 255, 0, 255]


def file_of(frames: list[Image.Image], format_: Format, **options: Any) -> bytes:
    if format_ == "webp":
        options["lossless"] = True
    file = io.BytesIO()
    kind = FORMAT_NAMES[format_]
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], **options)
    return file.getvalue()


def as_pillow_reads(data: bytes) -> tuple[list[Any], list[Any], Any]:
    """Returns frames, delays and the loop count."""
    frames, delays = [], []
    with Image.open(io.BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            delays.append(image.info.get("duration"))
            frames.append(np.asarray(image.convert("RGBA")))
        return frames, delays, image.info.get("loop")


def as_we_read(data: bytes) -> list[Any]:
    return [
        np.frombuffer(pixels.data, np.uint8).reshape(pixels.height, pixels.width, 4)
        for pixels, _ in opened(data).frames()
    ]


def opened(data: bytes) -> Animation:
    animation = open_animation(data, 10**8)
    assert animation is not None
    return animation


def premultiplied(rgba: Any) -> Any:
    return np.concatenate([rgba[..., :3] * (rgba[..., 3:] / 255), rgba[..., 3:]], axis=-1)


def drawn(n_frames: int = 5) -> list[Image.Image]:
    """A disc that moves over a picture of few colours, and rests for a frame."""
    under = photo().quantize(20).convert("RGB")
    frames = []
    for number in range(n_frames):
        frame = under.copy()
        at = 10 * min(number, n_frames - 2)
        ImageDraw.Draw(frame).ellipse((at, 10, at + 30, 40), fill=(255, 0, 0))
        frames.append(frame)
    return frames


def filmed(n_frames: int = 4) -> list[Image.Image]:
    """A photo that moves a little from frame to frame."""
    large = photo().resize((240, 160), Image.Resampling.BICUBIC)
    return [large.crop((4 * n, 3 * n, 4 * n + 160, 3 * n + 120)) for n in range(n_frames)]


# Frames, delays, repetitions


@pytest.mark.parametrize("format_out", FORMATS)
@pytest.mark.parametrize("format_in", FORMATS)
def test_all_of_an_animation_comes_back(format_in: Format, format_out: Format) -> None:
    delays = [100, 40, 250, 20, 1000]
    frames = drawn()
    frames[4].putpixel((0, 0), (1, 2, 3))  # Pillow would join it with the frame before
    source = file_of(frames, format_in, duration=delays, loop=0)
    result = fewcolors.compress(source, format=format_out)
    assert (result.n_frames, result.durations, result.loop) == (5, tuple(delays), 0)
    assert (result.format, result.format_in) == (format_out, FORMAT_NAMES[format_in])
    got, got_delays, loop = as_pillow_reads(result.data)
    assert (got_delays, loop) == (delays, 0)
    for frame, expected in zip(got, as_we_read(result.data), strict=True):
        np.testing.assert_array_equal(frame, expected)
    np.testing.assert_array_equal(got[0], result.indexed.to_rgba())


@pytest.mark.parametrize("format_", FORMATS)
def test_few_colours_come_back_exactly(format_: Format) -> None:
    frames = drawn()
    source = file_of(frames, "png", duration=[80, 80, 80, 80, 90])
    result = fewcolors.compress(source, format=format_, quality=100)
    for got, frame in zip(as_pillow_reads(result.data)[0], frames, strict=False):
        np.testing.assert_array_equal(got[..., :3], np.asarray(frame))


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(2, 9), st.sampled_from(FORMATS))
def test_any_change_comes_back(seed: int, width: int, height: int, format_: Format) -> None:
    """Pixels of three colours and none appear, vanish and stay."""
    rng = np.random.default_rng(seed)
    colors = np.array([[0, 0, 0, 0], [0, 0, 0, 255], [255, 0, 0, 255], [9, 9, 255, 255]], np.uint8)
    frames = [rng.integers(0, 4, (height, width))]
    for _ in range(4):
        changes = rng.random((height, width)) < rng.choice([0, 0.1, 0.5, 1])
        frames.append(np.where(changes, rng.integers(0, 4, (height, width)), frames[-1]))
    frames[0][0, 0], frames[1][0, 0] = 1, 2  # Pillow would make a still picture of equal frames
    images = [Image.fromarray(colors[frame]) for frame in frames]
    source = file_of(images, "png", duration=list(range(10, 60, 10)), blend=0)
    kept = as_we_read(source)
    result = fewcolors.compress(source, format=format_, quality=100, effort="fast")
    assert result.n_frames == len(kept)
    for read in (as_we_read, lambda data: as_pillow_reads(data)[0]):
        for got, expected in zip(read(result.data), kept, strict=True):
            np.testing.assert_array_equal(got, expected)


def test_frames_that_look_the_same_are_not_joined() -> None:
    still = drawn()[0]
    for format_ in FORMATS:
        first = fewcolors.compress(file_of(drawn(), "gif", duration=50), format=format_)
        assert first.n_frames == 4  # Pillow has joined two
    source = b"".join([*gif_of_equal_frames(still, 3)])
    for format_ in FORMATS:
        result = fewcolors.compress(source, format=format_)
        assert as_pillow_reads(result.data)[1] == [100, 100, 100]


def gif_of_equal_frames(image: Image.Image, count: int) -> list[bytes]:
    from fewcolors.encode.gif_blocks import TRAILER, control_block, image_block, screen

    indexed = fewcolors.quantize(image, 16)
    size = (indexed.width, indexed.height)
    frame = control_block(10, 1, None) + image_block(indexed.data, size, 4)
    return [screen(*size, indexed.palette.data), *[frame] * count, TRAILER]


@pytest.mark.parametrize("format_out", FORMATS)
@pytest.mark.parametrize(("loop_in_gif", "plays"), [(None, 1), (0, 0), (1, 2), (7, 8)])
def test_repetitions_mean_the_same_in_every_format(
    loop_in_gif: int | None, plays: int, format_out: Format
) -> None:
    options = {} if loop_in_gif is None else {"loop": loop_in_gif}
    source = file_of(drawn(3), "gif", duration=50, **options)
    result = fewcolors.compress(source, format=format_out)
    assert result.loop == plays
    expected = loop_in_gif if format_out == "gif" else plays
    assert as_pillow_reads(result.data)[2] == expected
    assert opened(result.data).loop == plays


def test_delays_are_rounded_so_that_their_sum_stays_right() -> None:
    source = file_of(drawn(7), "png", duration=1000 / 30)
    gif = fewcolors.compress(source, format="gif")
    assert list(gif.durations) == [30, 40, 30, 30, 40, 60]  # the last two are one in the source
    assert gif.note == "delays are rounded to 1/100 s, as GIF has them"
    assert fewcolors.compress(source, format="png").note is None


def test_a_delay_that_does_not_fit_is_an_error() -> None:
    source = file_of(drawn(3), "png", duration=[60_000_000, 50, 50])
    assert fewcolors.compress(source).durations[0] == 60_000_000
    with pytest.raises(EncodeError, match="60,000 s is too long for GIF"):
        fewcolors.compress(source, format="gif")
    with pytest.raises(EncodeError, match="60,000 s is too long for WebP"):
        fewcolors.compress(source, format="webp")


def test_formats_of_one_picture_take_no_animation() -> None:
    with pytest.raises(EncodeError, match="5 frames, and BMP holds one; choose format png, gif"):
        fewcolors.compress(file_of(drawn(6), "gif", duration=50), format="bmp")


def test_auto_is_the_smaller_of_apng_and_webp() -> None:
    source = file_of(drawn(), "gif", duration=50)
    sizes = [fewcolors.compress(source, format=choice).bytes_out for choice in FORMATS[::2]]
    assert fewcolors.compress(source, format="auto").bytes_out == min(sizes)


# How frames look


def test_frames_have_the_error_of_the_palette() -> None:
    source = file_of(filmed(), "png", duration=50)
    options = fewcolors.Options(n_colors=32, method="classic")
    histograms = [fewcolors.build_histogram(fewcolors.decode(frame)) for frame in filmed()]
    merged = histograms[0]
    for histogram in histograms[1:]:
        merged = merged.merge(histogram)
    palette = fewcolors.build_palette(merged, options)
    for format_ in FORMATS:
        result = fewcolors.compress(source, 32, format=format_, method="classic")
        dithered = fewcolors.compress(source, 32, format=format_)
        assert result.n_colors <= 32
        for got, frame, histogram in zip(
            as_we_read(result.data), filmed(), histograms, strict=True
        ):
            alone = fewcolors.assign(fewcolors.decode(frame), histogram, palette, options)
            error = ((got[..., :3].astype(float) - np.asarray(frame)) ** 2).sum(axis=-1).mean()
            assert error == pytest.approx(alone.mse, rel=0.02)
        assert dithered.score > result.score


def test_what_does_not_change_keeps_its_colour() -> None:
    under = filmed(1)[0]
    frames = []
    for number in range(4):
        frame = under.copy()
        ImageDraw.Draw(frame).rectangle((30 * number, 40, 30 * number + 20, 60), fill=(0, 255, 0))
        frames.append(frame)
    before, *after = zip(
        as_we_read(fewcolors.compress(file_of(frames, "png", duration=50)).data),
        frames,
        strict=True,
    )
    for got, frame in after:
        same = (np.asarray(frame) == np.asarray(before[1])).all(axis=-1)
        np.testing.assert_array_equal(got[same], before[0][same])
        before = (got, frame)


def test_what_moves_is_all_that_is_stored() -> None:
    frames = drawn(8)
    for format_ in FORMATS:
        one = fewcolors.compress(frames[0], format=format_, quality=100).bytes_out
        whole = fewcolors.compress(
            file_of(frames, "png", duration=50), format=format_, quality=100
        ).bytes_out
        assert whole < 1.5 * one + 7 * 200


def test_the_score_is_that_of_the_frames() -> None:
    source = file_of(filmed(), "png", duration=50)
    high, low = (fewcolors.compress(source, quality=quality) for quality in (80, 50))
    assert high.score > low.score
    assert high.bytes_out > low.bytes_out
    assert abs(low.score - 50) < 15
    with pytest.raises(QualityTooLowError):
        fewcolors.compress(source, 2, min_quality=90)


DITHERS: list[Any] = ["ordered", "auto", 0.8]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("dither", DITHERS)
def test_frames_are_dithered_as_asked(dither: Any, format_: Format) -> None:
    frames = filmed(3)
    data = file_of(frames, "png", duration=50)
    result = fewcolors.compress(data, 8, dither=dither, format=format_)
    plain = fewcolors.compress(data, 8, dither="none", format=format_)
    assert result.n_frames == plain.n_frames == 3
    assert result.score > plain.score + 10
    for original, *shown in zip(
        frames, *(as_pillow_reads(each.data)[0] for each in (result, plain)), strict=True
    ):
        away, plain_away = (mean_error(Image.fromarray(frame), original) for frame in shown)
        assert away < 0.85 * plain_away  # right on the mean, as far as eight colours go


def mean_error(picture: Image.Image, original: Image.Image) -> float:
    small = [
        np.asarray(image.convert("RGB").resize((20, 15)), float) for image in (picture, original)
    ]
    return float(np.abs(small[0] - small[1]).mean())


def test_the_pattern_stands_still_beneath_the_frames() -> None:
    under = np.asarray(photo().resize((120, 90), Image.Resampling.BICUBIC))
    frames = [under.copy() for _ in range(3)]
    for number, frame in enumerate(frames):
        frame[30:60, 20 + 15 * number : 50 + 15 * number] = 255 - frame[30:60, 20:50]
    images = [Image.fromarray(frame) for frame in frames]
    result = fewcolors.compress(file_of(images, "png", duration=50), 6, dither="ordered")
    shown, _, _ = as_pillow_reads(result.data)
    for frame, later in itertools.pairwise(shown):
        same = (frames[0] == frames[1]).all(axis=2) & (frames[1] == frames[2]).all(axis=2)
        np.testing.assert_array_equal(frame[same], later[same])
    palette = result.indexed.palette
    still = fewcolors.compress(images[2], palette=palette, dither="ordered")
    np.testing.assert_array_equal(shown[2], still.indexed.to_rgba())


@pytest.mark.parametrize("option", ["keep_profile", "keep_transparent_colors"])
def test_what_an_animation_does_not_have_is_said(option: str) -> None:
    wishes: Any = {option: True}
    note = fewcolors.compress(file_of(drawn(), "png", duration=50), **wishes).note
    assert note is not None
    assert "an animation" in note


def test_threads_leave_the_bytes_alone() -> None:
    source = file_of(filmed(), "gif", duration=50)
    assert len({fewcolors.compress(source, 30, n_threads=n).data for n in (1, 2, 5)}) == 1


def test_half_transparent_frames_become_hard_in_a_gif() -> None:
    frames = [Image.new("RGBA", (20, 10), (255, 0, 0, 60 + 50 * n)) for n in range(4)]
    result = fewcolors.compress(file_of(frames, "png", duration=50), format="gif")
    alphas = [frame[0, 0, 3] for frame in as_pillow_reads(result.data)[0]]
    assert alphas == [0, 0, 255, 255]
    assert "800 pixels became opaque or transparent" in (result.note or "")


# Odd files


@pytest.mark.filterwarnings("ignore:Invalid APNG")
def test_hostile_animations_are_as_pillow_reads_them(shared_images: Path) -> None:
    n_read = 0
    for path in sorted((shared_images / "hostile" / "pillow_apng_png").iterdir()):
        data = path.read_bytes()
        try:
            result = fewcolors.compress(data, effort="fast")
        except DecodeError:
            with pytest.raises((SyntaxError, OSError)):
                as_pillow_reads(data)
            continue
        with Image.open(path) as image:
            if getattr(image, "n_frames", 1) == 1:
                assert result.n_frames == 1
                continue
        _, delays, loop = as_pillow_reads(data)
        got, got_delays, got_loop = as_pillow_reads(result.data)
        assert (got_delays, got_loop) == (delays, loop), path.name
        assert len(got) == len(delays)
        ours = as_we_read(data)
        for frame, expected in zip(as_we_read(result.data), ours, strict=True):
            assert np.abs(premultiplied(frame) - premultiplied(expected)).mean() < 2, path.name
        n_read += 1
    assert n_read > 30


@pytest.mark.parametrize(
    "name",
    [
        "blend_op_over",
        "blend_op_over_near_transparent",
        "blend_op_source_solid",
        "dispose_op_none",
        "dispose_op_background_before_region",
        "dispose_op_background_final",
        "dispose_op_previous",
        "dispose_op_previous_final",
        "dispose_op_none_region",
        "fctl_actl",
        "split_fdat",
    ],
)
def test_apngs_that_end_in_green_do(shared_images: Path, name: str) -> None:
    data = (shared_images / "hostile" / "pillow_apng_png" / f"{name}.png").read_bytes()
    last = as_we_read(data)[-1]
    middle = last[last.shape[0] // 2, last.shape[1] // 2].tolist()
    if name == "dispose_op_background_before_region":
        assert middle[3] == 0  # its last frame is empty
    else:
        assert np.abs(np.array(middle) - GREEN).max() <= 4


def test_a_default_image_stays_one(shared_images: Path) -> None:
    data = (shared_images / "hostile" / "pillow_apng_png" / "delay.png").read_bytes()
    result = fewcolors.compress(data)
    assert (result.n_frames, opened(result.data).reader.has_fallback_picture) == (4, True)
    np.testing.assert_array_equal(as_pillow_reads(result.data)[0][0], as_pillow_reads(data)[0][0])
    gif = fewcolors.compress(data, format="gif")
    assert len(as_pillow_reads(gif.data)[0]) == 4
    assert "for viewers that show no animations" in (gif.note or "")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_cut_animation_is_an_error(format_: Format) -> None:
    source = file_of(filmed(), format_, duration=50)
    for part in (0.3, 0.6, 0.9):
        with pytest.raises(DecodeError):
            fewcolors.compress(source[: int(len(source) * part)])


@pytest.mark.parametrize("format_", FORMATS)
def test_all_frames_count_against_the_limit(format_: Format) -> None:
    source = file_of(filmed(), format_, duration=50)
    n_pixels = 4 * 160 * 120
    assert fewcolors.compress(source, 4, max_pixels=n_pixels, effort="fast").n_frames == 4
    with pytest.raises(ImageTooLargeError, match="4 frames of 160 x 120 are 76,800 pixels, over"):
        fewcolors.compress(source, max_pixels=n_pixels - 1)


def test_streams_are_animations_too() -> None:
    data = file_of(drawn(), "gif", duration=50)
    result = fewcolors.compress(data)
    assert fewcolors.compress(io.BytesIO(data)).data == result.data
    assert result.bytes_in == len(data)
    with pytest.raises(TypeError, match="reading bytes"):
        fewcolors.compress(io.StringIO("text"))  # type: ignore[arg-type]


@pytest.mark.parametrize("format_", FORMATS)
def test_metadata_is_kept_when_asked(format_: Format) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Ada"
    source = file_of(drawn(), "webp", duration=50, exif=exif.tobytes())
    result = fewcolors.compress(source, format=format_, keep_metadata=True)
    with Image.open(io.BytesIO(result.data)) as image:
        assert (image.getexif().get(0x013B) == "Ada") == (format_ != "gif")
    if format_ == "gif":
        assert result.note == "not kept, as GIF has no place for it: EXIF"


def test_a_turned_animation_is_turned_whole() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source = file_of(drawn(), "png", duration=50, exif=exif)
    turned = fewcolors.compress(source, quality=100, keep_metadata=True)
    upright = drawn()[1].transpose(Image.Transpose.ROTATE_270)
    np.testing.assert_array_equal(as_we_read(turned.data)[1][..., :3], np.asarray(upright))


# Given palettes and transparency


@pytest.mark.parametrize("clear", ["#ff000000", "#00000000"])
@pytest.mark.parametrize("format_", FORMATS)
def test_a_transparent_entry_may_have_any_colour(format_: Format, clear: str) -> None:
    frames = [Image.new("RGBA", (12, 9)) for _ in range(3)]
    for number, frame in enumerate(frames):
        frame.paste((0, 0, 255, 255), (number, 2, number + 4, 6))
    source = file_of(frames, "png", duration=50, blend=0)
    result = fewcolors.compress(source, format=format_, palette=["#0000ff", clear])
    for got, frame in zip(as_pillow_reads(result.data)[0], frames, strict=True):
        np.testing.assert_array_equal(got[..., 3], np.asarray(frame)[..., 3])


def local_tables(gif: bytes) -> int:
    """Counts the frames with a colour table of their own."""
    at = 13 + (3 << ((gif[10] & 7) + 1))
    count = 0
    while gif[at : at + 1] in (b"!", b","):
        is_frame = gif[at : at + 1] == b","
        has_table = is_frame and bool(gif[at + 9] & 0x80)
        count += has_table
        at += 11 + (3 << ((gif[at + 9] & 7) + 1)) * has_table if is_frame else 2
        while gif[at] != 0:
            at += 1 + gif[at]
        at += 1
    return count


GIVEN = ["#804020", "#ff0000", "#0a0a0a", "#ff0000", "#00ff00", "#0000ff", "#ffffff"]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_kept_palette_has_the_same_entries_in_the_same_order(format_: Format) -> None:
    source = file_of(drawn(), "png", duration=50)
    result = fewcolors.compress(source, format=format_, palette=GIVEN, keep_palette_order=True)
    assert result.indexed.palette.hex() == GIVEN
    colors = b"".join(bytes.fromhex(color[1:]) for color in GIVEN)
    if format_ == "gif":
        assert result.data[13 : 13 + len(colors)] == colors
        assert local_tables(result.data) == 0
    if format_ == "png":
        at = result.data.index(b"PLTE")
        assert result.data[at + 4 : at + 4 + len(colors)] == colors
        assert b"tRNS" not in result.data


# PIL images


@pytest.mark.parametrize("format_", FORMATS)
def test_an_animated_pil_image_keeps_all_frames(format_: Format) -> None:
    data = file_of(drawn(), format_, duration=[50, 60, 70, 80, 90], loop=0)
    expected = fewcolors.compress(data)
    with Image.open(io.BytesIO(data)) as image:
        result = fewcolors.compress(image)
        assert image.tell() == 0
        assert result.data == expected.data
        assert (result.durations, result.format_in) == (expected.durations, expected.format_in)
        assert fewcolors.compress(image.copy()).n_frames == 1
        image.seek(2)
        with pytest.raises(fewcolors.UnsupportedFormatError, match=r"frame 3; call seek\(0\)"):
            fewcolors.compress(image)
        assert fewcolors.compress(image.copy()).n_frames == 1


# Limits


def tiny_gif(n_frames: int, between: bytes = b"") -> bytes:
    from fewcolors.encode.gif_blocks import TRAILER, control_block, image_block, screen

    colors = bytes([0, 0, 0, 255, 255, 255, 255, 255])
    parts = [screen(1, 1, colors)]
    for number in range(n_frames):
        parts += [control_block(4, 1, None) + image_block(bytes([number % 2]), (1, 1), 1), between]
    return b"".join([*parts, TRAILER])


@pytest.mark.parametrize("format_", FORMATS)
def test_frames_count_against_a_limit_of_their_own(format_: Format) -> None:
    data = file_of(filmed(), format_, duration=50)
    opened_whole = open_animation(data, 10**8, 4)
    assert opened_whole is not None
    assert opened_whole.n_frames == 4
    with pytest.raises(ImageTooLargeError, match="over the limit of 3 frames; raise max_frames"):
        open_animation(data, 10**8, 3)


def test_too_many_frames_are_refused_before_the_work() -> None:
    with pytest.raises(ImageTooLargeError, match="over the limit of 10,000 frames"):
        fewcolors.compress(tiny_gif(10_001))


def test_a_gif_of_junk_is_refused_before_the_work() -> None:
    assert fewcolors.compress(tiny_gif(2, between=b"\x07" * 1000)).n_frames == 2
    with pytest.raises(DecodeError, match="bytes that are no block of a GIF"):
        fewcolors.compress(tiny_gif(2, between=b"\x07" * 70_000))
    many_parts = b"!\xfe" + b"\x01A" * 5_000_000 + b"\0"
    with pytest.raises(DecodeError, match="more than 5,000,000 blocks"):
        fewcolors.compress(tiny_gif(2, between=many_parts))


def test_bytes_out_of_reach_are_refused_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    from fewcolors.animation import byte_limit
    from fewcolors.animation.pipeline import compress_prepared

    attempts: list[Any] = []

    def counted(prepared: Any, options: Any) -> Any:
        attempts.append((options.effort, options.n_colors))
        return compress_prepared(prepared, options)

    monkeypatch.setattr(byte_limit, "compress_prepared", counted)
    source = file_of(filmed(), "webp", duration=50)
    with pytest.raises(TooManyBytesError, match="at the least, over the 200 asked for"):
        fewcolors.compress(source, max_bytes=200, effort="max")
    assert attempts == [("fast", 2), ("max", 2)]


def test_small_frames_are_assigned_as_large_ones_are() -> None:
    from fewcolors.animation import indices

    frames = [frame.resize((24, 18)) for frame in drawn()]
    source = file_of(frames, "png", duration=50)
    small = fewcolors.compress(source, 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indices, "SMALL_PIXELS", 0)
        assert fewcolors.compress(source, 12).data == small.data


# The command


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["a.gif"], "a-fewcolors.gif"),
        (["a.webp"], "a-fewcolors.webp"),
        (["a.png"], "a-fewcolors.png"),
        (["a.gif", "--format", "webp"], "a-fewcolors.webp"),
        (["a.gif", "-o", "b.png"], "b.png"),
        (["a.gif", "-o", "b"], "b"),
    ],
    ids=" ".join,
)
def test_animations_keep_their_format_unless_told(
    run_command: Run, tmp_path: Path, arguments: list[str], target: str
) -> None:
    format_: Any = arguments[0].removeprefix("a.")
    (tmp_path / arguments[0]).write_bytes(file_of(filmed(), format_, duration=50, loop=0))
    result = run_command("compress", *arguments, "--effort", "fast", "-q", "40", "--json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["output"], report["frames"]) == (target, 4)
    assert names(tmp_path) == sorted([arguments[0], target])
    with Image.open(tmp_path / target) as image:
        assert getattr(image, "n_frames", 1) == 4
        assert image.format == FORMAT_NAMES[report["format"]]


def test_a_still_gif_becomes_a_png(run_command: Run, picture: MakePicture, tmp_path: Path) -> None:
    picture("still.gif")
    (tmp_path / "still-fewcolors.gif").write_bytes(b"")  # is in nobody's way
    assert run_command("compress", "still.gif", "--force", "-k", "4").returncode == 0
    assert "still-fewcolors.png" in names(tmp_path)


def test_the_report_counts_frames_and_the_figure_shows_the_first(
    run_command: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.gif").write_bytes(file_of(filmed(), "gif", duration=50, loop=0))
    result = run_command("compress", "a.gif", "-k", "9", "--figure", "f.png")
    assert result.returncode == 0, result.stderr
    assert b" 4 frames, 9 colours, " in result.stdout
    assert names(tmp_path) == ["a-fewcolors.gif", "a.gif", "f.png"]
    again = run_command("compress", "a.gif", "-k", "9")
    assert again.stdout.startswith(b"a.gif: its result is up to date; ")
    other = run_command("compress", "a.gif", "-k", "8")
    assert other.stderr.startswith(b"fewcolors: a-fewcolors.gif: exists; ")


def test_a_format_of_one_picture_is_refused_in_a_line(run_command: Run, tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(file_of(filmed(), "gif", duration=50))
    result = run_command("compress", "a.gif", "-o", "a.tiff")
    (line,) = result.stderr.decode().splitlines()
    assert result.returncode == 1
    assert line == ("fewcolors: a.gif: 4 frames, and TIFF holds one; choose format png, gif, webp")
    assert names(tmp_path) == ["a.gif"]
