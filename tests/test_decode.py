"""Decoding: what holds a picture arrives as upright 8-bit sRGB pixels, or as one of our errors."""

import io
import os
import struct
import sys
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image

import fewcolors
from fewcolors import DecodeError, ImageTooLargeError, Pixels, UnsupportedFormatError, decode
from fewcolors.decode.sources import is_pillow_image


def picture(height: int = 5, width: int = 7) -> Any:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def array_of(pixels: Pixels) -> Any:
    shape = (pixels.height, pixels.width, pixels.channels)
    return np.frombuffer(pixels.data, np.uint8).reshape(shape)


def file_of(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def test_every_kind_of_source_gives_the_same_pixels(tmp_path: Path) -> None:
    data = file_of(Image.fromarray(picture()))
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    with open(path, "rb") as file:
        sources: list[Any] = [path, str(path), data, bytearray(data), memoryview(data), file]
        for source in sources:
            pixels = decode(source)
            np.testing.assert_array_equal(array_of(pixels), picture())
            assert (pixels.format, pixels.bytes_in) == ("PNG", len(data))
    for source in (Image.fromarray(picture()), picture()):
        pixels = decode(source)
        np.testing.assert_array_equal(array_of(pixels), picture())
        assert (pixels.format, pixels.bytes_in) == (None, 5 * 7 * 3)


@pytest.mark.parametrize("format_", ["PNG", "BMP", "TIFF", "PPM", "WEBP"])
def test_lossless_formats_arrive_exactly(format_: str) -> None:
    options = {"lossless": True} if format_ == "WEBP" else {}
    pixels = decode(file_of(Image.fromarray(picture()), format_, **options))
    np.testing.assert_array_equal(array_of(pixels), picture())
    assert pixels.format == format_


@pytest.mark.parametrize("format_", ["JPEG", "GIF", "AVIF"])
def test_lossy_formats_arrive(format_: str) -> None:
    flat = Image.new("RGB", (16, 9), (200, 30, 60))
    pixels = decode(file_of(flat, format_))
    assert (pixels.width, pixels.height, pixels.format) == (16, 9, format_)
    assert np.abs(array_of(pixels).astype(int) - [200, 30, 60]).max() <= 4


def test_a_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(file_of(Image.fromarray(picture()), "BMP"))
    np.testing.assert_array_equal(array_of(decode(path)), picture())


@pytest.mark.parametrize(
    ("shape", "channels"),
    [((3, 4), 3), ((3, 4, 1), 3), ((3, 4, 2), 4), ((3, 4, 3), 3), ((3, 4, 4), 4)],
)
def test_arrays_of_every_shape(shape: tuple[int, ...], channels: int) -> None:
    array = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    got = array_of(decode(array))
    assert got.shape == (3, 4, channels)
    full = array[:, :, None] if array.ndim == 2 else array
    if full.shape[2] <= 2:
        np.testing.assert_array_equal(got[:, :, :3], np.repeat(full[:, :, :1], 3, axis=2))
        np.testing.assert_array_equal(got[:, :, 3:], full[:, :, 1:])
    else:
        np.testing.assert_array_equal(got, full)


def test_arrays_of_every_dtype_are_rounded_to_eight_bits() -> None:
    def first_row(values: Any) -> list[int]:
        red: list[int] = array_of(decode(np.array([values])))[0, :, 0].tolist()
        return red

    assert first_row(np.array([0, 128, 255], np.uint8)) == [0, 128, 255]
    assert first_row(np.array([False, True])) == [0, 255]
    assert first_row(np.array([0, 128, 129, 65535], np.uint16)) == [0, 0, 1, 255]
    assert first_row(np.array([0.0, 0.5, 1.0], np.float32)) == [0, 128, 255]


@pytest.mark.parametrize(
    ("array", "error", "words"),
    [
        (np.zeros(5, np.uint8), ValueError, "shape"),
        (np.zeros((2, 2, 5), np.uint8), ValueError, "shape"),
        (np.zeros((2, 2), np.int64), TypeError, "int64"),
        (np.full((2, 2), np.nan), ValueError, "0 to 1"),
        (np.full((2, 2), 255.0), ValueError, "0 to 1"),
        (np.zeros((0, 3), np.uint8), DecodeError, "nothing"),
    ],
)
def test_arrays_that_are_no_pictures_are_refused_by_name(
    array: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        decode(array)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV"])
def test_every_mode_looks_as_pillow_shows_it(mode: str) -> None:
    image = Image.fromarray(picture(40, 60)).convert("RGBA" if mode in ("LA", "PA") else "RGB")
    image = image.convert("LA").convert(mode) if mode == "PA" else image.convert(mode)
    got = array_of(decode(image))
    want = np.asarray(image.convert("RGBA" if got.shape[2] == 4 else "RGB"))
    np.testing.assert_array_equal(got, want)


def test_sixteen_bit_grey_is_rounded_not_cut() -> None:
    values = np.array([[0, 128, 129, 257, 40000, 65535]], np.uint16)
    data = file_of(Image.fromarray(values))
    assert array_of(decode(data))[0, :, 0].tolist() == [0, 0, 1, 1, 156, 255]


def test_a_colour_key_becomes_alpha() -> None:
    image = Image.fromarray(np.array([[0, 10, 0]], np.uint8))
    pixels = decode(file_of(image, transparency=10))
    assert array_of(pixels)[0, :, 3].tolist() == [255, 0, 255]


def grey_png(depth: int, levels: list[int], transparent: int) -> bytes:
    """Returns a grey PNG of one row, with a transparent level."""
    bits = "".join(format(level, f"0{depth}b") for level in levels)
    bits += "0" * (-len(bits) % 8)
    row = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))
    return png((len(levels), 1, depth, 0), b"\0" + row, struct.pack(">H", transparent))


