"""explore: bytes, score and time over numbers of colours and qualities; compress_many; progress."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run, photo
from PIL import Image

import fewcolors
from fewcolors.cli import main
from fewcolors.cli.figure import NAMES
from fewcolors.progress import with_progress


@pytest.fixture(scope="module")
def found() -> fewcolors.Exploration:
    return fewcolors.explore(photo(), (16, 4), (75, 50))


def test_each_attempt_is_what_compress_makes(found: fewcolors.Exploration) -> None:
    assert [attempt.request for attempt in found.attempts] == ["-k 4", "-k 16", "-q 50", "-q 75"]
    for attempt in found.attempts:
        result = fewcolors.compress(photo(), attempt.asked_colors, quality=attempt.asked_quality)
        assert (attempt.n_bytes, attempt.score) == (result.bytes_out, result.score)
        assert (attempt.n_colors, attempt.mse) == (result.n_colors, result.mse)
        assert attempt.seconds > 0


def test_the_default_is_marked(found: fewcolors.Exploration) -> None:
    [default] = [attempt for attempt in found.attempts if attempt.is_default]
    assert default.n_bytes == fewcolors.compress(photo()).bytes_out


def test_the_best_within_a_size_is_of_the_highest_score(found: fewcolors.Exploration) -> None:
    sizes = sorted(attempt.n_bytes for attempt in found.attempts)
    assert found.best_within(sizes[0] - 1) is None
    for limit in sizes:
        best = found.best_within(limit)
        assert best is not None
        fitting = [attempt for attempt in found.attempts if attempt.n_bytes <= limit]
        assert best.score == max(attempt.score for attempt in fitting)


def test_it_shows_itself(found: fewcolors.Exploration) -> None:
    assert repr(found).startswith("<Exploration of 4 attempts, ")
    assert found._repr_html_().count("<tr>") == 5
    assert "-q 75 (the default)" in found._repr_html_()


def test_a_stream_is_read_once(tmp_path: Path) -> None:
    photo().save(tmp_path / "photo.png")
    with (tmp_path / "photo.png").open("rb") as stream:
        assert len(fewcolors.explore(stream, (2, 3), ()).attempts) == 2


def test_the_classic_method_knows_no_qualities() -> None:
    attempts = fewcolors.explore(photo(), (2,), method="classic").attempts
    assert [attempt.request for attempt in attempts] == ["-k 2"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"colors": (), "qualities": ()}, "must not both be empty"),
        ({"colors": (0,)}, "each of colors must be"),
        ({"qualities": (101,)}, "each of qualities must be"),
        ({"quality": 50}, "rather than quality"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fewcolors.explore(photo(), **arguments)


# Many pictures


def test_results_come_in_the_order_of_the_sources_and_are_the_same() -> None:
    pictures = [np.asarray(photo(seed)) for seed in range(5)]
    results = list(fewcolors.compress_many(iter(pictures), 8, n_threads=3))
    assert [r.data for r in results] == [fewcolors.compress(p, 8).data for p in pictures]


def test_one_that_fails_ends_it_where_it_stands() -> None:
    results = fewcolors.compress_many([photo(), b"no picture", photo(2)], 4)
    assert next(results).n_colors == 4
    with pytest.raises(fewcolors.DecodeError):
        next(results)


def test_sources_are_taken_as_results_are() -> None:
    taken = []

    def sources() -> Any:
        for number in range(100):
            taken.append(number)
            yield np.full((4, 4), number, np.uint8)

    results = fewcolors.compress_many(sources(), n_threads=2)
    next(results)
    assert len(taken) < 10
    assert sum(1 for _ in results) == 99


def test_wrong_options_are_named_at_once() -> None:
    with pytest.raises(ValueError, match="n_colors"):
        fewcolors.compress_many([], 0)


# Progress


def test_a_bar_counts_what_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    assert list(fewcolors.compress_many([photo()], 2, progress=True))
    fewcolors.explore(photo(), (2, 3), (), progress=True)
    shown = capsys.readouterr().err
    assert "compress: 100%" in shown
    assert "1/1" in shown
    assert "explore: 100%" in shown
    assert "2/2" in shown


def test_no_bar_is_shown_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(with_progress([1, 2], 2, "work", progress=False)) == [1, 2]
    assert capsys.readouterr().err == ""


def test_without_tqdm_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match=r"fewcolors\[progress\]"):
        with_progress([1], 1, "work", progress=True)


# The command


def test_the_command_lists_and_marks(run_command: Run, tmp_path: Path) -> None:
    photo().save(tmp_path / "photo.png")
    words = ("explore", "photo.png", "-k", "2,8", "-q", "75")
    done = run_command(*words, "--max-bytes", "500")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("photo.png: ")
    assert lines[2].startswith("-k 2")
    assert "the best that fits" in lines[2]
    assert "the default" in lines[4]
    assert "--max-bytes 0.5kB" in lines[-1]


def test_the_command_writes_json_and_a_figure(run_command: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    photo().save(tmp_path / "photo.png")
    words = ("explore", "photo.png", "-k", "2", "-q", "75", "--json", "-o", "found.png")
    told = json.loads(run_command(*words).stdout)
    assert [attempt["is_default"] for attempt in told["attempts"]] == [False, True]
    with Image.open(tmp_path / "found.png") as drawn:
        assert drawn.width > 800


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("-k", "none", "-q", "none"), 2, "cannot both be none"),
        (("-k", "2,x"), 2, "--colors must be a whole number"),
        (("--method", "classic", "-q", "50"), 2, "--quality needs --method perceptual"),
        ((), 1, "missing.png: no such file"),
    ],
)
def test_faults_are_one_line(
    words: tuple[str, ...], status: int, message: str, run_command: Run
) -> None:
    done = run_command("explore", "missing.png", *words)
    assert done.returncode == status
    assert message in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.long
def test_the_command_draws_every_figure(name: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    photo().save(tmp_path / "photo.png")
    drawn = tmp_path / "drawn.png"
    assert main(["figure", name, str(tmp_path / "photo.png"), "-k", "4", "-o", str(drawn)]) == 0
    with Image.open(drawn) as figure:
        assert figure.width > 300


def test_a_figure_can_be_sent_on(run_command: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    photo().save(tmp_path / "photo.png")
    done = run_command(
        "figure", "palette", "-", "-o", "-", input=(tmp_path / "photo.png").read_bytes()
    )
    assert done.stdout.startswith(b"\x89PNG")
