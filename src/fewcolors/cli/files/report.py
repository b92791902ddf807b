"""What is reported of each file, and of all: lines to read, or JSON objects."""

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from ...wording import colors, kilobytes, percent, rounded, times_smaller
from ..faults import STANDARD, Fault, quoted_name, quoted_target

if TYPE_CHECKING:
    from ...gigapixel.pipeline import StreamedResult
    from ...result import Compressed

__all__ = [
    "Outcome",
    "Report",
    "Totals",
    "report_fault",
    "report_json",
    "report_line",
    "report_skipped",
    "sharing_line",
    "summary_json",
    "summary_line",
]

Reported: TypeAlias = "Compressed | StreamedResult"

Status = Literal["written", "copied", "kept", "skipped", "failed"]


class Outcome(NamedTuple):
    """What became of one file.

    Attributes:
        target: where a picture was written, or None where none was.
        is_original: whether the original was kept: in its place, or copied to the target.
        note: on what may surprise, or None.
    """

    target: str | None
    is_original: bool
    note: str | None

    @property
    def status(self) -> Status:
        """The outcome in a word."""
        if self.target is None:
            return "kept"
        return "copied" if self.is_original else "written"


class Report(NamedTuple):
    """The report of one file.

    Attributes:
        status: what became of it, in a word.
        line: for the report; empty for nothing.
        note: for standard error, or None.
        bytes_in: the size of the original; 0 where nothing was done.
        bytes_out: the size of the result, or of the original where that was kept.
        exit_status: the program's, if no other file asks for a worse.
    """

    status: Status
    line: str
    note: str | None = None
    bytes_in: int = 0
    bytes_out: int = 0
    exit_status: int = 0


class Totals:
    """Counts over the files of a run.

    Attributes:
        counts: the number of files, by status.
        bytes_in: the size of the originals that were worked on.
        bytes_out: the size of their results, or of the originals that were kept.
    """

    def __init__(self) -> None:
        self.counts: dict[Status, int] = dict.fromkeys(
            ("written", "copied", "kept", "skipped", "failed"), 0
        )
        self.bytes_in = 0
        self.bytes_out = 0

    def add(self, report: Report) -> None:
        """Counts a file."""
        self.counts[report.status] += 1
        self.bytes_in += report.bytes_in
        self.bytes_out += report.bytes_out

    @property
    def n_files(self) -> int:
        """The number of files counted."""
        return sum(self.counts.values())


def report_line(name: str, result: Reported, outcome: Outcome) -> str:
    """Returns the report of one file, named as the user named it."""
    sizes = f"{kilobytes(result.bytes_in)} -> {kilobytes(result.bytes_out)}"
    times = times_smaller(result.ratio)
    frames = f"{result.n_frames:,} frames, " if result.n_frames > 1 else ""
    made = f"{frames}{colors(result.n_colors)}, {_score(result)}"
    line = f"{quoted_name(name)}: {sizes}, {times}; {made}"
    if outcome.target is None:
        return line + "; not smaller, so the original stands (--force writes it all the same)"
    if outcome.is_original:
        return line + "; not smaller, so the original was copied (--force writes the result)"
    if outcome.target == STANDARD:
        return line
    if outcome.target == name:
        return f"{line}; replaced"
    return f"{line}; saved as {quoted_target(outcome.target)}"


def _score(result: Reported) -> str:
    digits = 0 if result.is_estimate else 1
    score = rounded(result.score, digits)
    about = "about " if result.is_estimate else ""
    return f"score {about}{score:.{digits}f} ({result.quality_word})"


def report_json(name: str, result: Reported, outcome: Outcome) -> str:
    """Returns the report of one file as a JSON object on one line."""
    import json

    fields: dict[str, Any] = {
        "input": name,
        "status": outcome.status,
        "output": outcome.target,
        "original_kept": outcome.is_original,
        "format": result.format,
        "bytes_in": result.bytes_in,
        "bytes_out": result.bytes_out,
        "ratio": round(result.ratio, 4),
        "width": result.width,
        "height": result.height,
        "frames": result.n_frames,
        "colors": result.n_colors,
        "score": round(result.score, 2),
        "score_is_estimate": result.is_estimate,
        "ceiling": round(result.ceiling, 2),
        "mse": round(result.mse, 6),
        "note": outcome.note,
    }
    return json.dumps(fields)


def report_skipped(name: str, why: str, *, as_json: bool, target: str | None = None) -> Report:
    """Returns the report of a file that needs no work, or only to be copied to a target."""
    status: Status = "skipped" if target is None else "copied"
    if as_json:
        import json

        fields = {"input": name, "status": status, "output": target, "note": why}
        return Report(status, json.dumps(fields))
    done = "left alone" if target is None else f"copied to {quoted_target(target)}"
    return Report(status, f"{quoted_name(name)}: {why}; {done} (--again compresses it once more)")


def report_fault(name: str, fault: Fault, *, as_json: bool) -> Report:
    """Returns the report of a file that could not be compressed."""
    line = ""
    if as_json:
        import json

        line = json.dumps({"input": name, "status": "failed", "output": None, "error": str(fault)})
    return Report("failed", line, str(fault), exit_status=fault.status)


def summary_line(totals: Totals, seconds: float) -> str:
    """Returns a sentence on all files."""
    counts = totals.counts
    parts = [
        f"{count:,} {what}"
        for count, what in (
            (counts["written"], "compressed"),
            (counts["kept"] + counts["copied"], "not smaller or done before"),
            (counts["skipped"], "left alone"),
            (counts["failed"], "failed"),
        )
        if count
    ]
    files = "1 file" if totals.n_files == 1 else f"{totals.n_files:,} files"
    line = f"{files}: {', '.join(parts) or 'nothing to do'}"
    if totals.bytes_in and totals.bytes_out:
        times = times_smaller(totals.bytes_in / totals.bytes_out)
        line += f"; {kilobytes(totals.bytes_in)} -> {kilobytes(totals.bytes_out)}, {times}"
    return f"{line}; {seconds:.1f} s"


def sharing_line(sharing: dict[str, float]) -> str:
    """Returns a sentence on what a shared palette costs."""
    share = sharing["bytes_shared"] / sharing["bytes_separate"] - 1
    amount = percent(abs(share))
    size = "as many" if amount == "0%" else f"{amount} {'more' if share > 0 else 'fewer'}"
    lost = rounded(sharing["score_lost"])
    score = f"a score {'lower' if lost > 0 else 'higher'} by {abs(lost):.1f}"
    return (
        f"one palette of {colors(round(sharing['colors']))}, against separate palettes: "
        f"{size} bytes and {score if lost else 'the same score'} "
        f"(compared on {sharing['sampled_files']:.0f} of the files)"
    )


def summary_json(totals: Totals, seconds: float, sharing: dict[str, float] | None = None) -> str:
    """Returns an object on all files, on one line."""
    import json

    fields: dict[str, Any] = {
        "files": totals.n_files,
        **{str(status): count for status, count in totals.counts.items()},
        "bytes_in": totals.bytes_in,
        "bytes_out": totals.bytes_out,
        "seconds": round(seconds, 3),
    }
    if sharing is not None:
        fields["sharing"] = sharing
    return json.dumps({"summary": fields})
