"""The line on a terminal that shows how far a run over many files, or a large one, has come."""

import os
import sys
import time
from collections.abc import Callable
from typing import TextIO

from ...wording import kilobytes, percent
from .report import Totals

__all__ = ["Progress", "RowProgress", "is_terminal", "progress_line"]

BAR_WIDTH = 20
SECONDS_A_REDRAW = 0.1
ERASE = "\r\x1b[K"


class _Line:
    """A line on standard error that is redrawn in place; where that is no terminal, nothing."""

    def __init__(self, *, wanted: bool) -> None:
        """Starts to measure the time, if a line is wanted at all."""
        self._stream: TextIO | None = sys.stderr if wanted and is_terminal(sys.stderr) else None
        self._start = time.monotonic()
        self._drawn = self._start  # a run that is done before the first redraw shows no line
        self._is_visible = False

    @property
    def is_shown(self) -> bool:
        """Whether there is a terminal to draw on, and it is wanted."""
        return self._stream is not None

    def clear(self) -> None:
        """Erases the line, before other lines are printed or when all is done."""
        if self._is_visible:
            self._is_visible = False
            self._write(ERASE)
            self._drawn = 0.0  # so that it is redrawn at once

    def _redraw(self, line_after: Callable[[float], str]) -> None:
        """Draws what is to be read after so many seconds, if it is time to."""
        now = time.monotonic()
        if self._stream is None or now - self._drawn < SECONDS_A_REDRAW:
            return
        self._drawn = now
        self._is_visible = True
        columns = os.get_terminal_size(self._stream.fileno()).columns
        self._write(ERASE + line_after(now - self._start)[: columns - 1])

    def _write(self, text: str) -> None:
        assert self._stream is not None
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            self._stream = None


class Progress(_Line):
    """How far a run over many files has come.

    Attributes:
        totals: of the files that are done.
    """

    def __init__(self, n_files: int, totals: Totals, *, wanted: bool) -> None:
        """Starts to measure the time.

        Args:
            n_files: how many files there are.
            totals: counts that the caller keeps.
            wanted: whether to draw at all.
        """
        super().__init__(wanted=wanted)
        self.totals = totals
        self._n_files = n_files

    def draw(self) -> None:
        """Draws the line, if it is time to."""
        self._redraw(lambda seconds: progress_line(self.totals, self._n_files, seconds))


class RowProgress(_Line):
    """How far a large picture has come."""

    def draw(self, n_done: int, n_rows: int) -> None:
        """Draws the line, if it is time to."""
        self._redraw(lambda seconds: row_line(n_done, n_rows, seconds))


def row_line(n_done: int, n_rows: int, seconds: float) -> str:
    """Returns, in a line: the share of the rows that is done, and the time left.

    >>> row_line(50, 200, 10.0)
    '[#####---------------] 25%, 0:30 left'
    """
    left = seconds * (n_rows - n_done) / n_done
    return f"{_bar(n_done, n_rows)} {percent(n_done / n_rows)}, {_clock(left)} left"


def progress_line(totals: Totals, n_files: int, seconds: float) -> str:
    """Returns, in a line: files done, files a second, bytes saved, time left."""
    done = totals.n_files
    rate = done / seconds if seconds > 0 else 0.0
    left = f", {_clock((n_files - done) / rate)} left" if rate > 0 else ""
    saved = totals.bytes_in - totals.bytes_out
    share = f" ({percent(saved / totals.bytes_in)})" if totals.bytes_in else ""
    bar = _bar(done, n_files)
    return f"{bar} {done:,} of {n_files:,}, {rate:.1f}/s, {kilobytes(saved)} saved{share}{left}"


def _bar(n_done: int, n_all: int) -> str:
    filled = BAR_WIDTH * n_done // max(n_all, 1)
    return "[" + "#" * filled + "-" * (BAR_WIDTH - filled) + "]"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is one on which a line can be drawn over."""
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False
