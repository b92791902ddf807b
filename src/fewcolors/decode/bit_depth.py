"""More than 8 bits a channel, rounded to 8. Pillow alone would drop the lower half."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from typing import Any, NamedTuple, TypeAlias, cast

from PIL import Image, ImageChops, ImageFile

from ..errors import DecodeError
from .strips import strips_of

__all__ = ["Loaded", "check_range", "in_eight_bits", "is_sixteen_bit", "load", "strips_of_loaded"]

LEVELS = 65536
Table: TypeAlias = Sequence[int]

SIXTEEN_BIT_GREY_MODES = {"F", "I", "I;16", "I;16L", "I;16B", "I;16N"}
SIXTEEN_BIT_LAYOUTS = {"RGB;16", "RGBA;16", "RGBX;16", "CMYK;16"}
OTHER_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}
"""Pillow's suffixes of byte orders: big-endian, little-endian, native."""

GREY_SCALES = {"L;2": 85, "L;4": 17}
"""Pillow multiplies the levels of grey of 2 and 4 bits by these."""

HALF_A_LEVEL = 128

WITH_ALPHA = {"L": "LA", "RGB": "RGBA"}

TIFF_BITS = 258

Key: TypeAlias = tuple[int, ...]


class Loaded(NamedTuple):
    """A picture, or a strip of one, as Pillow reads it.

    Attributes:
        image: its pixels; of 16 bits a channel their upper bytes.
        low: their lower bytes, or None.
        key: the colour of 16 bits a channel that is transparent, or None.
    """

    image: Image.Image
    low: Image.Image | None = None
    key: Key | None = None


def load(
    image: ImageFile.ImageFile,
    reopen: Callable[[], ImageFile.ImageFile],
    load_pixels: Callable[[ImageFile.ImageFile], object] = ImageFile.ImageFile.load,
) -> Loaded:
    """Reads the pixels of a file, all bits of them.

    Pillow has no modes of several channels of 16 bits: it unpacks the upper byte of each. Told that
    the bytes stand the other way round, it unpacks the lower one.

    Args:
        image: just opened.
        reopen: opens it once more.
        load_pixels: has Pillow decode an opened image.

    Returns:
        The pixels, not yet rounded.
    """
    layout = _layout(image)
    if image.format == "TIFF" and not layout:
        _read_planes(image)
    if layout == "LA;16B":
        # Pillow has no layout for the lower bytes of grey and alpha. Read as four channels of
        # 8 bits, all four bytes of a pixel arrive.
        _read_as(image, "RGBA")
        load_pixels(image)
        grey, low_grey, alpha, low_alpha = image.split()
        high = Image.merge("LA", (grey, alpha))
        high.info = image.info
        return Loaded(high, Image.merge("LA", (low_grey, low_alpha)))
    if layout[:-1] not in SIXTEEN_BIT_LAYOUTS:
        if image.format == "PNG":
            _scale_transparency(image, layout)
        load_pixels(image)
        return Loaded(image)
    key = image.info.pop("transparency", None)
    load_pixels(image)
    with reopen() as low:
        _read_as(low, layout[:-1] + OTHER_ORDER[layout[-1]])
        load_pixels(low)
        return Loaded(image, low, key)


def is_sixteen_bit(loaded: Loaded) -> bool:
    """Whether a picture has more than 8 bits a channel."""
    return loaded.low is not None or loaded.image.mode in SIXTEEN_BIT_GREY_MODES


def strips_of_loaded(loaded: Loaded) -> Iterator[Loaded]:
    """Yields the strips of a picture, from top to bottom."""
    image, low, key = loaded
    for box in strips_of(image):
        if box == (0, 0, *image.size):
            yield loaded
        else:
            yield Loaded(image.crop(box), None if low is None else low.crop(box), key)


def check_range(image: Image.Image) -> None:
    """Raises a DecodeError where the numbers of a picture have no known scale."""
    if image.mode == "F":
        low, high = cast("tuple[float, float]", image.getextrema())
        if not 0 <= low <= high <= 1:
            raise DecodeError(
                f"floating values {low:g} to {high:g}, not 0 to 1; scale them, or save 8 bits"
            )
    if image.mode == "I":
        least, most = cast("tuple[int, int]", image.getextrema())
        if least < 0 or most >= LEVELS:
            raise DecodeError(
                f"values {least} to {most}, not 0 to {LEVELS - 1}; scale them, or save 8 bits"
            )


def in_eight_bits(loaded: Loaded, tables: Sequence[Table] | None) -> Image.Image:
    """Rounds a strip to 8 bits a channel.

    Args:
        loaded: the strip, of a picture that `check_range` takes.
        tables: what each level of 16 bits becomes, for each channel but alpha; None to round.

    Returns:
        The strip, of one of Pillow's 8-bit modes.
    """
    image = loaded.image
    if image.mode == "I;16":
        loaded = _split(image)
    if loaded.low is not None:
        return _joined(loaded, loaded.low, tables)
    if image.mode not in SIXTEEN_BIT_GREY_MODES:
        return image
    if image.mode == "F":
        image = image.point(lambda value: value * (LEVELS - 1) + 0.5)
    levels = image if image.mode == "I" else image.convert("I")
    return _with_info(levels.point(tables[0] if tables else _rounded(), "L"), image)


