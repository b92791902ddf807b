"""The indices of one frame after the other. A pixel that does not change keeps its index."""

from PIL import Image, ImageChops

from .. import _core
from ..assign.dither import dithered_indices
from ..assign.size_aware import size_aware
from ..decode import Pixels
from ..histogram import build_histogram
from ..indexed import Palette
from ..kmeans import SPACES
from ..options import Options
from ..weigh import UNWEIGHTED, Weights
from .plan import Plan

__all__ = ["Indices", "local_contrast", "where_equal"]

MODES = {3: "RGB", 4: "RGBA"}
EQUAL = [255] + 255 * [0]
"""A table for `Image.point`: makes a mask of where two pictures are equal from their difference."""


class Indices:
    """Assigns frames, each after the one before it."""

    def __init__(self, plan: Plan, options: Options) -> None:
        self._plan = plan
        self._options = options
        self._pixels: Image.Image | None = None
        self._indices: Image.Image | None = None

    def of(self, pixels: Pixels) -> Image.Image:
        """Returns the indices of the next frame, as a picture of mode "L".

        Only the rectangle that changed is assigned. Pixels in it that did not change keep their
        indices.
        """
        size = (pixels.width, pixels.height)
        now = Image.frombytes(MODES[pixels.channels], size, bytes(pixels.data))
        if self._pixels is None or self._indices is None:
            indices = self._assigned(now)
        else:
            difference = _largest_band(ImageChops.difference(self._pixels, now))
            indices = self._indices
            if box := difference.getbbox():
                part = self._part(now, box)
                unchanged = difference.crop(box).point(EQUAL, "1")
                part.paste(self._indices.crop(box), mask=unchanged)
                indices = self._indices.copy()
                indices.paste(part, box)
        self._pixels, self._indices = now, indices
        return indices

    def _part(self, image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
        if self._plan.dithering == "ordered":  # the pattern has one place for all frames
            return self._assigned(image).crop(box)
        return self._assigned(image.crop(box))

    def _assigned(self, image: Image.Image) -> Image.Image:
        options, palette, fidelity = self._options, self._plan.palette, self._plan.fidelity
        channels = len(image.getbands())
        pixels = Pixels(image.tobytes(), image.width, image.height, channels, 0, None)
        if self._plan.dithering is not None:
            indices = dithered_indices(pixels, palette, self._plan.dithering, options)
        elif fidelity is None:
            indices = _nearest(pixels, palette, options)
        else:
            weights = Weights(local_contrast(pixels, options), is_graphic=False)
            indices = size_aware(pixels, weights, palette, fidelity, options).indices
        assigned = Image.frombytes("L", image.size, bytes(indices))
        n_reserved = self._plan.n_reserved
        if n_reserved == 0:
            return assigned
        return assigned.point([min(index + n_reserved, 255) for index in range(256)])


def _nearest(pixels: Pixels, palette: Palette, options: Options) -> memoryview:
    """Returns the nearest entries. Distances count alpha if any frame has it, unlike `nearest`."""
    colors, _ = build_histogram(pixels, options.threads)
    space, dims = SPACES[options.method], pixels.channels
    labels = _core.label_colors(colors, palette.buffer, space, dims, options.threads)
    return _core.map_colors(pixels.data, pixels.channels, colors, labels, options.threads)


def local_contrast(pixels: Pixels, options: Options) -> memoryview | bytes:
    """Returns the local contrast of a frame that is a photo."""
    if options.method == "classic":
        return UNWEIGHTED
    return _core.local_contrast(pixels.data, pixels.width, pixels.channels, options.threads)


def where_equal(first: Image.Image, second: Image.Image) -> Image.Image:
    """Returns a mask of the pixels that two pictures of indices have in common."""
    return ImageChops.difference(first, second).point(EQUAL, "1")


def _largest_band(image: Image.Image) -> Image.Image:
    bands = image.split()
    largest = bands[0]
    for band in bands[1:]:
        largest = ImageChops.lighter(largest, band)
    return largest