def png(header: tuple[int, int, int, int], rows: bytes, transparency: bytes) -> bytes:
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", *header, 0, 0, 0)),
        (b"tRNS", transparency),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("depth", "levels", "transparent", "wanted"),
    [
        (1, [0, 1, 0], 1, [255, 0, 255]),
        (2, [0, 1, 2, 3], 1, [255, 0, 255, 255]),
        (4, [0, 1, 14, 15], 14, [255, 255, 0, 255]),
        (8, [0, 100, 255], 100, [255, 0, 255]),
        (16, [0, 512, 1792], 512, [255, 0, 255]),
        (16, [0, 30000, 30001], 30000, [255, 0, 255]),
    ],
)
def test_the_transparent_level_is_found_at_every_depth(
    depth: int, levels: list[int], transparent: int, wanted: list[int]
) -> None:
    pixels = array_of(decode(grey_png(depth, levels, transparent)))
    assert pixels[0, :, 3].tolist() == wanted


def test_the_transparent_colour_is_found_in_sixteen_bits() -> None:
    row = struct.pack(">6H", 1000, 2000, 3000, 9000, 2000, 3000)
    data = png((2, 1, 16, 2), b"\0" + row, struct.pack(">3H", 1000, 2000, 3000))
    assert array_of(decode(data))[0, :, 3].tolist() == [0, 255]


def test_floating_pictures_go_from_zero_to_one() -> None:
    image = Image.fromarray(np.array([[0.0, 0.5, 1.0]], np.float32))
    assert array_of(decode(image))[0, :, 0].tolist() == [0, 128, 255]
    with pytest.raises(DecodeError, match="0 to 300, not 0 to 1"):
        decode(Image.fromarray(np.array([[0.0, 300.0]], np.float32)))


def test_damaged_metadata_does_not_spoil_a_sound_picture() -> None:
    for format_ in ("PNG", "WEBP", "JPEG"):
        data = file_of(Image.fromarray(picture()), format_, exif=b"Exif\0\0garbage!")
        assert decode(data).width == 7


def test_a_picture_not_yet_loaded_is_turned_as_its_file_is() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = file_of(Image.fromarray(picture()), exif=exif)
    with Image.open(io.BytesIO(data)) as lazy:
        np.testing.assert_array_equal(array_of(decode(lazy)), array_of(decode(data)))