def _split(grey: Image.Image) -> Loaded:
    """Splits grey of 16 bits, little-endian, into upper and lower bytes."""
    data, key = grey.tobytes(), grey.info.get("transparency")
    low, high = (Image.frombytes("L", grey.size, data[first::2]) for first in (0, 1))
    return Loaded(_with_info(high, grey), low, (key,) if isinstance(key, int) else None)


def _joined(loaded: Loaded, low: Image.Image, tables: Sequence[Table] | None) -> Image.Image:
    """Joins upper and lower bytes, and rounds them."""
    high, key = loaded.image, loaded.key
    bands = _rounded_bands(high, low)
    if tables:
        pairs = zip(high.split(), low.split(), tables, strict=False)  # alpha has no table
        toned = [_sixteen_bits(upper, lower).point(table, "L") for upper, lower, table in pairs]
        bands = [*toned, *bands[len(toned) :]]
    if key is not None:
        bands = [*bands, _alpha_of(high, low, key)]
    mode = high.mode if key is None else WITH_ALPHA[high.mode]
    return _with_info(Image.merge(mode, bands), high)


def _rounded_bands(high: Image.Image, low: Image.Image) -> list[Image.Image]:
    """Returns the nearest 8-bit levels of 16 bits, a band each.

    A level ``256 high + low`` lies ``low - high`` above ``257 high``, which is what the 8-bit level
    ``high`` stands for. So it is nearer to another one where that is more than 128, half of 257.
    """
    one = [min(value, 1) for value in range(256)] * len(high.getbands())
    above = ImageChops.subtract(low, high, 1, -HALF_A_LEVEL).point(one)
    below = ImageChops.subtract(high, low, 1, -HALF_A_LEVEL).point(one)
    return list(ImageChops.subtract(ImageChops.add(high, above), below).split())


@cache
def _rounded() -> Table:
    """Returns each 16-bit level in 8 bits."""
    return [(value + HALF_A_LEVEL) // 257 for value in range(LEVELS)]


def _sixteen_bits(upper: Image.Image, lower: Image.Image) -> Image.Image:
    pairs = Image.merge("LA", (lower, upper)).tobytes()
    return Image.frombytes("I;16", upper.size, pairs).convert("I")


def _alpha_of(high: Image.Image, low: Image.Image, key: Key) -> Image.Image:
    """Returns 0 where every byte is that of the transparent colour, 255 elsewhere."""
    stored = [byte for level in key for byte in divmod(level, 256)]
    bands = [band for pair in zip(high.split(), low.split(), strict=True) for band in pair]
    others = (
        band.point([0 if value == byte else 255 for value in range(256)])
        for band, byte in zip(bands, stored, strict=True)
    )
    return reduce(ImageChops.lighter, others)


def _with_info(image: Image.Image, original: Image.Image) -> Image.Image:
    """Hands on what the file says, except for a transparent colour, which is alpha by now."""
    image.info = {key: value for key, value in original.info.items() if key != "transparency"}
    return image


def _layout(image: ImageFile.ImageFile) -> str:
    """Returns how the file's pixels are stored, in Pillow's words, such as "RGB;16B"."""
    layouts: set[object] = {
        tile.args if isinstance(tile.args, str) else next(iter(tile.args or ()), "")
        for tile in image.tile
    }
    layout = layouts.pop() if len(layouts) == 1 else ""
    return layout if isinstance(layout, str) else ""


def _read_planes(image: Any) -> None:
    """Has libtiff read a TIFF of one plane a channel: of 16 bits Pillow's own reader makes noise.

    libtiff's reader gives the upper bytes alone, which is half a level off.
    """
    bits = image.tag_v2.get(TIFF_BITS) or ()
    if 16 not in bits or image.use_load_libtiff:
        return
    tile = image.tile[0]
    args = (f"{image.mode};16N", False, image.tag_v2.offset)
    image.tile = [
        tile._replace(codec_name="libtiff", extents=(0, 0, *image.size), offset=0, args=args)
    ]
    image.use_load_libtiff = True


def _read_as(image: ImageFile.ImageFile, layout: str) -> None:
    """Has Pillow take the file's pixels for stored in another way."""
    image.tile = [
        tile._replace(args=(layout, *tile.args[1:]) if isinstance(tile.args, tuple) else layout)
        for tile in image.tile
    ]


def _scale_transparency(image: Image.Image, layout: str) -> None:
    """Brings a transparent level of grey, which Pillow leaves as stored, to its pixels' scale."""
    key = image.info.get("transparency")
    if isinstance(key, int) and layout in GREY_SCALES:
        image.info["transparency"] = key * GREY_SCALES[layout]
