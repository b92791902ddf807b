"""What becomes of one picture among many: its file, its figures, or what is wrong with it."""

from typing import NamedTuple

from ..errors import FewcolorsError
from ..options import Options
from ..pipeline import compress_with

__all__ = ["Row", "compressed_row", "failed_row"]


class Row(NamedTuple):
    """One picture's result; where there is an error, the bytes and figures are None.

    Attributes:
        data: the compressed file.
        bytes_in: the size of the original file.
        bytes_out: the size of the compressed one.
        ratio: bytes_in / bytes_out.
        width, height: in pixels.
        n_colors: the entries of its palette.
        score: how good it looks, see `Compressed`.
        error: what is wrong with the picture, or None.
    """

    data: bytes | None
    bytes_in: int
    bytes_out: int | None
    ratio: float | None
    width: int | None
    height: int | None
    n_colors: int | None
    score: float | None
    error: str | None


def compressed_row(content: bytes, options: Options) -> Row:
    """Compresses one picture; a fault of the picture becomes a row, not an exception.

    Args:
        content: the bytes of its file.
        options: see `Options`.

    Returns:
        Its row.
    """
    try:
        result = compress_with(options, content)
    except (FewcolorsError, ValueError) as fault:  # ValueError: an option that it does not allow
        return failed_row(str(fault), len(content))
    except MemoryError:
        return failed_row("not enough memory for this picture", len(content))
    image = result.indexed
    return Row(
        data=result.data,
        bytes_in=result.bytes_in,
        bytes_out=result.bytes_out,
        ratio=result.bytes_in / result.bytes_out,
        width=image.width,
        height=image.height,
        n_colors=result.n_colors,
        score=result.score,
        error=None,
    )


def failed_row(error: str, bytes_in: int) -> Row:
    """Returns the row of a picture that has no result.

    Args:
        error: what is wrong with it.
        bytes_in: the size of its file; 0 where that is not known.
    """
    return Row(None, bytes_in, None, None, None, None, None, None, error)
