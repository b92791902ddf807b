"""Files above the limits: TIFF and Zarr are compressed strip by strip instead of in memory."""

import contextlib
import os
import threading
from typing import TYPE_CHECKING

from ...gigapixel.kinds import names_zarr
from ...options import Options
from ..faults import STANDARD, Fault, in_options, quoted_name, quoted_target, reading
from .progress import RowProgress
from .report import Outcome, Report, report_json, report_line
from .run import Run
from .targets import Job, check_target, make_folder_of

if TYPE_CHECKING:
    from ...gigapixel.pipeline import StreamedResult
    from ...indexed import Palette

__all__ = ["compress_large_job"]

INSTALL = "pip install 'fewcolors[gigapixel]' reads tiled TIFF and Zarr of any size"


def compress_large_job(
    job: Job, run: Run, palette: "Palette | None", options: Options, too_large: Fault | None = None
) -> Report:
    """Compresses a file strip by strip.

    Args:
        job: the file.
        run: what it is asked for.
        palette: the one that all files share, which this file has had no part in.
        options: see `Options`.
        too_large: why it is not compressed in memory, if it could be.

    Returns:
        Its report.

    Raises:
        Fault: it cannot be read, compressed or written.
    """
    _check_options(job, run, palette)
    name = job.source.name
    try:
        with reading(name, "name the array in it"):
            result, outcome = _compress(job, run, options)
    except ImportError:
        raise too_large_without_extra(name, too_large) from None
    except ValueError as error:
        raise Fault(f"{quoted_name(name)}: {in_options(error)}", "wrong argument") from None
    as_json = run.arguments.json
    line = (report_json if as_json else report_line)(name, result, outcome)
    note = None
    if outcome.note is not None and not as_json:
        note = f"{quoted_name(name)}: {in_options(outcome.note)}"
    bytes_out = result.bytes_in if outcome.is_original else result.bytes_out
    return Report(outcome.status, line, note, result.bytes_in, bytes_out)


def too_large_without_extra(name: str, too_large: Fault | None) -> Fault:
    """Returns what is said of a file where the packages that read it are not installed."""
    if too_large is None:
        return Fault(f"{quoted_name(name)}: needs tifffile and zarr; {INSTALL}", "too large")
    return Fault(f"{too_large}; {INSTALL}", "too large")


def _check_options(job: Job, run: Run, palette: "Palette | None") -> None:
    """Refuses what makes no sense for a picture that is read in strips."""
    file, arguments = quoted_name(job.source.name), run.arguments
    remedies = {
        "--in-place replaces PNGs; use --output-dir": job.in_place,
        "--shared-palette is for pictures that fit into memory; give --palette": palette
        is not None,
        "--figure is for pictures that fit into memory; leave it out": arguments.figure is not None,
        "standard output takes no picture that large; name a file with -o": job.target == STANDARD,
    }
    for remedy, is_asked in remedies.items():
        if is_asked:
            raise Fault(f"{file}: is read in strips, and {remedy}", "wrong argument")


def _compress(job: Job, run: Run, options: Options) -> "tuple[StreamedResult, Outcome]":
    from ...gigapixel.pipeline import NotSmallerError, compress_large

    arguments, name, target = run.arguments, job.source.name, job.target
    if arguments.output_dir is not None:
        make_folder_of(target)
    if not names_zarr(target):
        check_target(target, force=arguments.force, option="-o")
    stays = job.is_beside and arguments.format in (None, "auto")
    is_wanted = arguments.force or arguments.palette is not None
    progress = RowProgress(wanted=_is_alone() and not run.is_quiet)

    def watch(n_done: int, n_rows: int) -> None:
        if run.gate.is_shut:
            raise SystemExit
        progress.draw(n_done, n_rows)

    try:
        result = compress_large(
            name,
            target,
            options,
            force=arguments.force,
            only_if_smaller=stays and not is_wanted,
            mark=run.request.mark,
            watch=watch,
        )
    except NotSmallerError as error:
        return error.result, Outcome(None, is_original=True, note=error.result.note)
    except FileExistsError:
        raise Fault(f"{quoted_target(target)}: exists; replace it with --force", "exists") from None
    finally:
        progress.clear()
    if arguments.preserve_times:
        with contextlib.suppress(OSError):
            times = os.stat(name)
            os.utime(result.path, ns=(times.st_atime_ns, times.st_mtime_ns))
    note = "not smaller than the original" if result.ratio <= 1 else None
    notes = "; ".join(filter(None, [note, result.note])) or None
    return result, Outcome(result.path, is_original=False, note=notes)


def _is_alone() -> bool:
    """Whether no other file is worked on at the same time."""
    return threading.current_thread() is threading.main_thread()