def test_byte_order_does_not_matter() -> None:
    values = np.array([[0, 40000, 65535]], ">u2")
    assert array_of(decode(values))[0, :, 0].tolist() == [0, 156, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_arrive_upright(orientation: int) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file_of(Image.fromarray(picture()), exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        upright = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(array_of(decode(data)), upright)


def test_large_pictures_are_converted_in_strips_without_seams() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (1000, 700), np.uint8)
    got = array_of(decode(Image.fromarray(grey)))
    np.testing.assert_array_equal(got, np.repeat(grey[:, :, None], 3, axis=2))


def test_the_pixel_limit_holds_before_decoding() -> None:
    data = file_of(Image.fromarray(picture()))
    assert decode(data, max_pixels=35).width == 7
    with pytest.raises(ImageTooLargeError, match=r"7 x 5 is 35 pixels, over the limit of 34"):
        decode(data, max_pixels=34)
    with pytest.raises(ImageTooLargeError):
        decode(data[:60], max_pixels=34)  # the header alone is enough


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP"])
def test_animations_are_refused_rather_than_cut(format_: str) -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    data = file_of(frames[0], format_, save_all=True, append_images=frames[1:])
    with pytest.raises(UnsupportedFormatError, match="3 frames"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", DecodeError, "empty"),
        (b"hello", UnsupportedFormatError, "not a picture"),
        (b"\x89PNG\r\n\x1a\n", DecodeError, "damaged"),
        (b"\xff\xd8\xff\xe0", DecodeError, "damaged"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        decode(data)
    assert str(caught.value).count("\n") == 0


def test_a_truncated_file_is_an_error_with_its_cause() -> None:
    data = file_of(Image.fromarray(picture(80, 80)))
    with pytest.raises(DecodeError, match="damaged or incomplete") as caught:
        decode(data[: len(data) // 2])
    assert isinstance(caught.value.__cause__, OSError)


def test_wrong_kinds_of_source_are_type_errors(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="got int"):
        decode(5)  # type: ignore[arg-type]
    path = tmp_path / "text"
    path.write_text("x")
    with open(path) as file, pytest.raises(TypeError, match="reading bytes"):
        decode(file)  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        decode(os.fspath(tmp_path / "none.png"))


# Frames


def file_of_frames(format_: str, n_frames: int = 3) -> bytes:
    frames = [Image.new("RGB", (8, 8), (80 * n, 0, 0)) for n in range(n_frames)]
    return file_of(frames[0], format_, save_all=True, append_images=frames[1:])


@pytest.mark.parametrize("format_", ["PNG", "GIF", "WEBP", "TIFF"])
def test_frames_of_a_pil_image_are_not_lost_silently(format_: str) -> None:
    with Image.open(io.BytesIO(file_of_frames(format_))) as image:
        with pytest.raises(UnsupportedFormatError, match=r"^3 (frames|pages),.*image\.copy"):
            decode(image)
        image.seek(1)
        assert abs(int(array_of(decode(image.copy()))[0, 0, 0]) - 80) <= 3


def test_pages_of_a_tiff_are_not_advised_to_be_compressed_whole() -> None:
    data = file_of_frames("TIFF")
    with Image.open(io.BytesIO(data)) as image:
        for source in (data, image):
            for read in (decode, fewcolors.compress):
                with pytest.raises(UnsupportedFormatError, match="3 pages") as caught:
                    read(source)
                assert "keep them all" not in str(caught.value)


def test_a_default_picture_counts_as_a_frame() -> None:
    red, blue = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    data = file_of(red, save_all=True, append_images=[blue, blue], default_image=True)
    with pytest.raises(UnsupportedFormatError, match="frames"):
        decode(data)


# Alpha


def test_a_palette_of_rgba_keeps_its_alpha() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (6, 40, 4), np.uint8) & 0xC0
    image = Image.fromarray(pixels).quantize(200)
    assert (image.mode, image.palette and image.palette.mode) == ("P", "RGBA")
    np.testing.assert_array_equal(array_of(decode(image)), np.asarray(image.convert("RGBA")))
    assert len(np.unique(array_of(decode(image))[:, :, 3])) > 2


def test_what_quantize_gives_comes_back() -> None:
    pixels = np.array([[[255, 0, 0, 255], [0, 0, 255, 128], [0, 0, 0, 0]]], np.uint8)
    image = fewcolors.quantize(pixels)
    np.testing.assert_array_equal(array_of(decode(image.to_pil())), pixels)


def palette_dds(palette: bytes, indices: bytes) -> bytes:
    """A DDS of one row whose pixels are indices of a palette of RGBA."""
    indexed, has_pitch = 0x20, 0x100F
    header = struct.pack("<7I44x", 124, has_pitch, 1, len(indices), len(indices), 0, 0)
    form = struct.pack("<8I", 32, indexed, 0, 8, 0, 0, 0, 0)
    return b"DDS " + header + form + struct.pack("<5I", 0x1000, 0, 0, 0, 0) + palette + indices


def test_a_palette_of_dds_keeps_its_alpha() -> None:
    palette = bytes([200, 100, 50, 128, 9, 8, 7, 255]).ljust(1024, b"\0")
    pixels = decode(palette_dds(palette, bytes([0, 1, 0])))
    assert array_of(pixels)[0].tolist() == [
        [200, 100, 50, 128],
        [9, 8, 7, 255],
        [200, 100, 50, 128],
    ]


@pytest.mark.parametrize("mode", ["La", "RGBa"])
def test_premultiplied_modes_have_their_alpha(mode: str) -> None:
    image = Image.new("RGBA", (2, 1), (200, 200, 200, 128))
    image.putpixel((1, 0), (40, 40, 40, 255))
    premultiplied = image.convert("LA").convert("La") if mode == "La" else image.convert("RGBa")
    got = array_of(decode(premultiplied)).astype(int)
    assert np.abs(got - np.asarray(image)).max() <= 1
    assert got[0, :, 3].tolist() == [128, 255]


# Limits


class Endless(io.RawIOBase):
    """A stream that never ends, as /dev/zero."""

    def __init__(self) -> None:
        self.n_bytes = 0

    def read(self, n_bytes: int = -1) -> bytes:
        assert n_bytes >= 0, "asked for all of it"
        self.n_bytes += n_bytes
        return bytes(n_bytes)


def test_streams_without_end_are_read_up_to_a_limit() -> None:
    stream = Endless()
    with pytest.raises(ImageTooLargeError, match=r"5,000,000 bytes; raise max_file_bytes"):
        decode(stream, max_file_bytes=5_000_000)  # type: ignore[arg-type]
    assert stream.n_bytes < 8_000_000


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such device")
def test_devices_are_read_up_to_a_limit() -> None:
    with pytest.raises(ImageTooLargeError, match="max_file_bytes"):
        decode("/dev/zero", max_file_bytes=5_000_000)


def test_large_files_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with open(path, "wb") as file:
        file.truncate(3_000_000_000)  # takes no room on most systems
    with pytest.raises(ImageTooLargeError, match=r"more than 1,073,741,824 bytes"):
        decode(path)


def test_the_limit_of_bytes_is_exact(tmp_path: Path) -> None:
    data = file_of(Image.fromarray(picture()))
    path = tmp_path / "a.png"
    path.write_bytes(data)
    for source in (path, io.BytesIO(data)):
        assert decode(source, max_file_bytes=len(data)).width == 7
    for source in (path, io.BytesIO(data)):
        with pytest.raises(ImageTooLargeError):
            decode(source, max_file_bytes=len(data) - 1)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("max_pixels", 0, ValueError),
        ("max_pixels", "9", TypeError),
        ("max_file_bytes", 0, ValueError),
        ("max_file_bytes", 1.5, TypeError),
        ("keep_profile", "no", TypeError),
        ("keep_metadata", 1, TypeError),
        ("allow_damaged", None, TypeError),
    ],
)
def test_arguments_are_checked_by_name(name: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=name):
        decode(picture(), **{name: value})


def test_another_thread_may_be_loading_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", ModuleType("PIL.Image"))  # as far as it has come
    assert not is_pillow_image(b"")
