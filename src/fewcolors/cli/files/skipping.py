"""Never twice: what earlier runs have done is found out from a few bytes, without decoding."""

import os
import stat

from ...mark import START_BYTES, Mark, read_mark
from ..faults import STANDARD
from .kept_cache import Memory
from .targets import Job

__all__ = ["is_own", "mark_of", "reason_to_skip", "should_copy", "was_made_for"]

IS_RESULT = "compressed before"
IS_UP_TO_DATE = "its result is up to date"
STAYS = "cannot be made smaller"


def mark_of(path: str) -> Mark | None:
    """Returns the mark of a file, or None where it has none or cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # what is read from a pipe is gone
            return None
        with open(path, "rb", buffering=0) as file:
            return read_mark(file.read(START_BYTES))
    except (OSError, ValueError):
        return None


def should_copy(job: Job, mark: Mark | None, request: Mark) -> bool:
    """Whether a file is a result that is to be copied to its target as it is."""
    is_elsewhere = not job.in_place and not job.is_beside
    return is_elsewhere and mark is not None and not request.is_coarser_than(mark)


def reason_to_skip(
    job: Job, request: Mark, memory: Memory | None, *, force: bool = False
) -> str | None:
    """Returns why nothing has to be done for a file, or None if something has.

    Args:
        job: the file.
        request: what the options ask for.
        memory: of pictures that stay as they are; None to do without.
        force: whether results are to be written over whatever is there.
    """
    if job.source.name == STANDARD:
        return None
    mark = mark_of(job.source.name)
    if mark is not None and not request.is_coarser_than(mark):
        if job.in_place or job.is_beside:
            return IS_RESULT
        if not force and _is_newer(job) and _size(job.target) == _size(job.source.name):
            return IS_UP_TO_DATE
    if force:
        return None
    has_target = not job.in_place and not job.is_explicit
    if has_target and _is_newer(job):
        # Formats other than PNG have no place for the mark.
        is_known = (
            memory is not None
            and mark_of(job.target) is None
            and memory.knows(_content(job.target))
        )
        if is_known or was_made_for(job.target, request):
            return IS_UP_TO_DATE
    if memory is not None:
        has_place = job.in_place or job.is_beside or _size(job.target) == _size(job.source.name)
        if has_place and memory.knows(_content(job.source.name)):
            return STAYS
    return None


def is_own(job: Job, memory: Memory | None) -> bool:
    """Whether the target is a result of an original that has changed since.

    Such a file is replaced; whatever else stands there takes --force.
    """
    if job.is_explicit or not os.path.isfile(job.target) or _is_newer(job):
        return False
    is_result = mark_of(job.target) is not None
    return is_result or (memory is not None and memory.knows(_content(job.target)))


def was_made_for(path: str, request: Mark) -> bool:
    """Whether a file is a result with the same options."""
    mark = mark_of(path)
    return mark is not None and mark.request == request.request


def _is_newer(job: Job) -> bool:
    """Whether the target was written after the original."""
    try:
        return os.stat(job.target).st_mtime_ns >= os.stat(job.source.name).st_mtime_ns
    except (OSError, ValueError):
        return False


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except (OSError, ValueError):
        return -1


def _content(path: str) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return b""
        with open(path, "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return b""
