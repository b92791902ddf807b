"""Palette files: what is written is read again, by us and by others, and no file does harm."""

import contextlib
import io
import json
import math
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PICTURES, names
from PIL import GimpPaletteFile, Image, ImageCms

import fewcolors
from fewcolors import Palette, PaletteError
from fewcolors.cli.palette import FORMATS as COMMAND_FORMATS
from fewcolors.palette_files import FORMATS, encode_colors
from fewcolors.palette_files.conversion import from_lab


def encoded(palette: Palette, name: str) -> bytes:
    return encode_colors(palette.entries, palette.shares, name)


OPAQUE = Palette.of("#ff8000, #000000, #ffffff, #123456, #0000ff")
WITH_ALPHA = Palette.of("#ff8000, #00000000, #12345680")
MANY = Palette(b"".join(bytes([i, 255 - i, i // 2, 255]) for i in range(256)))


def saved(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, name: str, content: bytes | str) -> list[str]:
    return Palette.load(saved(folder, name, content)).hex()


# There and back


def test_the_command_offers_all_formats() -> None:
    assert tuple(FORMATS) == COMMAND_FORMATS


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("palette", [OPAQUE, MANY, MANY.reordered([7])], ids=len)
def test_what_is_saved_is_loaded_in_order(tmp_path: Path, name: str, palette: Palette) -> None:
    path = tmp_path / f"p.{name.upper()}"
    palette.save(path)
    assert Palette.load(path) == palette
    with pytest.raises(FileExistsError):
        palette.save(path)
    OPAQUE.save(path, force=True)
    assert Palette.load(path) == OPAQUE
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("name", FORMATS)
def test_alpha_is_kept_or_refused_but_never_lost(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"p.{name}"
    if FORMATS[name].has_alpha:
        WITH_ALPHA.save(path)
        assert Palette.load(path) == WITH_ALPHA
    else:
        with pytest.raises(PaletteError, match="2 of 3 colours are not opaque; choose one of"):
            WITH_ALPHA.save(path)
        assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["hex", "json", "gpl", "aco", "ase"])
def test_equal_entries_keep_their_places(name: str) -> None:
    twice = Palette.of(["#000", "#fff", "#000"])
    assert FORMATS[name].read(encoded(twice, name)) == list(map(bytes, twice))


def test_other_extensions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"one of \.hex, \.css, .* got '.*p\.txt'"):
        OPAQUE.save(tmp_path / "p.txt")


# What others read


def test_pillow_reads_our_gpl() -> None:
    data, mode = GimpPaletteFile.GimpPaletteFile(io.BytesIO(encoded(MANY, "gpl"))).getpalette()
    assert mode == "RGB"
    assert data == bytes(MANY.colors[:, :3])


def test_a_css_parser_reads_our_css() -> None:
    tinycss2 = pytest.importorskip("tinycss2")
    (rule,) = tinycss2.parse_stylesheet(
        encoded(WITH_ALPHA, "css").decode(), skip_comments=True, skip_whitespace=True
    )
    assert tinycss2.serialize(rule.prelude).strip() == ":root"
    declarations = tinycss2.parse_declaration_list(
        rule.content, skip_comments=True, skip_whitespace=True
    )
    found = {d.name: tinycss2.serialize(d.value).strip() for d in declarations}
    assert found == {
        "--color-1": "#ff8000",
        "--color-2": "#00000000",
        "--color-3": "#12345680",
    }


def test_our_json_is_json() -> None:
    palette = Palette(OPAQUE.data, (0.5, 0.2, 0.1, 0.1, 0.1))
    colors = json.loads(encoded(palette, "json"))["colors"]
    assert colors[0] == {"hex": "#ff8000", "rgb": [255, 128, 0], "share": 0.5}
    assert [color["hex"] for color in colors] == palette.hex()


def test_the_png_has_the_palette_and_a_square_for_each_colour() -> None:
    with Image.open(io.BytesIO(encoded(WITH_ALPHA, "png"))) as image:
        assert (image.mode, image.size) == ("P", (96, 32))
        rgba = image.convert("RGBA")
    assert [rgba.getpixel((x, 16)) for x in (16, 48, 80)] == list(WITH_ALPHA)
    with Image.open(io.BytesIO(encoded(MANY, "png"))) as image:
        assert image.size == (512, 512)
        assert image.convert("RGBA").getpixel((16 + 32, 16)) == tuple(MANY.entry(1))


def test_aco_is_laid_out_as_specified() -> None:
    color = struct.pack(">5H", 0, 0xFFFF, 0x8080, 0, 0)
    name = struct.pack(">I", 8) + "#ff8000\0".encode("utf-16-be")
    assert encoded(OPAQUE.reordered([0]), "aco") == (
        struct.pack(">2H", 1, 1) + color + struct.pack(">2H", 2, 1) + color + name
    )


def test_ase_is_laid_out_as_adobe_does() -> None:
    name = "#ff8000\0".encode("utf-16-be")
    block = struct.pack(">H", 8) + name + b"RGB " + struct.pack(">3fH", 1, 128 / 255, 0, 2)
    assert encoded(OPAQUE.reordered([0]), "ase") == (
        b"ASEF" + struct.pack(">2HI", 1, 0, 1) + struct.pack(">HI", 1, len(block)) + block
    )


# What others write


def test_gpl_of_gimp_and_of_aseprite(tmp_path: Path) -> None:
    old = "GIMP Palette\r\n# made by hand\r\n255 128   0 8 bits\r\n\r\n  0\t0\t0\r\n"
    assert read(tmp_path, "old.gpl", old) == ["#ff8000", "#000000"]
    new = "GIMP Palette\nName: Grün\nColumns: 4\n#\n  1   2   3\tUntitled\n"
    assert read(tmp_path, "new.gpl", new.encode("latin-1")) == ["#010203"]
    assert read(tmp_path, "no-extension", new) == ["#010203"]
    rgba = "GIMP Palette\nChannels: RGBA\n#\n255 0 0 128 half\n0 0 0 0 Untitled\n1 2 3 255\n"
    assert read(tmp_path, "aseprite.gpl", rgba) == ["#ff000080", "#00000000", "#010203"]


def test_hex_of_lospec_and_by_hand(tmp_path: Path) -> None:
    assert read(tmp_path, "a.hex", "ff8000\n000000\n") == ["#ff8000", "#000000"]
    assert read(tmp_path, "b.hex", "\ufeff#F80\r\n\r\n#12345680") == ["#ff8800", "#12345680"]
    assert read(tmp_path, "c.txt", "ff8000\n000000\n") == ["#ff8000", "#000000"]


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "Two", "author": "", "colors": ["ff8000", "000000"]}',
        '["#ff8000", "#000"]',
        "[[255, 128, 0], [0, 0, 0, 255]]",
        '{"sun": "#ff8000", "night": "#000000"}',
        '[{"hex": "#ff8000", "share": 1}, {"hex": "#000"}]',
    ],
)
def test_json_of_many_kinds(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, "a.json", content) == ["#ff8000", "#000000"]
    assert read(tmp_path, "b", content) == ["#ff8000", "#000000"]


