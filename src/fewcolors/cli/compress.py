"""``fewcolors compress``: pictures in, pictures of few colours out."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from ..formats import FORMAT_NAMES
from ..marker import Mark, marked, requested
from ..options import (
    DEFAULT_QUALITY,
    EFFORTS,
    FORMAT_CHOICES,
    INITS,
    MAX_COLORS,
    MAX_ITERATIONS,
    MAX_QUALITY,
    MAX_SEED,
    MAX_STARTS,
    METHODS,
    Options,
)
from .again import IS_RESULT, is_own, mark_of, should_copy, was_made_for
from .arguments import add_limits, dither, integer, number, size
from .call import Call, run_jobs
from .faults import STANDARD, Fault, reading, shown
from .inputs import PICTURE_SUFFIXES, find_inputs
from .memory import Memory
from .report import Outcome, Report, report_json, report_line, report_skipped
from .streams import print_error, read_standard
from .targets import (
    SAME_FORMAT_SUFFIXES,
    Job,
    asked_format,
    check_in_place,
    check_target,
    check_targets,
    jobs_of,
    replace_input,
    with_format,
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
        f"100 is the best there is (default: {DEFAULT_QUALITY:g}, unless -k or --palette is given)",
    )
    parser.add_argument(
        "--min-quality",
        metavar="Q",
        type=number("--min-quality", 0, MAX_QUALITY),
        help="write nothing that scores less; exit status 99",
    )
    parser.add_argument(
        "--palette",
        metavar="FILE|COLOURS",
        help="use these colours: a picture, .gpl, .aco, .ase, .hex, .json, .css, or a list such as "
        "'#ff8000,#000000'",
    )
    parser.add_argument(
        "--keep-palette-order",
        action="store_true",
        help="write all entries of --palette, unused ones too, in their order",
    )
    parser.add_argument(
        "--max-bytes",
        metavar="SIZE",
        type=size,
        help="write no more bytes, such as 100kB or 1MiB: the best look that fits; -q is then the "
        "most that is aimed at",
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
        "--dither",
        metavar="HOW",
        type=dither,
        default=defaults.dither,
        help="auto, none, ordered, or the strength of error diffusion, 0 to 1; -q then steers the "
        "number of colours (default: %(default)s, indices that deflate well)",
    )
    parser.add_argument(
        "--format",
        choices=FORMAT_CHOICES,
        help="of the result; auto is the smaller of png and webp (default: by the extension of "
        "-o, or else png; an animation keeps its format)",
    )
    parser.add_argument(
        "--keep-metadata",
        action="store_true",
        help="keep EXIF, XMP, texts and resolution, as far as the format can hold them",
    )
    parser.add_argument(
        "--keep-transparent-colors",
        action="store_true",
        help="keep the colours of fully transparent pixels, which textures of games need",
    )
    parser.add_argument(
        "--figure",
        metavar="FILE",
        help="also draw original and result side by side, with the palette",
    )
    parser.add_argument(
        "--keep-profile",
        action="store_true",
        help="keep a colour profile and its colours, rather than converting to sRGB",
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
    add_limits(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compresses every input; one that fails does not stop the others.

    Returns:
        The exit status.
    """
    check_targets(arguments)
    if arguments.method == "classic" and arguments.quality is not None:
        arguments.error("--quality needs --method perceptual; classic knows --colors alone")
    if arguments.keep_profile and arguments.palette is not None:
        arguments.error("--keep-profile does not go with --palette, whose colours are sRGB")
    try:
        arguments.palette = _given_palette(arguments)
    except Fault as fault:
        print_error(str(fault))
        return fault.status
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


def _given_palette(arguments: argparse.Namespace) -> "Palette | None":
    """Reads --palette, once for all inputs."""
    misused: Callable[[str], NoReturn] = arguments.error
    if arguments.palette is None:
        if arguments.keep_palette_order:
            misused("--keep-palette-order needs --palette")
        return None
    if arguments.colors is not None:
        misused("--colors does not go with --palette, which has its own number")
    from ..palette_files.source import as_palette

    try:
        with reading(arguments.palette):
            return as_palette(arguments.palette)
    except ValueError as error:
        misused(f"--{error}")


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
        "max_bytes": arguments.max_bytes,
        "method": arguments.method,
        "effort": arguments.effort,
        "init": arguments.init,
        "n_init": arguments.n_init,
        "max_iter": arguments.max_iter,
        "seed": arguments.seed,
        "n_threads": arguments.threads,
        "max_pixels": arguments.max_pixels,
        "dither": arguments.dither,
        "palette": arguments.palette,
        "keep_palette_order": arguments.keep_palette_order,
        "keep_profile": arguments.keep_profile,
        "keep_transparent_colors": arguments.keep_transparent_colors,
        "format": asked_format(arguments),
        "keep_metadata": arguments.keep_metadata,
    }


def _compress(name: str, source: Any, call: Call, palette: "Palette | None") -> "Compressed":
    from ..compress import compress

    options = Options(**_options(call.arguments))._replace(n_threads=call.n_threads)
    if palette is not None:
        from .share_palette import with_palette

        options = with_palette(options, palette)
    with reading(name):
        return compress(source, **options._asdict())


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
