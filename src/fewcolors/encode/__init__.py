"""From an indexed image to the bytes of a file, one module a format; PNG is `encode.py`."""

from typing import NamedTuple

from ..decode.metadata import Metadata
from ..errors import EncodeError
from ..formats import Format, FormatChoice
from ..indexed import IndexedImage
from ..options import Effort
from .png import deflated_png

__all__ = ["Encoded", "encode", "metadata_note"]

HOLDS: dict[Format, frozenset[str]] = {
    "png": frozenset({"EXIF", "XMP", "texts", "resolution"}),
    "gif": frozenset({"texts"}),
    "webp": frozenset({"EXIF", "XMP"}),
    "tiff": frozenset({"EXIF", "XMP", "texts", "resolution"}),
    "bmp": frozenset({"resolution"}),
}
"""What metadata each format has a place for."""

HOLD_PROFILES: frozenset[Format] = frozenset({"png", "webp", "tiff"})
"""Those that have a place for a colour profile."""


class Encoded(NamedTuple):
    """A file.

    Attributes:
        data: its bytes.
        format: what it is.
        note: what of the picture or its metadata it does not hold as it was, or None.
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
        is_graphic: whether it is drawn rather than taken.
        n_threads: threads of our own kernels, at least 1.
        metadata: what to keep, as far as the format has a place for it.
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
        except EncodeError:  # too large for it
            return png
        return min(png, webp, key=lambda encoded: len(encoded.data))
    return Encoded(
        _data(image, format_, effort, is_graphic, n_threads, metadata, copy_plan),
        format_,
        metadata_note(metadata, format_),
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
            f"{format_.upper()} has no place for a colour profile; leave out keep_profile "
            "(--keep-profile), or choose another format"
        )
    # Imported where used: most pictures become PNGs.
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


def metadata_note(metadata: Metadata | None, format_: Format) -> str | None:
    """Returns what was left out of the metadata, in words, or None."""
    if metadata is None:
        return None
    there = {
        "EXIF": metadata.exif,
        "XMP": metadata.xmp,
        "texts": metadata.texts,
        "resolution": metadata.dpi,
    }
    homeless = [name for name, value in there.items() if value and name not in HOLDS[format_]]
    notes = []
    if metadata.damaged:
        notes.append(f"damaged, so left out: {', '.join(metadata.damaged)}")
    if homeless:
        notes.append(f"not kept, as {format_.upper()} has no place for it: {', '.join(homeless)}")
    return "; ".join(notes) or None
