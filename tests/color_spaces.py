"""Pictures in the spaces that cameras, phones and editors store, made in NumPy from sRGB."""

import io
import struct
from typing import Any, NamedTuple

import numpy as np
from ciede2000 import SRGB_TO_XYZ, linear
from conftest import build_png, png_chunk
from PIL import Image

from fewcolors.decode.color.icc_write import SRGB_PRIMARIES, Primaries, build_profile
from fewcolors.decode.color.tone_curves import SRGB_CURVE, ToneCurve

D65, D50 = SRGB_PRIMARIES.white, (0.3457, 0.3585)
BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


class Space(NamedTuple):
    primaries: Primaries
    curve: ToneCurve

    def icc(self, name: str) -> bytes:
        return build_profile(name, self.primaries, self.curve)


P3_PRIMARIES = Primaries(D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
SPACES = {
    "Display P3": Space(P3_PRIMARIES, SRGB_CURVE),
    "Adobe RGB": Space(
        Primaries(D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06)), ToneCurve(2.19921875)
    ),
    "ProPhoto RGB": Space(
        Primaries(D50, (0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)), ToneCurve(1.8)
    ),
    "linear sRGB": Space(SRGB_PRIMARIES, ToneCurve(1.0)),
}


def smooth_picture() -> Any:
    """Light and colour changing slowly, as sRGB, 0 to 1, in no steps."""
    y, x = np.mgrid[0:64, 0:96] / 96
    channels = [0.5 + 0.4 * np.sin(3 * x + 2 * y), 0.4 + 0.3 * x * y + 0.2 * y, 0.7 - 0.5 * x]
    return np.stack(channels, axis=-1)


def _xyz(x: float, y: float) -> Any:
    return np.array([x / y, 1, (1 - x - y) / y])


def encoded_in(space: Space, srgb: Any) -> Any:
    """From sRGB to the values of another space, both 0 to 1."""
    columns = np.stack([_xyz(*point) for point in space.primaries[1:]], axis=1)
    white = _xyz(*space.primaries.white)
    to_xyz = columns * np.linalg.solve(columns, white)
    gains = (BRADFORD @ white) / (BRADFORD @ SRGB_TO_XYZ.sum(axis=1))
    adapted = np.linalg.inv(BRADFORD) @ np.diag(gains) @ BRADFORD @ SRGB_TO_XYZ
    light = linear(srgb) @ (np.linalg.inv(to_xyz) @ adapted).T
    light = np.clip(light, 0, 1)
    if space.curve is SRGB_CURVE:
        return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return light ** (1 / space.curve.gamma)


def iccp(icc: bytes) -> bytes:
    """The chunk that holds a profile."""
    import zlib

    return png_chunk(b"iCCP", b"a profile\0\0" + zlib.compress(icc))


def png_of(values: Any, depth: int, chunks: bytes = b"") -> bytes:
    """A PNG of 8 or 16 bits a channel, grey to RGBA, from values 0 to 1."""
    height, width, channels = values.shape
    stored = np.round(values * (2**depth - 1)).astype(">u2" if depth == 16 else np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in stored)
    color_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    return build_png((width, height), rows, depth=depth, color_type=color_type, chunks=chunks)


def cmyk_profile() -> bytes:
    """A profile of tables: each ink takes its own third of the light, black all of it."""
    nodes = []
    for node in range(16):
        ink = [node >> shift & 1 for shift in (3, 2, 1, 0)]
        light = 0.0 if ink[3] else 1 - sum(ink[:3]) / 3
        hues = [(ink[0] * -0.3 + ink[1] * 0.5), (ink[2] * 0.6 - ink[0] * 0.3)]
        lab = [light, *(0.5 + hue * light / 2 for hue in hues)]
        nodes += [round(255 * value) for value in lab]
    ramp = bytes(range(256))
    identity = struct.pack(">9i", *(65536 * (n % 4 == 0) for n in range(9)))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + 4 * ramp + bytes(nodes) + 3 * ramp
    rgb = build_profile("Four inks", SRGB_PRIMARIES, SRGB_CURVE)
    count = struct.unpack_from(">I", rgb, 128)[0]
    kept = [struct.unpack_from(">4sII", rgb, 132 + 12 * n) for n in range(count)][:3]
    tags = [(name, rgb[at : at + size]) for name, at, size in kept] + [(b"A2B0", table)]
    at, listed, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, data in tags:
        listed += struct.pack(">4sII", name, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = bytearray(rgb[:128])
    header[:4] = struct.pack(">I", at + len(body))
    header[8:24] = b"\x02\x40\0\0prtrCMYKLab "
    return bytes(header) + listed + body


def grey_profile(gamma: float) -> bytes:
    """A profile of grey."""
    rgb = build_profile("Grey", SRGB_PRIMARIES, ToneCurve(gamma))
    at = rgb.index(b"rTRC")
    return rgb[:16] + b"GRAY" + rgb[20:at] + b"kTRC" + rgb[at + 4 :]


def file_of(image: Image.Image, format_: str, **options: Any) -> bytes:
    """A file as Pillow writes it."""
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()
