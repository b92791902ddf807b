"""What the user is told of each file: a line to read, or an object for programs."""

from typing import Any

from ..result import Compressed
from ..wording import colors, kilobytes, times_smaller
from .faults import STANDARD, shown

__all__ = ["report_json", "report_line"]


def report_line(name: str, result: Compressed, written: str | None) -> str:
    """Returns the report of one file.

    Args:
        name: of the original.
        result: of compressing it.
        written: where the result was written, or None where the original stands.
    """
    sizes = f"{kilobytes(result.bytes_in)} -> {kilobytes(result.bytes_out)}"
    times = times_smaller(result.ratio)
    line = f"{shown(name)}: {sizes}, {times}; {colors(result.n_colors)}, "
    line += f"mean squared error {result.mse:.2f}"
    if written is None:
        return line + "; not smaller, so the original stands (--force writes it all the same)"
    return line if written == STANDARD else f"{line}; saved as {shown(written)}"


def report_json(name: str, result: Compressed, target: str | None, note: str | None) -> str:
    """Returns the report of one file as a JSON object on one line."""
    import json

    fields: dict[str, Any] = {
        "input": name,
        "output": target,
        "bytes_in": result.bytes_in,
        "bytes_out": result.bytes_out,
        "ratio": round(result.ratio, 4),
        "width": result.indexed.width,
        "height": result.indexed.height,
        "colors": result.n_colors,
        "mse": round(result.mse, 6),
        "note": note,
    }
    return json.dumps(fields)