def test_css_of_custom_properties_or_else_any(tmp_path: Path) -> None:
    custom = """
    :root { --sun: #FF8000; /* --old: #111; */ --night:#000; --gap: 3px; --again: #ff8000 }
    #add, a:hover #fade { color: #123456 }
    """
    assert read(tmp_path, "a.css", custom) == ["#ff8000", "#000000"]
    plain = "#add { color: #f80; background: linear-gradient(#000, #f80) } #bad { margin: 0 }"
    assert read(tmp_path, "b.css", plain) == ["#ff8800", "#000000"]


def aco(version: int, *colors: tuple[int, ...], name: str = "x") -> bytes:
    named = struct.pack(">I", len(name) + 1) + f"{name}\0".encode("utf-16-be")
    rows = [struct.pack(">5H", *color) + named * (version == 2) for color in colors]
    return struct.pack(">HH", version, len(colors)) + b"".join(rows)


def ase(*colors: tuple[bytes, tuple[float, ...]], group: bool = False) -> bytes:
    blocks = []
    for model, values in colors:
        data = struct.pack(">H", 2) + "é\0".encode("utf-16-be") + model
        data += struct.pack(f">{len(values)}fH", *values, 0)
        blocks.append(struct.pack(">HI", 1, len(data)) + data)
    if group:
        title = struct.pack(">H", 2) + "g\0".encode("utf-16-be")
        start = struct.pack(">HI", 0xC001, len(title)) + title
        blocks = [start, *blocks, struct.pack(">HI", 0xC002, 0)]
    return b"ASEF" + struct.pack(">2HI", 1, 0, len(blocks)) + b"".join(blocks)


