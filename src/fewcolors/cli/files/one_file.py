"""One file: whether it is to be compressed, how, and where the result goes."""

import argparse
import os
from typing import TYPE_CHECKING, Any

from ...formats import FORMAT_NAMES
from ...gigapixel.kinds import is_tiff, is_zarr, names_zarr
from ...mark import Mark, marked, read_mark
from ...options import Options
from ..faults import STANDARD, Fault, in_options, quoted_name, quoted_target, reading
from ..streams import picture_source
from .decoding import check_decodes, check_loses_nothing
from .report import Outcome, Report, report_json, report_line, report_skipped
from .run import Run
from .skipping import IS_RESULT, is_stale_result, mark_of, was_made_for
from .targets import (
    Job,
    asked_format,
    check_in_place,
    check_target,
    copy_in,
    make_folder_of,
    replace_input,
    with_format,
    write_target,
)

if TYPE_CHECKING:
    from ...indexed import Palette
    from ...result import Compressed

__all__ = ["compress_job", "option_arguments"]


def compress_job(job: Job, run: Run, palette: "Palette | None" = None) -> Report:
    """Compresses one file.

    Args:
        job: the file.
        run: what it is asked for.
        palette: the one that all files share; None to choose one for this file.

    Returns:
        Its report.

    Raises:
        Fault: it cannot be read, compressed or written.
    """
    if job.clash is not None:
        both = f"{quoted_name(job.clash)} and {quoted_name(job.source.name)}"
        raise Fault(f"{both} would both become {quoted_target(job.target)}; rename one")
    if is_zarr(job.source.name) or names_zarr(job.target):  # which nothing else reads or writes
        return _compress_in_strips(job, run, palette)
    try:
        return _compress_whole(job, run, palette)
    except Fault as fault:
        if fault.kind != "too large" or job.source.name == STANDARD or not is_tiff(job.source.name):
            raise
        return _compress_in_strips(job, run, palette, fault)


def _compress_in_strips(
    job: Job, run: Run, palette: "Palette | None", too_large: Fault | None = None
) -> Report:
    """Compresses a file that is not compressed in memory; few runs have one."""
    from .large_file import compress_large_job

    return compress_large_job(job, run, palette, _options(run), too_large)


def _compress_whole(job: Job, run: Run, palette: "Palette | None") -> Report:
    """Compresses a file that fits into memory."""
    arguments, name = run.arguments, job.source.name
    before = check_in_place(job) if job.in_place else None
    force = _may_replace(job.target, job, run, palette)
    if before is None and job.target != STANDARD:
        if arguments.output_dir is not None:
            make_folder_of(job.target)
        check_target(job.target, force=force, option="-o")
    if arguments.figure is not None:
        check_target(arguments.figure, force=arguments.force, option="--figure")
    source = picture_source(name, arguments.max_file_bytes)
    mark = mark_of(name) if source is name else None
    if mark is not None and palette is None and not arguments.again:
        data = _bytes_of(name, source)
        if _is_to_be_copied(job, run, data):
            return _copy(job, run, data, force=force)
    result = _compress(name, source, run, palette)
    if result.format == "png":
        result.data = marked(result.data, _new_mark(mark, run.request.mark, result))
    outcome = _write(job, source, result, run, palette=palette, before=before)
    if arguments.figure is not None:
        from ...figures.side_by_side import side_by_side

        with reading(name):
            figure = side_by_side(source, result, arguments.figure)
        write_target(arguments.figure, figure, force=arguments.force, option="--figure")
    return _report(name, result, outcome, arguments)


def option_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """Returns what the command line asks for as arguments of `compress`."""
    given = {name: getattr(arguments, name) for name in Options._fields}
    return {**given, "format": asked_format(arguments)}


def _options(run: Run) -> Options:
    """Returns what is asked for, with the threads of one file."""
    return Options(**option_arguments(run.arguments))._replace(n_threads=run.n_threads)


def _compress(name: str, source: str | bytes, run: Run, palette: "Palette | None") -> "Compressed":
    from ...pipeline import compress_with

    options = _options(run)
    if palette is not None:
        from .shared_palette import with_palette

        options = with_palette(options, palette)
    with reading(name):
        return compress_with(options, source)


def _new_mark(before: Mark | None, request: Mark, result: "Compressed") -> Mark:
    """Returns the mark of a result.

    A result of a result looks no better than that did, whatever score is asked for.
    """
    score = request.score if before is None else min(before.score, request.score)
    return Mark(score, result.n_colors, request.request)


