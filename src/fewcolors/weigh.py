"""The second stage: where the eye sees error.

Error hides in texture and shows in smooth areas: visual masking. Graphics have no texture to hide
it in, and the classic method does not ask.
"""

from typing import Any, NamedTuple

from . import _core
from .buffers import bytes_view
from .decode import FewColors, Pixels
from .limits import check_boolean, of_type
from .options import Options

__all__ = ["SMALL_PIXELS", "Weights", "is_graphic_of_few", "weigh", "weigh_as_photo"]

REPEATED_SHARE = 0.4
NOISY_SHARE = 0.5
"""From this share of pixels on that repeat a neighbour, a picture is a graphic, unless half as many
are noise: then it is a photo with a white sky. Photos repeat up to .21, paintings .33, screenshots,
charts, text and icons at least .60, and their noise is at most .35 of it (24 photos, 30 others).
Pixels of alpha 0 are left out: a photo that is cut out stays one."""

SMALL_PIXELS = 64 * 64
"""Up to this many pixels a picture is a graphic, whatever it shows: its palette is the larger part
of its file. Icons of 32 x 32 pixels take half the bytes with as few colours as will do."""

UNWEIGHTED = b""


class Weights(NamedTuple):
    """What the pixels show, and where.

    Attributes:
        contrast: height x width bytes, the local contrast of each pixel on a square-root scale;
            empty where all pixels weigh the same.
        is_graphic: whether the picture is drawn rather than taken: a screenshot, chart or text.
    """

    contrast: memoryview | bytes
    is_graphic: bool

    @classmethod
    def checked(cls, value: object, pixels: Pixels) -> "Weights":
        """Returns weights that fit the pixels, their contrast held so that nobody can resize it.

        Args:
            value: `Weights`, whose contrast may be any buffer of height x width bytes, or empty.
            pixels: checked ones.

        Raises:
            TypeError, ValueError: it is something else.
        """
        weights = of_type("weights", value, cls)
        check_boolean("weights.is_graphic", weights.is_graphic)
        shape = (pixels.height, pixels.width)
        contrast = bytes_view("weights.contrast", weights.contrast, *shape, or_empty=True)
        return cls(contrast, weights.is_graphic)

    def __reduce__(self) -> tuple[Any, ...]:
        """Lets weights travel between processes, which memoryviews cannot."""
        return Weights, (bytes(self.contrast), self.is_graphic)


def weigh(pixels: Pixels, options: Options) -> Weights:
    """Measures local contrast, and tells graphics from photos.

    Args:
        pixels: the decoded picture.
        options: method and threads are used.

    Returns:
        The weights; for the classic method, and for graphics, all pixels weigh the same.

    Raises:
        TypeError, ValueError: an argument is not allowed, or the pixels do not fit together.

    >>> import numpy as np, fewcolors
    >>> page = fewcolors.decode(np.full((90, 90), 255, np.uint8))
    >>> weigh(page, fewcolors.Options()).is_graphic
    True
    """
    pixels, options = Pixels.checked(pixels), of_type("options", options, Options)
    if options.method == "classic":
        return Weights(UNWEIGHTED, is_graphic=False)
    if pixels.width * pixels.height <= SMALL_PIXELS:
        return Weights(UNWEIGHTED, is_graphic=True)
    shares = _core.repetition(pixels.data, pixels.width, pixels.channels, options.threads)
    if _is_drawn(*shares):
        return Weights(UNWEIGHTED, is_graphic=True)
    return weigh_as_photo(pixels, options)


def is_graphic_of_few(few: FewColors, options: Options) -> bool:
    """Tells graphics from photos as `weigh` does, given a large picture of few colours."""
    if options.method == "classic":
        return False
    entries = memoryview(few.palette).cast("B", (len(few.counts), 4))
    return _is_drawn(*_core.repetition_of_indices(few.indices, few.width, entries, options.threads))


def _is_drawn(repeated: float, noisy: float) -> bool:
    """Tells graphics from photos: by pixels that repeat a neighbour, and those that are noise."""
    return repeated > REPEATED_SHARE and noisy < NOISY_SHARE * repeated


def weigh_as_photo(pixels: Pixels, options: Options) -> Weights:
    """Measures local contrast."""
    contrast = _core.local_contrast(pixels.data, pixels.width, pixels.channels, options.threads)
    return Weights(contrast, is_graphic=False)
