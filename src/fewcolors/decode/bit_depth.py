"""Rounding pictures of more than 8 bits a channel, of which Pillow would drop the lower half."""

import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

from PIL import Image, ImageChops, ImageFile

from ..errors import DecodeError
from .strips import strips_of

__all__ = ["WIDE_GREY_MODES", "Loaded", "in_eight_bits", "load"]

LEVELS = 65536
Table: TypeAlias = Sequence[int]

WIDE_GREY_MODES = {"F", "I", "I;16", "I;16L", "I;16B", "I;16N"}
WIDE_LAYOUTS = {"RGB;16", "RGBA;16", "RGBX;16", "CMYK;16"}
OTHER_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}

# What Pillow multiplies the levels of grey of few bits by.
GREY_SCALES = {"L;2": 85, "L;4": 17}

TIFF_BITS = 258

RgbKey: TypeAlias = tuple[int, int, int]


class Loaded(NamedTuple):
    """A picture as Pillow reads it.

    Attributes:
        image: its pixels; of 16 bits a channel their upper bytes.
        low: their lower bytes, or None.
        key: the colour of 16 bits a channel that is transparent, or None.
    """

    image: Image.Image
    low: Image.Image | None = None
    key: RgbKey | None = None


def load(image: ImageFile.ImageFile, reopen: Callable[[], ImageFile.ImageFile]) -> Loaded:
    """Reads the pixels of a file, all bits of them.

    Pillow has no modes of several channels of 16 bits: it unpacks the upper byte of each. Told that
    the bytes stand the other way round, it unpacks the lower one.

    Args:
        image: just opened.
        reopen: opens it once more.

    Returns:
        The pixels, not yet rounded.
    """
    layout = _layout(image)
    if image.format == "TIFF" and not layout:
        _read_planes(image)
    if layout == "LA;16B":
        # Four bytes a pixel, taken for four channels: all that Pillow has for grey and alpha.
        _read_as(image, "RGBA")
        image.load()
        grey, low_grey, alpha, low_alpha = image.split()
        high = Image.merge("LA", (grey, alpha))
        high.info = image.info
        return Loaded(high, Image.merge("LA", (low_grey, low_alpha)))
    if layout[:-1] not in WIDE_LAYOUTS:
        if image.format == "PNG":
            _scale_transparency(image, layout)
        image.load()
        return Loaded(image)
    key = image.info.pop("transparency", None)
    image.load()
    with reopen() as low:
        _read_as(low, layout[:-1] + OTHER_ORDER[layout[-1]])
        low.load()
        return Loaded(image, low, key)


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
    image.tile = [
        tile._replace(args=(layout, *tile.args[1:]) if isinstance(tile.args, tuple) else layout)
        for tile in image.tile
    ]


def _scale_transparency(image: Image.Image, layout: str) -> None:
    """Brings a transparent level of grey, which Pillow leaves as stored, to its pixels' scale."""
    key = image.info.get("transparency")
    if isinstance(key, int) and layout in GREY_SCALES:
        image.info["transparency"] = key * GREY_SCALES[layout]


def in_eight_bits(loaded: Loaded, tables: Sequence[Table] | None) -> Image.Image:
    """Rounds a picture to 8 bits a channel.

    Args:
        loaded: the picture.
        tables: what each level of 16 bits becomes, for each channel but alpha; None to round.

    Returns:
        The picture, of one of Pillow's 8-bit modes.

    Raises:
        DecodeError: its numbers have no known scale.
    """
    image = loaded.image
    if loaded.low is not None:
        return _joined(loaded, tables)
    if image.mode == "F":
        low, high = cast("tuple[float, float]", image.getextrema())
        if not 0 <= low <= high <= 1:
            raise DecodeError(
                f"floating values {low:g} to {high:g}, not 0 to 1; scale them, or save 8 bits"
            )
        image = image.point(lambda value: value * (LEVELS - 1) + 0.5).convert("I")
    if image.mode not in WIDE_GREY_MODES:
        return image
    wide = image if image.mode == "I" else image.convert("I")
    least, most = cast("tuple[int, int]", wide.getextrema())
    if least < 0 or most >= LEVELS:
        raise DecodeError(
            f"values {least} to {most}, not 0 to {LEVELS - 1}; scale them, or save 8 bits"
        )
    grey = wide.point(tables[0] if tables else _rounded(), "L")
    key = loaded.image.info.get("transparency")
    if isinstance(key, int):
        alpha = wide.point([0 if value == key else 255 for value in range(LEVELS)], "L")
        grey = Image.merge("LA", (grey, alpha))
    return _described(grey, image)


def _joined(loaded: Loaded, tables: Sequence[Table] | None) -> Image.Image:
    """Joins upper and lower bytes, a strip at a time, and rounds them."""
    high, low, key = loaded
    assert low is not None
    bands = high.getbands()
    per_band = [*(tables or [_rounded()] * len(bands)), _rounded()][: len(bands)]
    joined = high if key is None else Image.new("RGBA", high.size)  # in place where it can be
    for box in strips_of(high):
        pairs = zip(high.crop(box).split(), low.crop(box).split(), strict=True)
        wide = [_sixteen_bits(upper, lower) for upper, lower in pairs]
        strip = [band.point(table, "L") for band, table in zip(wide, per_band, strict=True)]
        if key is not None:
            strip.append(_alpha_of(wide, key))
        joined.paste(Image.merge(joined.mode, strip), box)
    return _described(joined, high)


@cache
def _rounded() -> Table:
    """Returns each 16-bit level in 8 bits."""
    return [(value + 128) // 257 for value in range(LEVELS)]


def _sixteen_bits(upper: Image.Image, lower: Image.Image) -> Image.Image:
    pairs = Image.merge("LA", (lower, upper)).tobytes()
    return Image.frombytes("I;16", upper.size, pairs).convert("I")


def _alpha_of(wide: list[Image.Image], key: RgbKey) -> Image.Image:
    """Returns 0 where every channel is that of the transparent colour, 255 elsewhere."""
    others = [
        band.point([0 if value == level else 255 for value in range(LEVELS)], "L")
        for band, level in zip(wide, key, strict=True)
    ]
    return ImageChops.lighter(ImageChops.lighter(others[0], others[1]), others[2])


def _described(image: Image.Image, original: Image.Image) -> Image.Image:
    """Hands on what is known of a picture, but for a transparency that is alpha by now."""
    image.info = {key: value for key, value in original.info.items() if key != "transparency"}
    return image
