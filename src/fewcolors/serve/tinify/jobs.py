"""What a worker does for the protocol: resize, encode each format, take the smallest."""

import io
from typing import TYPE_CHECKING, Any, NamedTuple

from ..jobs import job, picture_of
from .commands import Commands

if TYPE_CHECKING:
    from PIL import Image

    from ...options import Options
    from .preserve import Kept

__all__ = ["Made", "make_output"]

SCORE = 75.0
"""What JPEG, AVIF and lossy WebP aim at, as all else does unless a quality is given."""

LOSSY = ("jpeg", "avif", "webp")
WHITE = (255, 255, 255)
XMP_KEYWORD = "XML:com.adobe.xmp"

KEPT_FORMATS = {"JPEG": "jpeg", "MPO": "jpeg", "AVIF": "avif", "WEBP": "webp", "GIF": "gif"}
"""By the name of the original's format; whatever is not here becomes a PNG."""


class Made(NamedTuple):
    """A result, and the type of its original."""

    data: bytes
    format: str
    format_in: str
    width: int
    height: int


@job
def make_output(data: bytes, commands: Commands, choices: dict[str, Any]) -> Made:
    """Makes the result of commands.

    Args:
        data: the original.
        commands: what to do with it.
        choices: the limits, as arguments of `Options`.

    Returns:
        The smallest of the formats asked for; the original, where it is smaller than a result of
        its own format and no command changes it.

    Raises:
        FewcolorsError, ValueError: the picture or a command cannot be used.
    """
    from ...animation.source import open_animation
    from ...options import Options

    options = Options(**choices)
    limits = (options.max_pixels, options.max_frames, options.max_file_bytes)
    if animation := open_animation(data, *limits):
        if commands.resize or commands.formats or commands.background:
            raise ValueError("animations are not resized, converted or put on a background here")
        picture = picture_of(data, options._replace(keep_metadata=bool(commands.preserve)))
        return Made(
            picture.data, picture.format, animation.format.lower(), picture.width, picture.height
        )
    return _still(data, commands, options)


def _still(data: bytes, commands: Commands, options: "Options") -> Made:
    from PIL import Image

    from ...decode import decode
    from .preserve import kept_metadata
    from .resize import resized

    pixels = decode(data, max_pixels=options.max_pixels, max_file_bytes=options.max_file_bytes)
    format_in = KEPT_FORMATS.get(pixels.format or "", (pixels.format or "").lower())
    own = format_in if format_in in KEPT_FORMATS.values() else "png"
    kept = kept_metadata(data, commands.preserve)
    mode, size = "RGBA" if pixels.channels == 4 else "RGB", (pixels.width, pixels.height)
    image = Image.frombytes(mode, size, bytes(pixels.data))
    is_changed = commands.resize is not None or commands.background is not None
    if commands.background is not None:
        image = _on_ground(image, commands.background)
    if commands.resize is not None:
        image = resized(image, commands.resize)
    if is_changed or kept:
        options = options._replace(keep_metadata=bool(kept))
        source = _as_png(image, kept)
    else:
        source = data
    made = [
        Made(_encoded(source, image, format_, kept, options), format_, format_in, *image.size)
        for format_ in commands.formats or (own,)
    ]
    best = min(made, key=lambda one: len(one.data))
    stays = best.format == format_in and not is_changed and not commands.preserve
    return best._replace(data=data) if stays and len(best.data) >= len(data) else best


def _as_png(image: "Image.Image", kept: "Kept") -> bytes:
    """Returns a PNG for the pipeline, with the metadata that is kept."""
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    for keyword, text in kept.texts:
        texts.add_itxt(keyword, text)
    if kept.xmp is not None:
        texts.add_itxt(XMP_KEYWORD, kept.xmp)
    file = io.BytesIO()
    extra: dict[str, Any] = {"exif": kept.exif} if kept.exif else {}
    image.save(file, "PNG", compress_level=1, pnginfo=texts, **extra)
    return file.getvalue()


def _encoded(
    source: bytes, image: "Image.Image", format_: str, kept: "Kept", options: "Options"
) -> bytes:
    """Encodes one format: few colours where it holds them, and lossy where that is smaller."""
    from ...options import Options
    from .lossy import encode_lossy

    results = []
    if format_ not in ("jpeg", "avif"):
        choices = {**options._asdict(), "format": None if format_ == "png" else format_}
        results.append(picture_of(source, Options(**choices)).data)
    if format_ in LOSSY:
        flat = _on_ground(image, WHITE) if format_ == "jpeg" else image
        results.append(encode_lossy(flat, format_, SCORE, kept.exif, options.threads))
    return min(results, key=len)


def _on_ground(image: "Image.Image", color: tuple[int, int, int]) -> "Image.Image":
    """Returns a picture without its transparency, on a colour."""
    if image.mode == "RGB":
        return image
    from PIL import Image

    ground = Image.new("RGB", image.size, color)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
