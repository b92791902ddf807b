"""Measures the figures that README, docs and CHANGELOG state, and holds each to its target.

    pip install ".[bench]"
    FEWCOLORS_SHARED=FOLDER python benchmarks/promises.py [--all] [--only NAME...] [--steady]

About ten minutes, and `--all` more than an hour. `--steady` measures what does not depend on time:
bytes, scores, errors, imports. Times are ratios of processes that run in turn, medians of pairs.
What is measured goes into benchmarks/figures.json, from which `python benchmarks/readme.py` makes
the tables of the texts. The exit status is 1 where a target is missed; what no text states yet is
planned, and may be missed.

FEWCOLORS_SHARED names the folder that holds `images`: photos (Kodak's 24), graphics, alpha, large.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from figures import (
    against_pngquant,
    alpha,
    batch,
    byte_limit,
    efforts,
    equal_score,
    error,
    example,
    growth,
    imports,
    killed,
    kmeans,
    memory,
    others,
    pngquant_quality,
    quality,
    scores,
)
from figures.lab import ROOT, Lab
from figures.promise import Verdict, is_kept, judged
from figures.record import FIGURES, flat, measured_now, read_record, replaces, write_record
from figures.stated import PROMISES
from measure import MissingError, print_table

Measure = Callable[[Lab], Iterator[tuple[str, float]]]


class Group(NamedTuple):
    """Figures that are measured together.

    Attributes:
        measure: yields names and values.
        is_steady: whether they, or those without times, depend on time.
        is_long: whether only a run of all takes them.
    """

    measure: Measure
    is_steady: bool = False
    is_long: bool = False


GROUPS: dict[str, Group] = {
    "example": Group(example.measure, is_steady=True),
    "imports": Group(imports.measure, is_steady=True),
    "scores": Group(scores.measure, is_steady=True),
    "error": Group(error.measure, is_steady=True),
    "efforts": Group(efforts.measure, is_steady=True),
    "byte_limit": Group(byte_limit.measure, is_steady=True),
    "default": Group(others.measure_ours, is_steady=True),
    "memory": Group(memory.measure),
    "alpha": Group(alpha.measure),
    "killed": Group(killed.measure),
    "pngquant": Group(against_pngquant.measure),
    "fading": Group(against_pngquant.measure_fading),
    "kmeans": Group(kmeans.measure),
    "equal_score": Group(equal_score.measure, is_long=True),
    "others": Group(others.measure, is_long=True),
    "quality": Group(quality.measure, is_long=True),
    "pngquant_quality": Group(pngquant_quality.measure, is_long=True),
    "batch": Group(batch.measure, is_long=True),
    "growth": Group(growth.measure, is_long=True),
}


def main(argv: list[str] | None = None) -> int:
    """Measures, prints and records; returns the exit status."""
    arguments = parse(argv)
    if arguments.list:
        rows = [[p.figure, p.target.in_words(), p.unit, p.stated, p.says] for p in PROMISES]
        print_table(["figure", "target", "unit", "stated in", "says"], rows)
        return 0
    record, recorded = read_record(arguments.output), flat(read_record())
    verdicts: list[Verdict] = []
    skipped: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(arguments.images, Path(folder), arguments.all, not arguments.steady)
        for name in chosen(arguments):
            start, processor_start = time.perf_counter(), time.process_time()
            print(f"== {name}", flush=True)
            try:
                measured = dict(GROUPS[name].measure(lab))
            except MissingError as reason:
                skipped.append(f"{name} skipped: {reason}")
                print(f"    skipped: {reason}", flush=True)
                continue
            figures = {f"{name}.{key}": float(value) for key, value in measured.items()}
            verdicts += report(figures, recorded)
            seconds = time.perf_counter() - start, time.process_time() - processor_start
            print(
                "    {:.0f} s, {:.0f} s of this process' processor time".format(*seconds),
                flush=True,
            )
            new = measured_now(measured, is_all=arguments.all)
            if replaces(new, record.get(name)):
                record[name] = new
                write_record(record, arguments.output)
    return conclude(verdicts, skipped)


def parse(argv: list[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="the long measurements too")
    parser.add_argument("--steady", action="store_true", help="only what does not depend on time")
    parser.add_argument("--only", nargs="+", choices=GROUPS, metavar="NAME", help=", ".join(GROUPS))
    parser.add_argument("--list", action="store_true", help="prints the promises, and ends")
    parser.add_argument("--output", type=Path, default=FIGURES, help="instead of figures.json")
    parser.add_argument("--images", type=Path, default=images(), help="the folder of pictures")
    return parser.parse_args(argv)


def images() -> Path | None:
    """Returns the folder of pictures, or None where there is none."""
    shared = Path(os.environ.get("FEWCOLORS_SHARED", ROOT.parent / "shared"))
    return shared / "images" if (shared / "images").is_dir() else None


def chosen(arguments: argparse.Namespace) -> list[str]:
    """Returns the names of the groups to measure."""
    if arguments.only:
        return list(arguments.only)
    if arguments.steady:
        return [name for name, group in GROUPS.items() if group.is_steady]
    return [name for name, group in GROUPS.items() if arguments.all or not group.is_long]


def report(figures: dict[str, float], recorded: dict[str, float]) -> list[Verdict]:
    """Prints every figure, those with a target beside it; returns the verdicts."""
    verdicts = list(judged(PROMISES, figures, recorded))
    for name, value in figures.items():
        found = [verdict for verdict in verdicts if verdict.figure == name]
        if not found:
            print(f"    {name:44} {value:12.5g}")
        for verdict in found:
            promise = verdict.promise
            target = promise.target.in_words()
            print(f"    {name:44} {value:12.5g} {promise.unit:8} {target:28} {verdict.outcome}")
    sys.stdout.flush()
    return verdicts


def conclude(verdicts: list[Verdict], skipped: list[str]) -> int:
    """Prints what was missed, planned promises last; returns the exit status."""
    for outcome in ("missed", "planned, missed"):
        for verdict in verdicts:
            if verdict.outcome == outcome:
                promise = verdict.promise
                print(
                    f"{outcome}: {verdict.figure} is {verdict.value:.5g} {promise.unit}, "
                    f"target {promise.target.in_words()} ({promise.stated}: {promise.says})"
                )
    n_met = sum(verdict.outcome == "met" for verdict in verdicts)
    print(f"{n_met} of {len(verdicts)} promises met", *skipped, sep="\n")
    return 0 if is_kept(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
