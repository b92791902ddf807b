"""Results that wait to be fetched, with their originals: on disk, for a time, up to a cap.

The name of an output is all that is needed to fetch it, so it cannot be guessed. Files are written
before the index names them. What a killed process leaves behind is removed at the next start.
"""

import contextlib
import secrets
import sqlite3
import time
from pathlib import Path
from typing import NamedTuple

__all__ = ["Output", "Outputs"]

NAME_BYTES = 24
"""192 random bits."""

ORIGINAL, RESULT = ".original", ".result"

SCHEMA = """
CREATE TABLE IF NOT EXISTS outputs (
    name TEXT PRIMARY KEY, expires REAL NOT NULL, bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL
) WITHOUT ROWID
"""


class Output(NamedTuple):
    """A result and what clients are told of it."""

    data: bytes
    media_type: str
    width: int
    height: int


class Outputs:
    """Outputs in a folder. Its methods write files, so they are called in threads."""

    def __init__(self, folder: Path, keep_seconds: float, keep_bytes: int) -> None:
        """Opens the folder, and removes what has expired or was never finished."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._keep_seconds = keep_seconds
        self._keep_bytes = keep_bytes
        self._database = sqlite3.connect(
            folder / "index.sqlite", isolation_level=None, check_same_thread=False
        )
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute(SCHEMA)
        self._make_room(0)
        known = {row[0] for row in self._database.execute("SELECT name FROM outputs")}
        for path in folder.iterdir():
            if path.suffix in (ORIGINAL, RESULT) and path.stem not in known:
                path.unlink(missing_ok=True)

    def add(self, output: Output, original: bytes) -> str:
        """Stores a result, and removes the oldest ones where that takes too much.

        Returns:
            Its name.

        Raises:
            OSError: it cannot be written.
        """
        n_bytes = len(output.data) + len(original)
        self._make_room(n_bytes)
        name = secrets.token_urlsafe(NAME_BYTES)
        (self._folder / (name + ORIGINAL)).write_bytes(original)
        (self._folder / (name + RESULT)).write_bytes(output.data)
        row = (name, time.time() + self._keep_seconds, n_bytes, *output[1:])
        self._database.execute("INSERT INTO outputs VALUES (?, ?, ?, ?, ?, ?)", row)
        return name

    def result(self, name: str) -> Output | None:
        """Returns a result, or None where there is none of that name any more."""
        query = "SELECT media_type, width, height FROM outputs WHERE name = ? AND expires > ?"
        row = self._database.execute(query, (name, time.time())).fetchone()
        data = self._read(name, RESULT) if row else None
        return None if data is None else Output(data, *row)

    def original(self, name: str) -> bytes | None:
        """Returns what a result was made of, or None where that is gone."""
        query = "SELECT 1 FROM outputs WHERE name = ? AND expires > ?"
        known = self._database.execute(query, (name, time.time())).fetchone()
        return self._read(name, ORIGINAL) if known else None

    def close(self) -> None:
        """Closes the index."""
        self._database.close()

    def _read(self, name: str, suffix: str) -> bytes | None:
        try:
            return (self._folder / (name + suffix)).read_bytes()
        except OSError:  # removed meanwhile
            return None

    def _make_room(self, n_bytes: int) -> None:
        """Removes what has expired, then the oldest until so many bytes fit in."""
        rows = self._database.execute("SELECT name, expires, bytes FROM outputs ORDER BY expires")
        held = rows.fetchall()
        total, now = sum(row[2] for row in held), time.time()
        for name, expires, size in held:
            if expires > now and total + n_bytes <= self._keep_bytes:
                break
            total -= size
            self._database.execute("DELETE FROM outputs WHERE name = ?", (name,))
            for suffix in (ORIGINAL, RESULT):
                with contextlib.suppress(OSError):
                    (self._folder / (name + suffix)).unlink(missing_ok=True)
