"""What the user is told of each file: a line to read, or an object for programs."""

from typing import Any

from ..result import Compressed
from .faults import STANDARD, shown

__all__ = ["kilobytes", "report_json", "report_line"]


def kilobytes(n_bytes: int) -> str:
    """Returns a size in kB of 1000 bytes, as file managers count."""
    return f"{n_bytes / 1000:,.1f} kB"


def report_line(name: str, result: Compressed, written: str | None) -> str:
    """Returns the report of one file.

    Args:
        name: of the original.
        result: of compressing it.
        written: where the result was written, or None where the original stands.
    """
    colors = "1 colour" if result.n_colors == 1 else f"{result.n_colors} colours"
    sizes = f"{kilobytes(result.bytes_in)} -> {kilobytes(result.bytes_out)}"
    times = _times(result.ratio)
    line = f"{shown(name)}: {sizes}, {times}; {colors}, mean squared error {result.mse:.2f}"
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


def _times(ratio: float) -> str:
    return f"{ratio:.1f} times smaller" if ratio >= 1 else f"{1 / ratio:.1f} times larger"
