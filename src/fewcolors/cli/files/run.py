"""What the files of a call have in common, and the way through all of them."""

import argparse
import functools
import time
from collections.abc import Callable, Sequence
from typing import TextIO, TypeAlias

from ...mark import Mark
from ...options import Options
from ..faults import TOO_LOW, Fault
from ..streams import print_error, print_line
from .kept_cache import Memory
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
from .skipping import reason_to_skip
from .targets import Job
from .threads import Gate, in_order, share_threads

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
        self.n_threads = Options(n_threads=arguments.n_threads).threads
        self.gate = Gate()
        self.sharing: dict[str, float] | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether nothing but errors is to be told."""
        return bool(self.arguments.quiet)


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
    teller = Teller(call, len(jobs))
    left: list[Job] = []
    for job in jobs:
        why = _why_skipped(job, call) if may_skip(job) else None
        if why is None:
            left.append(job)
        elif not is_part:  # or the watch would tell of its own results
            teller.tell(report_skipped(job.source.name, why, as_json=call.arguments.json))
    share = share_threads(call.n_threads, len(left))
    all_threads, call.n_threads = call.n_threads, share.n_threads
    try:
        step = functools.partial(_attempt, call=call, work=work)
        for report in in_order(left, step, share.n_workers, waiting=teller.progress.draw):
            teller.tell(report)
    except BaseException:  # interrupted, or nobody reads the report any more
        teller.progress.clear()
        call.gate.shut()
        raise
    finally:
        call.n_threads = all_threads
    if not is_part and len(jobs) != 1:
        teller.tell_totals()
    return teller.status


class Teller:
    """Tells what becomes of the files, and keeps count.

    Attributes:
        totals: of what was told.
        progress: the line on the terminal.
        status: what the program is to end with, as far as is known.
    """

    def __init__(self, call: Call, n_files: int) -> None:
        self.totals = Totals()
        self.status = 0
        self.progress = Progress(n_files, self.totals, wanted=n_files > 1 and not call.is_quiet)
        self._call = call
        self._start = time.monotonic()
        # Faults and the progress are told all the same.
        is_long = n_files > LINES_ON_A_TERMINAL and not call.arguments.json
        shows_progress = self.progress.is_shown and is_terminal(call.report)
        self._is_terse = call.is_quiet or (is_long and shows_progress)

    def tell(self, report: Report) -> None:
        """Prints what there is to say of a file."""
        self.totals.add(report)
        self.progress.clear()
        self.status = worst(self.status, report.exit_status)
        if report.line and not self._is_terse:
            self._print(report.line)
        if report.note and (report.status == "failed" or not self._is_terse):
            print_error(report.note)

    def tell_totals(self) -> None:
        """Prints what there is to say of all."""
        self.progress.clear()
        if self._call.is_quiet:
            return
        seconds, sharing = time.monotonic() - self._start, self._call.sharing
        if self._call.arguments.json:
            self._print(summary_json(self.totals, seconds, sharing))
            return
        self._print(summary_line(self.totals, seconds))
        if sharing is not None:
            self._print(sharing_line(sharing))

    def _print(self, line: str) -> None:
        try:
            print_line(line, self._call.report)
        except Fault as fault:
            self.status = worst(self.status, fault.status)
            print_error(str(fault))


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
