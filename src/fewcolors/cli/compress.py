"""``fewcolors compress``: pictures in, palette PNGs out."""

import argparse
import os
import sys
from typing import IO, Any

from ..compress import compress
from ..errors import FewcolorsError
from ..options import EFFORTS, INITS, MAX_COLORS, MAX_PIXELS, MAX_SEED, METHODS, Options
from ..result import Compressed
from .arguments import integer
from .report import report_json, report_line

__all__ = ["add_parser"]

STANDARD = "-"
SUFFIX = "-fewcolors.png"
FIGURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


class FileFault(Exception):
    """A fault of one file, in words for the user: the fault, then the remedy."""


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
        epilog="Exit status: 0 done, 1 some file failed, 2 wrong usage.",
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", help="a picture; - reads one")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write; - writes it out")
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N",
        type=integer("--colors", 1, MAX_COLORS),
        default=defaults.n_colors,
        help="the most colours, 1 to 256 (default: %(default)s)",
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
        type=integer("--n-init", 1),
        help="starts, of which the best counts (default: 10; 1 with --effort fast)",
    )
    recipe.add_argument(
        "--max-iter",
        metavar="N",
        type=integer("--max-iter", 1),
        default=defaults.max_iter,
        help="the most iterations of a start (default: %(default)s)",
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
        type=integer("--threads", 1),
        help="threads to use; the result is the same (default: one a processor)",
    )
    limits.add_argument(
        "--max-pixels",
        metavar="N",
        type=integer("--max-pixels", 1),
        default=MAX_PIXELS,
        help="refuse larger pictures (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compresses every input; one that fails does not stop the others.

    Returns:
        The exit status.
    """
    _check_usage(arguments)
    failed = False
    for name in arguments.inputs:
        try:
            _compress_file(name, arguments)
        except FileFault as fault:
            failed = True
            print(f"fewcolors: {fault}", file=sys.stderr)
    return 1 if failed else 0


def _check_usage(arguments: argparse.Namespace) -> None:
    single = {"--output": arguments.output, "--figure": arguments.figure}
    for option, value in single.items():
        if value is not None and len(arguments.inputs) > 1:
            arguments.error(f"{option} takes one INPUT, got {len(arguments.inputs)}")
    if arguments.inputs.count(STANDARD) > 1:
        arguments.error("INPUT - can be given once")
    if arguments.figure is not None and not arguments.figure.lower().endswith(FIGURE_SUFFIXES):
        arguments.error(
            f"--figure must end in one of {', '.join(FIGURE_SUFFIXES)}, got {arguments.figure!r}"
        )


def _compress_file(name: str, arguments: argparse.Namespace) -> None:
    target = _target_of(name, arguments.output)
    for path in (target, arguments.figure):
        if path not in (None, STANDARD):
            _check_target(path, arguments.force)
    source: Any = sys.stdin.buffer.read() if name == STANDARD else name
    result = _compress(name, source, arguments)
    written, note = _write(name, source, target, result, arguments)
    if arguments.figure is not None:
        _draw_figure(source, result, arguments)
    # The report goes where the picture does not.
    _report(
        name, result, written, note, arguments, sys.stderr if target == STANDARD else sys.stdout
    )


def _target_of(name: str, output: str | None) -> str:
    if output is not None:
        return output
    if name == STANDARD:
        return STANDARD
    return os.path.splitext(name)[0] + SUFFIX


def _check_target(path: str, force: bool) -> None:
    """Finds out before the work, rather than after it, that the target cannot be written."""
    if os.path.isdir(path):
        raise FileFault(f"{path}: is a folder, not a file to write; name a file in it")
    if not force and os.path.lexists(path):
        raise FileFault(f"{path}: exists; replace it with --force, or name another file with -o")
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise FileFault(f"{path}: cannot be written, there is no folder {folder}; make it first")


def _compress(name: str, source: Any, arguments: argparse.Namespace) -> Compressed:
    shown = "standard input" if name == STANDARD else name
    try:
        return compress(
            source,
            arguments.colors,
            method=arguments.method,
            effort=arguments.effort,
            init=arguments.init,
            n_init=arguments.n_init,
            max_iter=arguments.max_iter,
            seed=arguments.seed,
            n_threads=arguments.threads,
            max_pixels=arguments.max_pixels,
        )
    except FileNotFoundError:
        raise FileFault(f"{shown}: no such file; check the path") from None
    except IsADirectoryError:
        raise FileFault(f"{shown}: is a folder; name the pictures in it") from None
    except OSError as error:
        raise FileFault(f"{shown}: cannot be read ({error.strerror or error})") from None
    except FewcolorsError as error:
        raise FileFault(f"{shown}: {error}") from None
    except MemoryError:
        raise FileFault(f"{shown}: not enough memory; try a smaller picture") from None


def _write(
    name: str, source: Any, target: str, result: Compressed, arguments: argparse.Namespace
) -> tuple[str | None, str | None]:
    """Writes the result, or what stands for it.

    Returns:
        Where it was written, or None; and a note on what may surprise, or None.
    """
    if result.ratio > 1 or arguments.force:
        _write_bytes(target, result.data, arguments.force)
        return target, result.note
    if arguments.output is None and target != STANDARD:
        return None, result.note
    if result.format_in == "PNG":
        _write_bytes(target, _original_bytes(name, source), arguments.force)
        return target, "not smaller, so the original was copied"
    _write_bytes(target, result.data, arguments.force)
    return target, f"not smaller than the original {result.format_in}, but the PNG you asked for"


def _original_bytes(name: str, source: Any) -> bytes:
    if isinstance(source, bytes):
        return source
    with open(name, "rb") as file:
        return file.read()


def _write_bytes(target: str, data: bytes, force: bool) -> None:
    if target == STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from ..save import write_new

    try:
        write_new(target, data, force=force)
    except FileExistsError:
        raise FileFault(f"{target}: came into being meanwhile; replace it with --force") from None
    except OSError as error:
        raise FileFault(
            f"{target}: cannot be written ({error.strerror or error}); name another file with -o"
        ) from None


def _draw_figure(source: Any, result: Compressed, arguments: argparse.Namespace) -> None:
    from ..figures import comparison_figure

    data = comparison_figure(source, result, arguments.figure)
    _write_bytes(arguments.figure, data, arguments.force)


def _report(
    name: str,
    result: Compressed,
    written: str | None,
    note: str | None,
    arguments: argparse.Namespace,
    stream: IO[str],
) -> None:
    if arguments.quiet:
        return
    if arguments.json:
        print(report_json(name, result, written, note), file=stream)
        return
    shown = None if written == STANDARD else written
    smaller = result.ratio > 1
    print(report_line(name, result, shown, smaller=smaller or written is not None), file=stream)
    if note is not None:
        print(f"fewcolors: {name}: {note}", file=sys.stderr)
