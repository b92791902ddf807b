"""Alpha for formats that know only opaque and transparent: GIF."""

from . import Pixels

__all__ = ["with_hard_alpha"]

OPAQUE_FROM = 128
"""Half and more becomes opaque: the outline stays where it was."""

HARDENED = bytes(255 if alpha >= OPAQUE_FROM else 0 for alpha in range(256))


def with_hard_alpha(pixels: Pixels) -> tuple[Pixels, int]:
    """Makes every pixel opaque or fully transparent, whichever it is nearer to.

    Args:
        pixels: a picture.

    Returns:
        The picture, and how many pixels were neither.

    >>> with_hard_alpha(Pixels(bytes([9, 9, 9, 130]), 1, 1, 4, 4, None))[1]
    1
    """
    if pixels.channels != 4:
        return pixels, 0
    alphas = pixels.data[3::4]
    n_changed = len(alphas) - alphas.count(0) - alphas.count(255)
    if n_changed == 0:
        return pixels, 0
    data = bytearray(pixels.data)
    data[3::4] = alphas.translate(HARDENED)
    return pixels._replace(data=data), n_changed