def _may_replace(target: str, job: Job, run: Run, palette: "Palette | None") -> bool:
    """Whether a target that is there may be replaced."""
    if run.arguments.force or is_stale_result(target, job, run.cache):
        return True
    # Whenever a picture is added, the palette that all share is another one.
    return palette is not None and was_made_for(target, run.request)


def _is_to_be_copied(job: Job, run: Run, data: bytes) -> bool:
    """Whether a file is a result that goes to its target as it is."""
    is_elsewhere = not job.in_place and not job.is_beside
    return is_elsewhere and run.request.is_met_by(read_mark(data), len(data))


def _copy(job: Job, run: Run, data: bytes, *, force: bool) -> Report:
    """Copies a result to its target, once it is known to be a picture, as anybody can mark a file.

    Raises:
        Fault: it is no picture, or cannot be written.
    """
    name, arguments = job.source.name, run.arguments
    with reading(name):
        check_decodes(data, arguments.max_pixels, arguments.max_frames)
    with run.gate:
        _write_new(job.target, data, name, arguments, force=force)
    return report_skipped(name, IS_RESULT, as_json=arguments.json, target=job.target)


def _write(
    job: Job,
    source: str | bytes,
    result: "Compressed",
    run: Run,
    *,
    palette: "Palette | None",
    before: os.stat_result | None,
) -> Outcome:
    """Writes the result, or the original instead where the result is not smaller."""
    arguments, name = run.arguments, job.source.name
    data, note, target = result.data, result.note, with_format(job, arguments, result.format).target
    # A palette that was asked for is wanted whatever it takes.
    is_wanted = arguments.force or arguments.palette is not None or palette is not None
    is_original = False
    if result.ratio <= 1 and not is_wanted:
        stays = job.in_place or (job.is_beside and not _is_other_asked_for(result, arguments))
        place = None if stays else _place_of_original(job, target, result, arguments)
        if stays or place is not None:
            data, is_original = _bytes_of(name, source), True
            if run.cache is not None:
                run.cache.add(data)
        if stays:
            return Outcome(None, is_original=True, note=note)
        if place is not None:
            target = place
        else:
            note = "; ".join(filter(None, [_larger(result, arguments), note]))
    elif run.cache is not None and result.format != "png":  # which has no place for the mark
        run.cache.add(data)
    if before is not None and result.format_in == "PNG":
        with reading(name):
            check_loses_nothing(name, keep_metadata=arguments.keep_metadata)
    with run.gate:
        if before is not None:
            replace_input(name, data, before, preserve_times=arguments.preserve_times)
        else:
            force = _may_replace(target, job, run, palette)
            if target not in (job.target, STANDARD):
                check_target(target, force=force, option="-o")
            _write_new(target, data, name, arguments, force=force)
    return Outcome(target, is_original=is_original, note=note)


def _place_of_original(
    job: Job, target: str, result: "Compressed", arguments: argparse.Namespace
) -> str | None:
    """Returns where the original may go instead of the result, if anywhere."""
    if result.format_in == FORMAT_NAMES[result.format]:
        return target
    if arguments.format != "auto":  # the name would say another format
        return None
    return target if job.is_explicit else copy_in(arguments.output_dir, job.source)


def _is_other_asked_for(result: "Compressed", arguments: argparse.Namespace) -> bool:
    """Whether a result of another format is wanted though it is not smaller."""
    is_same_format = result.format_in == FORMAT_NAMES[result.format]
    return arguments.format not in (None, "auto") and not is_same_format


def _larger(result: "Compressed", arguments: argparse.Namespace) -> str:
    """Returns a note on a result that is written though it is not smaller."""
    made = FORMAT_NAMES[result.format]
    remedy = "; --format auto keeps the smaller" if arguments.output_dir is not None else ""
    return f"not smaller than the original {result.format_in}, but the {made} you asked for{remedy}"


def _write_new(
    target: str, data: bytes, name: str, arguments: argparse.Namespace, *, force: bool
) -> None:
    write_target(target, data, force=force, option="-o")
    if arguments.preserve_times and STANDARD not in (name, target):
        times = os.stat(name)
        os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))


def _bytes_of(name: str, source: str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    with reading(name), open(source, "rb") as file:
        return file.read()


def _report(
    name: str, result: "Compressed", outcome: Outcome, arguments: argparse.Namespace
) -> Report:
    line = (report_json if arguments.json else report_line)(name, result, outcome)
    note = (
        None
        if arguments.json or outcome.note is None
        else f"{quoted_name(name)}: {in_options(outcome.note)}"
    )
    bytes_out = result.bytes_in if outcome.is_original else result.bytes_out
    return Report(outcome.status, line, note, result.bytes_in, bytes_out)
