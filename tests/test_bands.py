"""Deflating in bands on several threads."""

import io
import threading
import zlib
from typing import Any

import deflate
import numpy as np
import pytest
from PIL import Image

from fewcolors import _core
from fewcolors.encode import bands
from fewcolors.encode import png as png_module
from fewcolors.encode.bands import deflate_in_bands, deflate_in_primed_bands
from fewcolors.encode.png import deflated_png, encode_png
from fewcolors.errors import EncodeError
from fewcolors.indexed import IndexedImage, Palette

BAND = 4096

RNG = np.random.default_rng(4)
CONTENTS = {
    "noise": RNG.integers(0, 256, 5 * BAND, np.uint8).tobytes(),  # blocks are stored
    "letters": RNG.integers(0, 40, 5 * BAND, np.uint8).tobytes(),  # no copies
    "zeros": bytes(5 * BAND),  # the longest copies
    "ramp": bytes(range(256)) * (BAND // 32),
    "rows": b"".join(bytes([i % 7]) * (i % 300) for i in range(300)),
    "mixed": RNG.integers(0, 256, 2 * BAND, np.uint8).tobytes() + bytes(BAND) + b"abc" * BAND,
}


@pytest.fixture(autouse=True)
def _small_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "BAND_BYTES", BAND)
    monkeypatch.setattr(png_module, "BANDED_BYTES", BAND)


@pytest.mark.parametrize("level", [0, 1, 6, 7, 9, 10, 12])
@pytest.mark.parametrize("content", CONTENTS)
def test_zlib_and_libdeflate_find_the_bytes_again(content: str, level: int) -> None:
    data = CONTENTS[content]
    stream = deflate_in_bands(data, level, 2)
    assert zlib.decompress(stream) == data
    assert deflate.zlib_decompress(stream, len(data)) == data


@pytest.mark.parametrize("n_bytes", [1, 2, 20, BAND - 1, BAND, BAND + 1, BAND + 20, 3 * BAND])
@pytest.mark.parametrize("level", [1, 10])
def test_any_number_of_bytes(n_bytes: int, level: int) -> None:
    data = CONTENTS["mixed"][:n_bytes]
    assert zlib.decompress(deflate_in_bands(data, level, 2)) == data


@pytest.mark.parametrize("n_bytes", range(1, 60))
def test_streams_that_end_at_any_bit_can_be_followed(n_bytes: int) -> None:
    for data in (bytes(range(n_bytes)), b"a" * n_bytes, CONTENTS["letters"][: 30 * n_bytes]):
        stream = deflate.deflate_compress(data, 6)
        bands._let_follow(stream)
        follower = deflate.deflate_compress(b"and so on", 6)
        inflated = zlib.decompress(bytes(stream + follower), -15)
        assert inflated == data + b"and so on"


@pytest.mark.parametrize("level", [0, 1, 9])
@pytest.mark.parametrize("n_bytes", [1, BAND, BAND + 1, 3 * BAND])
@pytest.mark.parametrize("content", CONTENTS)
def test_primed_bands_hold_the_bytes(content: str, n_bytes: int, level: int) -> None:
    data = CONTENTS[content][:n_bytes]
    assert zlib.decompress(deflate_in_primed_bands(data, level, 2)) == data


def test_primed_bands_copy_from_the_band_before() -> None:
    data = CONTENTS["noise"][: BAND - 100] * 5
    primed = deflate_in_primed_bands(data, 9, 2)
    assert len(primed) < 1.1 * BAND < len(deflate_in_bands(data, 9, 2))


@pytest.mark.parametrize("way", [deflate_in_bands, deflate_in_primed_bands])
def test_threads_change_nothing(way: Any) -> None:
    data = CONTENTS["mixed"]
    streams = [way(data, 7, n_threads) for n_threads in (1, 2, 3, 8)]
    assert streams == streams[:1] * 4


def test_fewer_threads_than_asked_for_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: Any) -> None:
        raise RuntimeError("can't start new thread")

    expected = deflate_in_bands(CONTENTS["rows"], 6, 1)
    monkeypatch.setattr(threading.Thread, "start", start)
    assert deflate_in_bands(CONTENTS["rows"], 6, 4) == expected


@pytest.mark.parametrize("n_bytes", [0, 1, 7, 100, 3000])
def test_damaged_streams_are_walked_to_their_end(n_bytes: int) -> None:
    noise = RNG.integers(0, 256, (40, n_bytes), np.uint8)
    for row in noise:
        begin, end = _core.final_block(row.tobytes())
        assert 0 <= begin <= end <= 8 * n_bytes


def picture() -> IndexedImage:
    palette = Palette(b"".join(bytes([i, i, i, 255]) for i in range(40)))
    data = CONTENTS["letters"]
    return IndexedImage(palette, data, 128, len(data) // 128, [1] * 40, 0.0)


@pytest.mark.parametrize("effort", ["fast", "balanced", "max"])
def test_a_photo_in_bands_has_its_indices(effort: Any) -> None:
    files = [deflated_png(picture(), effort, n_threads=n_threads) for n_threads in (1, 2, 3, 8)]
    assert files == files[:1] * 4
    assert files[0] == encode_png(picture(), effort)
    with Image.open(io.BytesIO(files[0])) as png:
        assert png.tobytes() == picture().data


def test_a_large_graphic_has_its_indices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png_module, "LARGE_PIXELS", 128)
    files = [
        deflated_png(picture(), "fast", is_graphic=True, n_threads=n_threads)
        for n_threads in (1, 2, 8)
    ]
    assert files == files[:1] * 3
    with Image.open(io.BytesIO(files[0])) as png:
        assert png.tobytes() == picture().data


def test_memory_that_runs_out_in_a_band_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def compress(*_: Any) -> bytearray:
        raise MemoryError

    monkeypatch.setattr(deflate, "deflate_compress", compress)
    with pytest.raises(EncodeError, match="make it smaller"):
        deflated_png(picture(), "fast", n_threads=3)
