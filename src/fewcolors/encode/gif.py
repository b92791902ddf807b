"""Indexed images as GIF."""

from ..decode.metadata import Metadata
from ..errors import EncodeError
from ..indexed import IndexedImage
from .gif_blocks import (
    KEEP,
    MAX_SIDE,
    TRAILER,
    comment_block,
    control_block,
    image_block,
    screen,
    table_bits,
)

__all__ = ["check_gif", "encode_gif", "gif_comments"]


def check_gif(image: IndexedImage) -> int | None:
    """Returns the transparent index, if there is one, of what is to become a GIF.

    Raises:
        EncodeError: it is too large, or has colours that are neither opaque nor transparent.
    """
    if max(image.width, image.height) > MAX_SIDE:
        raise EncodeError(f"GIF has no more than {MAX_SIDE:,} pixels a side; choose format png")
    alphas = image.palette.data[3::4]
    if alphas.strip(b"\xff\0"):
        raise EncodeError("GIF has no half transparent colours; quantize with format='gif'")
    return alphas.find(0) if 0 in alphas else None


def gif_comments(metadata: Metadata | None) -> list[bytes]:
    """Returns texts as comments, those of other keywords after their keyword."""
    return [
        comment_block(value if keyword == "Comment" else f"{keyword}: {value}")
        for keyword, value, _, _ in (metadata.texts if metadata else ())
    ]


def encode_gif(image: IndexedImage, metadata: Metadata | None = None) -> bytes:
    """Encodes an indexed image whose colours are opaque or fully transparent.

    Args:
        image: the picture.
        metadata: what to keep; texts become comments, and there is no place for the rest.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: GIF cannot hold it.
    """
    transparent = check_gif(image)
    parts = [screen(image.width, image.height, image.palette.data), *gif_comments(metadata)]
    if transparent is not None:
        parts.append(control_block(0, KEEP, transparent))
    size = (image.width, image.height)
    parts += [image_block(image.data, size, table_bits(image.n_colors)), TRAILER]
    return b"".join(parts)
