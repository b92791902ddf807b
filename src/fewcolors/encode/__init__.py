"""The seventh stage: from an indexed image to the bytes of a file. Each format has a module."""

from typing import NamedTuple

from ..decode.metadata import Metadata
from ..errors import EncodeError
from ..formats import Format, FormatChoice
from ..indexed import IndexedImage
from ..options import Effort
from .png import deflated_png

__all__ = ["Encoded", "encode", "joined_notes", "metadata_note"]

HOLDS: dict[Format, frozenset[str]] = {
    "png": frozenset({"EXIF", "XMP", "texts", "resolution"}),
    "gif": frozenset({"texts"}),
    "webp": frozenset({"EXIF", "XMP"}),
    "tiff": frozenset({"EXIF", "XMP", "texts", "resolution"}),
    "bmp": frozenset({"resolution"}),
}
"""The metadata that each format can hold."""

HOLD_PROFILES: frozenset[Format] = frozenset({"png", "webp", "tiff"})
"""Formats that can hold a colour profile."""


class Encoded(NamedTuple):
    """A file.

    Attributes:
        data: its bytes.
        format: its format.
        note: what the format could not hold of the picture or its metadata, in words, or None.
    """

    data: bytes
    format: Format
    note: str | None = None


def encode(
    image: IndexedImage,
    format_: FormatChoice,
    effort: Effort,
    *,
    is_graphic: bool = False,
    n_threads: int = 1,
    metadata: Metadata | None = None,
    copy_plan: memoryview | None = None,
) -> Encoded:
    """Encodes an indexed image.

    Args:
        image: the picture.
        format_: of the file; "auto" for the smaller of PNG and WebP.
        effort: "fast", "balanced" or "max".
        is_graphic: whether the picture is a graphic rather than a photo.
        n_threads: threads of the kernels, at least 1.
        metadata: what to keep, as far as the format can hold it.
        copy_plan: how a PNG is to be deflated, see `SizeAware`; None where that is open.

    Returns:
        The file.

    Raises:
        EncodeError: the format cannot hold it, or the encoder failed.
    """
    if format_ == "auto":
        png = encode(
            image,
            "png",
            effort,
            is_graphic=is_graphic,
            n_threads=n_threads,
            metadata=metadata,
            copy_plan=copy_plan,
        )
        try:
            webp = encode(image, "webp", effort, metadata=metadata)
        except EncodeError:  # the picture is too large for WebP
            return png
        return min(png, webp, key=lambda encoded: len(encoded.data))
    return Encoded(
        _data(image, format_, effort, is_graphic, n_threads, metadata, copy_plan),
        format_,
        joined_notes(_transparency_note(image, format_), metadata_note(metadata, format_)),
    )


def _data(
    image: IndexedImage,
    format_: Format,
    effort: Effort,
    is_graphic: bool,
    n_threads: int,
    metadata: Metadata | None,
    copy_plan: memoryview | None,
) -> bytes:
    if image.profile is not None and format_ not in HOLD_PROFILES:
        raise EncodeError(
            f"{format_.upper()} cannot hold a colour profile; leave out keep_profile, or choose "
            "another format"
        )
    # The other formats are imported only when used: most results are PNGs.
    if format_ == "gif":
        from .gif import encode_gif

        return encode_gif(image, metadata)
    if format_ == "webp":
        from .webp import encode_webp

        return encode_webp(image, effort, metadata)
    if format_ == "tiff":
        from .tiff import encode_tiff

        return encode_tiff(image, metadata)
    if format_ == "bmp":
        from .bmp import encode_bmp

        return encode_bmp(image, metadata)
    png = deflated_png(
        image, effort, is_graphic=is_graphic, n_threads=n_threads, copy_plan=copy_plan
    )
    if metadata is None:
        return png
    from .png_metadata import add_to_png

    return add_to_png(png, metadata)


def joined_notes(*notes: str | None) -> str | None:
    """Returns the notes that there are as one, or None."""
    return "; ".join(note for note in notes if note) or None


def _transparency_note(image: IndexedImage, format_: Format) -> str | None:
    if format_ != "gif" or image.palette.data[3::4].count(0) < 2:
        return None
    return "GIF has one transparent colour: the colours under alpha 0 became one"


def metadata_note(metadata: Metadata | None, format_: Format) -> str | None:
    """Returns what was left out of the metadata, in words, or None."""
    if metadata is None:
        return None
    found = {
        "EXIF": metadata.exif,
        "XMP": metadata.xmp,
        "texts": metadata.texts,
        "resolution": metadata.dpi,
    }
    left_out = [name for name, value in found.items() if value and name not in HOLDS[format_]]
    return joined_notes(
        f"damaged, so left out: {', '.join(metadata.damaged)}" if metadata.damaged else None,
        f"not kept, as {format_.upper()} has no place for it: {', '.join(left_out)}"
        if left_out
        else None,
    )
