"""Chooses the plugin of Pillow that reads a file, by the first bytes of the file."""

import importlib
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, TypeAlias

from ..errors import UnsupportedFormatError

if TYPE_CHECKING:
    from PIL import ImageFile

__all__ = ["SIGNATURE_BYTES", "Opener", "find_opener"]

Opener: TypeAlias = "Callable[[IO[bytes]], ImageFile.ImageFile]"

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "Png"),
    (0, b"\xff\xd8\xff", "Jpeg"),
    (0, b"GIF87a", "Gif"),
    (0, b"GIF89a", "Gif"),
    (8, b"WEBP", "WebP"),
    (4, b"ftypavif", "Avif"),
    (4, b"ftypavis", "Avif"),
    *((4, b"ftyp" + brand, "Heif") for brand in (b"heic", b"heix", b"hevc", b"hevx")),
    *((4, b"ftyp" + brand, "Heif") for brand in (b"heim", b"heis", b"mif1", b"msf1")),
    (0, b"II*\x00", "Tiff"),
    (0, b"MM\x00*", "Tiff"),
    (0, b"II+\x00", "Tiff"),
    (0, b"MM\x00+", "Tiff"),
    (0, b"BM", "Bmp"),
    *((0, b"P%d" % kind, "Ppm") for kind in range(1, 7)),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "Jpeg2K"),
    (0, b"\xff\x4f\xff\x51", "Jpeg2K"),
    (0, b"\x00\x00\x01\x00", "Ico"),
    (0, b"8BPS", "Psd"),
    (0, b"qoif", "Qoi"),
    (0, b"DDS ", "Dds"),
)
"""Offset of the signature, the signature, and the plugin that reads such files. Only that plugin is
loaded: all of them take 40 ms, and a decoder that is never reached cannot be attacked."""

SIGNATURE_BYTES = 64
"""Enough for the brands that a HEIF file lists."""

FORMATS = {"Jpeg2K": "JPEG2000"}
"""Pillow's name of a format, where it is not that of the plugin in capitals."""

REFUSED = {"EPS", "WMF"}
"""Pillow has other programs draw these, Ghostscript and Windows, which run what the file says."""
REFUSED_SIGNATURES = (b"%!PS", b"\xc5\xd0\xd3\xc6", b"%PDF", b"\xd7\xcd\xc6\x9a")


def find_opener(start: bytes) -> tuple[str, Opener]:
    """Finds the function that opens a file.

    Args:
        start: its first SIGNATURE_BYTES.

    Returns:
        The name of the format, such as "PNG", and a function that opens it.

    Raises:
        UnsupportedFormatError: the format is not read here, or its package is not installed.
    """
    plugin = next((name for at, sign, name in SIGNATURES if start[at:].startswith(sign)), None)
    if plugin == "Heif":
        return _avif_or_heif(start)
    if plugin is not None:
        return _opener(plugin)
    if start.startswith(REFUSED_SIGNATURES):
        raise UnsupportedFormatError(
            "a page description, which another program would have to draw; export it as PNG"
        )
    return "", _any_opener(start)


def _opener(plugin: str) -> tuple[str, Opener]:
    from PIL import Image

    format_ = FORMATS.get(plugin, plugin.upper())
    # Not Image.open: its fixed limit of pixels would come before ours.
    try:
        importlib.import_module(f"PIL.{plugin}ImagePlugin")
        open_file, _ = Image.OPEN[format_]
    except (ImportError, KeyError) as error:
        raise UnsupportedFormatError(
            f"this Pillow cannot read {format_}; install a newer one, or convert the picture"
        ) from error
    return format_, lambda file: open_file(file, "")


def _avif_or_heif(start: bytes) -> tuple[str, Opener]:
    """Tells AVIF from HEIF, which share a container, by the brands that the file lists."""
    if b"avif" in start[8 : int.from_bytes(start[:4], "big")]:
        return _opener("Avif")
    try:
        from pillow_heif import HeifImageFile
    except ImportError as error:
        raise UnsupportedFormatError(
            "HEIF needs the package pillow-heif; pip install 'fewcolors[heif]'"
        ) from error
    return "HEIF", HeifImageFile


def _is_accepted(accepts: Callable[[bytes], bool | str], start: bytes) -> bool:
    try:
        return accepts(start[:16]) is True
    except Exception:  # some read beyond the end of a file of a few bytes
        return False


def _any_opener(start: bytes) -> Opener:
    """Returns a function that tries every plugin whose check of the first bytes passes."""
    from PIL import Image

    Image.init()
    candidates = [
        open_file
        for name, (open_file, accepts) in Image.OPEN.items()
        if name not in REFUSED and (accepts is None or _is_accepted(accepts, start))
    ]

    def open_any(file: IO[bytes]) -> "ImageFile.ImageFile":
        for open_file in candidates:
            file.seek(0)
            try:
                return open_file(file, "")
            except Exception:  # plugins raise many kinds of errors for files of other formats
                continue
        names = ", ".join(sorted({name.upper() for _, _, name in SIGNATURES}))
        raise UnsupportedFormatError(
            f"not a picture of a known format ({names}, ...); convert it to one of them"
        )

    return open_any