@pytest.mark.parametrize("version", [1, 2])
def test_aco_of_all_colour_spaces(tmp_path: Path, version: int) -> None:
    data = aco(
        version,
        (0, 65535, 32896, 0, 0),
        (1, 32768, 65535, 65535, 0),  # half around the wheel
        (2, 0, 65535, 65535, 65535),  # cyan ink alone
        (7, 10000, 0, 0, 0),
        (8, 7500, 0, 0, 0),  # Photoshop's "75% Gray"
        (9, 0, 10000, 10000, 10000),
    )
    assert read(tmp_path, "a.aco", data) == [
        *("#ff8000", "#00ffff", "#00ffff", "#ffffff", "#404040", "#00ffff"),
    ]


def test_aco_of_a_colour_book_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PaletteError, match=r"colour 2 is of colour space 3, .* convert it to RGB"):
        read(tmp_path, "a.aco", aco(1, (0, 0, 0, 0, 0), (3, 1, 2, 3, 4)))


@pytest.mark.parametrize("group", [False, True])
def test_ase_of_all_models(tmp_path: Path, group: bool) -> None:
    data = ase(
        (b"RGB ", (1.0, 128 / 255, 0.0)),
        (b"CMYK", (1.0, 0.0, 0.0, 0.2)),
        (b"LAB ", (0.0, 0.0, 0.0)),
        (b"Gray", (0.25,)),
        (b"RGB ", (1.5, -1.0, 0.0)),  # outside of sRGB
        group=group,
    )
    assert read(tmp_path, "a.ase", data) == [
        *("#ff8000", "#00cccc", "#000000", "#404040", "#ff0000"),
    ]
    assert read(tmp_path, "no-extension", data)[0] == "#ff8000"


def test_an_aseprite_drawing_is_told_from_adobes_palettes(tmp_path: Path) -> None:
    with pytest.raises(PaletteError, match=r"Aseprite.*\.gpl"):
        read(tmp_path, "a.ase", struct.pack("<IHH", 128, 0xA5E0, 1) + bytes(120))


def test_lab_is_that_of_littlecms() -> None:
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    draws = random.Random(0)
    for _ in range(50):
        color = tuple(draws.randrange(256) for _ in range(3))
        pixel = ImageCms.applyTransform(Image.new("RGB", (1, 1), color), to_lab)
        assert pixel is not None
        values: Any = pixel.getpixel((0, 0))
        light, a, b = values
        found = from_lab(light / 2.55, a - 128, b - 128)[:3]
        # Lab in 8 bits is coarse, most of all where sRGB is dark.
        assert max(abs(x - y) for x, y in zip(found, color, strict=True)) <= 9


# Pictures


def test_a_pictures_palette_counts_in_order_used_or_not(tmp_path: Path) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([9, 9, 9, 255, 128, 0, 0, 0, 0])
    for name in ("a.png", "a.gif"):
        image.save(tmp_path / name, optimize=False)
        assert Palette.load(tmp_path / name).hex()[1] == "#ff8000"
    image.save(tmp_path / "b.png", transparency=b"\x80\xff")
    assert Palette.load(tmp_path / "b.png").hex() == ["#09090980", "#ff8000", "#000000"]
    image.save(tmp_path / "c.png", transparency=2)
    assert Palette.load(tmp_path / "c.png").hex() == ["#090909", "#ff8000", "#00000000"]


def test_a_picture_without_a_palette_gives_its_colours_as_they_appear(tmp_path: Path) -> None:
    colors: Any = np.array([[[9, 9, 9], [200, 0, 0], [9, 9, 9]], [[0, 7, 0]] * 3], np.uint8)
    for name in ("a.png", "a.bmp", "a.ppm"):
        Image.fromarray(colors).save(tmp_path / name)
        assert Palette.load(tmp_path / name).hex() == ["#090909", "#c80000", "#000700"]


def test_a_picture_of_too_many_colours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    PICTURES["photo.jpg"]().save(path)
    with pytest.raises(
        PaletteError, match="more than 256 colours, the most that a palette has; choose some"
    ):
        Palette.load(path)


