"""The mark of results: where it is, who drops it, and which wishes it settles."""

import io
import zlib

import pytest
from conftest import PICTURES
from PIL import Image

import fewcolors
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
