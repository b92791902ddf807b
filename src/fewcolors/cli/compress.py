"""``fewcolors compress``: pictures in, pictures of few colours out."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from ..formats import FORMAT_CHOICES
from ..limits import MAX_COLORS, MAX_ITERATIONS, MAX_QUALITY, MAX_SEED, MAX_STARTS
from ..mark import requested
from ..options import DEFAULT_QUALITY, EFFORTS, INITS, METHODS, Options
from .arguments import add_limits, dither, integer, number, size
from .faults import STANDARD, Fault, reading
from .files.inputs import PICTURE_SUFFIXES, find_inputs
from .files.kept_cache import Memory
from .files.one_file import compress_job, option_arguments
from .files.run import Call, run_jobs
from .files.targets import SAME_FORMAT_SUFFIXES, check_targets, jobs_of
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
    options = Options(**option_arguments(arguments))
    request = requested(options, *(["shared palette"] if arguments.shared_palette else []))
    call = Call(
        arguments,
        request,
        Memory(request.request) if is_pipeline or len(jobs) > 1 else None,
        sys.stderr if carries_picture else sys.stdout,
    )
    if arguments.shared_palette:
        from .files.shared_palette import run_with_shared_palette

        return run_with_shared_palette(jobs, call, options, compress_job)
    if arguments.watch:
        from .files.watch import watch

        return watch(jobs, call, compress_job)
    return run_jobs(jobs, call, compress_job)


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
