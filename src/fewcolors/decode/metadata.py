"""Metadata: EXIF, XMP, texts and resolution of a file.

Results have none unless it is asked for. A part that is damaged is left out: the picture is still
sound.
"""

import math
import re
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from .orientation import ORIENTATION_TAG, SIDEWAYS, UPRIGHT

if TYPE_CHECKING:
    from PIL import Image

__all__ = [
    "DESCRIPTIVE_TAGS",
    "EXIF_PREFIX",
    "NESTED_TAGS",
    "RAW_PROFILE",
    "UPRIGHT",
    "XMP_KEYWORD",
    "Metadata",
    "Text",
    "raw_profile",
    "read_metadata",
    "upright_exif",
    "upright_xmp",
]

Value = TypeVar("Value")

EXIF_PREFIX = b"Exif\0\0"
RAW_PROFILE = "Raw profile type "
"""Under this keyword, followed by a kind, ImageMagick writes metadata into texts, as hex digits."""
HEX_STARTS_AT_LINE = 3

XMP_KEYWORD = "XML:com.adobe.xmp"
XMP_ORIENTATION = re.compile(rb'(tiff:Orientation(?:="|>))[2-8]')
"""An orientation other than upright, in the two spellings by which Pillow turns a picture. In any
other spelling it must stay, as the pixels are not turned by it."""

TIFF_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
LONG = 4

DESCRIPTIVE_TAGS = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x8298)
"""Tags of a TIFF that are metadata: description, make, model, software, date, artist, host
computer, copyright. The others say how its pixels are stored."""

EXIF, GPS, INTEROPERABILITY = 0x8769, 0x8825, 0xA005
NESTED_TAGS = (EXIF, GPS)
"""Tags of a first directory that hold further ones. Among those of EXIF is a third such tag."""

MAX_DPI = 1e6


class Text(NamedTuple):
    """A text with its keyword, as PNG stores it."""

    keyword: str
    value: str
    language: str = ""
    translated_keyword: str = ""


class Metadata(NamedTuple):
    """The metadata of a file.

    Attributes:
        exif: a TIFF structure, its orientation reset, or None.
        xmp: a packet of XML, its orientation reset, or None.
        texts: of PNG; of JPEG and GIF the comment.
        dpi: pixels an inch, across and down, or None.
        damaged: the parts that could not be read, by name.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    texts: tuple[Text, ...] = ()
    dpi: tuple[float, float] | None = None
    damaged: tuple[str, ...] = ()


def read_metadata(image: "Image.Image") -> Metadata:
    """Reads the metadata of a picture.

    Args:
        image: a picture as its file stores it, with the ``info`` of the file.

    Returns:
        The metadata that fit the picture once it is turned upright.
    """
    damaged: list[str] = []

    def sound(name: str, read: Callable[[], Value | None]) -> Value | None:
        try:
            return read()
        except Exception:  # damaged metadata raise errors of any kind
            damaged.append(name)
            return None

    exif, orientation = sound("EXIF", lambda: _upright_exif(image)) or (None, UPRIGHT)
    return Metadata(
        exif=exif,
        xmp=sound("XMP", lambda: _upright_xmp(image)),
        texts=tuple(sound("texts", lambda: _texts(image)) or ()),
        dpi=sound("resolution", lambda: _resolution(image, orientation)),
        damaged=tuple(damaged),
    )


def upright_exif(exif: bytes) -> tuple[bytes, int]:
    """Resets the orientation of EXIF data, and leaves every other byte alone.

    Only a thumbnail is taken off where there was an orientation: it would now lie on its side.

    Args:
        exif: a TIFF structure.

    Returns:
        The same, and the orientation that it had.

    Raises:
        ValueError, struct.error: it is damaged.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        raise ValueError("no byte order")
    data = bytearray(exif)
    (start,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, start)
    orientation = UPRIGHT
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, n_values, offset = struct.unpack_from(f"{order}HHII", data, at)
        size = TIFF_TYPE_BYTES.get(kind, 1) * n_values
        if size > 4 and offset + size > len(data):
            raise ValueError("a value beyond the end")
        if tag == ORIENTATION_TAG:
            form = f"{order}I" if kind == LONG else f"{order}H"
            (orientation,) = struct.unpack_from(form, data, at + 8)
            struct.pack_into(form, data, at + 8, UPRIGHT)
    if orientation != UPRIGHT:
        struct.pack_into(f"{order}I", data, start + 2 + 12 * count, 0)
    return bytes(data), orientation


