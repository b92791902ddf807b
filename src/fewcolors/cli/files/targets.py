"""Where results go: their names, and whether they can and may be written there."""

import argparse
import os
import stat
from typing import NamedTuple

from ...animation.is_animated import kept_format
from ...formats import EXTENSIONS, Format, FormatChoice, format_of
from ...png_chunks import SIGNATURE
from ...saving.write import ChangedError, replace_file, write_new
from ..faults import STANDARD, Fault, shown
from ..streams import write_standard
from .inputs import Input

__all__ = [
    "SAME_FORMAT_SUFFIXES",
    "Job",
    "asked_format",
    "check_in_place",
    "check_target",
    "check_targets",
    "jobs_of",
    "replace_input",
    "target_of",
    "with_format",
    "write_target",
]

SUFFIX = "-fewcolors"
SAME_FORMAT_SUFFIXES = (".png",)
"""What can be replaced in its place: files of the result's own format."""
FIGURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
# Formats that are not written: a PNG under such a name would mislead whoever opens it.
FOREIGN_SUFFIXES = (".jpg", ".jpeg", ".jxl", ".avif", ".heic", ".ppm")


class Job(NamedTuple):
    """A file to compress, and where the result goes.

    Attributes:
        source: the file.
        target: its name, or that of standard output.
        in_place: whether the result replaces the file.
        is_beside: whether it goes beside the file, under a name of ours.
        is_explicit: whether the target was named by the user.
        clash: another file with the same target, or None.
    """

    source: Input
    target: str
    in_place: bool = False
    is_beside: bool = False
    is_explicit: bool = False
    clash: str | None = None


def jobs_of(inputs: list[Input], arguments: argparse.Namespace) -> list[Job]:
    """Decides where the result of each file goes.

    With --output-dir a file keeps its place inside the folder that it was found in.
    """
    jobs = []
    taken: dict[str, str] = {}
    for source in inputs:
        name, folder = source.name, arguments.output_dir
        if arguments.in_place:
            job = Job(source, name, in_place=True)
        elif folder is not None:
            job = Job(source, target_in(folder, source, arguments))
        else:
            is_explicit = arguments.output is not None or name == STANDARD
            target = target_of(name, arguments)
            job = Job(source, target, is_beside=not is_explicit, is_explicit=is_explicit)
        first = taken.setdefault(os.path.normcase(os.path.abspath(job.target)), name)
        jobs.append(job if first is name or job.in_place else job._replace(clash=first))
    return jobs


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
    return os.path.splitext(name)[0] + SUFFIX + _extension(name, arguments, format_)


def target_in(
    folder: str, source: Input, arguments: argparse.Namespace, format_: Format | None = None
) -> str:
    """Returns where the result for an input goes inside --output-dir."""
    inside = os.path.splitext(os.path.normpath(source.inside))[0]
    return os.path.join(folder, inside + _extension(source.name, arguments, format_))


def with_format(job: Job, arguments: argparse.Namespace, format_: Format) -> Job:
    """Returns a job whose target is named for a format that was chosen on the way."""
    if job.in_place or job.is_explicit:
        return job
    name, folder = job.source.name, arguments.output_dir
    if folder is not None:
        return job._replace(target=target_in(folder, job.source, arguments, format_))
    return job._replace(target=target_of(name, arguments, format_))


def _extension(name: str, arguments: argparse.Namespace, format_: Format | None) -> str:
    if format_ is None:
        choice = asked_format(arguments) or kept_format(name) or "png"
        format_ = "png" if choice == "auto" else choice
    return EXTENSIONS[format_][0]


def check_targets(arguments: argparse.Namespace) -> None:
    """Ends the program with status 2 if the targets of a call make no sense together."""
    inputs, figure, output = arguments.inputs, arguments.figure, arguments.output
    for option, value in {"--output": output, "--figure": figure}.items():
        if value is not None and len(inputs) > 1:
            arguments.error(f"{option} takes one INPUT, got {len(inputs)}")
    chosen = [
        option
        for option, value in {
            "--output": output,
            "--output-dir": arguments.output_dir,
            "--in-place": arguments.in_place or None,
        }.items()
        if value is not None
    ]
    if len(chosen) > 1:
        arguments.error(f"{chosen[0]} and {chosen[1]} are two places; choose one")
    if STANDARD in inputs and chosen and chosen != ["--output"]:
        arguments.error(f"INPUT - has no place of its own; leave out {chosen[0]}")
    if arguments.in_place and asked_format(arguments) not in (None, "png"):
        arguments.error(f"--in-place replaces PNGs by PNGs; leave out --format {arguments.format}")
    if arguments.shared_palette and arguments.palette is not None:
        arguments.error("--shared-palette and --palette are two palettes; choose one")
    if arguments.shared_palette and arguments.in_place:
        arguments.error("--shared-palette needs the originals every time; use --output-dir")
    if inputs.count(STANDARD) > 1:
        arguments.error("INPUT - can be given once")
    if output is not None:
        _check_extension(output, arguments)
    if figure is not None and not figure.lower().endswith(FIGURE_SUFFIXES):
        arguments.error(f"--figure must end in one of {', '.join(FIGURE_SUFFIXES)}, got {figure!r}")
    taken: dict[str, str] = {}
    named = [] if chosen and output is None else inputs
    for name in named:
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


def check_in_place(job: Job) -> os.stat_result | None:
    """Finds out before the work that a file cannot be replaced by a PNG.

    Returns:
        Its status; None where it cannot even be read, which reading it will tell better.

    Raises:
        Fault: it is of another format, read-only, or no regular file.
    """
    name = job.source.name
    try:
        status = os.stat(name)
        if stat.S_ISDIR(status.st_mode):
            return None
        if not stat.S_ISREG(status.st_mode):
            raise Fault(f"{shown(name)}: is no regular file; leave out --in-place")
        with open(name, "rb", buffering=0) as file:
            start = file.read(len(SIGNATURE))
    except (OSError, ValueError):
        return None
    if not status.st_mode & 0o222 or not os.access(name, os.W_OK):
        raise Fault(f"{shown(name)}: is read-only; make it writable, or use --output-dir")
    if start and start != SIGNATURE:
        raise Fault(f"{shown(name)}: is no PNG, which a result would be; use --output-dir")
    return status


def replace_input(path: str, data: bytes, before: os.stat_result, *, preserve_times: bool) -> None:
    """Replaces a file by its result.

    Raises:
        Fault: it is read-only, has changed since it was read, or cannot be written.
    """
    try:
        replace_file(path, data, before, preserve_times=preserve_times)
    except (ChangedError, PermissionError) as error:
        raise Fault(f"{shown(path)}: stays as it is, {error.strerror}; see to it first") from None
    except OSError as error:
        reason = error.strerror or error
        raise Fault(f"{shown(path)}: cannot be replaced ({reason}); use --output-dir") from None
