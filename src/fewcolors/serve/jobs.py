"""What worker processes do with pictures. Nothing else ever looks into what a client sends.

A job returns a result or a `Failure`: an exception of any class might not survive the way between
processes.
"""

import signal
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from ..formats import FORMAT_NAMES
from .failure import Failure, as_failure

if TYPE_CHECKING:
    from ..options import Options

__all__ = [
    "Compared",
    "Picture",
    "Swatch",
    "compare_pictures",
    "compress_picture",
    "find_palette",
    "job",
    "picture_of",
    "warm_up",
]

Given = ParamSpec("Given")
Made = TypeVar("Made")

_limited = False


class Swatch(NamedTuple):
    """A colour of a palette: as hex digits, and its share of the pixels."""

    color: str
    share: float


class Picture(NamedTuple):
    """A compressed picture and what is reported of it.

    Attributes:
        data: the file.
        format: such as "png".
        width, height: in pixels.
        n_frames: 1 of a still picture.
        bytes_in: of the original.
        format_in: of the original, such as "JPEG".
        is_original: whether the original is handed back, since nothing smaller was found.
        n_colors: of the result.
        n_distinct: colours of the original; None where they were not counted.
        score: by SSIMULACRA 2; None where it was not measured.
        ceiling: the best score that its colours allow.
        is_estimate: whether score and ceiling are estimates.
        note: what may surprise, or None.
        palette: the colours in their order.
    """

    data: bytes
    format: str
    width: int
    height: int
    n_frames: int
    bytes_in: int
    format_in: str | None
    is_original: bool
    n_colors: int
    n_distinct: int | None
    score: float | None
    ceiling: float | None
    is_estimate: bool
    note: str | None
    palette: tuple[Swatch, ...]


class Compared(NamedTuple):
    """The measures of `fewcolors.compare`."""

    measures: dict[str, Any]


def job(
    work: Callable[Given, Made],
) -> Callable[Concatenate[int, Given], Made | Failure]:
    """Makes a function a job: its first argument is the address space that it may take."""

    @wraps(work)
    def limited(worker_bytes: int, /, *args: Given.args, **kwargs: Given.kwargs) -> Made | Failure:
        limit_once(worker_bytes)
        try:
            return work(*args, **kwargs)
        except Exception as error:
            return as_failure(error) or Failure(500, f"a fault of the service: {error!r}")

    return limited


def limit_once(worker_bytes: int) -> None:
    """Limits this process before it sees its first picture.

    Args:
        worker_bytes: the address space it may take; what asks for more gets a MemoryError.
    """
    global _limited
    if _limited:
        return
    _limited = True
    # Ctrl-C goes to all processes of a terminal. The service ends its workers when they are done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")  # a decoder's doubts; what it cannot read is an error
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (worker_bytes, worker_bytes))


@job
def warm_up(size: int) -> None:
    """Loads all that a first picture would have to wait for."""
    from ..pipeline import compress

    compress(b"P6 %d %d 255 " % (size, size) + bytes(3 * size * size))


@job
def compress_picture(data: bytes, choices: dict[str, Any], again: bool) -> Picture:
    """Does what ``fewcolors compress`` does with a file, and returns the same bytes.

    Args:
        data: the file.
        choices: arguments of `Options`.
        again: whether what is a result already is compressed once more.

    Raises:
        FewcolorsError, ValueError: the picture or the choices are wrong.
    """
    from ..options import Options

    return picture_of(data, Options(**choices), again=again)


def picture_of(data: bytes, options: "Options", *, again: bool = False) -> Picture:
    """Does what `compress_picture` does, with options that are made already."""
    from ..cli.files.skipping import Request
    from ..mark import marked, read_mark, requested_mark
    from ..pipeline import compress_with

    mark, wanted = read_mark(data), requested_mark(options)
    if not again and Request(wanted, options.format, options.max_bytes).is_met_by(mark, len(data)):
        return _as_it_is(data, options)
    result = compress_with(options, data)
    if result.format == "png":
        # A result of a result looks no better than that did, whatever score is asked for.
        score = wanted.score if mark is None else min(mark.score, wanted.score)
        new = wanted._replace(score=score, n_colors=result.n_colors)
        result.data = marked(result.data, new)
    keeps = result.ratio <= 1 and options.palette is None
    is_same_format = result.format_in == FORMAT_NAMES[result.format]
    is_original = keeps and (is_same_format or options.format == "auto")
    note = result.note
    if keeps and not is_original:
        made = FORMAT_NAMES[result.format]
        larger = f"not smaller than the original {result.format_in}, but the {made} asked for"
        note = "; ".join(filter(None, [larger, note]))
    shares = result.indexed.shares
    return Picture(
        data if is_original else result.data,
        (result.format_in or "").lower() if is_original else result.format,
        result.indexed.width,
        result.indexed.height,
        result.n_frames,
        len(data),
        result.format_in,
        is_original,
        result.n_colors,
        result.n_distinct,
        round(result.score, 2),
        round(result.ceiling, 2),
        result.is_estimate,
        note,
        tuple(map(Swatch, result.indexed.palette.hex(), map(float, shares))),
    )


def _as_it_is(data: bytes, options: "Options") -> Picture:
    """Returns a marked PNG as it is, once it is known to be sound: anybody can mark a file."""
    from ..cli.files.decoding import check_decodes
    from ..mark import read_mark

    check_decodes(data, options.max_pixels, options.max_frames)
    mark = read_mark(data)
    assert mark is not None
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))  # of the header
    note = "compressed before, so it is left as it is; again=true compresses it once more"
    counts = (mark.n_colors, None, None, None, False)
    return Picture(
        data, "png", width, height, 1, len(data), FORMAT_NAMES["png"], True, *counts, note, ()
    )


@job
def find_palette(
    data: bytes, n_colors: int, format_: str | None, choices: dict[str, Any]
) -> tuple[tuple[Swatch, ...], bytes]:
    """Does what ``fewcolors palette`` does with one file.

    Args:
        data: the picture.
        n_colors: the most colours.
        format_: of the palette file; None for none.
        choices: the limits, as arguments of `Options`.

    Returns:
        The main colours, and the bytes of a palette file.
    """
    from ..histogram import merge_histograms
    from ..options import Options
    from ..palette.main_colors import color_counts, main_colors
    from ..palette_files import encode_colors

    options = Options(**choices)
    counts = merge_histograms([color_counts(data, options)])
    assert counts is not None  # there is a picture
    palette = main_colors(counts, n_colors, options)
    file = encode_colors(palette.entries, palette.shares, format_) if format_ else b""
    return tuple(map(Swatch, palette.hex(), map(float, palette.shares))), file


@job
def compare_pictures(original: bytes, compressed: bytes, choices: dict[str, Any]) -> Compared:
    """Does what `fewcolors.compare` does with two files.

    Raises:
        FewcolorsError, ValueError: a picture cannot be read, or the sizes differ.
    """
    import math

    from ..compare import compare
    from ..options import Options

    options = Options(**choices)
    measured = compare(
        original, compressed, n_threads=options.threads, max_pixels=options.max_pixels
    )
    fields = {**measured._asdict(), "ratio": measured.ratio}
    return Compared(
        {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in fields.items()
        }
    )
