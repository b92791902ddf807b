"""What earlier runs have done is found by marks and checksums, so that no picture is decoded."""

import os
import stat
from typing import NamedTuple

from ...formats import FormatChoice
from ...mark import Mark, read_mark
from ..faults import STANDARD
from .kept_cache import KeptCache
from .targets import Job

__all__ = ["IS_RESULT", "Request", "is_stale_result", "mark_of", "reason_to_skip", "was_made_for"]

IS_RESULT = "compressed before"
IS_UP_TO_DATE = "its result is up to date"
STAYS = "cannot be made smaller"


class Request(NamedTuple):
    """What the options ask for, as far as a file that is there may meet it.

    Attributes:
        mark: the mark that results get.
        format: that was asked for, or None.
        max_bytes: the most bytes that a result may have, or None.
        shares_palette: whether all results have the same palette.
    """

    mark: Mark
    format: FormatChoice | None
    max_bytes: int | None
    shares_palette: bool = False

    def is_met_by(self, mark: Mark | None, n_bytes: int) -> bool:
        """Whether a PNG with this mark and size needs not be compressed once more."""
        if mark is None or self.format not in (None, "png", "auto"):
            return False
        if self.max_bytes is not None and n_bytes > self.max_bytes:
            return False
        return not self.mark.is_coarser_than(mark)


def reason_to_skip(
    job: Job, request: Request, cache: KeptCache | None, *, force: bool = False
) -> str | None:
    """Returns why nothing has to be done for a file, or None if something has.

    Args:
        job: the file.
        request: what the options ask for.
        cache: of files that were kept as they are; None to do without.
        force: whether results are written over whatever is there.
    """
    name = job.source.name
    if name == STANDARD:
        return None
    mark = mark_of(name)
    is_met = request.is_met_by(mark, _size(name))
    is_here = job.in_place or job.is_beside
    if is_here and (is_met or _is_result_of_a_folder(job, mark)):
        return IS_RESULT
    if force:
        return None
    is_copied = _is_newer(job.target, name) and _size(job.target) == _size(name)
    if is_met and is_copied and not request.shares_palette:
        return IS_UP_TO_DATE
    may_be_result = not job.in_place and not job.is_explicit
    if may_be_result and any(_is_up_to_date(path, name, request, cache) for path in job.targets):
        return IS_UP_TO_DATE
    if cache is not None:
        is_there = is_here or any(_size(target) == _size(name) for target in job.targets)
        if is_there and cache.knows(name):
            return STAYS
    return None


def is_stale_result(target: str, job: Job, cache: KeptCache | None) -> bool:
    """Whether a target is a result of an original that has changed since.

    Such a file is replaced; whatever else stands there takes --force.
    """
    if job.is_explicit or not os.path.isfile(target) or _is_newer(target, job.source.name):
        return False
    return mark_of(target) is not None or (cache is not None and cache.knows(target))


def was_made_for(path: str, request: Request) -> bool:
    """Whether a file is a result with the same options."""
    mark = mark_of(path)
    return mark is not None and mark.request == request.mark.request


def _is_result_of_a_folder(job: Job, mark: Mark | None) -> bool:
    """Whether a file in a folder is a result beside its original, whatever it was made for.

    A PNG carries a mark then; files of other formats have no place for it.
    """
    takes_mark = job.source.name.lower().endswith(".png")
    return job.is_named_as_result and (mark is not None or not takes_mark)


def _is_up_to_date(target: str, name: str, request: Request, cache: KeptCache | None) -> bool:
    if not _is_newer(target, name):
        return False
    mark = mark_of(target)
    if mark is not None:
        return mark.request == request.mark.request
    return cache is not None and cache.knows(target)


def mark_of(path: str) -> Mark | None:
    """Returns the mark of a file, or None where it has none or cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # what is read from a pipe is gone
            return None
        with open(path, "rb") as file:
            return read_mark(file)
    except (OSError, ValueError):
        return None


def _is_newer(target: str, name: str) -> bool:
    """Whether a target was written after the original."""
    try:
        return os.stat(target).st_mtime_ns >= os.stat(name).st_mtime_ns
    except (OSError, ValueError):
        return False


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)
    except (OSError, ValueError):
        return -1
