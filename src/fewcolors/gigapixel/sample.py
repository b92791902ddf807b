"""Windows of a large picture, on which looks are compared and the result is scored."""

from typing import NamedTuple

from .. import _core
from ..decode import Pixels
from ..decode.alpha import without_alpha
from ..indexed import Palette
from ..options import Options
from ..weigh import UNWEIGHTED, Weights, weigh
from .read.source import ROWS_OF_BAND, Source

__all__ = ["CONTRAST_REACH", "Sample", "Window", "read_sample", "weights_of"]

ROWS = 4 * ROWS_OF_BAND
COLUMNS = 1024
"""Of a window: whole bands, and as many pixels as SSIMULACRA 2 measures at once."""

SAMPLE_PIXELS = 4_000_000
"""At least so many together: as many as the sample of a photo of 24 megapixels."""

MOST_WINDOWS = 64
"""Of pictures that are a few pixels wide or high, fewer pixels have to do."""

CONTRAST_REACH = 8
"""Rows and columns around a pixel that its local contrast depends on: 6 of the coarse box, and 2 of
the least contrast around."""

GOLDEN = 0.618033988749895
"""Steps of this share of the width spread windows evenly, however many there are."""


class Window(NamedTuple):
    """A part of a picture.

    Attributes:
        top, left: its place.
        pixels: its pixels.
        contrast: a byte a pixel, as in the whole picture; empty where all weigh the same.
    """

    top: int
    left: int
    pixels: Pixels
    contrast: bytes

    @property
    def weights(self) -> Weights:
        """The weights of its pixels, as those of a photo."""
        return Weights(self.contrast, is_graphic=False)

    def score(self, indices: bytes | memoryview, palette: Palette, options: Options) -> float:
        """Returns how good its indices look, see `quality.score.Candidate`."""
        pixels, colors = self.pixels, palette.buffer
        return _core.score(
            pixels.data, pixels.width, pixels.channels, indices, colors, options.threads
        )


class Sample(NamedTuple):
    """What is known of a picture once some windows have been read.

    Attributes:
        windows: the windows.
        is_graphic: whether the picture is drawn rather than taken.
    """

    windows: list[Window]
    is_graphic: bool

    def opaque(self) -> "Sample":
        """Returns the sample without an alpha channel that is 255 everywhere."""
        windows = [
            window._replace(pixels=without_alpha(window.pixels))
            if window.pixels.channels == 4
            else window
            for window in self.windows
        ]
        return self._replace(windows=windows)


def read_sample(source: Source, options: Options) -> Sample:
    """Reads windows that are spread evenly over a picture.

    Args:
        source: the picture.
        options: method and threads are used.
    """
    width, height = min(source.width, COLUMNS), min(source.height, ROWS)
    room = (source.width // width) * (source.height // height)
    n_windows = min(-(-SAMPLE_PIXELS // (width * height)), MOST_WINDOWS, room)
    windows = []
    n_drawn = 0.0
    for number in range(n_windows):
        free_rows, free_columns = source.height - height, source.width - width
        top = free_rows * (2 * number + 1) // (2 * n_windows) // ROWS_OF_BAND * ROWS_OF_BAND
        left = round(free_columns * ((number + 1) * GOLDEN % 1.0))
        window = _read(source, top, left, (width, height), options)
        windows.append(window)
        n_drawn += weigh(window.pixels, options).is_graphic
    is_graphic = options.method == "perceptual" and 2 * n_drawn > n_windows
    return Sample(windows, is_graphic)


def _read(source: Source, top: int, left: int, size: tuple[int, int], options: Options) -> Window:
    width, height = size
    first, begin = max(0, top - CONTRAST_REACH), max(0, left - CONTRAST_REACH)
    end = min(left + width + CONTRAST_REACH, source.width)
    around = source.pixels(first, min(top + height + CONTRAST_REACH, source.height), begin, end)
    contrast = _cut(
        memoryview(weights_of(around, options)), around.width, 1, top - first, left - begin, size
    )
    rows = memoryview(around.data)
    data = _cut(rows, around.width, around.channels, top - first, left - begin, size)
    return Window(top, left, around._replace(data=data, width=width, height=height), contrast)


def _cut(
    data: memoryview, row: int, n_bytes: int, top: int, left: int, size: tuple[int, int]
) -> bytes:
    """Returns a part of a picture of so many bytes a pixel."""
    width, height = size
    places = ((y * row + left) * n_bytes for y in range(top, top + height))
    return b"".join(data[place : place + width * n_bytes] for place in places) if data else b""


def weights_of(pixels: Pixels, options: Options) -> memoryview | bytes:
    """Returns the local contrast of pixels as those of a photo; empty where the method asks not."""
    if options.method == "classic":
        return UNWEIGHTED
    return _core.local_contrast(pixels.data, pixels.width, pixels.channels, options.threads)
