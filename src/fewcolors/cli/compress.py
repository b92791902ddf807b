"""``fewcolors compress``: pictures in, pictures of few colours out."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from ..formats import FORMAT_CHOICES
from ..limits import (
    LARGEST_MAX_FRAMES,
    MAX_COLORS,
    MAX_FRAMES,
    MAX_ITERATIONS,
    MAX_QUALITY,
    MAX_SEED,
    MAX_STARTS,
)
from ..mark import requested_mark
from ..options import DEFAULT_QUALITY, EFFORTS, INITS, METHODS, Options
from .arguments import add_limits, dither, integer, number, size
from .faults import STANDARD, Fault, reading
from .files.contradictions import check_usage
from .files.inputs import PICTURE_SUFFIXES, find_inputs
from .files.kept_cache import KeptCache
from .files.one_file import compress_job, option_arguments
from .files.run import Run, run_jobs
from .files.skipping import Request
from .files.targets import SAME_FORMAT_SUFFIXES, Job, asked_format, jobs_of
from .streams import print_error

if TYPE_CHECKING:
    from ..indexed import Palette

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
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N",
        dest="n_colors",
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
        type=size("--max-bytes"),
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
        help="of the result; auto is the smallest of png, webp and the original, and other formats "
        "are written even if larger (default: by the extension of "
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
    limits = add_limits(parser)
    limits.add_argument(
        "--max-frames",
        metavar="N",
        type=integer("--max-frames", 1, LARGEST_MAX_FRAMES),
        default=MAX_FRAMES,
        help="refuse animations of more frames (default: %(default)s)",
    )
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


def _given_palette(arguments: argparse.Namespace) -> "Palette | None":
    """Reads --palette, once for all inputs."""
    misused: Callable[[str], NoReturn] = arguments.error
    if arguments.palette is None:
        if arguments.keep_palette_order:
            misused("--keep-palette-order needs --palette")
        return None
    if arguments.n_colors is not None:
        misused("--colors does not go with --palette, which has its own number")
    from ..indexed import Palette

    try:
        with reading(arguments.palette):
            return Palette.of(arguments.palette)
    except ValueError as error:
        misused(f"--{error}")
