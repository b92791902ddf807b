"""``fewcolors compress``: pictures in, pictures of few colours out."""

import argparse
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from ..compress import compress
from ..formats import FORMAT_NAMES
from ..options import (
    DEFAULT_QUALITY,
    EFFORTS,
    FORMAT_CHOICES,
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
from ..palette import Palette
from ..result import Compressed
from .arguments import dither, integer, number
from .faults import STANDARD, TOO_LOW, Fault, reading, shown
from .report import Outcome, report_json, report_line
from .streams import print_error, print_line, read_standard
from .targets import asked_format, check_target, check_targets, target_of, write_target

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
        "--min-quality and not written.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="a picture; - reads one")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; - writes it out")
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
    if arguments.keep_profile and arguments.palette is not None:
        arguments.error("--keep-profile does not go with --palette, whose colours are sRGB")
    try:
        arguments.palette = _given_palette(arguments)
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    targets = {name: target_of(name, arguments) for name in arguments.inputs}
    # Reports go where no picture does.
    arguments.report = sys.stderr if STANDARD in targets.values() else sys.stdout
    status = 0
    for name, target in targets.items():
        try:
            _compress_file(name, target, arguments)
        except Fault as fault:
            status = fault.status if status in (0, TOO_LOW) else status
            print_error(str(fault))
    return status


def _given_palette(arguments: argparse.Namespace) -> Palette | None:
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


def _compress_file(name: str, target: str, arguments: argparse.Namespace) -> None:
    force, figure = arguments.force, arguments.figure
    if target != STANDARD:
        check_target(target, force=force, option="-o")
    if figure is not None:
        check_target(figure, force=force, option="--figure")
    source: Any = read_standard() if name == STANDARD else name
    result = _compress(name, source, arguments)
    if target_of(name, arguments, result.format) != target:  # the format was chosen on the way
        target = target_of(name, arguments, result.format)
        check_target(target, force=force, option="-o")
    outcome = _write(name, source, target, result, arguments)
    if figure is not None:
        from ..figures import comparison_figure

        with reading(name):
            data = comparison_figure(source, result, figure)
        write_target(figure, data, force=force, option="--figure")
    _report(name, result, outcome, arguments)


def _compress(name: str, source: Any, arguments: argparse.Namespace) -> Compressed:
    with reading(name):
        return compress(
            source,
            arguments.colors,
            quality=arguments.quality,
            min_quality=arguments.min_quality,
            method=arguments.method,
            effort=arguments.effort,
            dither=arguments.dither,
            init=arguments.init,
            n_init=arguments.n_init,
            max_iter=arguments.max_iter,
            seed=arguments.seed,
            n_threads=arguments.threads,
            max_pixels=arguments.max_pixels,
            palette=arguments.palette,
            keep_palette_order=arguments.keep_palette_order,
            keep_profile=arguments.keep_profile,
            format=asked_format(arguments),
            keep_metadata=arguments.keep_metadata,
            keep_transparent_colors=arguments.keep_transparent_colors,
        )


def _write(
    name: str, source: Any, target: str, result: Compressed, arguments: argparse.Namespace
) -> Outcome:
    """Writes the result, or the original in its stead."""
    data, note, copies = result.data, result.note, False
    # Who names the colours wants them whatever they take.
    if result.ratio <= 1 and not arguments.force and arguments.palette is None:
        is_same_format = result.format_in == FORMAT_NAMES[result.format]
        if target != STANDARD and not _is_asked_for(is_same_format, arguments):
            return Outcome(None, is_original=True, note=note)
        copies = is_same_format
        if copies:
            data = _original(name, source)
        else:
            asked = f"but the {FORMAT_NAMES[result.format]} you asked for"
            larger = f"not smaller than the original {result.format_in}, {asked}"
            note = larger if note is None else f"{larger}; {note}"
    write_target(target, data, force=arguments.force, option="-o")
    return Outcome(target, is_original=copies, note=note)


def _is_asked_for(is_same_format: bool, arguments: argparse.Namespace) -> bool:
    """Whether a result is wanted though it is not smaller."""
    if arguments.output is not None:
        return True
    return arguments.format not in (None, "auto") and not is_same_format


def _original(name: str, source: Any) -> bytes:
    if isinstance(source, bytes):
        return source
    with reading(name), open(name, "rb") as file:
        return file.read()


def _report(name: str, result: Compressed, outcome: Outcome, arguments: argparse.Namespace) -> None:
    if arguments.quiet:
        return
    if arguments.json:
        print_line(report_json(name, result, outcome), arguments.report)
        return
    print_line(report_line(name, result, outcome), arguments.report)
    if outcome.note is not None:
        print_error(f"{shown(name)}: {outcome.note}")
