"""Where results go: their names, and whether they can and may be written there."""

import argparse
import os
import stat
from typing import NamedTuple

from ...animation.is_animated import kept_format
from ...formats import EXTENSIONS, Format, FormatChoice, format_of
from ...png_chunks import SIGNATURE
from ...saving.write import ChangedError, replace_file, write_new
from ..faults import STANDARD, Fault, quoted_name
from ..streams import write_standard
from .inputs import Input

__all__ = [
    "SAME_FORMAT_SUFFIXES",
    "Job",
    "asked_format",
    "check_in_place",
    "check_target",
    "copy_in",
    "jobs_of",
    "make_folder_of",
    "replace_input",
    "target_of",
    "with_format",
    "write_target",
]

SUFFIX = "-fewcolors"
SAME_FORMAT_SUFFIXES = (".png",)
"""What can be replaced in its place: files of the result's own format."""


class Job(NamedTuple):
    """A file to compress, and where the result goes.

    Attributes:
        source: the file.
        target: its name, or that of standard output.
        alternatives: further names, one of which the result may get: with --format auto its format
            is not known before the work.
        in_place: whether the result replaces the file.
        is_beside: whether it goes beside the file, under a name of ours.
        is_explicit: whether the target was named by the user.
        clash: another file with the same target, or None.
    """

    source: Input
    target: str
    alternatives: tuple[str, ...] = ()
    in_place: bool = False
    is_beside: bool = False
    is_explicit: bool = False
    clash: str | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """All names that the result may get."""
        return self.target, *self.alternatives

    @property
    def is_named_as_result(self) -> bool:
        """Whether a folder led to a file that has the name of a result beside its original."""
        name = os.path.splitext(self.source.inside)[0]
        return self.is_beside and self.source.is_found and name.endswith(SUFFIX)


def jobs_of(inputs: list[Input], arguments: argparse.Namespace) -> list[Job]:
    """Decides where the result of each file goes.

    With --output-dir a file keeps its place inside the folder that it was found in. A file that is
    given twice, with the same target, is taken once.
    """
    if arguments.in_place:
        return [Job(source, source.name, in_place=True) for source in inputs]
    jobs = []
    taken: dict[str, str] = {}
    for source in inputs:
        job = _job_of(source, arguments)
        place = os.path.normcase(os.path.abspath(job.target))
        if (first := taken.get(place)) is None:
            taken[place] = source.name
            jobs.append(job)
        elif os.path.realpath(first) != os.path.realpath(source.name):
            jobs.append(job._replace(clash=first))
    return jobs


def _job_of(source: Input, arguments: argparse.Namespace) -> Job:
    formats: list[Format] = ["png", "webp"] if asked_format(arguments) == "auto" else []
    if arguments.output_dir is not None:
        folder = arguments.output_dir
        target = target_in(folder, source, arguments)
        others = [target_in(folder, source, arguments, format_) for format_ in formats]
        if formats:
            others.append(copy_in(folder, source))
        return Job(source, target, tuple(name for name in others if name != target))
    target = target_of(source.name, arguments)
    if arguments.output is not None or source.name == STANDARD:
        return Job(source, target, is_explicit=True)
    others = [target_of(source.name, arguments, format_) for format_ in formats]
    alternatives = tuple(name for name in others if name != target)
    return Job(source, target, alternatives, is_beside=True)


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
    name = os.path.splitext(copy_in(folder, source))[0]
    return name + _extension(source.name, arguments, format_)


def copy_in(folder: str, source: Input) -> str:
    """Returns where an input itself goes inside --output-dir; never outside of it."""
    parts = os.path.normpath(source.inside).split(os.sep)
    return os.path.join(folder, *(part for part in parts if part != os.pardir))


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
        choice = asked_format(arguments) or _kept_format(name) or "png"
        format_ = "png" if choice == "auto" else choice
    return EXTENSIONS[format_][0]


def _kept_format(name: str) -> Format | None:
    """Returns the format that an animation keeps; of what can be read only once, None."""
    return kept_format(name) if os.path.isfile(name) else None


def check_target(path: str, *, force: bool, option: str) -> None:
    """Finds out before the work that a file cannot be written.

    Raises:
        Fault: it cannot, or may not.
    """
    file = quoted_name(path)
    if os.path.isdir(path):
        raise Fault(f"{file}: is a folder, not a file to write; name a file in it", "unwritable")
    if os.path.exists(path) and not os.path.isfile(path):
        raise Fault(f"{file}: is no regular file; use -o - and > {file}", "unwritable")
    if not force and os.path.lexists(path):
        raise Fault(
            f"{file}: exists; replace it with --force, or name another file with {option}", "exists"
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        missing = f"there is no folder {quoted_name(folder)}; make it first"
        raise Fault(f"{file}: cannot be written, {missing}", "unwritable")


def make_folder_of(path: str) -> None:
    """Makes the folder that a file goes into, and those above it.

    One by one: `os.makedirs` calls itself for each, and trees may be deeper than Python's stack.

    Raises:
        Fault: one cannot be made.
    """
    folder, missing = os.path.dirname(path), []
    while folder and not os.path.isdir(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    for folder in reversed(missing):
        try:
            os.mkdir(folder)
        except FileExistsError:  # another thread has made it, or it is no folder, as writing tells
            pass
        except OSError as error:
            reason = error.strerror or error
            raise Fault(
                f"{quoted_name(folder)}: cannot be made ({reason}); name another folder",
                "unwritable",
            ) from None


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
            f"{quoted_name(path)}: was written by somebody else; replace it with --force", "exists"
        ) from None
    except OSError as error:
        reason = error.strerror or error
        raise Fault(
            f"{quoted_name(path)}: cannot be written ({reason}); name another file with {option}",
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
            raise Fault(f"{quoted_name(name)}: is no regular file; leave out --in-place")
        with open(name, "rb", buffering=0) as file:
            start = file.read(len(SIGNATURE))
    except (OSError, ValueError):
        return None
    if not status.st_mode & 0o222 or not os.access(name, os.W_OK):
        raise Fault(f"{quoted_name(name)}: is read-only; make it writable, or use --output-dir")
    if start and start != SIGNATURE:
        raise Fault(f"{quoted_name(name)}: is no PNG, which a result would be; use --output-dir")
    return status


def replace_input(path: str, data: bytes, before: os.stat_result, *, preserve_times: bool) -> None:
    """Replaces a file by its result.

    Raises:
        Fault: it is read-only, has changed since it was read, or cannot be written.
    """
    try:
        replace_file(path, data, before, preserve_times=preserve_times)
    except (ChangedError, PermissionError) as error:
        raise Fault(
            f"{quoted_name(path)}: stays as it is, {error.strerror}; see to it first"
        ) from None
    except OSError as error:
        reason = error.strerror or error
        raise Fault(
            f"{quoted_name(path)}: cannot be replaced ({reason}); use --output-dir"
        ) from None
