"""``fewcolors compare``: what a compressed picture has lost, by numbers and in a figure."""

import argparse
import math
import sys
from typing import TYPE_CHECKING, Any

from ..wording import colors, kilobytes, rounded, score_word, times_smaller
from .arguments import add_limits
from .faults import STANDARD, Fault, quoted_name, reading
from .figure_files import check_figure, write_figure
from .streams import picture_source, print_error, print_line

if TYPE_CHECKING:
    from ..compare import Comparison

__all__ = ["add_parser"]


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    parser = subcommands.add_parser(
        "compare",
        help="measure how near a picture is to its original",
        description="Measure how near a picture is to its original: any two pictures of one size, "
        "by whatever tool. With alpha, over white and over black; the worse counts.",
        formatter_class=formatter,
        epilog="Exit status: 0 done, 1 a picture cannot be read or the sizes differ, "
        "2 wrong usage. Butteraugli is told where butteraugli_main is installed, FLIP where the "
        "package flip-evaluator is.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument("original", metavar="ORIGINAL", help="a picture; - reads one")
    parser.add_argument("compressed", metavar="COMPRESSED", help="what became of it; - reads one")
    parser.add_argument("--json", action="store_true", help="report a JSON object")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="also draw both, and where the difference would be seen: .png, .svg, .pdf, .jpg or "
        ".webp (needs matplotlib)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite")
    add_limits(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compares two pictures.

    Returns:
        The exit status.
    """
    names = (arguments.original, arguments.compressed)
    if names.count(STANDARD) > 1:
        arguments.error("ORIGINAL and COMPRESSED cannot both be standard input")
    try:
        check_figure(arguments)
        before, after = (_pixels(name, arguments) for name in names)
        measured = _compared(before, after, arguments)
        if arguments.json:
            print_line(_as_json(names, measured), sys.stdout)
        else:
            for line in _lines(names, measured):
                print_line(line, sys.stderr if arguments.output == STANDARD else sys.stdout)
        if arguments.output is not None:
            from ..figures.comparison import comparison

            write_figure(comparison(before, after), arguments)
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    return 0


def _pixels(name: str, arguments: argparse.Namespace) -> Any:
    from ..decode import decode

    source = picture_source(name, arguments.max_file_bytes)
    with reading(name, "name a picture in it"):
        return decode(source, max_pixels=arguments.max_pixels)


def _compared(before: Any, after: Any, arguments: argparse.Namespace) -> "Comparison":
    from ..compare import compared
    from ..limits import MAX_THREADS, available_processors

    try:
        threads = arguments.n_threads or min(available_processors(), MAX_THREADS)
        return compared(before, after, threads)
    except ValueError as error:
        raise Fault(f"{quoted_name(arguments.compressed)}: {error}") from None


def _lines(names: tuple[str, str], measured: "Comparison") -> list[str]:
    """Returns the report to read."""
    first, second = map(quoted_name, names)
    score = rounded(measured.score)
    lines = [
        f"{first}: {kilobytes(measured.bytes_original)}, {colors(measured.colors_original)}",
        f"{second}: {kilobytes(measured.bytes_compressed)}, "
        f"{times_smaller(measured.ratio)}, {colors(measured.colors_compressed)}",
        f"SSIMULACRA 2: {score:.1f} ({score_word(score)})",
        f"mean squared error: {measured.mse:.2f}; PSNR: {measured.psnr:.1f} dB",
    ]
    if measured.butteraugli is not None:
        lines.append(f"Butteraugli, 3-norm: {measured.butteraugli:.3f}")
    if measured.flip is not None:
        lines.append(f"FLIP, mean: {measured.flip:.4f}")
    return lines


def _as_json(names: tuple[str, str], measured: "Comparison") -> str:
    import json

    fields = measured._asdict() | {"ratio": measured.ratio}
    known = {
        name: None if isinstance(value, float) and math.isinf(value) else value
        for name, value in fields.items()
    }
    return json.dumps({"original": names[0], "compressed": names[1], **known})
