"""Where results go: their names, and whether they can and may be written there."""

import argparse
import os

from ..animation.source import kept_format
from ..formats import EXTENSIONS, format_of
from ..options import Format, FormatChoice
from ..save import write_new
from .faults import STANDARD, Fault, shown
from .streams import write_standard

__all__ = ["asked_format", "check_target", "check_targets", "target_of", "write_target"]

SUFFIX = "-fewcolors"
FIGURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
# Formats that are not written: a PNG under such a name would mislead whoever opens it.
FOREIGN_SUFFIXES = (".jpg", ".jpeg", ".jxl", ".avif", ".heic", ".ppm")


def asked_format(arguments: argparse.Namespace) -> FormatChoice | None:
    """Returns the format asked for, by --format or by the extension of --output, if any."""
    if arguments.format is not None:
        choice: FormatChoice = arguments.format
        return choice
    return None if arguments.output is None else format_of(arguments.output)


def target_of(name: str, arguments: argparse.Namespace, format_: Format | None = None) -> str:
    """Returns where the result for an input goes.

    Args:
        name: of the input.
        arguments: of the call.
        format_: that of the result, once it is known.
    """
    if arguments.output is not None:
        output: str = arguments.output
        return output
    if name == STANDARD:
        return STANDARD
    if format_ is None:
        choice = asked_format(arguments) or kept_format(name) or "png"
        format_ = "png" if choice == "auto" else choice
    return os.path.splitext(name)[0] + SUFFIX + EXTENSIONS[format_][0]


def check_targets(arguments: argparse.Namespace) -> None:
    """Ends the program with status 2 if the targets of a call make no sense together."""
    inputs, figure, output = arguments.inputs, arguments.figure, arguments.output
    for option, value in {"--output": output, "--figure": figure}.items():
        if value is not None and len(inputs) > 1:
            arguments.error(f"{option} takes one INPUT, got {len(inputs)}")
    if inputs.count(STANDARD) > 1:
        arguments.error("INPUT - can be given once")
    if output is not None:
        _check_extension(output, arguments)
    if figure is not None and not figure.lower().endswith(FIGURE_SUFFIXES):
        arguments.error(f"--figure must end in one of {', '.join(FIGURE_SUFFIXES)}, got {figure!r}")
    taken: dict[str, str] = {}
    for name in inputs:
        target = target_of(name, arguments)
        place = os.path.realpath(target)
        if place in taken:
            both = f"{shown(taken[place])} and {shown(name)}"
            arguments.error(f"{both} would both become {target}")
        taken[place] = name
    if figure is not None and os.path.realpath(figure) in {*taken, *map(os.path.realpath, inputs)}:
        arguments.error(f"--figure {figure!r} is also INPUT or --output")


def _check_extension(output: str, arguments: argparse.Namespace) -> None:
    if output.lower().endswith(FOREIGN_SUFFIXES):
        known = ", ".join(extension for known in EXTENSIONS.values() for extension in known)
        arguments.error(f"--output must end in one of {known}, got {output!r}")
    named = format_of(output)
    if arguments.format not in (None, named) and named is not None:
        arguments.error(f"--output {output!r} is no name for --format {arguments.format}")


def check_target(path: str, *, force: bool, option: str) -> None:
    """Finds out before the work, rather than after it, that a file cannot be written.

    Raises:
        Fault: it cannot, or may not.
    """
    if os.path.isdir(path):
        raise Fault(
            f"{shown(path)}: is a folder, not a file to write; name a file in it", "unwritable"
        )
    if os.path.exists(path) and not os.path.isfile(path):
        raise Fault(
            f"{shown(path)}: is no regular file; use -o - and > {shown(path)}", "unwritable"
        )
    if not force and os.path.lexists(path):
        raise Fault(
            f"{shown(path)}: exists; replace it with --force, or name another file with {option}",
            "exists",
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise Fault(
            f"{shown(path)}: cannot be written, there is no folder {shown(folder)}; make it first",
            "unwritable",
        )


def write_target(path: str, data: bytes, *, force: bool, option: str) -> None:
    """Writes a file, or standard output.

    Raises:
        Fault: it cannot be written.
    """
    if path == STANDARD:
        write_standard(data)
        return
    try:
        write_new(path, data, force=force)
    except FileExistsError:
        raise Fault(
            f"{shown(path)}: came into being meanwhile; replace it with --force", "exists"
        ) from None
    except OSError as error:
        reason = error.strerror or error
        raise Fault(
            f"{shown(path)}: cannot be written ({reason}); name another file with {option}",
            "unwritable",
        ) from None
