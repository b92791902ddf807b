"""``fewcolors compress``: pictures in, palette PNGs out."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from ..marker import Mark, marked, requested
from ..options import (
    DEFAULT_QUALITY,
    EFFORTS,
    INITS,
    LARGEST_MAX_PIXELS,
    MAX_COLORS,
    MAX_ITERATIONS,
    MAX_PIXELS,
    MAX_QUALITY,
    MAX_SEED,
    MAX_STARTS,
    MAX_THREADS,
    METHODS,
    Options,
)
from .again import IS_RESULT, is_own, mark_of, should_copy, was_made_for
from .arguments import integer, number
from .call import Call, run_jobs
from .faults import STANDARD, Fault, reading, shown
from .inputs import PICTURE_SUFFIXES, find_inputs
from .memory import Memory
from .report import Outcome, Report, report_json, report_line, report_skipped
from .streams import read_standard
from .targets import (
    SAME_FORMAT_SUFFIXES,
    Job,
    check_in_place,
    check_target,
    check_targets,
    jobs_of,
    replace_input,
    write_target,
)

if TYPE_CHECKING:
    from ..palette import Palette
    from ..result import Compressed

__all__ = ["add_parser"]


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    defaults = Options()
    parser = subcommands.add_parser(
        "compress",
        help="compress pictures to palette PNGs",
        description="Compress pictures to palette PNGs. photo.jpg becomes photo-fewcolors.png "
        "beside it. Nothing is overwritten, and no larger file is written, unless you say --force.",
        formatter_class=formatter,
        epilog="Exit status: 0 done, 1 some file failed, 2 wrong usage, 99 some result was below "
        "--min-quality and not written, 130 interrupted.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="a picture, folder (--recursive) or pattern; - reads one",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; - writes it out")
    parser.add_argument(
        "--output-dir", metavar="DIR", help="where to write, each file in its place in the tree"
    )
    parser.add_argument(
        "--in-place",
        action="store_true",
        help="replace the pictures, each at once and whole, with their modes and owners",
    )
    parser.add_argument(
        "--preserve-times", action="store_true", help="results keep the time of the last change"
    )
    parser.add_argument(
        "-r", "--recursive", action="store_true", help="all pictures in folders and below"
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="compress even what is a result, or is known not to get smaller",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="compress what is written to INPUT folders, as it arrives (needs watchfiles)",
    )
    parser.add_argument(
        "--shared-palette",
        action="store_true",
        help="one palette for all pictures, with the same entries in the same order",
    )
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N",
        type=integer("--colors", 1, MAX_COLORS),
        help="the most colours, 1 to 256; without -q, the best look that so many can have "
        "(default: 256)",
    )
    parser.add_argument(
        "-q",
        "--quality",
        metavar="Q",
        type=number("--quality", 0, MAX_QUALITY),
        help="the score to aim at, by SSIMULACRA 2: 90 looks the same, 70 is high, 50 medium; "
        f"100 is the best there is (default: {DEFAULT_QUALITY:g}, unless -k is given)",
    )
    parser.add_argument(
        "--min-quality",
        metavar="Q",
        type=number("--min-quality", 0, MAX_QUALITY),
        help="write nothing that scores less; exit status 99",
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=defaults.method,
        help="cluster what the eye sees, or the RGB values as in the textbook "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--effort",
        choices=EFFORTS,
        default=defaults.effort,
        help="time against bytes and error (default: %(default)s)",
    )
    parser.add_argument(
        "--figure",
        metavar="FILE",
        help="also draw original and result side by side, with the palette",
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite, and write results that are not smaller"
    )
    parser.add_argument("--json", action="store_true", help="report one JSON object a file")
    parser.add_argument("--quiet", action="store_true", help="report nothing but errors")
    recipe = parser.add_argument_group("k-means")
    recipe.add_argument(
        "--init",
        choices=INITS,
        default=defaults.init,
        help="first centroids (default: %(default)s)",
    )
    recipe.add_argument(
        "--n-init",
        metavar="N",
        type=integer("--n-init", 1, MAX_STARTS),
        help="starts, of which the best counts (default: 10, or fewer with --effort fast)",
    )
    recipe.add_argument(
        "--max-iter",
        metavar="N",
        type=integer("--max-iter", 1, MAX_ITERATIONS),
        default=defaults.max_iter,
        help="the most iterations of a start (default: %(default)s; 5 with --effort fast)",
    )
    recipe.add_argument(
        "--seed",
        metavar="N",
        type=integer("--seed", 0, MAX_SEED),
        default=defaults.seed,
        help="of the random draws (default: %(default)s)",
    )
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--threads",
        metavar="N",
        type=integer("--threads", 1, MAX_THREADS),
        help="threads for clustering; the result is the same (default: one a processor)",
    )
    limits.add_argument(
        "--max-pixels",
        metavar="N",
        type=integer("--max-pixels", 1, LARGEST_MAX_PIXELS),
        default=MAX_PIXELS,
        help="refuse larger pictures (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compresses every input; one that fails does not stop the others.

    Returns:
        The exit status.
    """
    check_targets(arguments)
    if arguments.method == "classic" and arguments.quality is not None:
        arguments.error("--quality needs --method perceptual; classic knows --colors alone")
    inputs = find_inputs(
        arguments.inputs,
        recursive=arguments.recursive or arguments.watch,
        suffixes=SAME_FORMAT_SUFFIXES if arguments.in_place else PICTURE_SUFFIXES,
        leave_out=arguments.output_dir,
        once=arguments.in_place,
    )
    jobs = jobs_of(inputs, arguments)
    is_single = arguments.output is not None or arguments.figure is not None
    if is_single and len(jobs) != 1:
        arguments.error(f"--output and --figure take one INPUT, got {len(jobs)} files")
    # Reports go where no picture does.
    carries_picture = any(job.target == STANDARD for job in jobs)
    is_pipeline = arguments.in_place or arguments.output_dir is not None or arguments.recursive
    options = Options(**_options(arguments))
    request = requested(options, *(["shared palette"] if arguments.shared_palette else []))
    call = Call(
        arguments,
        request,
        Memory(request.request) if is_pipeline or len(jobs) > 1 else None,
        sys.stderr if carries_picture else sys.stdout,
    )
    if arguments.shared_palette:
        from .share_palette import run_with_shared_palette

        return run_with_shared_palette(jobs, call, options, compress_job)
    if arguments.watch:
        from .watch import watch

        return watch(jobs, call, compress_job)
    return run_jobs(jobs, call, compress_job)


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
    result.data = marked(result.data, _mark(mark, call.request, result))
    with call.gate:
        outcome = _write(job, source, result, call, force=force, before=before)
    if figure is not None:
        from ..figures import comparison_figure

        with reading(name):
            data = comparison_figure(source, result, figure)
        write_target(figure, data, force=force, option="--figure")
    return _report(name, result, outcome, arguments)


