"""Finds the colour space of a picture's values: its profile, where it is not sRGB.

Precedence is that of the PNG specification, third edition, 4.3: cICP, iCCP, sRGB, then gAMA and
cHRM. A description that is damaged or not understood is ignored, and the next one counts, as in
browsers.
"""

import struct
import zlib
from typing import Any, NamedTuple

from PIL import Image

from .icc_read import is_srgb, read_curves, space_of
from .icc_write import SRGB_PRIMARIES, Primaries, build_profile
from .littlecms import build_transform, description
from .tone_curves import SRGB_CURVE, ToneCurve

__all__ = ["GREY_MODES", "IGNORED", "Profile", "find_profile"]

GREY_MODES = {"1", "L", "LA", "La", "I", "I;16", "I;16L", "I;16B", "I;16N", "F"}

IGNORED = (
    "a colour profile was ignored: damaged, of another kind of picture, or not understood; "
    "colours taken as sRGB"
)

NEAR_GAMMA = 0.005
"""sRGB is stored as 0.45455, 0.455 or 0.45."""
NEAR_CHROMATICITY = 0.002
GAMMAS = (0.05, 5.0)
"""Beyond these, 8 bits are nearly all black or nearly all white."""

BT709_CURVE = ToneCurve(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
# Code points of ITU-T H.273. Those of high dynamic range (PQ, HLG) have no counterpart in sRGB.
D65 = SRGB_PRIMARIES.white
CICP_PRIMARIES = {
    1: ("BT.709", SRGB_PRIMARIES),
    5: ("BT.601 (625)", Primaries(D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06))),
    6: ("BT.601 (525)", Primaries(D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07))),
    7: ("SMPTE 240M", Primaries(D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07))),
    9: ("BT.2020", Primaries(D65, (0.708, 0.292), (0.17, 0.797), (0.131, 0.046))),
    12: ("Display P3", Primaries(D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06))),
}
CICP_CURVES = {
    **dict.fromkeys((1, 6, 14, 15), BT709_CURVE),
    4: ToneCurve(2.2),
    5: ToneCurve(2.8),
    8: ToneCurve(1.0),
    13: SRGB_CURVE,
}


class Profile(NamedTuple):
    """The colour space of a picture's values, where it is not sRGB.

    Attributes:
        name: for people, such as "Display P3".
        icc: the bytes of the ICC profile.
        png_chunks: kind and data of the chunks that say the same in a PNG.
    """

    name: str
    icc: bytes
    png_chunks: tuple[tuple[bytes, bytes], ...]


SRGB = Profile("sRGB", b"", ())


def find_profile(image: Image.Image) -> tuple[Profile | None, str | None]:
    """Finds the colour space of a picture's values.

    Args:
        image: with the ``info`` of its file, including "cicp", the data of that chunk of a PNG.

    Returns:
        The profile, or None for sRGB; and a note on what had to be ignored, or None.
    """
    note = None
    for read in (_from_cicp, _from_icc, _from_srgb_chunk, _from_numbers):
        try:
            profile = read(image)
            if profile is not None and profile is not SRGB:
                _try(profile)
        except Exception:  # damaged profiles raise errors of any kind
            note = IGNORED
            continue
        if profile is not None:
            return (None if profile is SRGB else profile), note
    return None, note


def _try(profile: Profile) -> None:
    """Raises an error where nothing can be converted from a profile."""
    space = space_of(profile.icc)
    read_curves(profile.icc)
    build_transform(profile.icc, "L" if space == "GRAY" else space, "RGB")


def _from_cicp(image: Image.Image) -> Profile | None:
    cicp = image.info.get("cicp")
    nclx: Any = image.info.get("nclx_profile") if "icc_profile" not in image.info else None
    if nclx is not None:  # of HEIF, with the same codes
        cicp = bytes((nclx["color_primaries"], nclx["transfer_characteristics"], 0, 1))
    if cicp is None:
        return None
    primaries_code, curve_code, matrix, is_full_range = cicp
    if matrix != 0 or is_full_range != 1:
        raise ValueError("values that are not RGB from 0 to 1")
    name, primaries = CICP_PRIMARIES[primaries_code]
    curve = CICP_CURVES[curve_code]
    if primaries is SRGB_PRIMARIES and curve is SRGB_CURVE:
        return SRGB
    icc = build_profile(name, primaries, curve)
    return Profile(name, icc, ((b"cICP", cicp), _iccp(icc)))


def _from_icc(image: Image.Image) -> Profile | None:
    icc = image.info.get("icc_profile")
    if not icc:
        return None
    space = space_of(icc)
    if space == "GRAY":
        fits = image.mode in GREY_MODES
    else:
        fits = space == ("CMYK" if image.mode == "CMYK" else "RGB")
    if not fits:
        raise ValueError(f"a profile of {space} for pixels of {image.mode}")
    if is_srgb(icc):
        return SRGB
    return Profile(description(icc) or f"a profile of {space}", icc, (_iccp(icc),))


def _from_srgb_chunk(image: Image.Image) -> Profile | None:
    return SRGB if "srgb" in image.info else None


def _from_numbers(image: Image.Image) -> Profile | None:
    """Reads gAMA and cHRM. Where one is missing, that of sRGB is used."""
    gamma, points = image.info.get("gamma"), image.info.get("chromaticity")
    if image.mode == "CMYK" or (gamma is None and points is None):
        return None
    curve, primaries, chunks = SRGB_CURVE, SRGB_PRIMARIES, []
    if gamma is not None:
        if not GAMMAS[0] <= gamma <= GAMMAS[1]:
            raise ValueError("a gamma out of range")
        if abs(gamma - 0.45455) > NEAR_GAMMA:
            curve = ToneCurve(1 / gamma)
        chunks.append((b"gAMA", struct.pack(">I", round(gamma * 100_000))))
    if points is not None:
        pairs = list(zip(points[::2], points[1::2], strict=True))
        if not _is_near(points, [number for pair in SRGB_PRIMARIES for number in pair]):
            primaries = Primaries(*pairs)
        chunks.append((b"cHRM", struct.pack(">8I", *(round(v * 100_000) for v in points))))
    if curve is SRGB_CURVE and primaries is SRGB_PRIMARIES:
        return SRGB
    name = f"gamma {gamma:g}" if curve is not SRGB_CURVE else "primaries of its own"
    return Profile(name, build_profile(name, primaries, curve), tuple(chunks))


def _is_near(numbers: Any, others: list[float]) -> bool:
    return all(
        abs(number - other) <= NEAR_CHROMATICITY
        for number, other in zip(numbers, others, strict=True)
    )


def _iccp(icc: bytes) -> tuple[bytes, bytes]:
    return b"iCCP", b"ICC profile\0\0" + zlib.compress(icc, 9)
