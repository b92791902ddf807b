"""``fewcolors explore``: bytes, score and time over numbers of colours and qualities."""

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..limits import MAX_COLORS, MAX_QUALITY
from ..options import DITHERS, EFFORTS, METHODS, Options
from ..wording import kilobytes, rounded, score_word
from .arguments import add_limits, dither, integer, number, size
from .faults import STANDARD, Fault, quoted_name, reading
from .figure_files import check_figure, write_figure
from .streams import picture_source, print_error, print_line

if TYPE_CHECKING:
    from ..explore import Attempt, Exploration

__all__ = ["add_parser"]


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    defaults = Options()
    parser = subcommands.add_parser(
        "explore",
        help="list bytes, score and time over numbers of colours and qualities",
        description="Compress a picture at many numbers of colours and many qualities, and list "
        "what each comes to. Nothing is written but a figure.",
        formatter_class=formatter,
        epilog="Exit status: 0 done, 1 the picture cannot be read, 2 wrong usage.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument("input", metavar="IMAGE", help="a picture; - reads one")
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N,N...",
        type=_list_of(integer("--colors", 1, MAX_COLORS)),
        help="numbers of colours, 1 to 256 each; none for none (default: powers of two from 2)",
    )
    parser.add_argument(
        "-q",
        "--quality",
        metavar="Q,Q...",
        type=_list_of(number("--quality", 0, MAX_QUALITY)),
        help="scores to aim at, 0 to 100 each; none for none (default: 40 to 90)",
    )
    parser.add_argument(
        "--max-bytes",
        metavar="SIZE",
        type=size("--max-bytes"),
        help="mark the best of the list that takes no more, such as 100kB",
    )
    parser.add_argument("--method", choices=METHODS, default=defaults.method, help="see compress")
    parser.add_argument("--effort", choices=EFFORTS, default=defaults.effort, help="see compress")
    parser.add_argument(
        "--dither",
        metavar="HOW",
        type=dither,
        default=defaults.dither,
        help=f"see compress: {', '.join(DITHERS)}, or 0 to 1",
    )
    parser.add_argument("--json", action="store_true", help="report a JSON object")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="also draw score against bytes: .png, .svg, .pdf, .jpg or .webp (needs matplotlib)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    add_limits(parser)


def _list_of(item: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Returns an argparse type for items with commas between, or the word none."""

    def parse(text: str) -> list[Any]:
        return [] if text == "none" else [item(part) for part in text.split(",")]

    return parse


def run(arguments: argparse.Namespace) -> int:
    """Explores a picture.

    Returns:
        The exit status.
    """
    if arguments.colors == [] and arguments.quality == []:
        arguments.error("--colors and --quality cannot both be none")
    if arguments.method == "classic" and arguments.quality:
        arguments.error("--quality needs --method perceptual")
    name = arguments.input
    try:
        check_figure(arguments)
        found = _explored(name, arguments)
        best = found.best_within(arguments.max_bytes) if arguments.max_bytes else None
        stream = sys.stderr if arguments.output == STANDARD else sys.stdout
        if arguments.json:
            print_line(_as_json(name, found, best), stream)
        else:
            for line in _lines(name, found, best, arguments.max_bytes):
                print_line(line, stream)
        if arguments.output is not None:
            from ..figures.rate_distortion import rate_distortion

            write_figure(rate_distortion(found), arguments)
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    return 0


def _explored(name: str, arguments: argparse.Namespace) -> "Exploration":
    from ..explore import explore

    source = picture_source(name, arguments.max_file_bytes)
    names = ("method", "effort", "dither", "n_threads", "max_pixels", "max_file_bytes")
    options: Any = {name: getattr(arguments, name) for name in names}
    with reading(name, "name a picture in it"):
        return explore(
            source,
            arguments.colors,
            arguments.quality,
            progress=not arguments.quiet and _shows_progress(),
            **options,
        )


def _shows_progress() -> bool:
    """Whether there is a terminal to draw on, and tqdm to draw with."""
    from .files.progress import is_terminal

    if not is_terminal(sys.stderr):
        return False
    from importlib.util import find_spec

    return find_spec("tqdm") is not None


def _lines(
    name: str, found: "Exploration", best: "Attempt | None", max_bytes: int | None
) -> list[str]:
    """Returns the report to read."""
    lines = [
        f"{quoted_name(name)}: {kilobytes(found.bytes_in)}",
        "asked for   colours       size   score                        time",
    ]
    for attempt in found.attempts:
        score = rounded(attempt.score)
        marks = ["the default"] * attempt.is_default + ["the best that fits"] * (attempt is best)
        lines.append(
            f"{attempt.request:<12}{attempt.n_colors:>7}{kilobytes(attempt.n_bytes):>11}   "
            f"{score:<6.1f}{score_word(score):<20}{attempt.seconds:>5.2f} s"
            + (f"   <- {', '.join(marks)}" if marks else "")
        )
    if max_bytes is not None:
        size = kilobytes(max_bytes).replace(" ", "")
        fits = "Between these," if best else "None fits;"
        lines.append(f"{fits} fewcolors compress --max-bytes {size} finds the best that does.")
    return lines


def _as_json(name: str, found: "Exploration", best: "Attempt | None") -> str:
    import json

    attempts = [
        attempt._asdict() | {"is_default": attempt.is_default, "is_best": attempt is best}
        for attempt in found.attempts
    ]
    return json.dumps({"input": name, "bytes_in": found.bytes_in, "attempts": attempts})
