"""Large pictures of few colours: an index a pixel is enough for them, a third of the memory of RGB.

A file of a few kilobytes may hold a hundred million pixels of two colours.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from .. import _core
from .pixels import Pixels
from .strips import Canvas, rows_of_strip

if TYPE_CHECKING:
    from PIL import Image

    from .color.profiles import Profile
    from .metadata import Metadata

__all__ = ["LARGE_PIXELS", "FewColors", "fill"]

LARGE_PIXELS = 1 << 22
"""Of smaller pictures the pixels themselves take 16 MB at most."""


TRANSPARENT = bytes(4)


class FewColors(NamedTuple):
    """A decoded picture as palette and indices, which lack nothing of its pixels.

    Attributes:
        indices: height x width bytes, row by row.
        width, height: in pixels.
        palette: four bytes a colour; alpha 0 is a single one, of zeros.
        counts: the pixels of each colour.
        bytes_in, format, profile, note, metadata: as of `Pixels`.
    """

    indices: bytearray
    width: int
    height: int
    palette: bytes
    counts: list[int]
    bytes_in: int
    format: str | None
    profile: "Profile | None" = None
    note: str | None = None
    metadata: "Metadata | None" = None

    @classmethod
    def of(cls, gathered: "Gathering", about: Pixels) -> "FewColors":
        """Returns what was gathered, with all that is known of the picture besides its pixels."""
        return cls(
            gathered.indices,
            about.width,
            about.height,
            gathered.palette,
            gathered.counts,
            about.bytes_in,
            about.format,
            about.profile,
            about.note,
            about.metadata,
        )


def fill(canvas: Canvas, strips: "Iterator[Image.Image]", most_colors: int) -> "Gathering | None":
    """Adds strips to a canvas, unless they are those of a large picture of few colours.

    Args:
        canvas: for the picture.
        strips: RGB or RGBA.
        most_colors: how many are few, at most 256; 0 to fill the canvas whatever there is.

    Returns:
        What was gathered instead; None where the canvas is filled.
    """
    width, height = canvas.size
    if most_colors and canvas.is_upright and width * height >= LARGE_PIXELS:
        gathering = Gathering(canvas.size, most_colors)
        for strip in strips:
            if gathering.add(strip):
                continue
            for earlier in gathering.strips():
                canvas.add(earlier)
            canvas.add(strip)
            break
        else:
            gathering.join_transparent()
            return gathering
        del gathering
    for strip in strips:
        canvas.add(strip)
    return None


class Gathering:
    """Gathers the indices of strips, for as long as their colours are few enough.

    Attributes:
        indices: of the picture, as far as strips have been added.
        palette: its colours so far, four bytes each.
        counts: the pixels of each so far.
    """

    def __init__(self, size: tuple[int, int], most_colors: int) -> None:
        """Expects a picture of a size, and takes so many colours at most."""
        self.indices = bytearray(size[0] * size[1])
        self.palette = b""
        self.counts: list[int] = []
        self._most_colors = most_colors
        self._width = size[0]
        self._numbers: dict[bytes, int] = {}
        self._end = 0
        self._mode = ""

    def add(self, strip: "Image.Image") -> bool:
        """Adds the next strip, RGB or RGBA; returns whether its colours could be taken."""
        self._mode = strip.mode
        data, n_channels = strip.tobytes(), len(strip.mode)
        colors, _ = _core.count_colors(data, n_channels, b"", True, 1)
        if len(colors) > self._most_colors:
            return False
        stored, numbers = colors.tobytes(), dict(self._numbers)
        found = [stored[at : at + 4] for at in range(0, len(stored), 4)]
        for color in found:
            numbers.setdefault(color, len(numbers))
        if len(numbers) > self._most_colors:
            return False
        labels = bytes(numbers[color] for color in found)
        palette = b"".join(numbers)
        entries = memoryview(palette).cast("B", (len(numbers), 4))
        indices = _core.map_colors(data, n_channels, colors, labels, 1)
        counts, error = _core.compare(data, strip.width, n_channels, indices, entries, 1)
        if error:  # many colours were counted as few that look the same
            return False
        before = self.counts + [0] * (len(counts) - len(self.counts))
        self.counts = [old + new for old, new in zip(before, counts, strict=True)]
        self._numbers, self.palette = numbers, palette
        self.indices[self._end : self._end + len(indices)] = indices
        self._end += len(indices)
        return True

    @property
    def n_bytes(self) -> int:
        """What the pixels take as they were added."""
        return len(self.indices) * len(self._mode)

    def strips(self) -> "Iterator[Image.Image]":
        """Yields what was added, a strip at a time."""
        from PIL import Image

        size = rows_of_strip(self._width) * self._width
        for at in range(0, self._end, size):
            part = bytes(self.indices[at : min(at + size, self._end)])
            image = Image.frombytes("P", (self._width, len(part) // self._width), part)
            image.putpalette(self.palette, "RGBA")
            yield image.convert(self._mode)

    def join_transparent(self) -> None:
        """Makes all colours of alpha 0 one."""
        joined: dict[bytes, int] = {}
        places, counts = bytearray(256), [0] * len(self.counts)
        for number, count in enumerate(self.counts):
            color = self.palette[4 * number : 4 * number + 4]
            place = joined.setdefault(color if color[3] else TRANSPARENT, len(joined))
            places[number] = place
            counts[place] += count
        _core.renumber(memoryview(self.indices), bytes(places), 1)
        self.palette, self.counts = b"".join(joined), counts[: len(joined)]
