"""Small files of every format that is read, and changes to their structure.

A file is cut into its parts (the chunks of a PNG, the segments of a JPEG, the blocks of a GIF, the
entries of a TIFF) and put together again after some of them were changed: swapped, left out,
repeated, cut, or with other lengths, counts and sizes. Checksums and total lengths are then made
right most of the time, so that the change gets past the first look.
"""

import io
import itertools
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

__all__ = ["SOURCES", "mutant", "parts_of"]

INTERESTING = (0, 1, 2, 3, 7, 8, 15, 16, 127, 128, 254, 255)
SIZES = (
    0,
    1,
    2,
    255,
    256,
    4096,
    32_767,
    32_768,
    65_535,
    65_536,
    2**24,
    2**31 - 1,
    2**31,
    2**32 - 1,
)
MOST_REPEATS = 300
SIDES = (12, 10)

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


# The files


def picture(mode: str, seed: int = 0) -> Image.Image:
    """A little picture of noise with a flat part."""
    width, height = SIDES
    image = Image.frombytes("RGBA", SIDES, random.Random(seed).randbytes(4 * width * height))
    image.paste((200, 30, 40, 255), (3, 2, 9, 6))
    return image.convert(mode)


def saved(image: Image.Image, format_: str, **settings: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **settings)
    return file.getvalue()


def frames(mode: str) -> dict[str, Any]:
    more = [picture(mode, seed) for seed in (1, 2)]
    return {"save_all": True, "append_images": more, "duration": 40, "loop": 0}


