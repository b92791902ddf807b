"""Reading bytes from wherever they come, up to a limit."""

import io
import sys
from typing import IO, TYPE_CHECKING, Any, TypeGuard

from ..errors import ImageTooLargeError
from ..limits import MAX_FILE_BYTES

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["check_file_bytes", "is_pillow_image", "read_stream", "read_up_to"]

PIECE_BYTES = 1 << 20
"""What is read at a time."""


def is_pillow_image(source: object) -> "TypeGuard[Image.Image]":
    """Whether a source is a PIL image.

    There are none before Pillow is loaded, nor while another thread is loading it.
    """
    image_class = getattr(sys.modules.get("PIL.Image"), "Image", None)
    return image_class is not None and isinstance(source, image_class)


def read_stream(file: IO[bytes] | Any, max_file_bytes: int = MAX_FILE_BYTES) -> bytes:
    """Reads a stream to its end.

    Args:
        file: open for reading bytes.
        max_file_bytes: the most bytes it may have.

    Returns:
        All its bytes.

    Raises:
        ImageTooLargeError: it has more.
        TypeError: it does not give bytes.
    """
    data = read_up_to(file, max_file_bytes)
    if data is None:
        raise _too_large(max_file_bytes)
    return data


def read_up_to(file: IO[bytes] | Any, most: int) -> bytes | None:
    """Returns all bytes of a stream, or None where there are more than allowed.

    Raises:
        TypeError: it does not give bytes.
    """
    data = io.BytesIO()
    while piece := file.read(PIECE_BYTES):
        if not isinstance(piece, bytes):
            raise TypeError("a file must be open for reading bytes (mode 'rb')")
        data.write(piece)
        if data.tell() > most:
            return None
    return data.getvalue()


def check_file_bytes(n_bytes: int, max_file_bytes: int) -> None:
    """Raises ImageTooLargeError where a file has more bytes than allowed."""
    if n_bytes > max_file_bytes:
        raise _too_large(max_file_bytes)


def _too_large(max_file_bytes: int) -> ImageTooLargeError:
    return ImageTooLargeError(
        f"a file of more than {max_file_bytes:,} bytes; "
        "raise max_file_bytes if you trust it and have the memory"
    )
