"""What a worker does: it reads a picture, compresses it, writes the result, and tells of it."""

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from ... import __version__
from ...decode.signatures import SIGNATURE_BYTES, find_opener
from ...formats import EXTENSIONS, FORMAT_NAMES
from ...options import Options
from ..row import Row, compressed_row, failed_row
from .pictures import Picture
from .place import Place, PlaceError

__all__ = ["Entry", "Job", "compress_pictures", "failed_entry"]

EXTENSION_OF = {FORMAT_NAMES[format_]: known[0] for format_, known in EXTENSIONS.items()}


class Job(NamedTuple):
    """What all pictures of a batch share; it can be sent to other processes.

    Attributes:
        source: where they are.
        target: where the results go.
        options: of the compression, with the threads for one picture.
        request: the options as text, see `request_text`.
    """

    source: Place
    target: Place
    options: Options
    request: str


class Entry(NamedTuple):
    """One picture's line in the manifest.

    Attributes:
        file: its name inside the source.
        target: the name of the result inside the target, or None.
        bytes_in, bytes_out, ratio, width, height, n_colors, score, error: see `Row`.
        version: of fewcolors.
        source_state: see `Picture.state`.
        options: what the result depends on, see `request_text`.
        retry: whether the next run tries it again: it could not be reached, say.
    """

    file: str
    target: str | None
    bytes_in: int | None
    bytes_out: int | None
    ratio: float | None
    width: int | None
    height: int | None
    n_colors: int | None
    score: float | None
    error: str | None
    version: str
    source_state: str | None
    options: str
    retry: bool


def compress_pictures(job: Job, pictures: Sequence[Picture]) -> list[Entry]:
    """Compresses pictures, one after the other, and writes the results.

    Args:
        job: what they share.
        pictures: which.

    Returns:
        The entry of each. Whatever is wrong with a picture or its file is in there.
    """
    return [_compress(job, picture) for picture in pictures]


def _compress(job: Job, picture: Picture) -> Entry:
    limit = job.options.max_file_bytes
    if picture.fault is not None:
        return failed_entry(job, picture, picture.fault, retry=True)
    if picture.n_bytes is not None and picture.n_bytes > limit:
        return failed_entry(job, picture, f"more than {limit:,} bytes, the max_file_bytes")
    try:
        row = compressed_row(job.source.read(picture.file), job.options)
        if row.data is None:
            return failed_entry(job, picture, row.error or "", row=row)
        target = posixpath.splitext(picture.file)[0] + _extension(row.data)
        job.target.write(target, row.data)
    except PlaceError as error:
        return failed_entry(job, picture, str(error), retry=True)
    return _entry(job, picture, row, target)


def failed_entry(
    job: Job, picture: Picture, error: str, *, row: Row | None = None, retry: bool = False
) -> Entry:
    """Returns the entry of a picture that has no result.

    Args:
        job: what it is part of.
        picture: which.
        error: what is wrong.
        row: what is known of it otherwise.
        retry: whether it is not the picture's fault, so that the next run tries it again.
    """
    row = row or failed_row(error, picture.n_bytes or 0)
    return _entry(job, picture, row._replace(error=error), None)._replace(retry=retry)


def _entry(job: Job, picture: Picture, row: Row, target: str | None) -> Entry:
    return Entry(
        file=picture.file,
        target=target,
        bytes_in=row.bytes_in,
        bytes_out=row.bytes_out,
        ratio=row.ratio,
        width=row.width,
        height=row.height,
        n_colors=row.n_colors,
        score=row.score,
        error=row.error,
        version=__version__,
        source_state=picture.state,
        options=job.request,
        retry=False,
    )


def _extension(data: bytes) -> str:
    """Returns the extension of a result: an animation keeps its format, "auto" chooses one."""
    return EXTENSION_OF[find_opener(data[:SIGNATURE_BYTES])[0]]
