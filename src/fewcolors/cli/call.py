"""What the files of a call have in common, and the way through all of them."""

import argparse
import functools
import time
from collections.abc import Callable, Sequence
from typing import TextIO, TypeAlias

from ..marker import Mark
from ..options import Options
from .again import reason_to_skip
from .batch import Gate, in_order, share_threads
from .faults import FAILED, TOO_LOW, Fault
from .memory import Memory
from .progress import Progress, is_terminal
from .report import (
    Report,
    Totals,
    report_fault,
    report_skipped,
    sharing_line,
    summary_json,
    summary_line,
)
from .streams import print_error, print_line
from .targets import Job

__all__ = ["Call", "Work", "run_jobs"]

LINES_ON_A_TERMINAL = 24
"""Of more files than a screen has lines, a terminal shows the progress and the faults."""


class Call:
    """What the user asked for, and what its files share.

    Attributes:
        arguments: of the command line.
        request: the mark that results get.
        memory: of pictures that stay as they are; None to do without.
        report: where lines go.
        n_threads: for each of the files that are worked on at once.
        gate: what files pass to be written.
        sharing: what a shared palette costs, for the summary.
    """

    def __init__(
        self,
        arguments: argparse.Namespace,
        request: Mark,
        memory: Memory | None,
        report: TextIO | None,
    ) -> None:
        self.arguments = arguments
        self.request = request
        self.memory = memory
        self.report = report
        self.n_threads = Options(n_threads=arguments.threads).threads
        self.gate = Gate()
        self.sharing: dict[str, float] | None = None


Work: TypeAlias = Callable[[Job, Call], Report]


def run_jobs(
    jobs: Sequence[Job],
    call: Call,
    work: Work,
    *,
    may_skip: Callable[[Job], bool] = lambda _: True,
    is_part: bool = False,
) -> int:
    """Does the work on all files, and reports it.

    Args:
        jobs: the files.
        call: what they share.
        work: on one of them.
        may_skip: whether a file is left alone if earlier runs have settled it.
        is_part: whether these are some files of many, so that a summary would not fit.

    Returns:
        The exit status.
    """
    arguments = call.arguments
    start = time.monotonic()
    totals = Totals()
    status = 0
    progress = Progress(len(jobs), totals, wanted=len(jobs) > 1 and not arguments.quiet)
    is_long = len(jobs) > LINES_ON_A_TERMINAL and progress.is_shown
    is_terse = arguments.quiet or (is_long and not arguments.json and is_terminal(call.report))

    def show(report: Report) -> None:
        nonlocal status
        totals.add(report)
        progress.clear()
        if report.line and not is_terse:
            print_line(report.line, call.report)
        if report.note and (report.status == "failed" or not is_terse):
            print_error(report.note)
        status = worst(status, report.exit_status)

    left = []
    for job in jobs:
        why = _why_skipped(job, call) if may_skip(job) else None
        if why is None:
            left.append(job)
        else:
            show(report_skipped(job.source.name, why, as_json=arguments.json))
    share = share_threads(call.n_threads, len(left))
    all_threads, call.n_threads = call.n_threads, share.n_threads
    try:
        step = functools.partial(_attempt, call=call, work=work)
        for report in in_order(left, step, share.n_workers, waiting=progress.draw):
            show(report)
    except BaseException:  # interrupted, or nobody reads the report any more
        progress.clear()
        call.gate.shut()
        raise
    finally:
        call.n_threads = all_threads
    progress.clear()
    if not is_part and not arguments.quiet and len(jobs) != 1:
        _summarise(totals, time.monotonic() - start, call)
    return status


def worst(status: int, other: int) -> int:
    """Returns the exit status of two: a failed file weighs more than one of too low quality."""
    return other if status in (0, TOO_LOW) and other != 0 else status


def _why_skipped(job: Job, call: Call) -> str | None:
    arguments = call.arguments
    if arguments.again or arguments.figure is not None or job.clash is not None:
        return None
    return reason_to_skip(job, call.request, call.memory, force=arguments.force)


def _attempt(job: Job, call: Call, work: Work) -> Report:
    try:
        return work(job, call)
    except Fault as fault:
        return report_fault(job.source.name, fault, as_json=call.arguments.json)
    except MemoryError:
        fault = Fault(f"{job.source.name}: not enough memory; use fewer --threads", FAILED)
        return report_fault(job.source.name, fault, as_json=call.arguments.json)


def _summarise(totals: Totals, seconds: float, call: Call) -> None:
    if call.arguments.json:
        print_line(summary_json(totals, seconds, call.sharing), call.report)
        return
    print_line(summary_line(totals, seconds), call.report)
    if call.sharing is not None:
        print_line(sharing_line(call.sharing), call.report)
