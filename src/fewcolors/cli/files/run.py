"""What the files of a run have in common, and the loop over all of them."""

import argparse
import functools
import importlib
import time
from collections.abc import Callable, Sequence
from typing import TextIO, TypeAlias

from ...options import Options
from ..faults import TOO_LOW, Fault, escaped, quoted_name
from ..streams import print_error, print_line
from .kept_cache import KeptCache
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
from .skipping import Request, reason_to_skip
from .targets import Job
from .threads import Gate, in_order, share_threads

__all__ = ["Run", "Work", "run_jobs", "worst"]

LINES_ON_A_TERMINAL = 24
"""Of more files than a screen has lines, a terminal shows only the progress and the faults."""


class Run:
    """What the user asked for, and what the files share.

    Attributes:
        arguments: of the command line.
        request: what files that are there have to meet, to be left alone.
        cache: of files that were kept as they are; None to do without.
        report: the stream for the report.
        n_threads: for each of the files that are worked on at once.
        gate: every thread passes it to write a file.
        sharing: what a shared palette costs, for the summary.
    """

    def __init__(
        self,
        arguments: argparse.Namespace,
        request: Request,
        cache: KeptCache | None,
        report: TextIO | None,
    ) -> None:
        self.arguments = arguments
        self.request = request
        self.cache = cache
        self.report = report
        self.n_threads = Options(n_threads=arguments.n_threads).threads
        self.gate = Gate()
        self.sharing: dict[str, float] | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether only errors are reported."""
        return bool(self.arguments.quiet)


Work: TypeAlias = Callable[[Job, Run], Report]


def run_jobs(
    jobs: Sequence[Job],
    run: Run,
    work: Work,
    *,
    may_skip: Callable[[Job], bool] = lambda _: True,
    is_watch_batch: bool = False,
) -> int:
    """Does the work on all files, and reports it.

    Args:
        jobs: the files.
        run: what they share.
        work: on one of them.
        may_skip: whether a file may be left alone for what earlier runs have done.
        is_watch_batch: whether these are the files that have just arrived in a watched folder. Then
            there is no summary, and skipped files are not reported: our own results arrive too.

    Returns:
        The exit status.
    """
    reporter = Reporter(run, len(jobs))
    left: list[Job] = []
    for job in jobs:
        why = _why_skipped(job, run) if may_skip(job) else None
        if why is None:
            left.append(job)
        elif not is_watch_batch:
            reporter.tell(report_skipped(job.source.name, why, as_json=run.arguments.json))
    share = share_threads(run.n_threads, len(left))
    all_threads, run.n_threads = run.n_threads, share.n_threads
    if share.n_workers > 1:
        _load_modules()
    try:
        step = functools.partial(_attempt, run=run, work=work)
        for report in in_order(left, step, share.n_workers, waiting=reporter.progress.draw):
            reporter.tell(report)
    except BaseException:  # interrupted, or the report can be written no more
        reporter.progress.clear()
        run.gate.shut()
        raise
    finally:
        run.n_threads = all_threads
    if not is_watch_batch and len(jobs) != 1:
        reporter.tell_totals()
    return reporter.status


class Reporter:
    """Prints the reports of the files, and counts.

    Attributes:
        totals: of the files reported so far.
        progress: the line on the terminal.
        status: the exit status, for the files reported so far.
    """

    def __init__(self, run: Run, n_files: int) -> None:
        self.totals = Totals()
        self.status = 0
        self.progress = Progress(n_files, self.totals, wanted=n_files > 1 and not run.is_quiet)
        self._run = run
        self._start = time.monotonic()
        is_long = n_files > LINES_ON_A_TERMINAL and not run.arguments.json
        shows_progress = self.progress.is_shown and is_terminal(run.report)
        self._is_terse = run.is_quiet or (is_long and shows_progress)

    def tell(self, report: Report) -> None:
        """Prints the report of a file; where lines would be too many, only that of a fault."""
        self.totals.add(report)
        self.progress.clear()
        self.status = worst(self.status, report.exit_status)
        if report.line and not self._is_terse:
            self._print(report.line)
        if report.note and (report.status == "failed" or not self._is_terse):
            print_error(report.note)

    def tell_totals(self) -> None:
        """Prints the summary."""
        self.progress.clear()
        if self._run.is_quiet:
            return
        seconds, sharing = time.monotonic() - self._start, self._run.sharing
        if self._run.arguments.json:
            self._print(summary_json(self.totals, seconds, sharing))
            return
        self._print(summary_line(self.totals, seconds))
        if sharing is not None:
            self._print(sharing_line(sharing))

    def _print(self, line: str) -> None:
        try:
            print_line(escaped(line), self._run.report)
        except Fault as fault:
            self.status = worst(self.status, fault.status)
            print_error(str(fault))


def worst(status: int, other: int) -> int:
    """Returns the exit status of two: a failed file weighs more than one of too low quality."""
    return other if status in (0, TOO_LOW) and other != 0 else status


def _why_skipped(job: Job, run: Run) -> str | None:
    arguments = run.arguments
    if arguments.again or arguments.figure is not None or job.clash is not None:
        return None
    return reason_to_skip(job, run.request, run.cache, force=arguments.force)


def _attempt(job: Job, run: Run, work: Work) -> Report:
    name = job.source.name
    try:
        return work(job, run)
    except Fault as fault:
        return report_fault(name, fault, as_json=run.arguments.json)
    except BrokenPipeError:  # of standard output, which ends the run
        raise
    except OSError as error:
        reason = error.strerror or error
        other = Fault(f"{quoted_name(name)}: failed ({reason}); check the file and its target")
        return report_fault(name, other, as_json=run.arguments.json)


def _load_modules() -> None:
    """Loads what the threads need before they start: together they could see it half loaded."""
    importlib.import_module("fewcolors.pipeline")
    importlib.import_module("fewcolors.decode.with_pillow")
