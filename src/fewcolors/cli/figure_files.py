"""Figures of matplotlib as files; it is loaded only when one is drawn."""

import argparse
import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from .faults import STANDARD, Fault
from .files.targets import check_target, write_target

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["check_figure", "write_figure"]

FORMATS = (".png", ".svg", ".pdf", ".jpg", ".jpeg", ".webp")


def check_figure(arguments: argparse.Namespace) -> None:
    """Finds out before the work that a figure cannot be drawn or written to --output.

    Raises:
        Fault: there is no matplotlib, or the file may not be written.
    """
    target, misused = arguments.output, _misused(arguments)
    if target is None:
        return
    if target != STANDARD and os.path.splitext(target)[1].lower() not in FORMATS:
        misused(f"--output must end in one of {', '.join(FORMATS)}, got {target!r}")
    try:
        from matplotlib import use
    except ImportError:
        raise Fault('figures need matplotlib; pip install "fewcolors[plot]"') from None
    use("agg")  # no window
    if target != STANDARD:
        check_target(target, force=arguments.force, option="-o")


def write_figure(ax: "Axes", arguments: argparse.Namespace) -> None:
    """Writes the figure of some axes to --output.

    Raises:
        Fault: it cannot be written.
    """
    extension = os.path.splitext(arguments.output)[1].lower().lstrip(".") or "png"
    file = io.BytesIO()
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.savefig(file, format=extension)
    write_target(arguments.output, file.getvalue(), force=arguments.force, option="-o")


def _misused(arguments: argparse.Namespace) -> Callable[[str], NoReturn]:
    error: Callable[[str], NoReturn] = arguments.error
    return error
