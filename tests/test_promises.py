"""The promises of README and docs: they are judged rightly, and the texts have the figures."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import measure
import promises
import pytest
import readme
from figures.growth import slope
from figures.lab import Lab
from figures.memory import gif_of_43_bytes
from figures.pareto import bytes_at, mean_saving, pareto_front
from figures.promise import (
    Promise,
    Target,
    as_recorded,
    at_least,
    at_most,
    between,
    is_kept,
    judged,
)
from figures.record import flat, measured_now, read_record, replaces, write_record
from figures.regions import REGIONS
from figures.stated import PROMISES
from measure import MissingError, Point

ROOT = Path(__file__).parent.parent
KEYS = {"is_all", "date", "machine", "versions", "figures"}


def a_record(**figures: float) -> dict[str, object]:
    return measured_now(figures, is_all=False)


# The list


@pytest.mark.parametrize(
    ("target", "value", "is_met"),
    [
        (at_most(2), 2, True),
        (at_most(2), 2.01, False),
        (at_least(2), 2, True),
        (at_least(2), 1.99, False),
        (between(1, 3), 0.9, False),
        (between(1, 3), 3, True),
        (at_most(2), math.nan, False),
    ],
)
def test_targets(target: Target, value: float, is_met: bool) -> None:
    assert target.is_met(value, None) is is_met


def test_a_table_may_get_better_but_not_worse() -> None:
    fewer, more = as_recorded(may_fall=True), as_recorded(may_rise=True)
    assert (fewer.is_met(50, 100), fewer.is_met(101, 100)) == (True, False)
    assert (more.is_met(50, 100), more.is_met(101, 100)) == (False, True)
    assert (as_recorded().is_met(50, 100), as_recorded().is_met(101, 100)) == (False, False)
    assert as_recorded().is_met(1, None) is None


def test_every_promise_has_a_group_that_measures_it() -> None:
    assert {promise.figure.partition(".")[0] for promise in PROMISES} <= promises.GROUPS.keys()
    assert all(promise.stated and promise.says for promise in PROMISES)


def test_every_promise_is_about_a_figure_of_its_group() -> None:
    """A promise whose name nothing matches would be kept for ever."""
    record = read_record()
    figures = dict.fromkeys(flat(record), 0.0)
    for promise in PROMISES:
        group = promise.figure.partition(".")[0]
        if group in record and record[group]["is_all"]:
            assert list(judged((promise,), figures, {})), promise.figure


# The exit status


def run_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, promise: Promise, value: float
) -> tuple[int, Path]:
    def fake(_: Lab) -> Iterator[tuple[str, float]]:
        yield "size", value

    def absent(_: Lab) -> Iterator[tuple[str, float]]:
        yield "other", 1
        raise MissingError("no tool")

    groups = {"fake": promises.Group(fake), "absent": promises.Group(absent)}
    monkeypatch.setattr(promises, "GROUPS", groups)
    monkeypatch.setattr(promises, "PROMISES", (promise,))
    output = tmp_path / "figures.json"
    return promises.main(["--output", str(output)]), output


@pytest.mark.parametrize(
    ("value", "is_planned", "status", "words"),
    [
        (1, False, 0, "1 of 1 promises met"),
        (3, False, 1, "missed: fake.size is 3 kB, target <= 2 (README: two)"),
        (3, True, 0, "planned, missed: fake.size is 3 kB, target <= 2 (README: two)"),
    ],
)
def test_the_exit_status_tells_of_missed_promises(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    value: float,
    is_planned: bool,
    status: int,
    words: str,
) -> None:
    promise = Promise("fake.*", "README", "two", at_most(2), "kB", is_planned)
    found, output = run_with(monkeypatch, tmp_path, promise, value)
    assert found == status
    shown = capsys.readouterr().out
    assert words in shown
    assert "absent skipped: no tool" in shown
    assert flat(json.loads(output.read_text())) == {"fake.size": value}


def test_a_planned_promise_that_is_missed_breaks_nothing() -> None:
    missed = Promise("a.b", "README", "", at_most(0), is_planned=True)
    assert is_kept(list(judged((missed,), {"a.b": 1}, {})))
    assert not is_kept(list(judged((missed._replace(is_planned=False),), {"a.b": 1}, {})))


# figures.json


def test_figures_json_says_on_what_when_and_with_what() -> None:
    record = read_record()
    assert record.keys() <= promises.GROUPS.keys()
    for group in record.values():
        assert group.keys() == KEYS
        assert group["machine"].keys() == {"processor", "processors", "system"}
        assert {"fewcolors", "python", "pillow", "numpy"} <= group["versions"].keys()
        assert all(isinstance(value, float | int) for value in group["figures"].values())


def test_figures_json_has_no_path_and_no_name_of_a_machine() -> None:
    text = (ROOT / "benchmarks" / "figures.json").read_text(encoding="utf-8")
    assert "/" not in text
    assert "\\" not in text


def test_a_record_comes_back(tmp_path: Path) -> None:
    record = {"b": a_record(x=1.23456789), "a": a_record(y=4)}
    write_record(record, tmp_path / "figures.json")
    found = read_record(tmp_path / "figures.json")
    assert list(found) == ["a", "b"]
    assert flat(found) == {"a.y": 4, "b.x": 1.23457}
    assert read_record(tmp_path / "none.json") == {}


def test_a_smaller_run_leaves_the_figures_of_a_larger_one() -> None:
    one, two = a_record(x=1), a_record(x=1, y=2)
    of_all = measured_now({"x": 1}, is_all=True)
    assert replaces(one, None)
    assert replaces(two, one)
    assert not replaces(one, two)
    assert not replaces(two, of_all)
    assert replaces(of_all, two)


# README and docs


def test_the_texts_have_the_figures_of_figures_json() -> None:
    """`python benchmarks/readme.py` writes them."""
    assert list(readme.stale(read_record(), writes=False)) == []


def test_every_region_of_the_texts_is_known_and_used() -> None:
    names = [
        region["name"]
        for text in readme.TEXTS
        for region in readme.REGION.finditer((ROOT / text).read_text(encoding="utf-8"))
    ]
    assert sorted(names) == sorted(REGIONS)
    assert {group for groups, _ in REGIONS.values() for group in groups} <= promises.GROUPS.keys()


def test_a_changed_number_is_found_and_written_again() -> None:
    record = read_record()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    right = readme.rewritten(text, record).text
    score = f"score {record['example']['figures']['k16.score']:.1f}"
    wrong = right.replace(score, "score 99.9")
    assert wrong != right
    assert readme.rewritten(wrong, record).text == right


def test_a_region_that_was_never_measured_is_left_and_named() -> None:
    text = "<!-- figures: first -->\nas it was\n<!-- /figures -->\n"
    assert readme.rewritten(text, {}) == readme.Rewritten(text, ("first",))


# What the measurements are made of


def test_bytes_between_two_points_are_interpolated() -> None:
    front = pareto_front([Point(400, 80), Point(100, 60), Point(300, 59), Point(100, 55)])
    assert front == [Point(100, 60), Point(400, 80)]
    assert bytes_at(70, front) == pytest.approx(200)
    assert bytes_at(50, front) == 100
    assert bytes_at(81, front) is None


def test_half_of_the_bytes_is_a_saving_of_a_half() -> None:
    theirs = [Point(100, 50), Point(200, 70), Point(400, 90)]
    ours = [Point(point.n_bytes / 2, point.score) for point in theirs]
    assert mean_saving(ours, theirs) == pytest.approx(0.5)
    assert mean_saving([Point(10, 10), Point(20, 12)], theirs) is None


def test_slope_is_the_power() -> None:
    assert slope([1, 10, 100], [3, 30, 300]) == pytest.approx(1)
    assert slope([1, 10, 100], [1, 100, 10_000]) == pytest.approx(2)


def test_the_gif_has_43_bytes() -> None:
    assert len(gif_of_43_bytes()) == 43


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the system does not say what a process took")
def test_a_process_is_not_charged_for_the_memory_of_this_one() -> None:
    held = bytearray(64 << 20)
    run = measure.run_process([sys.executable, "-I", "-S", "-c", "pass"])
    assert run.peak_bytes < len(held) / 2
    assert run.seconds > 0


def test_a_missing_tool_is_one_line() -> None:
    program = "import measure; measure.command_of('no-such-tool')"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT / "benchmarks"
    )
    assert done.returncode == 1
    assert done.stderr == 'no-such-tool is not installed: pip install ".[bench]"\n'
