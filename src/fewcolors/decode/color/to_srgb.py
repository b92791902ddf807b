"""Converts a picture's own colours to sRGB, a strip at a time."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PIL import Image

from .icc_read import is_srgb, read_curves, read_matrix, space_of
from .icc_write import build_profile
from .littlecms import Convert, build_transform
from .profiles import GREY_MODES, Profile
from .tone_curves import SRGB_CURVE, srgb_levels

__all__ = ["SixteenBit", "converter", "in_srgb_tones"]

MODES_WITH_ALPHA = {"RGBA", "LA", "PA", "RGBa", "La"}


class SixteenBit(NamedTuple):
    """The first step of converting 16 bits: to 8 bits with the tone curve of sRGB.

    Attributes:
        tables: what each level of 16 bits becomes, for each channel.
        profile: the colour space of the result; None for sRGB.
    """

    tables: Sequence[Sequence[int]]
    profile: Profile | None


def converter(image: Image.Image, profile: Profile | None) -> Convert:
    """Returns what converts the strips of a picture to sRGB, RGB or RGBA.

    Args:
        image: a strip, of one of Pillow's 8-bit modes.
        profile: the colour space of its values; None for sRGB.
    """
    mode = "RGBA" if _has_alpha(image) else "RGB"
    if image.mode == "LAB":
        return build_transform(None, "LAB", "RGB")
    if profile is None:
        return partial(_in_mode, mode=mode)
    if image.mode == "CMYK":
        return build_transform(profile.icc, "CMYK", "RGB")
    if image.mode in GREY_MODES:
        return _grey_converter(profile, mode == "RGBA")
    transform = build_transform(profile.icc, mode, mode)  # which leaves alpha as it is
    return lambda strip: transform(_in_mode(strip, mode))


def _has_alpha(image: Image.Image) -> bool:
    if image.mode == "P" and image.palette is not None and image.palette.mode == "RGBA":
        return True
    return image.mode in MODES_WITH_ALPHA or "transparency" in image.info


def _in_mode(strip: Image.Image, mode: str) -> Image.Image:
    if strip.mode == "La":  # grey premultiplied with alpha, which Pillow converts to one mode only
        strip = strip.convert("LA")
    return strip if strip.mode == mode else strip.convert(mode)


def in_srgb_tones(profile: Profile, image: Image.Image) -> SixteenBit | None:
    """Returns how 16 bits become 8: the light of each level, as the tone curve of sRGB stores it.

    Rounded with their own curve, the shadows of linear pictures would be a handful of levels.

    Args:
        profile: the colour space of the values.
        image: the picture, of which only the mode counts.

    Returns:
        The tables, and the profile of the result; None where the profile has tables of its own.
    """
    tables = _tone_tables(profile.icc, 65536)
    if tables is None:
        return None
    if image.mode in GREY_MODES:
        return SixteenBit(tables[:1], None) if _are_equal(tables) else None
    matrix = read_matrix(profile.icc)
    if matrix is None:
        return None
    icc = build_profile(profile.name, matrix, SRGB_CURVE)
    return SixteenBit(tables, None if is_srgb(icc) else profile._replace(icc=icc))


def _grey_converter(profile: Profile, has_alpha: bool) -> Convert:
    convert = _grey_transform(profile)
    if not has_alpha:
        return lambda strip: convert(_in_mode(strip, "L"))

    def with_alpha(strip: Image.Image) -> Image.Image:
        grey, alpha = _in_mode(strip, "LA").split()
        converted = convert(grey)
        converted.putalpha(alpha)
        return converted

    return with_alpha


def _grey_transform(profile: Profile) -> Convert:
    """Returns the conversion of greys to RGB.

    Greys stay grey whatever the primaries are, so only the tone curve counts.
    """
    tables = _tone_tables(profile.icc, 256)
    if tables is not None and _are_equal(tables):
        table = tables[0]
        return lambda grey: grey.point(table).convert("RGB")
    if space_of(profile.icc) == "GRAY":
        return build_transform(profile.icc, "L", "RGB")
    transform = build_transform(profile.icc, "RGB", "RGB")
    return lambda grey: transform(grey.convert("RGB"))


def _tone_tables(icc: bytes, levels: int) -> list[list[int]] | None:
    """Returns the 8-bit level of sRGB that has the light of each level, for each channel.

    None where the profile has tables instead of tone curves.
    """
    curves = read_curves(icc)
    if curves is None:
        return None
    tables = {curve: srgb_levels(curve, levels) for curve in set(curves)}  # nearly always one
    return [tables[curve] for curve in curves]


def _are_equal(tables: list[list[int]]) -> bool:
    return all(table == tables[0] for table in tables)
