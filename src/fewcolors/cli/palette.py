"""``fewcolors palette``: the main colours of pictures, to read or as a palette file."""

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any

from ..limits import MAX_COLORS
from ..options import DEFAULT_MAIN_COLORS, Options
from .arguments import add_limits, integer
from .faults import STANDARD, Fault, reading
from .files.targets import check_target, write_target
from .streams import picture_source, print_error, print_line, write_standard

if TYPE_CHECKING:
    from ..histogram import Histogram
    from ..indexed import Palette

__all__ = ["add_parser"]

FORMATS = ("hex", "css", "json", "gpl", "aco", "ase", "png")
"""Those of `palette_files.FORMATS`, which is not loaded to say what there is."""


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    parser = subcommands.add_parser(
        "palette",
        help="find the main colours of pictures",
        description="Find the colours that pictures mainly have in common, the most frequent "
        "first, each with its share of the pixels.",
        formatter_class=formatter,
        epilog="Exit status: 0 done, 1 some file failed, 2 wrong usage.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="a picture; - reads one")
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N",
        dest="n_colors",
        type=integer("--colors", 1, MAX_COLORS),
        default=DEFAULT_MAIN_COLORS,
        help="the most colours, 1 to 256 (default: %(default)s); fewer, where more would look "
        "the same",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="what to write (default: what the extension of -o says, or else a list to read)",
    )
    parser.add_argument(
        "--json", action="store_const", dest="format", const="json", help="short for --format json"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; - writes it out")
    parser.add_argument("--force", action="store_true", help="overwrite")
    add_limits(parser)


def run(arguments: argparse.Namespace) -> int:
    """Finds the palette of all inputs; one that fails ends it, as the others have another.

    Returns:
        The exit status.
    """
    name = _format_name(arguments)
    if arguments.inputs.count(STANDARD) > 1:
        arguments.error("INPUT - can be given once")
    target = arguments.output
    if target is not None and target != STANDARD:
        taken = {os.path.realpath(file) for file in arguments.inputs}
        if os.path.realpath(target) in taken:
            arguments.error(f"--output {target!r} is also INPUT")
    try:
        if target is not None and target != STANDARD:
            check_target(target, force=arguments.force, option="-o")
        palette = _palette_of(arguments)
        if name is None:
            _list(palette)
        else:
            _write(palette, name, arguments)
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    return 0


def _format_name(arguments: argparse.Namespace) -> str | None:
    """Returns the format to write, or None for a list to read."""
    target, name = arguments.output, arguments.format
    if name is not None or target in (None, STANDARD):
        return None if name is None else str(name)
    extension: str = os.path.splitext(target)[1].lower().lstrip(".")
    if extension not in FORMATS:
        known = ", ".join(f".{name}" for name in FORMATS)
        arguments.error(f"--output must end in one of {known}, or name a --format, got {target!r}")
    return extension


def _palette_of(arguments: argparse.Namespace) -> "Palette":
    from ..histogram import merge_histograms
    from ..palette.main_colors import color_counts, main_colors

    options = Options(n_threads=arguments.n_threads, max_pixels=arguments.max_pixels)

    def counts(name: str) -> "Histogram":
        source = picture_source(name, arguments.max_file_bytes)
        with reading(name):
            return color_counts(source, options)

    total = merge_histograms(map(counts, arguments.inputs))
    assert total is not None  # there is an input
    with reading(arguments.inputs[0]):
        return main_colors(total, arguments.n_colors, options)


def _list(palette: "Palette") -> None:
    """Prints a colour a line, each on its own ground where a terminal can show it."""
    has_color = sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for (red, green, blue, _), name, share in zip(
        palette, palette.hex(), palette.shares, strict=True
    ):
        swatch = f"\x1b[48;2;{red};{green};{blue}m      \x1b[0m " if has_color else ""
        print_line(f"{swatch}{name} {share:6.1%}", sys.stdout)


def _write(palette: "Palette", name: str, arguments: argparse.Namespace) -> None:
    from ..palette_files import FORMATS, encode_colors

    data = encode_colors(palette.entries, palette.shares, name)
    if arguments.output not in (None, STANDARD):
        write_target(arguments.output, data, force=arguments.force, option="-o")
    elif FORMATS[name].is_text:
        print_line(data.decode().rstrip("\n"), sys.stdout)
    else:
        write_standard(data)
