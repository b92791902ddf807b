"""A batch from the listing to the manifest."""

import contextlib
import functools
import importlib
import os
import posixpath
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from typing import NamedTuple

from ...mark import request_text
from ...options import Options
from ..engines import finished
from .manifest import FOLDER, Known, Manifest, known_pictures, remove_lines, stored_name
from .pictures import Picture, find_pictures, source_of
from .place import Place, PlaceError, place_of
from .work import Entry, Job, compress_pictures, failed_entry

__all__ = ["Batch", "plan", "run"]

MOST_IN_A_GROUP = 64
"""However small the pictures: what a killed worker has to do again."""


class Batch(NamedTuple):
    """What there is to do.

    Attributes:
        job: what the pictures share.
        pictures: those that are to be compressed.
        outdated: those of them that the manifest has a line for.
        n_done: the pictures that have a result already.
        n_failed: the pictures whose fault is known already.
    """

    job: Job
    pictures: list[Picture]
    outdated: list[str]
    n_done: int
    n_failed: int


def plan(
    source: str,
    target: str,
    options: Options,
    is_wanted: Callable[[str], bool],
    *,
    retry_errors: bool,
) -> Batch:
    """Finds out what there is to do.

    Args:
        source: a folder, file or pattern, as fsspec takes it.
        target: a folder.
        options: of the compression.
        is_wanted: whether a file of a name is a picture.
        retry_errors: whether pictures that could not be compressed are tried again.

    Returns:
        The batch.

    Raises:
        PlaceError: source or target cannot be reached, or do not go together.
    """
    limits = [] if options.min_quality is None else [f"min_quality={float(options.min_quality)}"]
    request = request_text(options, *limits)
    with _named(source):
        folder, pattern = source_of(source)
    with _named(target):
        results = place_of(target)
        _check_places(folder, results)
        known = known_pictures(results, request, retry_errors=retry_errors)
    job = Job(folder, results, options._replace(n_threads=1), request)
    with _named(source):
        found = find_pictures(folder, pattern, is_wanted, leave_out=results)
        return _left_to_do(job, found, known)


def _left_to_do(job: Job, found: Iterable[Picture], known: Mapping[str, Known]) -> Batch:
    pictures, outdated = [], []
    n_done = n_failed = 0
    for picture in found:
        before = known.get(stored_name(picture.file))
        if before is not None and before.state is not None and before.state == picture.state:
            n_failed += before.has_failed
            n_done += not before.has_failed
            continue
        pictures.append(picture)
        if before is not None:
            outdated.append(picture.file)
    return Batch(job, pictures, outdated, n_done, n_failed)


def run(
    batch: Batch, engine: str, n_threads: int, cluster: str | None
) -> Generator[list[Entry], None, None]:
    """Compresses what there is to do.

    Args:
        batch: see `plan`.
        engine: one of ENGINES.
        n_threads: the pictures at a time, where the engine runs on this machine.
        cluster: the address of an engine that runs already, or None.

    Yields:
        The entries of pictures, once they are in the manifest; now and then, none.

    Raises:
        EngineError: the engine cannot be started.
        ModuleNotFoundError: its library is not installed.
        PlaceError: the manifest cannot be written.
    """
    job = batch.job
    start = importlib.import_module(f"..engines.{engine}", __package__).start
    # Threads that load Pillow at the same time may find half of it.
    importlib.import_module("fewcolors.decode.with_pillow")
    work = functools.partial(compress_pictures, job)
    failed = functools.partial(failed_entry, job, retry=True)
    with _named(job.target.url), start(work, n_threads, cluster) as started:
        _tidy(batch)
        manifest = Manifest(job.target)
        for entries in finished(started, _groups(batch.pictures, started.group_bytes), failed):
            if entries:
                manifest.add(entries)
            yield entries


def _tidy(batch: Batch) -> None:
    """Takes outdated lines out of the manifest, and what a killed run left out of the folders."""
    target = batch.job.target
    if batch.outdated:
        remove_lines(target, batch.outdated)
    folders = {posixpath.dirname(picture.file) for picture in batch.pictures}
    for folder in sorted({FOLDER, *folders}):
        target.remove_left_over(folder)


def _groups(pictures: Iterable[Picture], group_bytes: int) -> Iterator[list[Picture]]:
    """Yields pictures in groups of so many bytes, and no more than MOST_IN_A_GROUP."""
    group: list[Picture] = []
    n_bytes = 0
    for picture in pictures:
        group.append(picture)
        n_bytes += picture.n_bytes or 0
        if n_bytes >= group_bytes or len(group) == MOST_IN_A_GROUP:
            yield group
            group, n_bytes = [], 0
    if group:
        yield group


def _check_places(source: Place, target: Place) -> None:
    """Raises PlaceError where results cannot go to the target."""
    if not target.is_written_whole:
        raise PlaceError("a killed run could leave half files there; use a folder, s3, gs or az")
    if type(source.store) is not type(target.store):
        return
    inner, outer = source.root, target.root
    if source.is_local:
        inner, outer = os.path.realpath(inner), os.path.realpath(outer)
    if f"{inner.rstrip('/')}/".startswith(f"{outer.rstrip('/')}/"):
        raise PlaceError("holds the source, whose pictures could be replaced; choose another")


@contextlib.contextmanager
def _named(url: str) -> Iterator[None]:
    """Puts the name of a place before what is wrong with it."""
    try:
        yield
    except FileNotFoundError:
        raise PlaceError(f"{url}: no such folder; check the path") from None
    except PlaceError as error:
        raise PlaceError(f"{url}: {error}") from error
