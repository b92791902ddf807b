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

SMALL_PIXELS = 1024
"""Up to so many pixels are looked up one by one: the kernels would set up a table of a megabyte."""

MAX_KNOWN_COLORS = 1 << 16
"""Colours whose entries are remembered from frame to frame; a few megabytes."""

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
        self._entries = NearestEntries(plan.palette, options)
        self._shift = bytes(min(index + plan.n_reserved, 255) for index in range(256))

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
        indices: memoryview | bytes
        channels = len(image.getbands())
        pixels = Pixels(image.tobytes(), image.width, image.height, channels, 0, None)
        if self._plan.dithering is not None:
            indices = dithered_indices(pixels, palette, self._plan.dithering, options)
        elif fidelity is None:
            indices = self._entries.of(pixels)
        else:
            weights = Weights(local_contrast(pixels, options), is_graphic=False)
            indices = size_aware(pixels, weights, palette, fidelity, options).indices
        return Image.frombytes("L", image.size, bytes(indices).translate(self._shift))


class NearestEntries:
    """Finds nearest entries, and remembers those of small frames.

    Distances count alpha if any frame has it, unlike those of `assign.nearest`.
    """

    def __init__(self, palette: Palette, options: Options) -> None:
        self._palette = palette
        self._options = options
        self._known: dict[bytes, int] = {}

    def of(self, pixels: Pixels) -> memoryview | bytes:
        """Returns the entry of every pixel."""
        if pixels.width * pixels.height <= SMALL_PIXELS:
            return self._of_few(pixels)
        colors, _ = build_histogram(pixels, self._options.threads)
        labels = self._labels(colors, pixels.channels)
        threads = self._options.threads
        return _core.map_colors(pixels.data, pixels.channels, colors, labels, threads)

    def _of_few(self, pixels: Pixels) -> bytes:
        data, step = bytes(pixels.data), pixels.channels
        colors = [data[at : at + step] for at in range(0, len(data), step)]
        new = sorted(set(colors) - self._known.keys())
        if new:
            if len(self._known) > MAX_KNOWN_COLORS:
                self._known.clear()
                new = sorted(set(colors))
            rows = memoryview(b"".join(map(_as_counted, new))).cast("B", (len(new), 4))
            self._known.update(zip(new, self._labels(rows, step), strict=True))
        return bytes(map(self._known.__getitem__, colors))

    def _labels(self, colors: memoryview, dims: int) -> memoryview:
        space, threads = SPACES[self._options.method], self._options.threads
        return _core.label_colors(colors, self._palette.buffer, space, dims, threads)


def _as_counted(color: bytes) -> bytes:
    """Returns a colour of 3 or 4 channels as a histogram has it: alpha 0 is one colour."""
    return bytes(4) if color[3:] == b"\0" else color.ljust(4, b"\xff")


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
