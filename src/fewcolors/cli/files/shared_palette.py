"""``--shared-palette``: one palette for all the files of a call, and what that costs."""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ...options import Options
from ..faults import Fault, reading
from .report import Report
from .run import Call, run_jobs
from .skipping import IS_RESULT, reason_to_skip
from .targets import Job
from .threads import in_order, share_threads

if TYPE_CHECKING:
    from ...histogram import Histogram
    from ...indexed import Palette

__all__ = ["run_with_shared_palette", "with_palette"]

SAMPLE_FILES = 8
"""Files that are compressed to palettes of their own as well, to tell what sharing costs."""

WorkWithPalette: TypeAlias = "Callable[[Job, Call, Palette | None], Report]"


def run_with_shared_palette(
    jobs: Sequence[Job], call: Call, options: Options, work: WorkWithPalette
) -> int:
    """Compresses all files to the palette that suits them best together.

    Either all results are up to date, and left alone, or all are made anew: with one file the
    palette changes for all.

    Returns:
        The exit status.
    """
    again, force = call.arguments.again, call.arguments.force
    reasons = [
        None if again else reason_to_skip(job, call.request, None, force=force) for job in jobs
    ]
    results = {job for job, why in zip(jobs, reasons, strict=True) if why == IS_RESULT}
    originals = [job for job in jobs if job not in results]
    if all(reasons):
        return run_jobs(jobs, call, functools.partial(_work_with, work=work, palette=None))
    from ...palette.shared import merge_histograms, shared_palette

    total = merge_histograms(_histograms(originals, call, options))
    if total is None:  # no file can be read: say so of each
        palette = None
    else:
        palette = shared_palette(total, options)
        call.sharing = _cost(originals, palette, options)
    step = functools.partial(_work_with, work=work, palette=palette)
    return run_jobs(jobs, call, step, may_skip=lambda job: job in results)


def with_palette(options: Options, palette: "Palette") -> Options:
    """Returns the options for a shared palette: all its entries, in its order, and as good a look.

    Which score is aimed at depends on the number of colours asked for, which the palette replaces.
    """
    return options._replace(
        palette=palette, keep_palette_order=True, n_colors=None, quality=options.target
    )


def _work_with(job: Job, call: Call, *, work: WorkWithPalette, palette: "Palette | None") -> Report:
    return work(job, call, palette)


def _histograms(jobs: Sequence[Job], call: Call, options: Options) -> "Iterator[Histogram]":
    """Decodes the files, several at a time; those that cannot be read are reported later."""
    from ...decode import decode
    from ...errors import FewcolorsError
    from ...histogram import build_histogram
    from ...weigh import weigh

    share = share_threads(call.n_threads, len(jobs))
    options = options._replace(n_threads=share.n_threads)

    def histogram(job: Job) -> "Histogram | None":
        try:
            pixels = decode(job.source.name, max_pixels=options.max_pixels)
        except (FewcolorsError, OSError):
            return None
        return build_histogram(pixels, share.n_threads, weigh(pixels, options))

    found = in_order(jobs, histogram, share.n_workers)
    return (item for item in found if item is not None)


def _cost(jobs: Sequence[Job], palette: "Palette", options: Options) -> dict[str, float] | None:
    """Compares a few files with what palettes of their own would make of them.

    Returns:
        How many files, by which share their results are larger for sharing, and the points of
        score that it costs; None where none can be compared.
    """
    from ...pipeline import compress_with

    sample = jobs[:: max(1, len(jobs) // SAMPLE_FILES)][:SAMPLE_FILES]
    shared_bytes, own_bytes, points, n_files = 0, 0, 0.0, 0
    for job in sample:
        try:
            with reading(job.source.name):
                shared = compress_with(with_palette(options, palette), job.source.name)
                own = compress_with(options, job.source.name)
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
