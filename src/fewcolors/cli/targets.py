"""Where results go: their names, and whether they can and may be written there."""

import argparse
import os
import stat
from typing import NamedTuple

from ..save import ChangedError, replace_file, write_new
from .faults import STANDARD, Fault, shown
from .inputs import Input
from .streams import write_standard

__all__ = [
    "SAME_FORMAT_SUFFIXES",
    "Job",
    "check_in_place",
    "check_target",
    "check_targets",
    "jobs_of",
    "replace_input",
    "target_of",
    "write_target",
]

SUFFIX = "-fewcolors.png"
SAME_FORMAT_SUFFIXES = (".png",)
"""What can be replaced in its place: files of the result's own format."""
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
FIGURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
# Other formats' extensions: a PNG under such a name would mislead whoever opens it.
FOREIGN_SUFFIXES = (".jpg", ".jpeg", ".webp", ".gif", ".avif", ".tif", ".tiff", ".bmp", ".ppm")


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
            inside = os.path.splitext(os.path.normpath(source.inside))[0] + ".png"
            job = Job(source, os.path.join(folder, inside))
        else:
            is_explicit = arguments.output is not None or name == STANDARD
            target = target_of(name, arguments.output)
            job = Job(source, target, is_beside=not is_explicit, is_explicit=is_explicit)
        first = taken.setdefault(os.path.normcase(os.path.abspath(job.target)), name)
        jobs.append(job if first is name or job.in_place else job._replace(clash=first))
    return jobs


def target_of(name: str, output: str | None) -> str:
    """Returns where the result for an input goes."""
    if output is not None:
        return output
    return STANDARD if name == STANDARD else os.path.splitext(name)[0] + SUFFIX


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
    if arguments.shared_palette and arguments.in_place:
        arguments.error("--shared-palette needs the originals every time; use --output-dir")
    if inputs.count(STANDARD) > 1:
        arguments.error("INPUT - can be given once")
    if output is not None and output.lower().endswith(FOREIGN_SUFFIXES):
        arguments.error(f"--output must be named as a PNG, which is what it is, got {output!r}")
    if figure is not None and not figure.lower().endswith(FIGURE_SUFFIXES):
        arguments.error(f"--figure must end in one of {', '.join(FIGURE_SUFFIXES)}, got {figure!r}")
    taken: dict[str, str] = {}
    named = [] if chosen and output is None else inputs
    for name in named:
        place = os.path.realpath(target_of(name, output))
        if place in taken:
            both = f"{shown(taken[place])} and {shown(name)}"
            arguments.error(f"{both} would both become {target_of(name, output)}")
        taken[place] = name
    if figure is not None and os.path.realpath(figure) in {*taken, *map(os.path.realpath, inputs)}:
        arguments.error(f"--figure {figure!r} is also INPUT or --output")


def check_target(path: str, *, force: bool, option: str) -> None:
    """Finds out before the work, rather than after it, that a file cannot be written.

    Raises:
        Fault: it cannot, or may not.
    """
    if os.path.isdir(path):
        raise Fault(f"{shown(path)}: is a folder, not a file to write; name a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise Fault(f"{shown(path)}: is no regular file; use -o - and > {shown(path)}")
    if not force and os.path.lexists(path):
        raise Fault(
            f"{shown(path)}: exists; replace it with --force, or name another file with {option}"
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise Fault(
            f"{shown(path)}: cannot be written, there is no folder {shown(folder)}; make it first"
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
        raise Fault(f"{shown(path)}: came into being meanwhile; replace it with --force") from None
    except OSError as error:
        reason = error.strerror or error
        raise Fault(
            f"{shown(path)}: cannot be written ({reason}); name another file with {option}"
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
            start = file.read(len(PNG_SIGNATURE))
    except (OSError, ValueError):
        return None
    if not status.st_mode & 0o222 or not os.access(name, os.W_OK):
        raise Fault(f"{shown(name)}: is read-only; make it writable, or use --output-dir")
    if start and start != PNG_SIGNATURE:
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
