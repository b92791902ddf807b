"""Converts an opened picture to 8-bit sRGB pixels, upright, a strip at a time."""

from .bit_depth import in_eight_bits
from .color.icc_read import space_of
from .color.profiles import IGNORED, Profile, find_profile
from .color.to_srgb import converter, in_srgb_tones
from .metadata import read_metadata
from .opened import Opened
from .orientation import orientation_of
from .pixels import Pixels
from .strips import Canvas
from .wishes import File, Wishes

__all__ = ["pixels_of"]


def pixels_of(opened: Opened, file: File, wishes: Wishes) -> Pixels:
    """Converts an opened picture, a strip at a time."""
    image = opened.description
    metadata = read_metadata(image) if wishes.keep_metadata else None
    profile, ignored = find_profile(image)
    is_kept = wishes.keep_profile and profile is not None and space_of(profile.icc) == "RGB"
    notes = [IGNORED] if ignored or opened.is_color_damaged else []
    if profile is not None and not is_kept:
        notes.append(_conversion_note(profile, wishes.keep_profile))

    left, tables = None if is_kept else profile, None
    if left and opened.is_sixteen_bit and (step := in_srgb_tones(left, image)):
        tables, left = step
    canvas = Canvas(opened.size, orientation_of(image))
    convert = None
    for loaded in opened.strips():
        strip = in_eight_bits(loaded, tables)
        convert = convert or converter(strip, left)
        canvas.add(convert(strip))
    data, n_bytes = canvas.data, file.n_bytes
    return Pixels(
        data,
        *canvas.size,
        canvas.channels,
        len(data) if n_bytes is None else n_bytes,
        file.format,
        profile if is_kept else None,
        "; ".join(notes + opened.notes) or None,
        metadata,
    )


def _conversion_note(profile: Profile, keep_profile: bool) -> str:
    converted = f"converted from {profile.name} to sRGB"
    space = space_of(profile.icc)
    if space != "RGB":
        return f"{converted}: palettes are RGB, not {space}" if keep_profile else converted
    return f"{converted}; keep_profile leaves its colours as they are"
