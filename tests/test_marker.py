"""The mark of results: where it is, who drops it, and which wishes it settles."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from conftest import PICTURES, png_chunk, save_picture
from PIL import Image

import fewcolors
from fewcolors.cli import main
from fewcolors.mark import Mark, marked, read_mark, requested_mark


def result(**options: int) -> bytes:
    image = PICTURES["photo.png"]()
    return fewcolors.compress(image, **options).data  # type: ignore[arg-type]


def test_results_say_what_they_were_made_for() -> None:
    mark = read_mark(result(quality=60))
    assert mark is not None
    assert mark.score == 60
    assert 2 <= mark.n_colors <= 256
    assert mark.request == requested_mark(fewcolors.Options(quality=60)).request


def test_the_chunk_is_ancillary_private_and_unsafe_to_copy() -> None:
    png = result(n_colors=4)
    length, name = int.from_bytes(png[33:37], "big"), png[37:41]
    assert [letter.islower() for letter in name.decode()] == [True, True, False, False]
    checksum = int.from_bytes(png[41 + length : 45 + length], "big")
    assert checksum == zlib.crc32(png[37 : 41 + length])


def test_an_editor_that_saves_drops_it() -> None:
    edited = io.BytesIO()
    with Image.open(io.BytesIO(result(n_colors=4))) as image:
        image.save(edited, "PNG")
    assert read_mark(edited.getvalue()) is None


def test_a_new_mark_takes_the_place_of_the_old() -> None:
    png = result(n_colors=4)
    again = marked(png, Mark(50, 4, 7))
    assert read_mark(again) == Mark(50, 4, 7)
    assert len(again) == len(png)
    assert again.count(b"fcMK") == 1


@pytest.mark.parametrize("start", [b"", b"\x89PNG\r\n\x1a\n", bytes(100), b"GIF89a" + bytes(60)])
def test_other_files_have_none(start: bytes) -> None:
    assert read_mark(start) is None


def test_a_file_that_is_cut_has_none() -> None:
    png = result(n_colors=4)
    assert read_mark(png) is not None
    for size in range(len(png)):
        assert read_mark(png[:size]) is None


def test_threads_and_limits_ask_for_the_same_result() -> None:
    plain = requested_mark(fewcolors.Options())
    assert requested_mark(fewcolors.Options(n_threads=2, max_pixels=9, min_quality=50.0)) == plain
    assert requested_mark(fewcolors.Options(quality=75)) == plain
    assert requested_mark(fewcolors.Options(n_colors=8, quality=60)) == requested_mark(
        fewcolors.Options(n_colors=8, quality=60.0)
    )
    assert requested_mark(fewcolors.Options(effort="max")).request != plain.request
    assert requested_mark(fewcolors.Options(), "shared palette").request != plain.request


@pytest.mark.parametrize(
    ("wish", "is_coarser"),
    [
        (Mark(75, 256, 0), False),
        (Mark(72, 256, 0), False),  # nobody would see it
        (Mark(70, 256, 0), True),
        (Mark(90, 256, 0), False),  # what is gone is gone
        (Mark(90, 32, 0), True),
        (Mark(100, 64, 0), False),
    ],
)
def test_only_coarser_wishes_are_heard(wish: Mark, is_coarser: bool) -> None:
    assert wish.is_coarser_than(Mark(75, 64, 1)) is is_coarser


# Marks that are wrong


HEADER_END = 33
MARK_END = 55


def with_chunk_replaced(png: bytes, name: bytes, data: bytes) -> bytes:
    at = png.index(name) - 4
    end = at + 12 + int.from_bytes(png[at : at + 4], "big")
    return png[:at] + png_chunk(name, data) + png[end:]


def test_a_changed_picture_has_none() -> None:
    png = result(n_colors=4)
    for name in (b"PLTE", b"IDAT"):
        assert name in png
        assert read_mark(with_chunk_replaced(png, name, bytes(12))) is None
    wider = struct.pack(">I", 97) + png[20:29]
    assert read_mark(with_chunk_replaced(png, b"IHDR", wider)) is None


def test_texts_may_be_added() -> None:
    png = result(n_colors=4)
    with_text = png[:MARK_END] + png_chunk(b"tEXt", b"Title\0Sunset") + png[MARK_END:]
    assert read_mark(with_text) == read_mark(png) is not None


def test_a_file_that_goes_on_behind_its_end_has_none() -> None:
    assert read_mark(result(n_colors=4) + b"<html>") is None


def test_a_mark_of_another_picture_counts_for_nothing() -> None:
    png, other = result(n_colors=4), result(n_colors=5)
    moved = other[:HEADER_END] + png[HEADER_END:MARK_END] + other[MARK_END:]
    assert read_mark(moved) is None


def test_endless_chunks_are_not_followed() -> None:
    png = result(n_colors=4)
    many = png[:MARK_END] + png_chunk(b"tEXt", b"") * 300_000 + png[MARK_END:]
    assert read_mark(many) is None


def forged_mark() -> bytes:
    """Returns a mark that asks for as much as there is, with a checksum of nothing."""
    return png_chunk(b"fcMK", struct.pack(">BBII", 100, 0, 0, 0))


@pytest.mark.parametrize("options", [[], ["-q", "60"], ["--again"]], ids=str)
def test_a_forged_mark_lets_nothing_pass(tmp_path: Path, options: list[str]) -> None:
    start = result(n_colors=4)[:HEADER_END]
    for mark in (forged_mark(), png_chunk(b"fcMK", struct.pack(">BBI", 100, 0, 0))):
        (tmp_path / "a.png").write_bytes(start + mark + b"<html>not a picture</html>" * 9)
        for place in (["-o", str(tmp_path / "b.png")], ["--output-dir", str(tmp_path / "out")]):
            assert main(["compress", str(tmp_path / "a.png"), *place, *options]) == 1
    assert not list(tmp_path.rglob("b.png"))
    assert not list((tmp_path / "out").iterdir())


def test_a_marked_file_is_decoded_before_it_is_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = with_chunk_replaced(result(), b"IDAT", zlib.compress(bytes(40)))
    png = marked(broken, Mark(75, 4, 0))
    assert read_mark(png) is not None
    (tmp_path / "a.png").write_bytes(png)
    assert main(["compress", str(tmp_path / "a.png"), "-o", str(tmp_path / "b.png")]) == 1
    assert "damaged" in capsys.readouterr().err
    assert not (tmp_path / "b.png").exists()


def test_nothing_behind_the_end_is_copied(tmp_path: Path) -> None:
    path = save_picture("photo.png", tmp_path)
    assert main(["compress", str(path), "--in-place"]) == 0
    path.write_bytes(path.read_bytes() + b"<html>")
    assert main(["compress", str(path), "-o", str(tmp_path / "b.png"), "--force"]) == 0
    assert b"<html>" not in (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("target", "options"),
    [
        ("b.webp", []),
        ("b.gif", []),
        ("b", ["--format", "gif"]),
        ("b.png", ["--max-bytes", "1kB"]),
        ("b.png", ["-k", "2"]),
    ],
)
def test_format_and_limits_count_before_the_mark(
    tmp_path: Path, target: str, options: list[str]
) -> None:
    path = save_picture("photo.png", tmp_path)
    assert main(["compress", str(path), "--in-place"]) == 0
    assert path.stat().st_size > 1000
    assert main(["compress", str(path), "-o", str(tmp_path / target), *options]) == 0
    data = (tmp_path / target).read_bytes()
    assert data != path.read_bytes()
    assert len(data) <= 1000 or "1kB" not in options
    with Image.open(io.BytesIO(data)) as image:
        asked = {"b.webp": "WEBP", "b.gif": "GIF", "b": "GIF"}.get(target, "PNG")
        assert image.format == asked


def test_the_limit_on_bytes_counts_in_place_too(tmp_path: Path) -> None:
    path = save_picture("photo.png", tmp_path)
    assert main(["compress", str(path), "--in-place"]) == 0
    assert main(["compress", str(path), "--in-place", "--max-bytes", "1kB"]) == 0
    assert path.stat().st_size <= 1000
