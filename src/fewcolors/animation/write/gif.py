"""Animations as GIF.

A frame is drawn over the picture, and its transparent pixels leave the picture as it is. A pixel
becomes transparent again only if the frame before clears its area at the end of its time. A frame
is therefore held back until the next one is known.
"""

from PIL import Image, ImageChops

from ...decode.metadata import Metadata
from ...encode.gif import gif_comments, one_transparent_entry
from ...encode.gif_blocks import (
    KEEP,
    MAX_SIDE,
    TO_BACKGROUND,
    TRAILER,
    control_block,
    image_block,
    loop_block,
    screen,
    table_bits,
)
from ...errors import EncodeError
from ...formats import Format
from ...indexed import Palette
from .patches import Box, Patch, changed_box, patches, transparent_index

__all__ = ["GifWriter"]

MAX_DELAY = 65535  # hundredths of a second
MAX_REPEATS = 65535
FOR_EVER, ONCE = 0, 1


class GifWriter:
    """Writes frames one by one."""

    format: Format = "gif"

    def __init__(self, palette: Palette, loop: int, *, keeps_order: bool = False) -> None:
        self._palette = palette
        self._keeps_order = keeps_order
        self._one_transparent = list(one_transparent_entry(palette.data))
        self._transparent = transparent_index(palette)
        self._is_transparent = [255 * (index == self._transparent) for index in range(256)]
        self._loop = loop
        self._body: list[bytes] = []
        self._size = (0, 0)
        self._canvas: Image.Image | None = None  # the picture when the held frame is drawn
        self._held: Image.Image | None = None
        self._delay = 0
        self._time = self._time_written = (
            0.0  # where all frames so far end, before and after rounding
        )
        self.durations: list[float] = []

    def add(self, indices: Image.Image, duration: float) -> None:
        """Adds a frame, shown for so many milliseconds. Errors of rounding do not add up.

        Raises:
            EncodeError: the frame is too large, or shown for too long.
        """
        if max(indices.size) > MAX_SIDE:
            raise EncodeError(f"GIF has no more than {MAX_SIDE:,} pixels a side; choose format png")
        if self._palette.data[3::4].count(0) > 1:
            indices = indices.point(self._one_transparent)
        if self._held is not None:
            self._write(indices)
        self._size, self._held = indices.size, indices
        self._delay = self._rounded(duration)

    def finished(self, metadata: Metadata | None) -> bytes:
        """Returns the file."""
        self._write(None)
        head = [screen(*self._size, self._palette.data)]
        if self._loop != ONCE:
            repeats = self._loop - 1 if self._loop != FOR_EVER else FOR_EVER
            head.append(loop_block(min(repeats, MAX_REPEATS)))
        return b"".join([*head, *gif_comments(metadata), *self._body, TRAILER])

    def _rounded(self, duration: float) -> int:
        self._time += duration / 10
        delay = max(0, round(self._time - self._time_written))
        if delay > MAX_DELAY:
            raise EncodeError(
                f"a frame of {delay // 100:,} s is too long for GIF; choose format png"
            )
        self._time_written += delay
        self.durations.append(10.0 * delay)
        return delay

    def _write(self, following: Image.Image | None) -> None:
        """Writes the frame that was held back, now that the one after it is known."""
        if self._held is None:
            return
        box = changed_box(self._canvas, self._held)
        clears = self._to_clear(following)
        if clears is not None:
            box = _around(box, clears)
        disposal = KEEP if clears is None else TO_BACKGROUND
        ways = patches(self._canvas, self._held, self._palette, box, self._transparent)
        self._body.append(min((self._block(way, disposal) for way in ways), key=len))
        self._canvas = self._held
        if clears is not None:
            self._canvas = self._held.copy()
            self._canvas.paste(self._transparent or 0, box)

    def _to_clear(self, following: Image.Image | None) -> Box | None:
        """Returns the rectangle around the pixels that become transparent after the held frame."""
        if following is None or self._held is None or self._transparent is None:
            return None
        if self._transparent not in following.tobytes():
            return None
        becomes = following.point(self._is_transparent, "L")
        return ImageChops.subtract(becomes, self._held.point(self._is_transparent, "L")).getbbox()

    def _block(self, patch: Patch, disposal: int) -> bytes:
        """Returns a frame, with a colour table of its own where that is allowed and smaller."""
        control = control_block(self._delay, disposal, self._transparent)
        size, data = patch.indices.size, patch.indices.tobytes()
        bits = table_bits(len(self._palette))
        block = control + image_block(data, size, bits, patch.at)
        if self._keeps_order:
            return block
        used = [index for index, count in enumerate(patch.indices.histogram()) if count]
        if table_bits(len(used)) < bits:
            if disposal == TO_BACKGROUND and self._transparent not in used:
                used.append(self._transparent or 0)  # some viewers clear the area to this entry
            block = min(block, self._block_of_few(patch, disposal, used), key=len)
        return block

    def _block_of_few(self, patch: Patch, disposal: int, used: list[int]) -> bytes:
        places = bytearray(256)
        for place, index in enumerate(used):
            places[index] = place
        is_used = self._transparent in used
        transparent = (
            places[self._transparent] if is_used and self._transparent is not None else None
        )
        data = patch.indices.tobytes().translate(bytes(places))
        colors = b"".join(map(self._palette.entry, used))
        image = image_block(data, patch.indices.size, table_bits(len(used)), patch.at, colors)
        return control_block(self._delay, disposal, transparent) + image


def _around(first: Box, second: Box) -> Box:
    """Returns the rectangle around two."""
    left, top = min(first[0], second[0]), min(first[1], second[1])
    return (left, top, max(first[2], second[2]), max(first[3], second[3]))
