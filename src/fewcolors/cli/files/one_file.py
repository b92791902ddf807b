"""One file: whether it is to be compressed, how, and where the result goes."""

import argparse
import os
from typing import TYPE_CHECKING, Any

from ...formats import FORMAT_NAMES
from ...mark import Mark, marked
from ...options import Options
from ..faults import STANDARD, Fault, reading, shown
from ..streams import read_standard
from .report import Outcome, Report, report_json, report_line, report_skipped
from .run import Call
from .skipping import IS_RESULT, is_own, mark_of, should_copy, was_made_for
from .targets import (
    Job,
    asked_format,
    check_in_place,
    check_target,
    replace_input,
    with_format,
    write_target,
)

if TYPE_CHECKING:
    from ...indexed import Palette
    from ...result import Compressed

__all__ = ["compress_job", "option_arguments"]


def compress_job(job: Job, call: Call, palette: "Palette | None" = None) -> Report:
    """Compresses one file.

    Args:
        job: the file.
        call: what it is asked for.
        palette: to use; None to choose one.

    Returns:
        What to tell of it.

    Raises:
        Fault: it cannot be read, compressed or written.
    """
    arguments, name, target = call.arguments, job.source.name, job.target
    if job.clash is not None:
        both = f"{shown(job.clash)} and {shown(name)}"
        raise Fault(f"{both} would both become {shown(target)}; rename one")
    # A palette that is shared is another one whenever a picture is added.
    is_remade = palette is not None and was_made_for(job.target, call.request)
    force = arguments.force or is_remade or is_own(job, call.memory)
    figure = arguments.figure
    before = check_in_place(job) if job.in_place else None
    if before is None and target != STANDARD:
        if arguments.output_dir is not None:
            _make_folder(os.path.dirname(target))
        check_target(target, force=force, option="-o")
    if figure is not None:
        check_target(figure, force=force, option="--figure")
    source: Any = read_standard() if name == STANDARD else name
    mark = mark_of(name) if name != STANDARD else None
    if should_copy(job, mark, call.request) and not arguments.again:
        with call.gate:
            write_target(target, _original(name, source), force=force, option="-o")
        return report_skipped(name, IS_RESULT, as_json=arguments.json, target=target)
    result = _compress(name, source, call, palette)
    if result.format == "png":
        result.data = marked(result.data, _mark(mark, call.request, result))
    if (job := with_format(job, arguments, result.format)).target != target:
        check_target(job.target, force=force, option="-o")
    with call.gate:
        outcome = _write(job, source, result, call, force=force, before=before)
    if figure is not None:
        from ...figures.comparison import comparison_figure

        with reading(name):
            data = comparison_figure(source, result, figure)
        write_target(figure, data, force=force, option="--figure")
    return _report(name, result, outcome, arguments)


def option_arguments(arguments: argparse.Namespace) -> dict[str, Any]:
    """Returns what the command line asks for as arguments of `compress`."""
    given = {name: getattr(arguments, name) for name in Options._fields}
    return {**given, "format": asked_format(arguments)}


def _compress(name: str, source: Any, call: Call, palette: "Palette | None") -> "Compressed":
    from ...pipeline import compress_with

    options = Options(**option_arguments(call.arguments))._replace(n_threads=call.n_threads)
    if palette is not None:
        from .shared_palette import with_palette

        options = with_palette(options, palette)
    with reading(name):
        return compress_with(options, source)


def _mark(before: Mark | None, request: Mark, result: "Compressed") -> Mark:
    """Returns the mark of a result; what a coarser wish took away, a finer one does not give."""
    score = request.score if before is None else min(before.score, request.score)
    return Mark(score, result.n_colors, request.request)


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder or os.curdir, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise Fault(f"{shown(folder)}: cannot be made ({reason}); name another folder") from None


def _write(
    job: Job,
    source: Any,
    result: "Compressed",
    call: Call,
    *,
    force: bool,
    before: os.stat_result | None,
) -> Outcome:
    """Writes the result, or the original in its stead."""
    arguments, name, target = call.arguments, job.source.name, job.target
    data, note, copies = result.data, result.note, False
    # Who names the colours wants them whatever they take.
    if result.ratio <= 1 and not arguments.force and arguments.palette is None:
        is_same_format = result.format_in == FORMAT_NAMES[result.format]
        stays = job.in_place or (job.is_beside and not _is_other_asked_for(result, arguments))
        if call.memory is not None and (is_same_format or stays):
            call.memory.add(_original(name, source))
        if stays:
            return Outcome(None, is_original=True, note=note)
        copies = is_same_format
        if copies:
            data = _original(name, source)
        else:
            asked = f"but the {FORMAT_NAMES[result.format]} you asked for"
            larger = f"not smaller than the original {result.format_in}, {asked}"
            note = larger if note is None else f"{larger}; {note}"
    if call.memory is not None and result.format != "png":
        call.memory.add(data)  # which has no place for the mark
    if before is not None:
        replace_input(name, data, before, preserve_times=arguments.preserve_times)
    else:
        write_target(target, data, force=force, option="-o")
        if arguments.preserve_times and STANDARD not in (name, target):
            times = os.stat(name)
            os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    return Outcome(target, is_original=copies, note=note)


def _is_other_asked_for(result: "Compressed", arguments: argparse.Namespace) -> bool:
    """Whether a result of another format is wanted though it is not smaller."""
    is_same_format = result.format_in == FORMAT_NAMES[result.format]
    return arguments.format not in (None, "auto") and not is_same_format


def _original(name: str, source: Any) -> bytes:
    if isinstance(source, bytes):
        return source
    with reading(name), open(name, "rb") as file:
        return file.read()


def _report(
    name: str, result: "Compressed", outcome: Outcome, arguments: argparse.Namespace
) -> Report:
    line = (report_json if arguments.json else report_line)(name, result, outcome)
    note = None if arguments.json or outcome.note is None else f"{shown(name)}: {outcome.note}"
    bytes_out = result.bytes_in if outcome.is_original else result.bytes_out
    return Report(outcome.status, line, note, result.bytes_in, bytes_out)
