"""One palette for many pictures."""

import json
from pathlib import Path

import pytest
from conftest import photo, save_picture, soft_shadow
from PIL import Image

import fewcolors
from fewcolors.cli import main
from fewcolors.cli.files.report import sharing_line
from fewcolors.cli.files.shared_palette import with_palette
from fewcolors.histogram import merge_histograms
from fewcolors.palette.shared import shared_palette


def palette_chunks(png: bytes) -> tuple[bytes, bytes]:
    """Returns PLTE and tRNS, or nothing."""
    found = []
    for name in (b"PLTE", b"tRNS"):
        at = png.find(name)
        length = int.from_bytes(png[at - 4 : at], "big") if at >= 0 else 0
        found.append(png[at + 4 : at + 4 + length] if at >= 0 else b"")
    return found[0], found[1]


@pytest.mark.long
def test_all_results_have_the_same_entries_in_the_same_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(5):
        photo(seed).save(tmp_path / f"{seed}.png")
    save_picture("soft-shadow.png", tmp_path)
    out = tmp_path / "out"
    command = ["compress", "-r", str(tmp_path), "--output-dir", str(out), "--shared-palette"]
    assert main([*command, "-k", "32", "--json"]) == 0
    palettes = {palette_chunks(path.read_bytes()) for path in out.iterdir()}
    assert len(list(out.iterdir())) == 6
    assert len(palettes) == 1
    ((colors, alphas),) = palettes
    assert len(colors) <= 3 * 32
    assert 0 in alphas
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])["summary"]
    assert summary["sharing"]["sampled_files"] == 6
    assert summary["sharing"]["score_lost"] > 0

    # Nothing changes: nothing is done. One file changes: all are made anew.
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    assert main([*command, "-k", "32"]) == 0
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before
    photo(9).save(tmp_path / "9.png")
    capsys.readouterr()
    assert main([*command, "-k", "32"]) == 0
    assert len({palette_chunks(path.read_bytes()) for path in out.iterdir()}) == 1


def test_the_report_says_what_it_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in range(2):
        photo(seed).save(tmp_path / f"{seed}.png")
    assert main(["compress", "-r", str(tmp_path), "--shared-palette", "-k", "16"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("one palette of 16 colours, against separate palettes: ")
    assert last.endswith("(compared on 2 of the files)")


def test_bad_files_have_no_part_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo(1).save(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    assert main(["compress", "-r", str(tmp_path), "--shared-palette", "-k", "16"]) == 1
    assert "b.png" in capsys.readouterr().err
    assert (tmp_path / "a-fewcolors.png").exists()


@pytest.mark.parametrize("n_pictures", [1, 2, 3, 6, 7])
def test_merging_in_pairs_is_merging(n_pictures: int) -> None:
    histograms = [
        fewcolors.build_histogram(fewcolors.decode(photo(seed))) for seed in range(n_pictures)
    ]
    total = merge_histograms(histograms)
    assert total is not None
    expected = histograms[0]
    for histogram in histograms[1:]:
        expected = expected.merge(histogram)
    assert bytes(total.colors) == bytes(expected.colors)
    assert list(total.weights) == pytest.approx(list(expected.weights))
    assert merge_histograms([]) is None


@pytest.mark.parametrize("source", [photo(1), soft_shadow(), Image.new("RGB", (9, 9), "red")])
@pytest.mark.parametrize("quality", [None, 40.0])
def test_a_result_shows_the_pixels_it_says(source: Image.Image, quality: float | None) -> None:
    options = fewcolors.Options(n_colors=8, quality=quality)
    histogram = fewcolors.build_histogram(fewcolors.decode(source))
    palette = shared_palette(histogram, options)
    result = fewcolors.compress(source, **with_palette(options, palette)._asdict())
    assert result.indexed.palette == palette
    assert sum(result.indexed.counts) == source.width * source.height
    decoded = fewcolors.decode(result.data)
    assert bytes(result.indexed.to_rgba()[:, :, : decoded.channels].tobytes()) == decoded.data


def test_a_result_that_is_larger_has_the_entries_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for seed in range(3):
        photo(seed).save(tmp_path / f"{seed}.png")
    save_picture("flat.png", tmp_path)  # cannot be made smaller
    marked = save_picture("photo.png", tmp_path, "marked.png")
    assert main(["compress", str(marked), "--in-place", "-k", "4"]) == 0
    out = tmp_path / "out"
    command = ["compress", "-r", str(tmp_path), "--output-dir", str(out), "--shared-palette"]
    capsys.readouterr()
    assert main([*command, "-k", "16", "--json"]) == 0
    assert len(list(out.iterdir())) == 5
    assert len({palette_chunks(path.read_bytes()) for path in out.iterdir()}) == 1
    *reports, _ = map(json.loads, capsys.readouterr().out.splitlines())
    assert {report["status"] for report in reports} == {"written"}
    assert main([*command, "-k", "16", "--json"]) == 0
    *reports, _ = map(json.loads, capsys.readouterr().out.splitlines())
    assert {report["status"] for report in reports} == {"skipped"}


def test_nothing_is_said_to_be_minus_nothing() -> None:
    sharing = {"colors": 1.0, "sampled_files": 1.0, "bytes_shared": 999.0}
    line = sharing_line({**sharing, "bytes_separate": 1000.0, "score_lost": 0.01})
    assert line == (
        "one palette of 1 colour, against separate palettes: as many bytes and the same score "
        "(compared on 1 of the files)"
    )
    line = sharing_line({**sharing, "bytes_separate": 900.0, "score_lost": -1.0})
    assert "11% more bytes and a score higher by 1.0 (" in line