def _options(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "n_colors": arguments.colors,
        "quality": arguments.quality,
        "min_quality": arguments.min_quality,
        "method": arguments.method,
        "effort": arguments.effort,
        "init": arguments.init,
        "n_init": arguments.n_init,
        "max_iter": arguments.max_iter,
        "seed": arguments.seed,
        "n_threads": arguments.threads,
        "max_pixels": arguments.max_pixels,
    }


def _compress(name: str, source: Any, call: Call, palette: "Palette | None") -> "Compressed":
    from ..compress import compress

    options = _options(call.arguments) | {"n_threads": call.n_threads}
    with reading(name):
        if palette is not None:
            from ..shared_palette import compress_with_palette

            return compress_with_palette(source, palette, Options(**options))
        return compress(source, **options)


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
    if result.ratio <= 1 and not arguments.force:
        copies = result.format_in == "PNG"
        if call.memory is not None and (copies or job.is_beside):
            call.memory.add(_original(name, source))
        if job.in_place or job.is_beside:
            return Outcome(None, is_original=True, note=note)
        if copies:
            data = _original(name, source)
        else:
            note = f"not smaller than the original {result.format_in}, but the PNG you asked for"
    if before is not None:
        replace_input(name, data, before, preserve_times=arguments.preserve_times)
    else:
        write_target(target, data, force=force, option="-o")
        if arguments.preserve_times and STANDARD not in (name, target):
            times = os.stat(name)
            os.utime(target, ns=(times.st_atime_ns, times.st_mtime_ns))
    return Outcome(target, is_original=copies, note=note)


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
