"""``--shared-palette``: one palette for all files of a run, and what that costs."""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ...options import Options
from ..faults import Fault, reading
from ..streams import picture_source
from .report import Report
from .run import Run, run_jobs
from .skipping import IS_RESULT, reason_to_skip
from .targets import Job
from .threads import in_order, share_threads

if TYPE_CHECKING:
    from ...histogram import Histogram
    from ...indexed import Palette

__all__ = ["run_with_shared_palette", "with_palette"]

SAMPLE_FILES = 8
"""How many files are also compressed to palettes of their own, to report what sharing costs."""

WorkWithPalette: TypeAlias = "Callable[[Job, Run, Palette | None], Report]"


def run_with_shared_palette(
    jobs: Sequence[Job], run: Run, options: Options, work: WorkWithPalette
) -> int:
    """Compresses all files to the palette that suits them best together.

    If all results are up to date they are left alone. If one is not, all are made again, since one
    file changes the palette of all.

    Returns:
        The exit status.
    """
    again, force = run.arguments.again, run.arguments.force
    reasons = [
        None if again else reason_to_skip(job, run.request, None, force=force) for job in jobs
    ]
    results = {job for job, why in zip(jobs, reasons, strict=True) if why == IS_RESULT}
    originals = [job for job in jobs if job not in results]
    if all(reasons):
        return run_jobs(jobs, run, functools.partial(_work_with, work=work, palette=None))
    from ...histogram import merge_histograms
    from ...palette.shared import shared_palette

    total = merge_histograms(_histograms(originals, run, options))
    if total is None:  # no file can be read: say so of each
        palette = None
    else:
        palette = shared_palette(total, options)
        run.sharing = _cost(originals, palette, options, run.arguments.max_file_bytes)
    step = functools.partial(_work_with, work=work, palette=palette)
    return run_jobs(jobs, run, step, may_skip=lambda job: job in results)


def with_palette(options: Options, palette: "Palette") -> Options:
    """Returns the options for a shared palette: all its entries, in its order.

    The palette replaces n_colors, on which the score to aim at depends; so that score is given too.
    """
    return options._replace(
        palette=palette, keep_palette_order=True, n_colors=None, quality=options.target
    )


def _work_with(job: Job, run: Run, *, work: WorkWithPalette, palette: "Palette | None") -> Report:
    return work(job, run, palette)


def _histograms(jobs: Sequence[Job], run: Run, options: Options) -> "Iterator[Histogram]":
    """Decodes the files, several at a time; a fault is reported when the file is compressed."""
    from ...decode import decode
    from ...errors import FewcolorsError
    from ...histogram import build_histogram
    from ...weigh import weigh

    share = share_threads(run.n_threads, len(jobs))
    options = options._replace(n_threads=share.n_threads)

    def histogram(job: Job) -> "Histogram | None":
        try:
            source = picture_source(job.source.name, run.arguments.max_file_bytes)
            pixels = decode(
                source, max_pixels=options.max_pixels, allow_damaged=options.allow_damaged
            )
        except (Fault, FewcolorsError, OSError):
            return None
        return build_histogram(pixels, share.n_threads, weigh(pixels, options))

    found = in_order(jobs, histogram, share.n_workers)
    return (item for item in found if item is not None)


def _cost(
    jobs: Sequence[Job], palette: "Palette", options: Options, max_file_bytes: int
) -> dict[str, float] | None:
    """Compares a few files with what palettes of their own would make of them.

    Returns:
        The number of colours, the number of files compared, the sum of their bytes with the shared
        palette and with separate ones, and the mean of the points of score lost by sharing; None
        where no file can be compared.
    """
    from ...pipeline import compress_with

    sample = jobs[:: max(1, len(jobs) // SAMPLE_FILES)][:SAMPLE_FILES]
    shared_bytes, own_bytes, points, n_files = 0, 0, 0.0, 0
    for job in sample:
        try:
            with reading(job.source.name):
                source = picture_source(job.source.name, max_file_bytes)
                shared = compress_with(with_palette(options, palette), source)
                own = compress_with(options, source)
        except Fault:
            continue
        n_files += 1
        shared_bytes += shared.bytes_out
        own_bytes += own.bytes_out
        points += own.score - shared.score
    if n_files == 0:
        return None
    return {
        "colors": len(palette),
        "sampled_files": n_files,
        "bytes_shared": shared_bytes,
        "bytes_separate": own_bytes,
        "score_lost": round(points / n_files, 2),
    }
