"""``fewcolors compress``: pictures in, pictures of few colours out."""

import argparse
import sys
from typing import Any

from ..formats import FORMAT_CHOICES
from ..mark import requested_mark
from ..options import Options
from .choices import add_choices, add_kept, add_picture_limits, add_recipe, given_palette
from .faults import STANDARD, Fault
from .files.contradictions import check_usage
from .files.inputs import PICTURE_SUFFIXES, find_inputs
from .files.kept_cache import KeptCache
from .files.one_file import compress_job, option_arguments
from .files.run import Run, run_jobs
from .files.skipping import Request
from .files.targets import SAME_FORMAT_SUFFIXES, Job, asked_format, jobs_of
from .streams import print_error

__all__ = ["add_parser"]


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    parser = subcommands.add_parser(
        "compress",
        help="compress pictures to palette PNGs",
        description="Compress pictures to palette PNGs. photo.jpg becomes photo-fewcolors.png "
        "beside it. Nothing is overwritten unless you say --force. An original stays where a "
        "result of its own format is not smaller.",
        formatter_class=formatter,
        epilog="Exit status: 0 done, 1 some file failed, 2 wrong usage, 99 some result was below "
        "--min-quality and not written, 130 interrupted.",
    )
    parser.set_defaults(run=run_compress, error=parser.error)
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
    add_choices(parser)
    parser.add_argument(
        "--format",
        choices=FORMAT_CHOICES,
        help="of the result; auto is the smallest of png, webp and the original, and other formats "
        "are written even if larger (default: by the extension of "
        "-o, or else png; an animation keeps its format)",
    )
    add_kept(parser)
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
    add_recipe(parser)
    limits = add_picture_limits(parser)
    limits.add_argument(
        "--allow-damaged",
        action="store_true",
        help="take what can be decoded of a damaged picture, with a note; never with --in-place",
    )


def run_compress(arguments: argparse.Namespace) -> int:
    """Compresses every input; one that fails does not stop the others.

    Returns:
        The exit status.
    """
    check_usage(arguments)
    try:
        arguments.palette = given_palette(arguments)
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
    options = Options(**option_arguments(arguments))
    mark = requested_mark(options, *(["shared palette"] if arguments.shared_palette else []))
    # Reports go where no picture does.
    carries_picture = any(job.target == STANDARD for job in jobs)
    run = Run(
        arguments,
        Request(mark, options.format, arguments.max_bytes, arguments.shared_palette),
        KeptCache(mark.request, arguments.max_file_bytes) if _remembers(jobs, arguments) else None,
        sys.stderr if carries_picture else sys.stdout,
    )
    if arguments.shared_palette:
        from .files.shared_palette import run_with_shared_palette

        return run_with_shared_palette(jobs, run, options, compress_job)
    if arguments.watch:
        from .files.watch import watch

        return watch(jobs, run, compress_job)
    return run_jobs(jobs, run, compress_job)


def _remembers(jobs: list[Job], arguments: argparse.Namespace) -> bool:
    """Whether files that are kept, and results without a mark, are to be known again.

    A PNG that is compressed by itself is compressed whenever it is named.
    """
    is_pipeline = arguments.in_place or arguments.output_dir is not None
    takes_folders = arguments.recursive or arguments.watch
    is_marked = all(job.target.lower().endswith(".png") for job in jobs)
    chooses_format = asked_format(arguments) == "auto"
    return len(jobs) > 1 or is_pipeline or takes_folders or chooses_format or not is_marked
