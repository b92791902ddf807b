"""The manifest: Parquet files in the target that say which pictures are done.

A part is written anew, whole, with every few pictures that are done, until it is full; then the
next begins. So what a killed process loses is what it was working on, on any store, without a
journal beside it. A part of ROWS_A_PART rows takes 31 kB and two milliseconds.
"""

import io
import os
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pyarrow
import pyarrow.compute
import pyarrow.parquet

from ... import __version__
from .pictures import RESERVED as FOLDER
from .place import Place, PlaceError
from .work import Entry

__all__ = ["FOLDER", "Known", "Manifest", "known_pictures", "remove_lines", "stored_name"]

ROWS_A_PART = 1000
"""Where pictures are done one by one, a part is written as often as it has rows: 17 kB a picture on
average. A million pictures make a thousand files."""

SCHEMA = pyarrow.schema(
    [
        pyarrow.field("file", pyarrow.string(), nullable=False),
        ("target", pyarrow.string()),
        ("bytes_in", pyarrow.int64()),
        ("bytes_out", pyarrow.int64()),
        ("ratio", pyarrow.float64()),
        ("width", pyarrow.int32()),
        ("height", pyarrow.int32()),
        ("n_colors", pyarrow.int32()),
        ("score", pyarrow.float64()),
        ("error", pyarrow.string()),
        ("version", pyarrow.string()),
        ("source_state", pyarrow.string()),
        ("options", pyarrow.string()),
        ("retry", pyarrow.bool_()),
    ]
)

COLUMNS_OF_KNOWN = ["file", "error", "version", "source_state", "options", "retry"]

REPEATED = ["error", "version", "options"]
"""Columns whose values are the same in many rows, so that a dictionary makes them smaller."""


class Known(NamedTuple):
    """What the manifest says of a picture.

    Attributes:
        state: the `Picture.state` of which it holds; None where it holds of none any more.
        has_failed: whether there is no result.
    """

    state: str | None
    has_failed: bool


class Manifest:
    """The manifest of a target; only one process at a time may add to it."""

    def __init__(self, target: Place) -> None:
        self._target = target
        started = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        self._run = f"{started}-{os.urandom(4).hex()}"
        self._n_parts = 0
        self._open: list[Entry] = []

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds pictures; once this returns, no later run does them again.

        Raises:
            PlaceError: the manifest cannot be written.
        """
        self._open += entries
        while self._open:
            rows = self._open[:ROWS_A_PART]
            part = f"{FOLDER}/part-{self._run}-{self._n_parts:06}.parquet"
            self._target.write(part, _parquet(_table(rows)))
            if len(rows) < ROWS_A_PART:
                return
            del self._open[:ROWS_A_PART]
            self._n_parts += 1


def remove_lines(target: Place, files: Iterable[str]) -> None:
    """Takes out of a manifest the lines of pictures that are to be done anew.

    Args:
        target: the place with its folder.
        files: names inside the source.

    Raises:
        PlaceError: a part cannot be read or written.
    """
    outdated = pyarrow.array([stored_name(file) for file in files], pyarrow.string())
    for part in _parts(target):
        table = _read(target, part, None)
        is_outdated = pyarrow.compute.is_in(table["file"], value_set=outdated)
        kept = table.filter(pyarrow.compute.invert(is_outdated))
        if len(kept) == len(table):
            continue
        if len(kept):
            target.write(part, _parquet(kept))
        else:
            target.remove(part)


def known_pictures(target: Place, request: str, *, retry_errors: bool) -> dict[str, Known]:
    """Reads a manifest.

    Args:
        target: the place with its folder.
        request: the options of this run, see `request_text`.
        retry_errors: whether pictures that could not be compressed are tried again. Otherwise that
            is settled, as long as the picture, the options and the version are the same.

    Returns:
        What it says, by `stored_name`.

    Raises:
        PlaceError: a part cannot be read.
    """
    known = {}
    for part in _parts(target):
        columns = _read(target, part, COLUMNS_OF_KNOWN).to_pydict()
        for file, error, version, state, options, retry in zip(*columns.values(), strict=True):
            has_failed = error is not None
            is_settled = options == request and not (
                has_failed and (retry or retry_errors or version != __version__)
            )
            known[file] = Known(state if is_settled else None, has_failed)
    return known


def stored_name(name: str) -> str:
    """Returns a name as text: bytes in names of files that are no UTF-8 are escaped."""
    return name.encode("utf-8", "backslashreplace").decode()


def _parts(target: Place) -> list[str]:
    try:
        entries = target.entries(FOLDER)
    except FileNotFoundError:
        return []
    names = [str(entry["name"]).rpartition("/")[2] for entry in entries]
    return [f"{FOLDER}/{name}" for name in names if name.startswith("part-")]


def _read(target: Place, part: str, columns: list[str] | None) -> pyarrow.Table:
    data = io.BytesIO(target.read(part))
    try:
        return pyarrow.parquet.read_table(data, columns=columns)
    except (pyarrow.ArrowException, OSError, KeyError) as error:
        raise PlaceError(f"{part} is no part of a manifest ({error}); move it away") from error


def _table(rows: Sequence[Entry]) -> pyarrow.Table:
    columns = [
        pyarrow.array(
            [stored_name(value) if isinstance(value, str) else value for value in values],
            field.type,
        )
        for field, values in zip(SCHEMA, zip(*rows, strict=True), strict=True)
    ]
    return pyarrow.Table.from_arrays(columns, schema=SCHEMA)


def _parquet(table: pyarrow.Table) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(
        table, file, compression="zstd", use_dictionary=REPEATED, write_statistics=False
    )
    return file.getvalue()
