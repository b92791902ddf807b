"""The part of a picture's metadata that a client asks to keep, and no more of it."""

import io
import re
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image

from ...decode.metadata import read_metadata

__all__ = ["Kept", "kept_metadata"]

EXIF_TAGS = {"copyright": (0x013B, 0x8298), "creation": (0x0132,), "location": ()}
"""Artist and copyright; the date."""

NESTED = 0x8769
NESTED_TAGS = (0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292)
"""Within the tag of Exif: dates of taking and digitising, their zones and parts of a second."""

GPS = 0x8825

KEYWORDS = {"copyright": ("copyright", "author"), "creation": ("creation time",), "location": ()}
"""Of PNG's texts, in lower case (PNG, 11.3.3.2)."""

RIGHTS = re.compile(r"<dc:rights>.*?</dc:rights>", re.DOTALL)
PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">{}</rdf:Description></rdf:RDF></x:xmpmeta>'
)


class Kept(NamedTuple):
    """Metadata to write.

    Attributes:
        exif: as Pillow writes it, or None.
        texts: keywords and texts of a PNG.
        xmp: a packet, or None.
    """

    exif: bytes | None = None
    texts: tuple[tuple[str, str], ...] = ()
    xmp: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.exif or self.texts or self.xmp)


def kept_metadata(data: bytes, kinds: Iterable[str]) -> Kept:
    """Reads the metadata of some kinds; what is damaged is left out.

    Args:
        data: of a picture that has been decoded already, so that it is sound.
        kinds: "copyright", "creation" and "location".
    """
    kinds = tuple(kinds)
    if not kinds:
        return Kept()
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        found = read_metadata(image)
    wanted = {keyword for kind in kinds for keyword in KEYWORDS[kind]}
    texts = tuple(
        (text.keyword, text.value) for text in found.texts if text.keyword.lower() in wanted
    )
    xmp = None
    if "copyright" in kinds and found.xmp is not None:
        rights = RIGHTS.search(found.xmp.decode("utf-8", "replace"))
        xmp = PACKET.format(rights[0]) if rights else None
    return Kept(_exif(found.exif, kinds), texts, xmp)


def _exif(stored: bytes | None, kinds: tuple[str, ...]) -> bytes | None:
    if stored is None:
        return None
    whole, kept = Image.Exif(), Image.Exif()
    whole.load(stored)
    for kind in kinds:
        for tag in EXIF_TAGS[kind]:
            if tag in whole:
                kept[tag] = whole[tag]
    if "creation" in kinds:
        nested = whole.get_ifd(NESTED)
        if dates := {tag: nested[tag] for tag in NESTED_TAGS if tag in nested}:
            kept[NESTED] = dates
    if "location" in kinds and (place := dict(whole.get_ifd(GPS))):
        kept[GPS] = place
    return kept.tobytes() if len(kept) else None
