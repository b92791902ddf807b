"""Reads, compresses and writes file by file, or refuses one and says why."""

import os

from ...animation.source import open_animation
from ...encode.png import encode_png
from ...exact_math import pow
from ...limits import MAX_PIXELS
from ...options import OptionArguments
from ...pipeline import compress
from ...png_chunks import SIGNATURE
from ...result import Compressed
from ..faults import STANDARD, Fault, quoted_name, reading
from ..files.targets import check_target, write_target
from ..streams import print_error, read_standard
from .arguments import Request
from .chunks import kept_chunks, with_chunks
from .options import compress_options
from .palette_changes import posterized, transparent_last
from .quality import quality_of_score
from .result_name import target_of
from .statuses import DONE, LARGER, SKIPPED, STATUSES
from .values import MOST_QUALITY

__all__ = ["run"]

LEAST_SHARE = 0.5
QUALITY_POWER = 1.5
"""With --skip-if-larger, a result of quality 0 to 1 may have this power of its quality as share of
the original's bytes, and half of them in any case."""


class OriginalKept(Exception):
    """The result is not worth writing; the text says why, the status is that of the file."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run(request: Request) -> int:
    """Compresses every file; one that fails does not stop the others.

    Returns:
        The exit status: that of the last file that has one other than 0.

    Raises:
        WrongUsage: the palette of --map cannot be read.
    """
    options = compress_options(request)
    statuses = []
    for name in request.files:
        try:
            statuses.append(_compress_file(name, request, options))
        except Fault as fault:
            print_error(str(fault), start="  error: ")
            statuses.append(STATUSES[fault.kind])
    for line in summary(statuses):
        _report(request, line)
    return next((status for status in reversed(statuses) if status != DONE), DONE)


def summary(statuses: list[int]) -> list[str]:
    """Returns the last lines that --verbose prints, in pngquant's words, which scripts look for.

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


def _compress_file(name: str, request: Request, options: OptionArguments) -> int:
    target = _checked_target(target_of(name, request), request)
    _report(request, f"{quoted_name(name)}:")
    png = _read(name)
    _report(request, f"  read {len(png) // 1000}KB file")
    try:
        data = _compressed(name, png, request, options)
    except OriginalKept as reason:
        _report(request, f"  {reason}")
        if target == STANDARD:  # the program that reads it needs a picture
            write_target(target, png, force=False, option="-o")
        return reason.status
    place = "to stdout" if target == STANDARD else f"as {quoted_name(os.path.basename(target))}"
    _report(request, f"  writing {len(data) // 1000}KB {place}")
    write_target(target, data, force=request.force, option="-o")
    return DONE


def _checked_target(target: str, request: Request) -> str:
    """Returns the file to write: the target, or what it points to.

    Raises:
        Fault: it cannot, or may not, be written.
    """
    if target == STANDARD:
        return target
    if not request.force and os.path.lexists(target):
        quoted = f"'{target}'" if target.isprintable() else ascii(target)
        raise Fault(f"{quoted} exists; not overwriting", "exists")
    if os.path.islink(target):
        target = os.path.realpath(target)  # so that the link stays
    check_target(target, force=request.force, option="-o")
    return target


def _read(name: str) -> bytes:
    if name == STANDARD:
        data = read_standard()
    else:
        with reading(name, "name the pictures in it"), open(name, "rb") as file:
            data = file.read()
    if not data.startswith(SIGNATURE):
        raise Fault(
            f"{quoted_name(name)}: not a PNG; for other formats there is fewcolors compress",
            "no picture",
        )
    return data


def _compressed(name: str, png: bytes, request: Request, options: OptionArguments) -> bytes:
    """Returns the bytes of the result.

    Raises:
        OriginalKept: it looks worse, or is larger, than the request allows.
        Fault: the picture cannot be compressed as requested.
    """
    try:
        with reading(name):
            _refuse_animation(name, png, request)
            n_colors = None if request.palette is not None else request.n_colors
            result = compress(png, n_colors, **options)
            data = _with_palette_changes(result, request)
    except Fault as fault:
        status = STATUSES[fault.kind]
        if status not in SKIPPED:
            raise
        raise OriginalKept(str(fault), status) from None
    quality = quality_of_score(result.score)
    error = f"MSE={result.mse:.3f} (Q={quality:.0f})"
    _report(
        request, f"  mapped image to {result.n_colors} colors...{error}, score {result.score:.1f}"
    )
    if not request.strip:
        data = with_chunks(data, kept_chunks(png))
    allowed = (len(png) - 1) * max(LEAST_SHARE, pow(quality / MOST_QUALITY, QUALITY_POWER))
    if request.skip_if_larger and len(data) > allowed:
        raise OriginalKept(
            f"{len(data)} bytes are over the {allowed:.0f} that its quality allows", LARGER
        )
    return data


def _refuse_animation(name: str, png: bytes, request: Request) -> None:
    """Refuses an animation where only the palette of a still picture can be changed.

    Raises:
        Fault: the picture is animated.
        DecodeError: it is damaged.
    """
    option = "--posterize" if request.posterize else "--transbug"
    is_still_needed = request.posterize or request.transparent_last
    if is_still_needed and open_animation(png, MAX_PIXELS) is not None:
        file = quoted_name(name)
        raise Fault(
            f"{file}: is animated, and {option} takes still pictures only; leave it out",
            "wrong argument",
        )


def _with_palette_changes(result: Compressed, request: Request) -> bytes:
    image = result.indexed
    if request.posterize:
        image = posterized(image, request.posterize)
    if request.transparent_last:
        image = transparent_last(image)
    return result.data if image is result.indexed else encode_png(image, result.options.effort)


def _report(request: Request, line: str) -> None:
    """Prints a line for --verbose, on standard error: the picture may go to standard output."""
    if request.verbose:
        print_error(line, start="")
