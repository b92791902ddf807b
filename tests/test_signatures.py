"""Files: told by how they begin, read by the one plugin that fits, or refused by name."""

import io
import struct
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from color_spaces import file_of
from PIL import Image

import fewcolors
from fewcolors import Pixels, UnsupportedFormatError, decode

RGB = Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8))


def array_of(pixels: Pixels) -> Any:
    shape = (pixels.height, pixels.width, pixels.channels)
    return np.frombuffer(pixels.data, np.uint8).reshape(shape)


@pytest.mark.parametrize(
    "format_",
    ["DDS", "DIB", "ICO", "JPEG2000", "MSP", "PCX", "PPM", "QOI", "SGI", "TGA", "XBM"],
)
def test_every_format_that_pillow_reads_arrives(format_: str) -> None:
    image = RGB.convert("1") if format_ in ("MSP", "XBM") else RGB
    try:
        data = file_of(image, format_)
    except KeyError:
        pytest.skip(f"this Pillow does not write {format_}")
    pixels = decode(data)
    assert pixels.format == format_
    np.testing.assert_array_equal(array_of(pixels)[:, :, :3], np.asarray(image.convert("RGB")))


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b"P1\n3 1\n1 0 1\n", [0, 255, 0]),
        (b"P2\n3 1\n15\n0 7 15\n", [0, 119, 255]),
        (b"P3\n1 1\n255\n9 2 3\n", [9]),
        (b"P4\n8 1\n\xaa", [0, 255] * 4),
        (b"P5\n2 1\n65535\n\x80\x00\xff\xff", [128, 255]),
        (b"P6\n1 1\n65535\n\x80\x00\xff\xff\x01\x01", [128]),
        (b"Pf\n2 1\n-1.0\n" + struct.pack("<2f", 0, 1), [0, 255]),
    ],
)
def test_the_family_of_ppm(data: bytes, row: list[int]) -> None:
    assert array_of(decode(data))[0, :, 0].tolist() == row


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_heif_arrives_where_its_extra_is_installed(mode: str) -> None:
    heif = pytest.importorskip("pillow_heif")
    flat = Image.new(mode, (64, 48), (200, 30, 60, 128)[: len(mode)])
    file = io.BytesIO()
    heif.from_pillow(flat).save(file, quality=90)
    pixels = decode(file.getvalue())
    assert (pixels.format, pixels.width, pixels.channels) == ("HEIF", 64, len(mode))
    assert np.abs(array_of(pixels).astype(int) - np.asarray(flat)).max() <= 5


def test_heif_names_its_extra_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    data = struct.pack(">I8s4s8s", 24, b"ftypheic", bytes(4), b"mif1heic")
    with pytest.raises(UnsupportedFormatError, match=r"pip install 'fewcolors\[heif\]'"):
        decode(data)


def test_avif_under_the_brand_of_heif_needs_no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    data = bytearray(file_of(RGB, "AVIF"))
    assert b"avif" in data[16:64]
    data[8:12] = b"mif1"
    assert decode(bytes(data)).format == "AVIF"


@pytest.mark.parametrize(
    "start", [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.4\n", b"\xc5\xd0\xd3\xc6"]
)
def test_what_another_program_would_draw_is_refused(start: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="page description"):
        decode(start + bytes(200))


@pytest.mark.parametrize("data", [b"hello world", bytes(200), b"<svg/>", b"\xff" * 200])
def test_what_nobody_knows_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match="not a picture of a known format"):
        decode(data)


def test_the_limit_of_pixels_holds_for_every_format() -> None:
    with pytest.raises(fewcolors.ImageTooLargeError):
        decode(file_of(RGB, "TGA"), max_pixels=1000)


def test_known_files_load_one_plugin(tmp_path: Any) -> None:
    RGB.save(tmp_path / "a.bmp")
    code = (
        "import sys, fewcolors; fewcolors.decode('a.bmp'); "
        "print(sorted(m for m in sys.modules if m.startswith('PIL.') and 'Plugin' in m))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True)
    assert done.stdout.strip() == b"['PIL.BmpImagePlugin']"
