"""Depths: 16 and 32 bits a channel are rounded, not cut, in every file that holds them."""

import struct
import zlib
from typing import Any

import numpy as np
import pytest
from color_spaces import png_of
from conftest import build_png, png_chunk
from PIL import Image

import fewcolors
from fewcolors import DecodeError, Pixels, decode

SIXTEEN = np.random.default_rng(0).integers(0, 65536, (30, 41, 4), np.uint16)


def array_of(pixels: Pixels) -> Any:
    shape = (pixels.height, pixels.width, pixels.channels)
    return np.frombuffer(pixels.data, np.uint8).reshape(shape)


def rounded(values: Any) -> Any:
    return (values.astype(int) + 128) // 257


def tiff(values: Any, order: str, *, deflated: bool = False, planes: bool = False) -> bytes:
    """A TIFF of one strip, or of one a channel, in either byte order."""
    end, (height, width, channels) = {"II": "<", "MM": ">"}[order], values.shape
    parts = [values[:, :, n] for n in range(channels)] if planes else [values]
    stored = [part.astype(values.dtype.newbyteorder(end)).tobytes() for part in parts]
    stored = [zlib.compress(part) for part in stored] if deflated else stored
    kind = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    fields = {
        256: [width],
        257: [height],
        258: [values.dtype.itemsize * 8] * channels,
        259: [8 if deflated else 1],
        262: [2 if channels >= 3 else 1],
        273: [0] * len(stored),
        277: [channels],
        278: [height],
        279: [len(part) for part in stored],
        284: [2 if planes else 1],
        **({338: [2]} if channels == 4 else {}),
        339: [kind] * channels,
    }
    beside = 8 + 2 + 12 * len(fields) + 4
    starts = np.cumsum([beside + 4 * 8 * len(fields), *(len(part) for part in stored)])
    fields[273] = starts[:-1].tolist()
    listed, further = struct.pack(end + "H", len(fields)), b""
    for tag, numbers in fields.items():
        data = struct.pack(f"{end}{len(numbers)}I", *numbers)
        if len(data) > 4:
            data, further = struct.pack(end + "I", beside + len(further)), further + data
        listed += struct.pack(end + "HHI", tag, 4, len(numbers)) + data
    head = order.encode() + struct.pack(end + "HI", 42, 8) + listed + bytes(4) + further
    return head.ljust(starts[0], b"\0") + b"".join(stored)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bits_of_png_are_rounded(channels: int) -> None:
    values = SIXTEEN[:, :, :channels]
    got = array_of(decode(png_of(values / 65535, 16)))
    want = rounded(values)
    if channels <= 2:
        want = np.dstack([want[:, :, :1]] * 3 + [want[:, :, 1:]])
    np.testing.assert_array_equal(got, want)


def test_strips_of_sixteen_bits_have_no_seams() -> None:
    values = np.random.default_rng(1).integers(0, 65536, (900, 700, 3), np.uint16)
    got = array_of(decode(png_of(values / 65535, 16)))
    np.testing.assert_array_equal(got, rounded(values))


def test_the_transparent_colour_is_compared_in_all_sixteen_bits() -> None:
    row = struct.pack(">9H", 1000, 2000, 3000, 1001, 2000, 3000, 1000, 2000, 3001)
    key = png_chunk(b"tRNS", struct.pack(">3H", 1000, 2000, 3000))
    data = build_png((3, 1), b"\0" + row, depth=16, chunks=key)
    assert array_of(decode(data))[0, :, 3].tolist() == [0, 255, 255]


@pytest.mark.parametrize("order", ["II", "MM"])
@pytest.mark.parametrize("deflated", [False, True])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_of_tiff_are_rounded(order: str, deflated: bool, channels: int) -> None:
    values = SIXTEEN[:, :, :channels]
    got = array_of(decode(tiff(values, order, deflated=deflated)))
    want = rounded(values)
    np.testing.assert_array_equal(got, np.repeat(want, 3, axis=2) if channels == 1 else want)


@pytest.mark.parametrize("order", ["II", "MM"])
@pytest.mark.parametrize("deflated", [False, True])
def test_planes_of_sixteen_bits_are_half_a_level_off(order: str, deflated: bool) -> None:
    values = SIXTEEN[:, :, :3]
    got = array_of(decode(tiff(values, order, deflated=deflated, planes=True)))
    assert np.abs(got - rounded(values)).max() <= 1


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_thirty_two_bits_of_tiff(dtype: Any) -> None:
    wide = SIXTEEN[:, :, :1]
    values = (wide / 65535 if dtype is np.float32 else wide).astype(dtype)
    got = array_of(decode(tiff(values, "II")))
    np.testing.assert_array_equal(got, np.repeat(rounded(wide), 3, axis=2))


def test_integers_of_no_known_scale_are_refused_with_their_range() -> None:
    with pytest.raises(DecodeError, match="values -1 to 70000, not 0 to 65535"):
        decode(Image.fromarray(np.array([[-1, 70000]], np.int32)))


def test_few_colours_after_rounding_are_kept_exactly() -> None:
    draws = np.random.default_rng(2)
    levels = draws.integers(0, 256, (40, 3))
    chosen = levels[draws.integers(0, 40, (30, 40))]
    values = chosen * 257 + draws.integers(-100, 100, chosen.shape)
    data = png_of(np.clip(values, 0, 65535) / 65535, 16)
    np.testing.assert_array_equal(fewcolors.quantize(data).to_rgb(), chosen)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("effort", ["fast", "balanced"])
def test_at_most_256_colours_are_kept_exactly_unless_fewer_are_asked_for(
    mode: str, effort: Any
) -> None:
    ramp = np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)
    image = Image.fromarray(ramp).convert(mode)
    want = np.asarray(image.convert("RGB"))
    for n_colors, quality in ((None, None), (256, None), (None, 100)):
        result = fewcolors.compress(image, n_colors, effort=effort, quality=quality)
        np.testing.assert_array_equal(result.indexed.to_rgb(), want)
        assert result.score == 100
    assert fewcolors.compress(image, 2, effort=effort).n_colors <= 2