def png_of(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return PNG_SIGNATURE + b"".join(png_chunk(kind, data) for kind, data in chunks)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def rich_png() -> bytes:
    """16 bits of grey, with a chunk of nearly every kind that is looked at."""
    rows = b"".join(b"\0" + bytes(range(24)) for _ in range(10))
    return png_of(
        [
            (b"IHDR", struct.pack(">IIBBBBB", 12, 10, 16, 0, 0, 0, 0)),
            (b"gAMA", struct.pack(">I", 45_455)),
            (b"iCCP", b"name\0\0" + zlib.compress(bytes(200))),
            (b"tRNS", b"\0\1"),
            (b"pHYs", struct.pack(">IIB", 3000, 3000, 1)),
            (b"tEXt", b"Title\0a text"),
            (b"zTXt", b"Title\0\0" + zlib.compress(b"a text")),
            (b"iTXt", b"Title\0\1\0en\0Titel\0" + zlib.compress(b"a text")),
            (b"eXIf", b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0"),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        ]
    )


def interlaced_png() -> bytes:
    """RGB in seven passes."""
    starts = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4)]
    starts += [(1, 0, 2, 2), (0, 1, 1, 2)]
    draws, (width, height) = random.Random(0), SIDES
    rows = b"".join(
        b"\0" + draws.randbytes(3 * len(range(x, width, w)))
        for x, y, w, h in starts
        for _ in range(y, height, h)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    return png_of([(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def with_exif() -> Any:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a picture"
    return exif


SOURCES: dict[str, Callable[[], bytes]] = {
    "png": lambda: saved(picture("RGBA"), "PNG"),
    "palette png": lambda: saved(picture("P"), "PNG", transparency=3, bits=8),
    "rich png": rich_png,
    "interlaced png": interlaced_png,
    "apng": lambda: saved(picture("RGBA"), "PNG", **frames("RGBA")),
    "jpeg": lambda: saved(picture("RGB"), "JPEG", exif=with_exif()),
    "progressive jpeg": lambda: saved(picture("RGB"), "JPEG", progressive=True),
    "cmyk jpeg": lambda: saved(picture("CMYK"), "JPEG"),
    "gif": lambda: saved(picture("P"), "GIF", comment=b"a comment"),
    "animated gif": lambda: saved(picture("P"), "GIF", **frames("P")),
    "webp": lambda: saved(picture("RGBA"), "WEBP", exif=with_exif()),
    "lossless webp": lambda: saved(picture("RGBA"), "WEBP", lossless=True),
    "animated webp": lambda: saved(picture("RGBA"), "WEBP", **frames("RGBA")),
    "avif": lambda: saved(picture("RGB"), "AVIF"),
    "tiff": lambda: saved(picture("RGB"), "TIFF", compression="tiff_lzw"),
    "raw tiff": lambda: saved(picture("P"), "TIFF"),
    "deflated tiff": lambda: saved(picture("RGBA"), "TIFF", compression="tiff_adobe_deflate"),
    "bmp": lambda: saved(picture("P"), "BMP"),
    "ppm": lambda: saved(picture("RGB"), "PPM"),
    "tga": lambda: saved(picture("RGBA"), "TGA", compression="tga_rle"),
    "ico": lambda: saved(picture("RGBA"), "ICO", sizes=[SIDES]),
    "dds": lambda: saved(picture("RGBA"), "DDS"),
    "jpeg 2000": lambda: saved(picture("RGB"), "JPEG2000"),
    "pcx": lambda: saved(picture("P"), "PCX"),
    "sgi": lambda: saved(picture("RGB"), "SGI"),
}


# Their parts


def parts_of(data: bytes) -> list[bytes]:
    """Cuts a file into its parts, which joined are the file again."""
    if data.startswith(PNG_SIGNATURE):
        cuts = png_cuts(data)
    elif data.startswith(b"\xff\xd8"):
        cuts = jpeg_cuts(data)
    elif data.startswith(b"GIF8"):
        cuts = gif_cuts(data)
    elif data.startswith(b"RIFF"):
        cuts = riff_cuts(data)
    elif data[:4] in (b"II*\0", b"MM\0*"):
        cuts = tiff_cuts(data)
    else:
        cuts = iter(range(4, min(len(data), 160), 4))  # a header of numbers, and the rest
    places = [0, *(cut for cut in cuts if 0 < cut < len(data)), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(places) if end > start]


def png_cuts(data: bytes) -> Iterator[int]:
    at = len(PNG_SIGNATURE)
    while at + 12 <= len(data):
        yield at
        at += 12 + int.from_bytes(data[at : at + 4], "big")


def jpeg_cuts(data: bytes) -> Iterator[int]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        yield at
        kind = data[at + 1]
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == 0xDA:  # pixels follow, to the next marker that is none of theirs
            yield at
            while at + 1 < len(data) and (
                data[at] != 0xFF or data[at + 1] in (0, *range(208, 216))
            ):
                at += 1


def gif_cuts(data: bytes) -> Iterator[int]:
    at = 13 + color_table_bytes(data[10])
    yield 13
    while at + 10 < len(data) and data[at] in b"!,":
        yield at
        if data[at] == ord("!"):
            at += 2
        else:
            flags = data[at + 9]
            yield at + 10
            at += 10 + color_table_bytes(flags) + 1
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    yield at


def color_table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 128 else 0


def riff_cuts(data: bytes) -> Iterator[int]:
    at = 12
    while at + 8 <= len(data):
        yield at
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2


def tiff_cuts(data: bytes) -> Iterator[int]:
    order = "<" if data[:1] == b"I" else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    yield 8
    yield at
    (n_entries,) = struct.unpack_from(f"{order}H", data, at)
    for number in range(n_entries + 1):
        yield at + 2 + 12 * number


# Changes


def mutant(kind: str, draws: random.Random, source: bytes | None = None) -> bytes:
    """Returns a changed file.

    Args:
        kind: one of SOURCES.
        draws: decides on the changes.
        source: the file, if it is at hand.
    """
    parts = parts_of(SOURCES[kind]() if source is None else source)
    for _ in range(draws.randint(1, 4)):
        draws.choice(CHANGES)(parts, draws)
        if not parts:
            return b""
    joined = b"".join(parts)
    if draws.random() < 0.8:
        joined = healed(parts)
    return joined


def swap(parts: list[bytes], draws: random.Random) -> None:
    first, second = draws.randrange(len(parts)), draws.randrange(len(parts))
    parts[first], parts[second] = parts[second], parts[first]


def leave_out(parts: list[bytes], draws: random.Random) -> None:
    del parts[draws.randrange(len(parts))]


def repeat(parts: list[bytes], draws: random.Random) -> None:
    at = draws.randrange(len(parts))
    times = draws.choice((1, 2, 3, draws.randint(4, MOST_REPEATS)))
    parts[at:at] = times * [parts[at]]


def cut(parts: list[bytes], draws: random.Random) -> None:
    at = draws.randrange(len(parts))
    parts[at] = parts[at][: draws.randrange(len(parts[at]) + 1)]


def shorten(parts: list[bytes], draws: random.Random) -> None:
    """Takes bytes out of the middle: a palette or a table that is too short."""
    at = draws.randrange(len(parts))
    start = draws.randrange(len(parts[at]) + 1)
    parts[at] = parts[at][:start] + parts[at][start + draws.randint(1, 48) :]


def lengthen(parts: list[bytes], draws: random.Random) -> None:
    at = draws.randrange(len(parts))
    start = draws.randrange(len(parts[at]) + 1)
    parts[at] = parts[at][:start] + draws.randbytes(draws.randint(1, 48)) + parts[at][start:]


def change_byte(parts: list[bytes], draws: random.Random) -> None:
    at = draws.randrange(len(parts))
    if not parts[at]:
        return
    changed = bytearray(parts[at])
    place = draws.randrange(len(changed))
    changed[place] = draws.choice((changed[place] ^ 1 << draws.randrange(8), *INTERESTING))
    parts[at] = bytes(changed)


def change_number(parts: list[bytes], draws: random.Random) -> None:
    """Writes a length, a count or a size at the start of a part, where they mostly are."""
    at = draws.randrange(len(parts))
    n_bytes = draws.choice((2, 4))
    number = draws.choice(SIZES) & (1 << 8 * n_bytes) - 1
    place = draws.randrange(min(len(parts[at]), 32) + 1)
    written = number.to_bytes(n_bytes, draws.choice(("little", "big")))
    parts[at] = parts[at][:place] + written + parts[at][place + n_bytes :]


CHANGES: tuple[Callable[[list[bytes], random.Random], None], ...] = (
    swap,
    leave_out,
    repeat,
    cut,
    shorten,
    lengthen,
    change_byte,
    change_byte,
    change_number,
    change_number,
)


def healed(parts: list[bytes]) -> bytes:
    """Joins parts with the lengths and checksums that they need to be read."""
    joined = b"".join(parts)
    if joined.startswith(PNG_SIGNATURE):
        chunks = [part for part in parts[1:] if len(part) >= 12]
        return parts[0] + b"".join(png_chunk(part[4:8], part[8:-4]) for part in chunks)
    if joined.startswith(b"RIFF"):
        return joined[:4] + struct.pack("<I", len(joined) - 8 & 0xFFFFFFFF) + joined[8:]
    return joined
