"""The alpha channel of decoded pixels: dropped, added, or made opaque and transparent only."""

from .pixels import Pixels
from .strips import bytes_of

__all__ = ["is_opaque", "with_alpha", "with_hard_alpha", "without_alpha"]

OPAQUE_FROM = 128
"""The least alpha that becomes opaque where there is nothing in between. At half the outline stays
where it was."""

PIECE_BYTES = 1 << 22
"""Of pixels whose alpha is copied at a time; a multiple of 4."""

HARDENED = bytes(255 if alpha >= OPAQUE_FROM else 0 for alpha in range(256))


def is_opaque(pixels: Pixels) -> bool:
    """Whether every pixel is opaque: there is no alpha channel, or it is 255 everywhere."""
    return pixels.channels == 3 or all(
        pixels.data[at + 3 : at + PIECE_BYTES : 4].count(255) * 4
        == min(PIECE_BYTES, len(pixels.data) - at)
        for at in range(0, len(pixels.data), PIECE_BYTES)
    )


def without_alpha(pixels: Pixels) -> Pixels:
    """Returns RGBA pixels as RGB."""
    from PIL import Image

    size = (pixels.width, pixels.height)
    image = Image.frombuffer("RGBA", size, pixels.data, "raw", "RGBA", 0, 1)  # the same memory
    data = bytes_of(image, lambda strip: strip.convert("RGB"))
    return pixels._replace(data=data, channels=3)


def with_alpha(pixels: Pixels) -> Pixels:
    """Returns pixels as RGBA, whether they had alpha or not."""
    if pixels.channels == 4:
        return pixels
    from PIL import Image

    image = Image.frombytes("RGB", (pixels.width, pixels.height), bytes(pixels.data))
    return pixels._replace(data=image.convert("RGBA").tobytes(), channels=4)


def with_hard_alpha(pixels: Pixels, *, of_one_kind: bool = False) -> tuple[Pixels, int]:
    """Makes every pixel opaque or fully transparent, whichever is nearer, as GIF needs it.

    Args:
        pixels: a picture.
        of_one_kind: whether all become what most of them are, as a single colour needs it.

    Returns:
        The picture, and how many of its pixels were neither.

    >>> with_hard_alpha(Pixels(bytes([9, 9, 9, 130]), 1, 1, 4, 4, None))[1]
    1
    """
    if pixels.channels != 4:
        return pixels, 0
    alphas = pixels.data[3::4]
    hardened = alphas.translate(HARDENED)
    n_changed = len(alphas) - alphas.count(0) - alphas.count(255)
    if of_one_kind:
        kind = 255 if 2 * hardened.count(255) >= len(hardened) else 0
        hardened, n_changed = bytes([kind]) * len(hardened), len(alphas) - alphas.count(kind)
    if n_changed == 0:
        return pixels, 0
    data = bytearray(pixels.data)
    data[3::4] = hardened
    return pixels._replace(data=data), n_changed
