"""Twenty thousand damaged files: a picture comes out, or one of our errors, soon and small."""

import io
import resource
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

import fewcolors

MUTATIONS = 20_000
MAX_SECONDS = 10.0
MAX_BYTES_MORE = 1 << 30

MAX_PIXELS = 250_000
"""A header that was changed may ask for many pixels; more would take longer than a minute."""

INTERESTING = (0, 1, 2, 7, 8, 15, 16, 127, 128, 254, 255)


def picture(mode: str) -> Image.Image:
    rng = np.random.default_rng(len(mode))
    pixels = rng.integers(0, 256, (10, 12, 4), np.uint8)
    pixels[2:6, 3:9] = (200, 30, 40, 255)
    return Image.fromarray(pixels, "RGBA").convert(mode)


def saved(image: Image.Image, format_: str, **settings: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **settings)
    return file.getvalue()


def frames(mode: str) -> dict[str, Any]:
    return {
        "save_all": True,
        "append_images": [picture(mode).rotate(90 * turn) for turn in (1, 2)],
        "duration": 40,
    }


def deep_png() -> bytes:
    """16 bits of grey with a gamma and a colour profile's chunk that is none."""
    rows = b"".join(b"\0" + bytes(range(24)) for _ in range(10))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 12, 10, 16, 0, 0, 0, 0)),
        (b"gAMA", struct.pack(">I", 100_000)),
        (b"iCCP", b"name\0\0" + zlib.compress(bytes(200))),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


SOURCES: dict[str, Callable[[], bytes]] = {
    "png": lambda: saved(picture("RGBA"), "PNG"),
    "palette png": lambda: saved(picture("P"), "PNG", transparency=3, bits=8),
    "deep png": deep_png,
    "apng": lambda: saved(picture("RGBA"), "PNG", **frames("RGBA")),
    "jpeg": lambda: saved(picture("RGB"), "JPEG", exif=Image.Exif().tobytes()),
    "cmyk jpeg": lambda: saved(picture("CMYK"), "JPEG"),
    "gif": lambda: saved(picture("P"), "GIF", **frames("P")),
    "webp": lambda: saved(picture("RGBA"), "WEBP", lossless=True),
    "tiff": lambda: saved(picture("RGB"), "TIFF", compression="tiff_lzw"),
    "bmp": lambda: saved(picture("P"), "BMP"),
}


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Changes, cuts, doubles or moves a few bytes; heals the checksums of PNGs half the time."""
    result = bytearray(data)
    for _ in range(int(rng.integers(1, 5))):
        at, length = int(rng.integers(0, len(result))), int(rng.integers(1, 9))
        match int(rng.integers(0, 7)):
            case 0:
                result[at] ^= 1 << int(rng.integers(0, 8))
            case 1:
                result[at] = INTERESTING[int(rng.integers(0, len(INTERESTING)))]
            case 2:
                result[at : at + length] = rng.bytes(length)
            case 3:
                result[at:at] = result[at : at + length]
            case 4:
                del result[at : at + length]
            case 5:
                result[at:at] = rng.bytes(length)
            case _:
                del result[max(at, len(result) // 2) :]
        if not result:
            return b""
    return healed(bytes(result)) if rng.random() < 0.5 else bytes(result)


def healed(data: bytes) -> bytes:
    """Returns a PNG whose checksums fit what it says, or anything else as it is."""
    if not data.startswith(b"\x89PNG"):
        return data
    result, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 8 + length
        if end + 4 > len(data):
            break
        body = data[at + 4 : end]
        result += data[at : at + 4] + body + struct.pack(">I", zlib.crc32(body))
        at = end + 4
    return bytes(result + data[at:])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", SOURCES)
def test_a_picture_or_one_of_our_errors(kind: str) -> None:
    data = SOURCES[kind]()
    fewcolors.compress(data, effort="fast")  # it is sound to begin with
    rng = np.random.default_rng(list(SOURCES).index(kind))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    n_pictures = 0
    for number in range(MUTATIONS // len(SOURCES)):
        damaged = mutated(data, rng)
        start = time.monotonic()
        try:
            result = fewcolors.compress(
                damaged, 16, effort="fast", n_threads=1, max_pixels=MAX_PIXELS
            )
        except fewcolors.FewcolorsError:
            pass
        except Exception as error:
            pytest.fail(f"mutation {number} of {kind}: {type(error).__name__}: {error}")
        else:
            n_pictures += 1
            assert result.n_colors <= 16
        assert time.monotonic() - start < MAX_SECONDS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < MAX_BYTES_MORE
    assert n_pictures > 0  # else nothing but the first bytes would be tried
