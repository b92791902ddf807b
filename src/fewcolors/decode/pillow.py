"""Pictures that Pillow decodes whole: every format but PNG, and pictures that are Pillow's own."""

import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import IO

from PIL import Image, ImageFile

from ..errors import UnsupportedFormatError
from .bit_depth import Loaded, check_range, is_sixteen_bit, load, strips_of_loaded
from .opened import DAMAGED, Opened
from .signatures import Opener

__all__ = ["check_frames", "open_image", "open_with_pillow"]

ANIMATIONS = {"AVIF", "GIF", "PNG", "WEBP"}
"""Formats whose frames `compress` keeps."""

STILLS = {"JPEG", "MPO", "HEIF", "PSD"}
"""Formats whose further frames are previews, depth maps or layers, not an animation."""

# Pillow logs some faults before it raises them, and Python prints what nobody listens to.
logging.getLogger("PIL").addHandler(logging.NullHandler())


def open_image(image: Image.Image) -> Opened:
    """Opens a picture that is Pillow's own.

    Raises:
        UnsupportedFormatError: it has several frames.
    """
    check_frames(_n_frames(image), image.format, "image.copy() holds the one that it shows")
    _load(image)  # PNG may have metadata after its pixels, which are read only now
    return _opened(Loaded(image))


@contextlib.contextmanager
def open_with_pillow(
    file: IO[bytes],
    open_file: Opener,
    check_size: Callable[[int, int], None],
    *,
    allow_damaged: bool,
) -> Iterator[Opened]:
    """Opens a file.

    Args:
        file: the file.
        open_file: from `find_opener`.
        check_size: is called with width and height before the pixels are decoded.
        allow_damaged: whether to take what can be decoded of a damaged file.

    Raises:
        Exception: of any kind, where it is damaged.
    """
    is_whole = True

    def load_pixels(image: ImageFile.ImageFile) -> None:
        nonlocal is_whole
        try:
            _load(image)
        except Exception:
            if not allow_damaged:
                raise
            # The pixels up to the fault are there, unless even this raises an error.
            is_whole = False
            image.tile = []
            image.load()

    def opened() -> ImageFile.ImageFile:
        file.seek(0)
        return open_file(file)

    with opened() as image:
        check_size(*image.size)
        check_frames(_n_frames(image), image.format)
        loaded = load(image, opened, load_pixels)
        check_size(*loaded.image.size)  # the headers of icons may lie
        opened_file = _opened(loaded)
        if not is_whole:
            opened_file.notes.append(DAMAGED)
        yield opened_file


def check_frames(
    n_frames: int,
    format_: str | None,
    remedy: str = "save the one you want as a file of its own",
) -> None:
    """Raises an UnsupportedFormatError where there is more than one frame."""
    if n_frames > 1 and format_ in ANIMATIONS:
        raise UnsupportedFormatError(
            f"{n_frames:,} frames, and a still picture is wanted; "
            f"give compress its file to keep them all; {remedy}"
        )
    if n_frames > 1:
        raise UnsupportedFormatError(f"{n_frames:,} pages, of which one can be kept; {remedy}")


def _load(image: Image.Image) -> None:
    """Has Pillow decode the pixels.

    Raises:
        Exception: of any kind, where they are damaged.
    """
    if image.format != "TIFF":
        image.load()
        return
    from .libtiff import errors_so_far, listen

    listen()
    before = errors_so_far()
    image.load()
    if errors_so_far() > before:
        raise OSError("libtiff reports errors in its pixels")


def _opened(loaded: Loaded) -> Opened:
    image = loaded.image
    check_range(image)
    return Opened(image, image.size, is_sixteen_bit(loaded), lambda: strips_of_loaded(loaded), [])


def _n_frames(image: Image.Image) -> int:
    n_frames: int = 1 if image.format in STILLS else getattr(image, "n_frames", 1)
    return n_frames
