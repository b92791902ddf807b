"""Converts an opened picture to 8-bit sRGB pixels, upright, a strip at a time."""

from collections.abc import Iterator, Sequence

from PIL import Image

from .bit_depth import in_eight_bits
from .color.icc_read import space_of
from .color.profiles import IGNORED, Profile, find_profile
from .color.to_srgb import converter, in_srgb_tones
from .few_colors import FewColors, fill
from .metadata import read_metadata
from .opened import Opened
from .orientation import orientation_of
from .pixels import Pixels
from .strips import Canvas
from .wishes import File, Wishes

__all__ = ["pixels_of"]


def pixels_of(opened: Opened, file: File, wishes: Wishes) -> Pixels | FewColors:
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
    few = fill(canvas, _converted(opened, tables, left), wishes.most_colors)
    n_bytes = few.n_bytes if few else len(canvas.data)
    pixels = Pixels(
        canvas.data,
        *canvas.size,
        canvas.channels,
        n_bytes if file.n_bytes is None else file.n_bytes,
        file.format,
        profile if is_kept else None,
        "; ".join(notes + opened.notes) or None,
        metadata,
    )
    return FewColors.of(few, pixels) if few else pixels


def _converted(
    opened: Opened, tables: Sequence[Sequence[int]] | None, profile: Profile | None
) -> Iterator[Image.Image]:
    """Yields the strips of a picture in sRGB; see `in_eight_bits` and `converter`."""
    convert = None
    for loaded in opened.strips():
        strip = in_eight_bits(loaded, tables)
        convert = convert or converter(strip, profile)
        yield convert(strip)


def _conversion_note(profile: Profile, keep_profile: bool) -> str:
    converted = f"converted from {profile.name} to sRGB"
    space = space_of(profile.icc)
    if space != "RGB":
        return f"{converted}: palettes are RGB, not {space}" if keep_profile else converted
    return f"{converted}; keep_profile leaves its colours as they are"
