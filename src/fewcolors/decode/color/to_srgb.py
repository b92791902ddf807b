"""From a picture's own colours to sRGB: which steps it takes, and their functions."""

from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from .icc_read import is_srgb, read_curves, read_matrix, space_of
from .icc_write import build_profile
from .littlecms import Convert, build_transform
from .profiles import GREY_MODES, Profile
from .tone_curves import SRGB_CURVE, encoded

__all__ = ["Wide", "converter", "in_srgb_tones"]

MODES_WITH_ALPHA = {"RGBA", "LA", "PA", "RGBa", "La"}


class Wide(NamedTuple):
    """The first step of converting 16 bits: with the curve of sRGB, 8 bits are enough.

    Attributes:
        tables: what each level of 16 bits becomes, for each channel.
        profile: what the values mean then; None for sRGB.
    """

    tables: Sequence[Sequence[int]]
    profile: Profile | None


def converter(image: Image.Image, profile: Profile | None) -> tuple[Convert, int]:
    """Returns what converts a picture, and how many channels it has then.

    Args:
        image: of one of Pillow's 8-bit modes.
        profile: what its values mean; None for sRGB.

    Returns:
        The function, for strips of the picture; and 3 (RGB) or 4 (RGBA).
    """
    has_alpha = image.mode in MODES_WITH_ALPHA or "transparency" in image.info
    mode, channels = ("RGBA", 4) if has_alpha else ("RGB", 3)
    if image.mode == "LAB":
        return build_transform(None, "LAB", "RGB"), 3
    if profile is None:
        return (lambda strip: strip if strip.mode == mode else strip.convert(mode)), channels
    if image.mode == "CMYK":
        return build_transform(profile.icc, "CMYK", "RGB"), 3
    if image.mode in GREY_MODES:
        return _grey_converter(profile, has_alpha), channels
    transform = build_transform(profile.icc, mode, mode)  # which leaves alpha as it is
    return (lambda strip: transform(strip if strip.mode == mode else strip.convert(mode))), channels


def in_srgb_tones(profile: Profile, image: Image.Image) -> Wide | None:
    """Plans how 16 bits become 8 in a profile: the light they mean, as sRGB would store it.

    Rounded in their own scale, the shadows of linear pictures would be a handful of levels.

    Args:
        profile: what the values mean.
        image: the picture, of which only the mode counts.

    Returns:
        The tables, and the profile that is left to convert from; None where the profile has tables
        of its own.
    """
    tables = _tone_tables(profile.icc, 65536)
    if tables is None:
        return None
    if image.mode in GREY_MODES:
        return Wide(tables[:1], None) if _are_equal(tables) else None
    matrix = read_matrix(profile.icc)
    if matrix is None:
        return None
    icc = build_profile(profile.name, matrix, SRGB_CURVE)
    return Wide(tables, None if is_srgb(icc) else profile._replace(icc=icc))


def _grey_converter(profile: Profile, has_alpha: bool) -> Convert:
    convert = _grey_transform(profile)
    if not has_alpha:
        return lambda strip: convert(strip.convert("L"))

    def with_alpha(strip: Image.Image) -> Image.Image:
        grey, alpha = strip.convert("LA").split()
        converted = convert(grey)
        converted.putalpha(alpha)
        return converted

    return with_alpha


def _grey_transform(profile: Profile) -> Convert:
    """Greys stay grey whatever the primaries, so that the tone curve is all that counts."""
    tables = _tone_tables(profile.icc, 256)
    if tables is not None and _are_equal(tables):
        table = tables[0]
        return lambda grey: grey.point(table).convert("RGB")
    if space_of(profile.icc) == "GRAY":
        return build_transform(profile.icc, "L", "RGB")
    transform = build_transform(profile.icc, "RGB", "RGB")
    return lambda grey: transform(grey.convert("RGB"))


def _tone_tables(icc: bytes, levels: int) -> list[list[int]] | None:
    """Returns what each level becomes as sRGB would store its light, in 8 bits, a channel each."""
    curves = read_curves(icc)
    if curves is None:
        return None
    most = levels - 1
    tables = {
        curve: [int(encoded(curve(level / most)) * 255 + 0.5) for level in range(levels)]
        for curve in set(curves)  # which are nearly always one
    }
    return [tables[curve] for curve in curves]


def _are_equal(tables: list[list[int]]) -> bool:
    return all(table == tables[0] for table in tables)
