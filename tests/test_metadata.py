"""Metadata: left out unless asked for, kept where there is a place, and never a reason to fail."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import MakePicture, Run
from PIL import Image, PngImagePlugin

import fewcolors
from fewcolors import decode
from fewcolors.decode.metadata import upright_exif
from fewcolors.formats import FORMATS, Format

ORIENTATION, ARTIST, EXPOSURE = 0x0112, 0x013B, 0x829A
EXIF_IFD, INTEROPERABILITY = 0x8769, 0xA005
XMP = b'<x:xmpmeta><rdf:RDF tiff:Orientation="6">sun</rdf:RDF></x:xmpmeta>'


def picture() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (6, 9, 3), np.uint8))


def exif(orientation: int = 6) -> Image.Exif:
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[ARTIST] = "Ada"
    data[EXIF_IFD] = {EXPOSURE: 0.5}
    return data


def file_of(format_: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture().save(file, format_, **options)
    return file.getvalue()


def full_png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", "sunrise")
    texts.add_text("Description", "again and " * 50, zip=True)
    texts.add_itxt("Comment", "日の出", "ja", "注釈")
    texts.add_itxt("XML:com.adobe.xmp", XMP)
    return file_of("PNG", exif=exif(), pnginfo=texts, dpi=(300, 150))


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def kept(format_: Format, source: bytes | None = None) -> Image.Image:
    result = fewcolors.compress(source or full_png(), format=format_, keep_metadata=True)
    return opened(result.data)


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_is_kept_unless_asked_for(format_: Format) -> None:
    image = opened(fewcolors.compress(full_png(), format=format_).data)
    assert image.size == (6, 9)  # turned
    data = image.getexif()
    assert not {ARTIST, EXIF_IFD, 0x010E, 282} & set(data)
    for word in ("Ada", "sun", "again", "exif", "xmp"):
        assert word not in repr(image.info)
    assert decode(full_png()).metadata is None


def test_png_keeps_everything() -> None:
    image: Any = kept("png")
    assert image.text["Title"] == "sunrise"
    assert image.text["Description"] == "again and " * 50
    comment = image.text["Comment"]
    assert (comment, comment.lang, comment.tkey) == ("日の出", "ja", "注釈")
    assert image.info["xmp"] == XMP.replace(b"6", b"1")
    # Turned by 90 degrees, across is what was down.
    assert image.info["dpi"] == pytest.approx((150, 300), abs=0.02)
    data = image.getexif()
    assert (data[ORIENTATION], data[ARTIST]) == (1, "Ada")
    assert data.get_ifd(EXIF_IFD)[EXPOSURE] == 0.5
    np.testing.assert_array_equal(
        np.asarray(image.convert("RGB")),
        np.asarray(picture().transpose(Image.Transpose.ROTATE_270)),
    )


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (b'<rdf:RDF tiff:Orientation="1"></rdf:RDF>', b'<rdf:RDF tiff:Orientation="1"></rdf:RDF>'),
        (
            b"<rdf:RDF>\r\n<tiff:Orientation>8</tiff:Orientation></rdf:RDF>",
            b"<rdf:RDF>\r\n<tiff:Orientation>1</tiff:Orientation></rdf:RDF>",
        ),
        (  # Pillow does not turn a picture by it, so whoever shows the result has to
            b"<rdf:RDF tiff:Orientation='3'></rdf:RDF>",
            b"<rdf:RDF tiff:Orientation='3'></rdf:RDF>",
        ),
        (
            b"<rdf:RDF>Orientation</rdf:RDF>\n \xef\xbb\xbf",
            b"<rdf:RDF>Orientation</rdf:RDF>\n \xef\xbb\xbf",
        ),
    ],
)
def test_xmp_keeps_every_byte_but_its_orientation(stored: bytes, expected: bytes) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", stored)
    file = io.BytesIO()
    picture().save(file, "PNG", pnginfo=texts)
    result = fewcolors.compress(file.getvalue(), keep_metadata=True)
    assert opened(result.data).info["xmp"] == expected


def test_long_texts_are_compressed() -> None:
    plain = fewcolors.compress(full_png()).data
    assert len(fewcolors.compress(full_png(), keep_metadata=True).data) < len(plain) + 600


def test_webp_keeps_exif_and_xmp_and_tells_what_it_does_not() -> None:
    result = fewcolors.compress(full_png(), format="webp", keep_metadata=True)
    image = opened(result.data)
    assert (image.getexif()[ORIENTATION], image.getexif()[ARTIST]) == (1, "Ada")
    assert image.info["xmp"] == XMP.replace(b"6", b"1")
    assert result.note == "not kept, as WEBP has no place for it: texts, resolution"


def test_tiff_keeps_everything() -> None:
    image = kept("tiff")
    data = image.getexif()
    assert (data[ORIENTATION], data[ARTIST]) == (1, "Ada")
    assert data.get_ifd(EXIF_IFD)[EXPOSURE] == 0.5
    assert image.info["dpi"] == pytest.approx((150, 300), abs=0.02)
    assert image.info["xmp"] == XMP.replace(b"6", b"1")
    assert data[0x010E].startswith("again and")


def typed_exif(order: str) -> bytes:
    """Artist, EXIF with an exposure, a comment and interoperability, and a GPS position."""
    interoperability = ifd(order, 200, [(1, 2, b"R98\0"), (2, 7, b"0100")])
    taken = ifd(
        *(order, 100),
        [
            (EXPOSURE, 5, struct.pack(f"{order}II", 1, 60)),
            (0x9286, 7, b"ASCII\0\0\0hi"),
            (0x9204, 10, struct.pack(f"{order}ii", -1, 3)),
            (INTEROPERABILITY, 4, struct.pack(f"{order}I", 200)),
        ],
    )
    where = ifd(order, 300, [(1, 2, b"N\0"), (2, 5, struct.pack(f"{order}6I", 48, 1, 8, 1, 7, 1))])
    pointers = [
        (tag, 4, struct.pack(f"{order}I", at)) for tag, at in ((0x8769, 100), (0x8825, 300))
    ]
    first = ifd(order, 8, [(ARTIST, 2, b"Ada\0"), pointers[1], pointers[0]])
    magic = {"<": b"II*\0", ">": b"MM\0*"}[order]
    data = bytearray(400)
    for at, part in ((0, magic + struct.pack(f"{order}I", 8)), (8, first), (100, taken)):
        data[at : at + len(part)] = part
    for at, part in ((200, interoperability), (300, where)):
        data[at : at + len(part)] = part
    return bytes(data)


def ifd(order: str, at: int, entries: list[tuple[int, int, bytes]]) -> bytes:
    sizes = {5: 8, 10: 8, 4: 4}
    head, values = struct.pack(f"{order}H", len(entries)), b""
    for tag, kind, value in sorted(entries):
        if len(value) > 4:
            place = at + 2 + 12 * len(entries) + 4 + len(values)
            values += value + bytes(len(value) % 2)
            stored = struct.pack(f"{order}I", place)
        else:
            stored = value.ljust(4, b"\0")
        head += struct.pack(f"{order}HHI", tag, kind, len(value) // sizes.get(kind, 1)) + stored
    return head + bytes(4) + values


def entries_of(tiff: bytes, at: int) -> dict[int, tuple[int, int, bytes]]:
    """Reads a little-endian directory: type, number of values and their bytes, by tag."""
    sizes = {2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}
    found = {}
    (count,) = struct.unpack_from("<H", tiff, at)
    for place in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, n_values, value_at = struct.unpack_from("<HHII", tiff, place)
        size = sizes[kind] * n_values
        start = value_at if size > 4 else place + 8
        found[tag] = (kind, n_values, tiff[start : start + size])
    return found


def directory_at(entries: dict[int, tuple[int, int, bytes]], tag: int) -> int:
    return int.from_bytes(entries[tag][2], "little")


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_keeps_the_types_of_exif_and_its_directories(order: str) -> None:
    source = file_of("PNG", exif=b"Exif\0\0" + typed_exif(order))
    tiff = fewcolors.compress(source, format="tiff", keep_metadata=True).data
    first = entries_of(tiff, 8)
    assert first[ARTIST] == (2, 4, b"Ada\0")
    taken = entries_of(tiff, directory_at(first, EXIF_IFD))
    assert taken[EXPOSURE] == (5, 1, struct.pack("<II", 1, 60))
    assert taken[0x9286] == (7, 10, b"ASCII\0\0\0hi")
    assert taken[0x9204] == (10, 1, struct.pack("<ii", -1, 3))
    interoperability = entries_of(tiff, directory_at(taken, INTEROPERABILITY))
    assert interoperability == {1: (2, 4, b"R98\0"), 2: (7, 4, b"0100")}
    where = entries_of(tiff, directory_at(first, 0x8825))
    assert where[2] == (5, 3, struct.pack("<6I", 48, 1, 8, 1, 7, 1))


@pytest.mark.parametrize("format_", ["png", "webp"])
def test_the_exif_of_a_tiff_has_the_types_that_exif_demands(format_: Format) -> None:
    source = file_of("PNG", exif=b"Exif\0\0" + typed_exif("<"))
    tiff = fewcolors.compress(source, format="tiff", keep_metadata=True).data
    exif = opened(fewcolors.compress(tiff, format=format_, keep_metadata=True).data).info["exif"]
    exif = exif.removeprefix(b"Exif\0\0")
    first = entries_of(exif, 8)
    taken = entries_of(exif, directory_at(first, EXIF_IFD))
    assert taken[0x9286] == (7, 10, b"ASCII\0\0\0hi")
    assert taken[0x9204] == (10, 1, struct.pack("<ii", -1, 3))
    interoperability = entries_of(exif, directory_at(taken, INTEROPERABILITY))
    assert interoperability == {1: (2, 4, b"R98\0"), 2: (7, 4, b"0100")}


def test_exif_that_points_nowhere_is_left_out_of_a_tiff() -> None:
    from fewcolors.tiff_directory import read_exif

    data = typed_exif("<")
    tags = (ARTIST, EXIF_IFD, 0x8825)
    assert set(read_exif(data, tags)) == set(tags)
    cut = data[:200]  # interoperability and position lie beyond
    taken = read_exif(cut, tags)
    assert set(taken) == {ARTIST, EXIF_IFD}
    assert INTEROPERABILITY not in (taken[EXIF_IFD].directory or {})
    for size in range(len(data)):
        read_exif(data[:size], tags)


def test_values_that_overlap_are_not_read_again_and_again() -> None:
    from fewcolors.tiff_directory import read_exif, written_at

    many = [(tag, 7, bytes(5)) for tag in range(1000, 3000)]
    taken = bytearray(ifd("<", 100, many))
    for at in range(2, 2 + 12 * 2000, 12):
        struct.pack_into("<II", taken, at + 4, 50_000, 0)  # each the whole of the data
    head = b"II*\0" + struct.pack("<I", 8) + ifd("<", 8, [(EXIF_IFD, 4, struct.pack("<I", 100))])
    data = (head.ljust(100, b"\0") + bytes(taken)).ljust(60_000, b"\0")
    assert len(written_at(read_exif(data, [EXIF_IFD]), 8)) < 2 * len(data)


def test_gif_keeps_texts_as_comments() -> None:
    comment = kept("gif").info["comment"].decode()
    assert "Title: sunrise" in comment
    assert "日の出" in comment


def test_bmp_keeps_the_resolution() -> None:
    assert kept("bmp").info["dpi"] == pytest.approx((150, 300), abs=0.1)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_is_read_from_every_format(format_: str) -> None:
    data = kept("png", file_of(format_, exif=exif(1).tobytes())).getexif()
    assert data[ARTIST] == "Ada"
    assert data.get_ifd(EXIF_IFD)[EXPOSURE] == 0.5


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "TIFF", "BMP"])
def test_the_resolution_is_read_from_every_format(format_: str) -> None:
    image = kept("png", file_of(format_, dpi=(200, 100)))
    assert image.info["dpi"] == pytest.approx((200, 100), abs=0.1)


@pytest.mark.parametrize("format_", ["JPEG", "GIF"])
def test_comments_are_texts(format_: str) -> None:
    image: Any = kept("png", file_of(format_, comment="caf\u00e9".encode()))
    assert image.text == {"Comment": "caf\u00e9"}


def test_imagemagicks_exif_in_a_text_is_exif() -> None:
    raw = exif(1).tobytes()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(raw):8}\n{raw.hex()}\n", zip=True)
    image: Any = kept("png", file_of("PNG", pnginfo=texts))
    assert image.getexif()[ARTIST] == "Ada"
    assert image.text == {}


DAMAGED: dict[str, dict[str, Any]] = {
    "EXIF": {"exif": b"Exif\0\0garbage!"},
    "EXIF cut": {"exif": exif().tobytes()[:40]},
    "EXIF beyond": {"exif": b"Exif\0\0II*\0\xff\xff\xff\x7f"},
    "XMP": {"xmp": b"\xff\xfe no packet"},
}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("kind", DAMAGED)
@pytest.mark.parametrize("format_", ["JPEG", "WEBP"])
def test_damaged_metadata_is_left_out_with_a_note(format_: str, kind: str) -> None:
    source = file_of(format_, **DAMAGED[kind])
    result = fewcolors.compress(source, keep_metadata=True)
    assert result.note == f"damaged, so left out: {kind.split()[0]}"
    assert not {"exif", "xmp"} & set(opened(result.data).info)


@pytest.mark.parametrize("order", "<>")
def test_only_the_orientation_and_its_thumbnail_leave_exif(order: str) -> None:
    sign = b"II*\0" if order == "<" else b"MM\0*"
    entries = [(0x010F, 2, 4, b"abc\0"), (ORIENTATION, 3, 1, struct.pack(f"{order}HH", 8, 0))]
    tags = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in entries)
    exif_of = sign + struct.pack(f"{order}IH", 8, 2) + tags + struct.pack(f"{order}I", 38) + b"rest"
    upright, orientation = upright_exif(exif_of)
    assert orientation == 8
    assert upright == exif_of[:30] + struct.pack(f"{order}HH", 1, 0) + bytes(4) + b"rest"
    assert upright_exif(upright) == (upright, 1)


@pytest.mark.filterwarnings("ignore")
def test_every_byte_of_exif_may_be_wrong() -> None:
    whole = exif().tobytes()[6:]
    for at in range(len(whole)):
        damaged = whole[:at] + b"\xff" + whole[at + 1 :]
        result = fewcolors.compress(
            file_of("JPEG", exif=b"Exif\0\0" + damaged), format="tiff", keep_metadata=True
        )
        opened(result.data)


def test_the_command_keeps_it_when_asked(
    run_command: Run, picture: MakePicture, tmp_path: Path
) -> None:
    (tmp_path / "a.png").write_bytes(full_png())
    for options, there in (([], False), (["--keep-metadata"], True)):
        run = run_command("compress", "a.png", "-o", "b.png", "--force", *options)
        assert (run.returncode, run.stderr) == (0, b"")
        with Image.open(tmp_path / "b.png") as image:
            assert ("Title" in image.info) == there