def upright_xmp(packet: bytes) -> bytes:
    """Resets the orientation in an XMP packet, and leaves every other byte alone.

    >>> upright_xmp(b'<rdf:RDF tiff:Orientation="6" dc:title="sea"/>')
    b'<rdf:RDF tiff:Orientation="1" dc:title="sea"/>'
    """
    return XMP_ORIENTATION.sub(rb"\g<1>1", packet)


def raw_profile(text: str) -> bytes:
    """Decodes the hex digits of a text whose keyword starts with `RAW_PROFILE`.

    Raises:
        ValueError: they are damaged.
    """
    return bytes.fromhex("".join(text.split("\n")[HEX_STARTS_AT_LINE:]))


def _upright_exif(image: "Image.Image") -> tuple[bytes, int] | None:
    stored = _stored_exif(image)
    if not stored:
        return None
    from PIL import Image

    upright = upright_exif(stored)
    whole = Image.Exif()
    whole.load(upright[0])
    whole.tobytes()  # raises where nested data are damaged
    return upright


def _stored_exif(image: "Image.Image") -> bytes | None:
    if image.format == "TIFF":
        return _exif_of_tiff(image)
    exif = image.info.get("exif")
    if exif is None and f"{RAW_PROFILE}exif" in image.info:
        exif = raw_profile(image.info[f"{RAW_PROFILE}exif"])
    return exif.removeprefix(EXIF_PREFIX) if exif else None


def _exif_of_tiff(image: "Image.Image") -> bytes | None:
    """Returns the tags of a TIFF that are metadata, with the types that Exif demands."""
    from PIL import Image

    from ..tiff_directory import exif_of, read_exif  # which no other format needs

    stored, kept = image.getexif(), Image.Exif()
    for tag in DESCRIPTIVE_TAGS:
        if tag in stored:
            kept[tag] = stored[tag]
    for tag in NESTED_TAGS:
        if nested := dict(stored.get_ifd(tag)):
            kept[tag] = nested
    if inner := dict(stored.get_ifd(INTEROPERABILITY)):
        kept[EXIF][INTEROPERABILITY] = inner
    if not len(kept):
        return None
    written = kept.tobytes().removeprefix(EXIF_PREFIX)
    return exif_of(read_exif(written, (*DESCRIPTIVE_TAGS, *NESTED_TAGS)))


def _upright_xmp(image: "Image.Image") -> bytes | None:
    xmp = image.info.get("xmp") or image.info.get(XMP_KEYWORD)
    if xmp is None and f"{RAW_PROFILE}xmp" in image.info:
        xmp = raw_profile(image.info[f"{RAW_PROFILE}xmp"])
    if not xmp:
        return None
    packet: bytes = xmp.encode() if isinstance(xmp, str) else bytes(xmp)
    if "<rdf:RDF" not in packet.decode() or b"</rdf:RDF>" not in packet:
        raise ValueError("no whole RDF")
    return upright_xmp(packet)


def _texts(image: "Image.Image") -> list[Text]:
    if comment := image.info.get("comment"):  # of JPEG and GIF
        return [Text("Comment", comment if isinstance(comment, str) else _decoded(comment))]
    if image.format != "PNG":
        return []
    return [
        Text(keyword, str(value), getattr(value, "lang", ""), getattr(value, "tkey", ""))
        for keyword, value in image.info.items()
        if isinstance(keyword, str) and isinstance(value, str) and not _is_known_elsewhere(keyword)
    ]


def _is_known_elsewhere(keyword: str) -> bool:
    """Whether a text holds EXIF, XMP or a colour profile, which are kept elsewhere or converted."""
    if keyword == XMP_KEYWORD:
        return True
    kind = keyword.removeprefix(RAW_PROFILE)
    return kind != keyword and kind.lower() in {"exif", "xmp", "icc", "icm"}


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _resolution(image: "Image.Image", orientation: int) -> tuple[float, float] | None:
    dpi = image.info.get("dpi")
    if dpi is None:
        return None
    across, down = map(float, dpi)
    if not (math.isfinite(across) and math.isfinite(down)):
        raise ValueError("no number")
    if not (0 < across < MAX_DPI and 0 < down < MAX_DPI):  # zero stands for unknown
        return None
    return (down, across) if orientation in SIDEWAYS else (across, down)
