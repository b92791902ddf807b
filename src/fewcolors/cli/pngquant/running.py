"""File by file: read, compress, write, or refuse and say why."""

import os

from ...encode.png import encode_png
from ...options import OptionArguments
from ...pipeline import compress
from ...png_chunks import SIGNATURE
from ...result import Compressed
from ..faults import STANDARD, Fault, quoted_name, reading
from ..files.targets import check_target, write_target
from ..streams import print_error, read_standard
from .arguments import Asked
from .chunks import kept_chunks, with_chunks
from .finishing import posterized, transparent_last
from .naming import target_of
from .quality import quality_of
from .settings import settings_of
from .statuses import DONE, LARGER, QUALITY_TOO_LOW, SKIPPED, STATUSES
from .values import MOST_QUALITY

__all__ = ["run"]

LEAST_SHARE = 0.5
QUALITY_POWER = 1.5
"""With --skip-if-larger, results may have this power of the quality that they kept as share of the
original's bytes, and half of them in any case."""


class Skipped(Exception):
    """The original is the better file; the text says why."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run(asked: Asked) -> int:
    """Compresses every file; one that fails does not stop the others.

    Returns:
        The exit status: that of the last file that has one other than 0.

    Raises:
        WrongUsage: something is asked for that there is not.
    """
    settings = settings_of(asked)
    statuses = []
    for name in asked.files:
        try:
            statuses.append(_compress_file(name, asked, settings))
        except Fault as fault:
            print_error(str(fault), start="  error: ")
            statuses.append(STATUSES[fault.kind])
    for line in summary(statuses):
        _tell(asked, line)
    return next((status for status in reversed(statuses) if status != DONE), DONE)


def summary(statuses: list[int]) -> list[str]:
    """Returns the last lines of what --verbose tells, worded as scripts look for them.

    >>> summary([0, 99])
    ['Skipped 1 file out of a total of 2 files.']
    """
    total = _files(len(statuses))
    n_skipped = sum(status in SKIPPED for status in statuses)
    n_failed = sum(status not in (DONE, *SKIPPED) for status in statuses)
    lines = []
    if n_failed:
        lines.append(f"There were errors quantizing {_files(n_failed)} out of a total of {total}.")
    if n_skipped:
        lines.append(f"Skipped {_files(n_skipped)} out of a total of {total}.")
    if not lines:
        lines.append(f"Quantized {len(statuses)} image{'s' * (len(statuses) != 1)}.")
    return lines


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _compress_file(name: str, asked: Asked, settings: OptionArguments) -> int:
    target = _free_target(target_of(name, asked), asked)
    _tell(asked, f"{quoted_name(name)}:")
    png = _read(name)
    _tell(asked, f"  read {len(png) // 1000}KB file")
    try:
        data = _compressed(name, png, asked, settings)
    except Skipped as skipped:
        _tell(asked, f"  {skipped}")
        if target == STANDARD:  # whoever reads it needs a picture in any case
            write_target(target, png, force=False, option="-o")
        return skipped.status
    place = "to stdout" if target == STANDARD else f"as {quoted_name(os.path.basename(target))}"
    _tell(asked, f"  writing {len(data) // 1000}KB {place}")
    write_target(target, data, force=asked.force, option="-o")
    return DONE


def _free_target(target: str, asked: Asked) -> str:
    """Returns where a file really goes, once it is known that it may."""
    if target == STANDARD:
        return target
    if not asked.force and os.path.lexists(target):
        raise Fault(f"'{quoted_name(target)}' exists; not overwriting", "exists")
    if os.path.islink(target):
        target = os.path.realpath(target)  # what it points to is replaced, not the link
    check_target(target, force=asked.force, option="-o")
    return target


def _read(name: str) -> bytes:
    if name == STANDARD:
        data = read_standard()
    else:
        with reading(name), open(name, "rb") as file:
            data = file.read()
    if not data.startswith(SIGNATURE):
        raise Fault(
            f"{quoted_name(name)}: not a PNG; for other formats there is fewcolors compress",
            "no picture",
        )
    return data


def _compressed(name: str, png: bytes, asked: Asked, settings: OptionArguments) -> bytes:
    """Returns the file for a file.

    Raises:
        Skipped: it would look worse, or be larger, than is asked for.
        Fault: it cannot be made.
    """
    try:
        with reading(name):
            n_colors = None if asked.palette is not None else asked.n_colors
            result = compress(png, n_colors, **settings)
            data = _finished(result, asked)
    except Fault as fault:
        if fault.kind != "too low":
            raise
        raise Skipped(str(fault), QUALITY_TOO_LOW) from None
    quality = quality_of(result.score)
    error = f"MSE={result.mse:.3f} (Q={quality:.0f})"
    _tell(asked, f"  mapped image to {result.n_colors} colors...{error}, score {result.score:.1f}")
    if not asked.strip:
        data = with_chunks(data, kept_chunks(png))
    allowed = (len(png) - 1) * max(LEAST_SHARE, (quality / MOST_QUALITY) ** QUALITY_POWER)
    if asked.skip_if_larger and len(data) > allowed:
        raise Skipped(
            f"{len(data)} bytes are more than the {allowed:.0f} that are worth it", LARGER
        )
    return data


def _finished(result: Compressed, asked: Asked) -> bytes:
    image = result.indexed
    if asked.posterize:
        image = posterized(image, asked.posterize)
    if asked.transparent_last:
        image = transparent_last(image)
    return result.data if image is result.indexed else encode_png(image, result.options.effort)


def _tell(asked: Asked, line: str) -> None:
    """Tells what is done, never on standard output, where the picture may go."""
    if asked.verbose:
        print_error(line, start="")