# What stands for a palette


@pytest.mark.parametrize(
    "source",
    [
        "#ff8000,#000000",
        "ff8000, 000",
        "#ff8000 #000",
        ["#ff8000", "000000"],
        ("#FF8000", "#000000ff"),
        [(255, 128, 0), (0, 0, 0, 255)],
        np.array([[255, 128, 0], [0, 0, 0]], np.uint8),
        np.array([[255, 128, 0, 255], [0, 0, 0, 255]], np.uint8),
        [(np.uint8(255), np.int64(128), 0), (0, 0, 0)],
        np.array([[254.6, 128.4, 0.2], [0, 0, 0.4]], np.float32),
        np.array([[255, 128, 0], [0, 0, 0]], np.int64),
        [255, 128, 0, 0, 0, 0],
        Palette.of(["#ff8000", "#000000"]),
    ],
    ids=repr,
)
def test_many_things_stand_for_a_palette(source: Any) -> None:
    assert Palette.of(source).hex() == ["#ff8000", "#000000"]


def test_a_file_goes_before_a_colour_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, "face", "123456\n")
    assert Palette.of("face").hex() == ["#123456"]
    assert Palette.of("fade").hex() == ["#ffaaddee"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("#ff8000,#zzz", "'#zzz' is no hex colour"),
        ([], "1 to 256 colours, got 0"),
        ("", "1 to 256 colours, got 0"),
        (["#000"] * 257, "1 to 256 colours, got 257"),
        ([(255, 0)], "is no colour"),
        ([(256, 0, 0)], "is no colour"),
        ([(0.5, 0, 0)], "multiply them by 255"),
        (np.zeros((2, 3), complex), "hold numbers"),
        (np.full((2, 3), 0.5), "multiply them by 255"),
        (np.full((2, 3), np.nan), "from 0 to 255"),
        (np.full((2, 3), 256), "from 0 to 255"),
        (np.zeros((2, 5), np.uint8), r"shape \(k, 3\)"),
        (np.zeros((0, 3), np.uint8), "got 0"),
    ],
    ids=repr,
)
def test_wrong_palettes_are_wrong_values(source: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Palette.of(source)


def test_the_palettes_of_pil_images_and_of_kmeans_are_taken() -> None:
    indexed = Image.new("P", (2, 1))
    indexed.putpalette([255, 128, 0, 0, 0, 0])
    assert Palette.of(indexed).hex() == Palette.of(indexed.getpalette() or []).hex()
    assert Palette.of(indexed).hex()[:2] == ["#ff8000", "#000000"]
    with_alpha = fewcolors.quantize(np.array([[[9, 9, 9, 0], [255, 0, 0, 99]]], np.uint8)).to_pil()
    assert Palette.of(with_alpha).hex() == ["#00000000", "#ff000063"]
    assert Palette.of(Image.new("RGB", (9, 9), "#102030")).hex() == ["#102030"]
    rows = np.array([[0, 0, 0], [10, 20, 30], [11, 21, 32]], np.float64)
    centers = fewcolors.KMeans(2, n_init=2, random_state=0).fit(rows).cluster_centers_
    result = fewcolors.compress(rows.astype(np.uint8)[None], palette=centers)
    assert sorted(result.indexed.palette.hex()) == ["#000000", "#0a141f"]


def test_wrong_types_are_wrong_types() -> None:
    for source in (7, b"ff8000", {"#000"}):
        wrong: Any = source
        with pytest.raises(TypeError, match="palette must be"):
            Palette.of(wrong)


# Damaged and malicious files


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.gpl", b"", "empty"),
        ("a.gpl", b"GIMP Palette\n", "no colours"),
        ("a.gpl", b"GIMP Palette\n" + b"1 2 3\n" * 257, "257 colours"),
        ("a.gpl", b"GIMP Palette\n1 2 300\n", "line 2: 300 is above 255"),
        ("a.gpl", b"GIMP Palette\n1 2\n", "line 2 is no colour"),
        ("a.gpl", b"JASC-PAL\n", "does not begin with"),
        ("a.hex", b"ff8000\nred\n", "line 2: 'red'"),
        ("a.hex", "ff8000\n".encode("utf-16"), "line 1"),
        ("a.hex", b"\0" * 100, "line 1"),
        ("a.css", b"body { color: red }", "no hex colours"),
        ("a.css", b"/*" * 100_000, "no hex colours"),
        ("a.css", b"{" * 100_000, "no hex colours"),
        ("a.json", b"{", "damaged JSON"),
        ("a.json", b"[" * 100_000, "damaged JSON"),
        ("a.json", b"[" + b"9" * 10_000 + b"]", "damaged JSON"),
        ("a.json", b"7", "without a list"),
        ("a.json", b'["#000", null]', "colour 2: None"),
        ("a.json", b'{"colors": "red"}', "without a list"),
        ("a.json", b'{"colors": []}', "no colours"),
        ("a.aco", b"\0\1", "ends after 0 colours"),
        ("a.aco", b"\0\1\xff\xff", "ends after 0 of 65,535 colours"),
        ("a.aco", b"\0\1\0\0", "no colours"),
        ("a.aco", b"8BIM" * 9, "begins as no .aco does"),
        ("a.aco", b"\0\2\0\2" + bytes(10) + b"\xff" * 4, "ends after 1 of 2"),
        ("a.ase", b"ASEF", "ends after 0 colours"),
        ("a.ase", b"ASEF\0\1\0\0\xff\xff\xff\xff", "ends after 0 colours"),
        ("a.ase", b"ASEF\0\1\0\0\0\0\0\0", "no colours"),
        ("a.ase", b"ASEF\0\1\0\0\0\0\0\1\0\1\xff\xff\xff\xff", "ends after 0"),
        ("a.ase", ase((b"HSL ", (0, 0, 0))), "unknown model"),
        ("a.ase", ase((b"RGB ", (float("nan"), 0, 0))), "no numbers"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "damaged"),
        ("a.png", b"not a picture", "no palette of a known format"),
        ("a.exe", b"MZ\0\0", "no palette of a known format"),
        ("a.hex", b"ff8000\n" * 200_000, "larger than 1024 KiB"),
    ],
)
def test_faults_are_one_line_that_says_what_is_wrong(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    with pytest.raises(PaletteError, match=message) as caught:
        read(tmp_path, name, content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def truncated(data: bytes, draws: random.Random) -> bytes:
    return data[: draws.randrange(len(data))]


def flipped(data: bytes, draws: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draws.randint(1, 8)):
        changed[draws.randrange(len(changed))] = draws.choice((0, 255, draws.randrange(256)))
    return bytes(changed)


def doubled(data: bytes, draws: random.Random) -> bytes:
    start, end = sorted(draws.randrange(len(data)) for _ in range(2))
    return data[:end] + data[start:]


def in_utf_16(data: bytes, draws: random.Random) -> bytes:
    return data.decode("latin-1").encode("utf-16")


@pytest.mark.parametrize("mutate", [truncated, flipped, doubled, in_utf_16])
@pytest.mark.parametrize("name", FORMATS)
def test_mutations_give_a_palette_or_our_error(
    name: str, mutate: Callable[[bytes, random.Random], bytes], tmp_path: Path
) -> None:
    draws = random.Random(f"{name} {mutate.__name__}")
    whole = encoded(OPAQUE, name)
    for _ in range(30):
        path = saved(tmp_path, f"p.{name}", mutate(whole, draws))
        with contextlib.suppress(PaletteError):
            assert 1 <= len(fewcolors.Palette.load(path)) <= 256


CENTERS = [[1.2, 254.6, 0.5], [2.5, 0.0, 255.0]]


@pytest.mark.parametrize(
    "source", [CENTERS, list(np.array(CENTERS, "f4")), np.array(CENTERS, "f4")]
)
def test_rows_with_fractions_are_rounded(source: Any) -> None:
    assert Palette.of(source).hex() == ["#01ff00", "#0200ff"]


@pytest.mark.parametrize(
    "source",
    [
        [[0.1, 0.5, 0.2]],
        [[256.1, 0, 0]],
        [[math.nan, 1, 2]],
        [[1.5, 2], [1, 2, 3]],
        [[1.5], "#fff"],
    ],
)
def test_rows_with_fractions_have_a_range_and_a_length(source: Any) -> None:
    with pytest.raises(ValueError, match="palette:"):
        Palette.of(source)
