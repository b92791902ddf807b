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

__all__ = ["check_gif", "encode_gif", "gif_comments", "one_transparent_entry"]


def check_gif(image: IndexedImage) -> int | None:
    """Returns the index of the first transparent entry, or None where there is none.

    Raises:
        EncodeError: the picture is too large for GIF, or has half transparent colours.
    """
    if max(image.width, image.height) > MAX_SIDE:
        raise EncodeError(f"GIF has no more than {MAX_SIDE:,} pixels a side; choose format png")
    alphas = image.palette.data[3::4]
    if alphas.strip(b"\xff\0"):
        raise EncodeError("GIF has no half transparent colours; quantize with format='gif'")
    return alphas.find(0) if 0 in alphas else None


def one_transparent_entry(colors: bytes) -> bytes:
    """Returns the entry that GIF shows for each index: one transparent entry stands for all.

    GIF has one transparent index. Pixels of any further entry of alpha 0 would be opaque.

    Args:
        colors: a palette, (k, 4) bytes.

    Returns:
        256 bytes, as `bytes.translate` takes them.
    """
    alphas = colors[3::4]
    first = alphas.find(0)
    shown = [first if alpha == 0 else index for index, alpha in enumerate(alphas)]
    return bytes(shown) + bytes(range(len(alphas), 256))


def gif_comments(metadata: Metadata | None) -> list[bytes]:
    """Returns the texts as comments; a keyword other than "Comment" stands before its text."""
    return [
        comment_block(value if keyword == "Comment" else f"{keyword}: {value}")
        for keyword, value, _, _ in (metadata.texts if metadata else ())
    ]


def encode_gif(image: IndexedImage, metadata: Metadata | None = None) -> bytes:
    """Encodes an indexed image whose colours are opaque or fully transparent.

    Args:
        image: the picture.
        metadata: what to keep; texts become comments, and GIF cannot hold the rest.

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
    indices = image.data
    if image.palette.data[3::4].count(0) > 1:
        indices = bytes(indices).translate(one_transparent_entry(image.palette.data))
    parts += [image_block(indices, size, table_bits(image.n_colors)), TRAILER]
    return b"".join(parts)
