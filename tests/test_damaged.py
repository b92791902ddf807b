"""Damaged files: refused where pixels are missing, taken where only something beside them is."""

import io
import random
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run, build_png, photo, png_chunk
from PIL import Image

from fewcolors import DecodeError, Pixels, decode
from fewcolors.decode import strips
from fewcolors.decode.png import chunks

SIDE = 24
PHOTO = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
ROWS = b"".join(b"\0" + row.tobytes() for row in PHOTO)
ROW = 1 + 3 * SIDE


def array_of(pixels: Pixels) -> Any:
    shape = (pixels.height, pixels.width, pixels.channels)
    return np.frombuffer(pixels.data, np.uint8).reshape(shape)


def saved(image: Image.Image, format_: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def spoiled(chunk: bytes) -> bytes:
    """A chunk with a wrong checksum."""
    return chunk[:-1] + bytes([chunk[-1] ^ 1])


WHOLE = build_png((SIDE, SIDE), ROWS)
IDAT = WHOLE.index(b"IDAT") - 4
IEND = WHOLE.index(b"IEND") - 4

# Pixels

HALF = ROWS[: SIDE // 2 * ROW]
INCOMPLETE = {
    "half of the rows": build_png((SIDE, SIDE), HALF),
    "half of the rows, and more after them": build_png((SIDE, SIDE), HALF)[:-16]
    + png_chunk(b"IDAT", bytes(999)),
    "half of interlaced rows": build_png((SIDE, SIDE), bytes(len(ROWS) // 2), interlaced=True),
    "a wrong checksum": WHOLE[:IDAT] + spoiled(WHOLE[IDAT:IEND]) + WHOLE[IEND:],
    "a wrong checksum of interlaced rows": (
        lambda png: png[:IDAT] + spoiled(png[IDAT:-12]) + png[-12:]
    )(build_png((SIDE, SIDE), bytes(2 * len(ROWS)), interlaced=True)),
    "no end": WHOLE[:IEND],
    "no pixels": WHOLE[:IDAT] + WHOLE[IEND:],
    "pixels in two places": WHOLE[:IDAT]
    + png_chunk(b"IDAT", zlib.compress(ROWS)[:200])
    + png_chunk(b"tEXt", b"a\0b")
    + png_chunk(b"IDAT", zlib.compress(ROWS)[200:])
    + WHOLE[IEND:],
}


@pytest.mark.parametrize("kind", INCOMPLETE)
def test_a_png_that_lacks_pixels_is_refused_unless_asked_for(kind: str) -> None:
    data = INCOMPLETE[kind]
    with pytest.raises(DecodeError, match="damaged or incomplete"):
        decode(data)
    pixels = decode(data, allow_damaged=True)
    assert pixels.note == "damaged or incomplete, taken as far as it goes"
    assert (pixels.width, pixels.height) == (SIDE, SIDE)


@pytest.mark.parametrize("kind", ["half of the rows", "a wrong checksum", "no end"])
def test_what_is_there_is_taken_when_asked_for(kind: str) -> None:
    got = array_of(decode(INCOMPLETE[kind], allow_damaged=True))
    np.testing.assert_array_equal(got[: SIDE // 2], PHOTO[: SIDE // 2])


def test_a_header_with_a_wrong_checksum_is_refused_even_then() -> None:
    with pytest.raises(DecodeError, match="header"):
        decode(WHOLE[:29] + bytes(4) + WHOLE[33:], allow_damaged=True)


WHOLE_FILES = {
    "PNG": saved(photo(), "PNG"),
    "palette PNG": saved(photo().quantize(32), "PNG"),
    "JPEG": saved(photo(), "JPEG"),
    "progressive JPEG": saved(photo(), "JPEG", progressive=True),
    "GIF": saved(photo().quantize(32), "GIF"),
    "WebP": saved(photo(), "WEBP"),
    "lossless WebP": saved(photo(), "WEBP", lossless=True),
    "TIFF": saved(photo(), "TIFF"),
    "LZW TIFF": saved(photo(), "TIFF", compression="tiff_lzw"),
    "deflated TIFF": saved(photo(), "TIFF", compression="tiff_adobe_deflate"),
}


@pytest.mark.parametrize("kind", WHOLE_FILES)
def test_a_file_cut_anywhere_is_refused(kind: str) -> None:
    data = WHOLE_FILES[kind]
    for at in range(1, len(data) - 2, max(1, len(data) // 150)):
        with pytest.raises(DecodeError):
            decode(data[:at])


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "TIFF"])
def test_a_cut_file_is_taken_as_far_as_it_goes_when_asked_for(kind: str) -> None:
    data = WHOLE_FILES[kind]
    pixels = decode(data[: len(data) * 3 // 4], allow_damaged=True)
    assert pixels.note == "damaged or incomplete, taken as far as it goes"
    got, whole = array_of(pixels), array_of(decode(data))
    np.testing.assert_array_equal(got[:8], whole[:8])
    assert decode(data, allow_damaged=True).note is None


def test_a_flipped_bit_of_any_chunk_is_found_or_does_no_harm() -> None:
    text, density = png_chunk(b"tEXt", b"a\0b"), png_chunk(b"pHYs", bytes(8) + b"\1")
    data = build_png((SIDE, SIDE), ROWS, chunks=text + density)
    for at in range(len(data)):
        flipped = bytearray(data)
        flipped[at] ^= 1 << at % 8
        try:
            pixels = decode(bytes(flipped))
        except DecodeError:
            continue
        np.testing.assert_array_equal(array_of(pixels), PHOTO)


def test_a_damaged_original_is_not_replaced(run_command: Run, tmp_path: Path) -> None:
    for number, data in enumerate(INCOMPLETE.values()):
        path = tmp_path / f"{number}.png"
        path.write_bytes(data)
        done = run_command("compress", path.name, "--in-place", "--effort", "fast")
        assert done.returncode == 1
        assert path.read_bytes() == data


def test_errors_of_libtiff_are_one_error_of_ours(run_command: Run, tmp_path: Path) -> None:
    data = bytearray(saved(photo().convert("1"), "TIFF", compression="group4"))
    start = len(data) // 3
    data[start : start + 40] = random.Random(1).randbytes(40)
    (tmp_path / "fax.tiff").write_bytes(data)
    done = run_command("compress", "fax.tiff", "-o", "a.png")
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert "damaged or incomplete" in line
    assert decode(bytes(data), allow_damaged=True).note is not None


def test_what_pillow_logs_is_not_printed(run_command: Run, tmp_path: Path) -> None:
    data = saved(photo(), "TIFF")
    samples = struct.pack("<HHI", 277, 3, 1)  # its tag, a short, and one of them
    at = data.index(samples) + len(samples)
    (tmp_path / "samples.tiff").write_bytes(data[:at] + b"\x10" + data[at + 1 :])
    done = run_command("compress", "samples.tiff", "-o", "a.png")
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("fewcolors: samples.tiff: damaged")


# Beside the pixels

BESIDE = {
    "tEXt": png_chunk(b"tEXt", b"Title\0a text"),
    "zTXt": png_chunk(b"zTXt", b"Title\0\0" + zlib.compress(b"a text")),
    "iTXt": png_chunk(b"iTXt", b"Title\0\0\0\0\0a text"),
    "pHYs": png_chunk(b"pHYs", struct.pack(">IIB", 3000, 3000, 1)),
    "tRNS": png_chunk(b"tRNS", bytes(6)),
    "eXIf": png_chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0"),
}


@pytest.mark.parametrize(
    ("kind", "options", "is_replaced"),
    [
        ("tRNS", (), False),
        ("gAMA", (), False),
        ("tEXt", (), True),
        ("tEXt", ("--keep-metadata",), False),
    ],
)
def test_an_original_is_not_replaced_by_one_that_lacks_a_damaged_chunk(
    kind: str, options: tuple[str, ...], is_replaced: bool, run_command: Run, tmp_path: Path
) -> None:
    chunks = {**BESIDE, "gAMA": png_chunk(b"gAMA", struct.pack(">I", 100_000))}
    data = build_png((SIDE, SIDE), ROWS, chunks=spoiled(chunks[kind]))
    (tmp_path / "a.png").write_bytes(data)
    done = run_command("compress", "a.png", "--in-place", "--effort", "fast", "-q", "30", *options)
    assert done.returncode == (0 if is_replaced else 1), done.stderr
    assert ((tmp_path / "a.png").read_bytes() != data) is is_replaced
    assert (b"not replaced" in done.stderr) is not is_replaced


@pytest.mark.parametrize("kind", BESIDE)
def test_a_wrong_checksum_beside_the_pixels_costs_that_chunk_alone(kind: str) -> None:
    sound = decode(build_png((SIDE, SIDE), ROWS, chunks=BESIDE[kind]))
    assert sound.note is None
    pixels = decode(build_png((SIDE, SIDE), ROWS, chunks=spoiled(BESIDE[kind])))
    assert pixels.note == f"damaged chunks were left out: {kind}"
    np.testing.assert_array_equal(array_of(pixels), PHOTO)


def test_unknown_chunks_are_nobody_s_concern() -> None:
    chunk = spoiled(png_chunk(b"abCd", b"whatever"))
    assert decode(build_png((SIDE, SIDE), ROWS, chunks=chunk)).note is None


@pytest.mark.parametrize("chunk", [png_chunk(b"pHYs", b"short"), png_chunk(b"tRNS", b"\0")])
def test_chunks_that_are_too_short_are_left_out(chunk: bytes) -> None:
    pixels = decode(build_png((SIDE, SIDE), ROWS, chunks=chunk))
    np.testing.assert_array_equal(array_of(pixels), PHOTO)
    assert pixels.note is not None


def long_text(kind: bytes, text: bytes) -> bytes:
    front = b"Title\0\0" if kind == b"zTXt" else b"Title\0\1\0en\0Titel\0"
    return png_chunk(kind, front + zlib.compress(text))


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_a_long_text_is_sound(kind: bytes) -> None:
    text = random.Random(1).randbytes(1 << 20).hex()
    data = build_png((SIDE, SIDE), ROWS, chunks=long_text(kind, text.encode()))
    pixels = decode(data, keep_metadata=True)
    assert pixels.note is None
    np.testing.assert_array_equal(array_of(pixels), PHOTO)
    assert pixels.metadata is not None
    ((keyword, value, language, translated),) = pixels.metadata.texts
    assert (keyword, value) == ("Title", text)
    assert (language, translated) == (("", "") if kind == b"zTXt" else ("en", "Titel"))


def test_texts_without_measure_are_left_out() -> None:
    texts = 40 * long_text(b"zTXt", bytes(1 << 21))
    assert decode(build_png((SIDE, SIDE), ROWS, chunks=texts)).note is not None


def test_profiles_beyond_the_first_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = []
    monkeypatch.setattr(chunks, "color_value", lambda kind, data: unpacked.append(kind))
    profile = png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1 << 20)))
    decode(build_png((SIDE, SIDE), ROWS, chunks=50 * profile))
    assert unpacked == [b"iCCP"]


# Strips

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
KINDS = [
    *((GREY, depth) for depth in (1, 2, 4, 8, 16)),
    *((PALETTE, depth) for depth in (1, 2, 4, 8)),
    *((color_type, depth) for color_type in (RGB, GREY_ALPHA, RGBA) for depth in (8, 16)),
]


@pytest.mark.parametrize(("color_type", "depth"), KINDS)
@pytest.mark.parametrize("has_key", [False, True])
def test_strips_are_the_same_as_the_whole(
    monkeypatch: pytest.MonkeyPatch, color_type: int, depth: int, has_key: bool
) -> None:
    draws, width, height = random.Random(depth), 37, 41
    row_bytes = (width * CHANNELS[color_type] * depth + 7) // 8
    filtered = (bytes([draws.randrange(5)]) + draws.randbytes(row_bytes) for _ in range(height))
    extra = png_chunk(b"PLTE", draws.randbytes(3 << depth)) if color_type == PALETTE else b""
    if has_key:
        extra += png_chunk(b"tRNS", {GREY: b"\0\1", RGB: bytes(6)}.get(color_type, b"\x80\0"))
    rows = b"".join(filtered)
    data = build_png((width, height), rows, depth=depth, color_type=color_type, chunks=extra)
    whole = decode(data)
    for pixels in (1, 2 * width, 7 * width):
        monkeypatch.setattr(strips, "STRIP_PIXELS", pixels)
        assert decode(data) == whole._replace(data=bytearray(whole.data))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_strips_are_turned_as_the_whole(monkeypatch: pytest.MonkeyPatch, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for format_ in ("PNG", "JPEG"):
        data = saved(photo(), format_, exif=exif)
        whole = decode(data)
        with monkeypatch.context() as patch:
            patch.setattr(strips, "STRIP_PIXELS", 500)
            assert decode(data).data == whole.data
            patch.setattr(strips, "BAND_PIXELS", 900)
            assert decode(data).data == whole.data


MEGAPIXELS = 16
BESIDES_PIXELS = 75
"""Megabytes for Python, Pillow, the file and a few strips."""


@pytest.mark.limits
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
@pytest.mark.parametrize(
    ("color_type", "depth", "channels"),
    [(GREY, 1, 3), (RGB, 8, 3), (RGBA, 8, 4), (GREY_ALPHA, 16, 4), (RGB, 16, 3), (RGBA, 16, 4)],
)
def test_memory_is_that_of_the_result(
    tmp_path: Path, color_type: int, depth: int, channels: int
) -> None:
    side = 4000
    row = bytes(1 + side * CHANNELS[color_type] * depth // 8)
    data = build_png((side, side), row * side, depth=depth, color_type=color_type)
    (tmp_path / "large.png").write_bytes(data)
    code = (
        "import fewcolors; fewcolors.decode('large.png'); "
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True
    )
    assert int(done.stdout) / 1000 < MEGAPIXELS * channels + BESIDES_PIXELS
