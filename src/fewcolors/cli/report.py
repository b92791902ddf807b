"""What the user is told of each file: a line to read, or an object for programs."""

from typing import Any, NamedTuple

from ..result import Compressed
from ..wording import colors, kilobytes, times_smaller
from .faults import STANDARD, shown

__all__ = ["Outcome", "report_json", "report_line"]


class Outcome(NamedTuple):
    """What became of one file.

    Attributes:
        target: where a picture was written, or None where none was.
        is_original: whether the original stands, in its place or copied to the target.
        note: on what may surprise, or None.
    """

    target: str | None
    is_original: bool
    note: str | None


def report_line(name: str, result: Compressed, outcome: Outcome) -> str:
    """Returns the report of one file, named as the user named it."""
    sizes = f"{kilobytes(result.bytes_in)} -> {kilobytes(result.bytes_out)}"
    times = times_smaller(result.ratio)
    score = f"{result.score:.1f}" if not result.is_estimate else f"about {result.score:.0f}"
    frames = f"{result.n_frames:,} frames, " if result.n_frames > 1 else ""
    line = f"{shown(name)}: {sizes}, {times}; {frames}{colors(result.n_colors)}, score {score}"
    if outcome.target is None:
        return line + "; not smaller, so the original stands (--force writes it all the same)"
    if outcome.is_original:
        return line + "; not smaller, so the original was copied (--force writes the result)"
    return line if outcome.target == STANDARD else f"{line}; saved as {shown(outcome.target)}"


def report_json(name: str, result: Compressed, outcome: Outcome) -> str:
    """Returns the report of one file as a JSON object on one line."""
    import json

    fields: dict[str, Any] = {
        "input": name,
        "output": outcome.target,
        "original_kept": outcome.is_original,
        "format": result.format,
        "bytes_in": result.bytes_in,
        "bytes_out": result.bytes_out,
        "ratio": round(result.ratio, 4),
        "width": result.indexed.width,
        "height": result.indexed.height,
        "frames": result.n_frames,
        "colors": result.n_colors,
        "score": round(result.score, 2),
        "score_is_estimate": result.is_estimate,
        "ceiling": round(result.ceiling, 2),
        "mse": round(result.mse, 6),
        "note": outcome.note,
    }
    return json.dumps(fields)
