"""``--watch``: what is written to a folder is compressed as it arrives."""

import os
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..streams import print_error
from .inputs import PICTURE_SUFFIXES, Input, is_picture
from .run import Run, Work, run_jobs, worst
from .targets import SAME_FORMAT_SUFFIXES, Job, jobs_of

if TYPE_CHECKING:
    import watchfiles

__all__ = ["watch"]

SETTLED_SECONDS = 1.0
"""A file that has not changed for so long is complete: writers pause less."""

LOOK_MILLISECONDS = 500
"""How often to look whether files are complete."""


def watch(jobs: Sequence[Job], run: Run, work: Work) -> int:
    """Compresses what is in folders, and then what is written to them, until interrupted.

    Results are left alone: PNGs carry a mark, and results of other formats are known by their names
    or their checksums. Files that are being written are left until they are complete.

    Args:
        jobs: for what is there already.
        run: what they share; its inputs are folders.
        work: on one of them.

    Returns:
        The exit status: 1 if some file failed; being interrupted is the ordinary end.
    """
    arguments = run.arguments
    for folder in arguments.inputs:
        if not os.path.isdir(folder):
            arguments.error(f"--watch needs folders, got {folder!r}")
    try:
        import watchfiles
    except ImportError:
        arguments.error('--watch needs watchfiles; pip install "fewcolors[watch]"')
    suffixes = SAME_FORMAT_SUFFIXES if arguments.in_place else PICTURE_SUFFIXES

    out = arguments.output_dir and os.path.join(os.path.realpath(arguments.output_dir), "")

    def is_wanted(_: watchfiles.Change, path: str) -> bool:
        is_output = out is not None and os.path.realpath(path).startswith(out)
        return is_picture(path, suffixes) and not is_output

    status = 0
    try:
        # The watch begins before the files that are there are compressed: none is missed.
        changes = watchfiles.watch(
            *arguments.inputs,
            watch_filter=is_wanted,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        next(changes)
        status = run_jobs(jobs, run, work)
        if not arguments.quiet:
            print_error(f"watching {', '.join(arguments.inputs)}; Ctrl-C ends it")
        for paths in _complete(changes):
            inputs = [Input(path, _inside(path, arguments.inputs), is_found=True) for path in paths]
            arrived = jobs_of(inputs, arguments)
            status = worst(status, run_jobs(arrived, run, work, is_watch_batch=True))
    except KeyboardInterrupt:
        pass
    return status


def _complete(changes: "Iterator[set[tuple[watchfiles.Change, str]]]") -> Iterator[list[str]]:
    """Yields files that have been written and have not changed since for a while."""
    waiting: dict[str, tuple[int, int, float]] = {}
    for changed in changes:
        now = time.monotonic()
        for _, path in changed:
            waiting[os.path.relpath(path)] = (-1, -1, now)
        complete = []
        for path, (size, written, since) in list(waiting.items()):
            try:
                status = os.stat(path)
            except OSError:  # it has been removed
                del waiting[path]
                continue
            if (status.st_size, status.st_mtime_ns) != (size, written):
                waiting[path] = (status.st_size, status.st_mtime_ns, now)
            elif now - since >= SETTLED_SECONDS:
                complete.append(path)
                del waiting[path]
        if complete:
            yield sorted(complete)


def _inside(path: str, folders: list[str]) -> str:
    """Returns a file's path inside the folder that it was found in."""
    inside = [os.path.relpath(path, folder) for folder in folders]
    return min(inside, key=lambda name: (name.startswith(os.pardir), len(name)))
