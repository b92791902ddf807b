"""Options that contradict each other: wrong usage, told before any file is read."""

import argparse
import os

from ...formats import Format, format_of, known_extensions, names_another_format
from ...gigapixel.kinds import names_zarr
from ..faults import STANDARD, quoted_name
from .targets import asked_format, target_of

__all__ = ["check_usage"]

FIGURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


def check_usage(arguments: argparse.Namespace) -> None:
    """Ends the program with status 2 if options contradict each other."""
    _check_places(arguments)
    _check_options(arguments)
    if arguments.output is not None:
        _check_extension(arguments.output, arguments)
    _check_named_targets(arguments)


def _check_places(arguments: argparse.Namespace) -> None:
    inputs, output = arguments.inputs, arguments.output
    for option, value in {"--output": output, "--figure": arguments.figure}.items():
        if value is not None and len(inputs) > 1:
            arguments.error(f"{option} takes one INPUT, got {len(inputs)}")
        if value is not None and arguments.watch:
            arguments.error(f"{option} is for one picture; leave out --watch")
    places = {
        "--output": output is not None,
        "--output-dir": arguments.output_dir is not None,
        "--in-place": arguments.in_place,
    }
    given = [option for option, is_given in places.items() if is_given]
    if len(given) > 1:
        arguments.error(f"{given[0]} and {given[1]} are two places; choose one")
    if STANDARD in inputs and given and given != ["--output"]:
        arguments.error(f"INPUT - has no place of its own; leave out {given[0]}")
    if inputs.count(STANDARD) > 1:
        arguments.error("INPUT - can be given once")
    if arguments.in_place and asked_format(arguments) not in (None, "png"):
        arguments.error(f"--in-place replaces PNGs by PNGs; leave out --format {arguments.format}")
    if arguments.in_place and arguments.allow_damaged:
        arguments.error("--in-place never replaces a damaged picture; leave out --allow-damaged")


def _check_options(arguments: argparse.Namespace) -> None:
    if arguments.method == "classic" and arguments.quality is not None:
        arguments.error("--quality needs --method perceptual; classic knows --colors alone")
    if arguments.keep_profile and arguments.palette is not None:
        arguments.error("--keep-profile does not go with --palette, whose colours are sRGB")
    if not arguments.shared_palette:
        return
    if arguments.palette is not None:
        arguments.error("--shared-palette and --palette are two palettes; choose one")
    if arguments.keep_profile:
        arguments.error("--keep-profile does not go with --shared-palette, whose colours are sRGB")
    if arguments.in_place:
        arguments.error("--shared-palette needs the originals every time; use --output-dir")
    if STANDARD in arguments.inputs:
        arguments.error("--shared-palette reads every INPUT twice, which - cannot be")
    if arguments.watch:
        arguments.error("--shared-palette needs all pictures at once; leave out --watch")


def _check_extension(output: str, arguments: argparse.Namespace) -> None:
    """Refuses names that say another format than the one that is written."""
    format_: Format | None = None if arguments.format == "auto" else arguments.format
    if format_ is not None:
        if names_another_format(output, format_):
            arguments.error(f"--output {output!r} is no name for --format {format_}")
    elif arguments.format == "auto" and os.path.splitext(output)[1]:
        arguments.error(
            f"--output {output!r} is no name for --format auto, which may choose another format; "
            "leave out the extension"
        )
    elif names_zarr(output):
        return
    elif os.path.splitext(output)[1] and format_of(output) is None:
        arguments.error(
            f"--output must end in one of {known_extensions()}, or name a --format, got {output!r}"
        )


def _check_named_targets(arguments: argparse.Namespace) -> None:
    """Refuses two inputs with one target, and a figure that would replace a picture."""
    inputs, figure = arguments.inputs, arguments.figure
    if figure is not None and not figure.lower().endswith(FIGURE_SUFFIXES):
        arguments.error(f"--figure must end in one of {', '.join(FIGURE_SUFFIXES)}, got {figure!r}")
    is_beside = not arguments.in_place and arguments.output_dir is None
    taken: dict[str, str] = {}
    for name in inputs if is_beside else []:
        target = target_of(name, arguments)
        first = taken.setdefault(os.path.realpath(target), name)
        if os.path.realpath(first) != os.path.realpath(name):
            both = f"{quoted_name(first)} and {quoted_name(name)}"
            arguments.error(f"{both} would both become {quoted_name(target)}")
    if figure is not None and os.path.realpath(figure) in {*taken, *map(os.path.realpath, inputs)}:
        arguments.error(f"--figure {figure!r} is also INPUT or --output")
