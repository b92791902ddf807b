"""Indexed images as palette PNG: bits packed, rows filtered where that helps, and deflated."""

import struct
from functools import partial
from typing import TYPE_CHECKING

from .. import _core
from ..errors import EncodeError
from ..indexed import IndexedImage, Palette
from ..limits import check_boolean, check_choice
from ..options import EFFORTS, Effort
from ..png_chunks import png_file

if TYPE_CHECKING:
    from ..decode.color.profiles import Profile

__all__ = [
    "LARGE_PIXELS",
    "LARGE_ZLIB_LEVEL",
    "LIBDEFLATE_LEVELS",
    "QUICK_LIBDEFLATE_LEVEL",
    "bit_depth",
    "color_chunks",
    "deflated_png",
    "encode_png",
    "png_header",
    "quick_size",
]

LIBDEFLATE_LEVELS: dict[Effort, int] = {"fast": 10, "balanced": 10, "max": 12}
"""By effort. From level 10 on libdeflate searches for the shortest parse, and finds the copies for
which the size-aware assignment chose its indices: below 10 files are 11 % larger, at 12 they are
0.5 % smaller (24 photos)."""

LARGE_PIXELS = 4_000_000
"""Above this many pixels the indices of a photo are deflated by the copies they were chosen for,
except at effort "max": to search for better ones would take nearly half the time of "balanced"."""

QUICK_LIBDEFLATE_LEVEL = 7
"""For photos in bands at effort "fast": a seventh of the time of level 10, and
files 11 % larger (a photo of 24 megapixels). See docs/decisions.md for others."""

GRAPHIC_LIBDEFLATE_LEVELS: dict[Effort, int] = {"fast": 10, "balanced": 12, "max": 12}
"""By effort. On graphics level 12 saves up to 16 % over 10."""

BANDED_BYTES = 1 << 23
"""From so many bytes on the scanlines of photos are deflated in bands. Fewer take less than two
seconds. Those of drawings would be up to 1.2 % larger in bands, and take less than a second."""

TRIAL_LIBDEFLATE_LEVEL = 10
LARGE_TRIAL_LIBDEFLATE_LEVEL = 9
"""Levels that tell which rows will be the smallest at level 12, for 25 and 3 % of its time (38
graphics)."""

TWO_TRIALS_PIXELS = 1_000_000
"""Up to so many pixels both levels are asked; where they differ, both kinds of rows are deflated:
level 9 alone errs by up to 13 %, level 10 by 8 %."""

PACKED_BITS = 4
"""So few bits an index may take more bytes than whole bytes do; 1 and 2 bits hardly ever."""

ZOPFLI_WAYS = 2
"""So many ways to store a drawing, the smallest ones, are deflated by Zopfli at effort "max"."""

QUICK_LEVEL = 9
"""Tells which of two looks of a drawing takes fewer bytes, in a fifth of the time of level 10."""

LARGE_ZLIB_LEVEL = 9
"""For large graphics at effort "fast": zlib takes a third of the time of libdeflate's level 10
there, and its files are 5 to 25 % smaller (six drawings). In primed bands they are .02 % larger to
.9 % smaller again."""

REPETITIVE = 100
"""Rows that a trial makes so many times smaller take level 12 a hundred times as long as the trial,
for a few bytes in a thousand (frames of a million pixels of a few flat areas)."""


def bit_depth(n_colors: int) -> int:
    """Returns the bits of an index, 1, 2, 4 or 8: the fewest that can number n_colors entries."""
    return next(depth for depth in (1, 2, 4, 8) if n_colors <= 1 << depth)


def encode_png(
    image: IndexedImage,
    effort: Effort = "balanced",
    *,
    is_graphic: bool = False,
) -> bytes:
    """Encodes an indexed image as a palette PNG.

    Args:
        image: the picture.
        effort: "fast", "balanced" or "max": time against bytes.
        is_graphic: whether the picture is a graphic rather than a photo.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: the encoder failed, for example because memory ran out.
        TypeError, ValueError: an argument is not allowed, or the image does not fit together.
    """
    check_choice("effort", effort, EFFORTS)
    check_boolean("is_graphic", is_graphic)
    image = IndexedImage.checked(image)
    return deflated_png(image, effort, is_graphic=is_graphic)


def deflated_png(
    image: IndexedImage,
    effort: Effort,
    *,
    is_graphic: bool = False,
    n_threads: int = 1,
    copy_plan: memoryview | None = None,
    is_of_many: bool = False,
) -> bytes:
    """Does what `encode_png` does, and follows a copy plan where that is good enough.

    Rows of photos are not filtered. A filter predicts a value from its neighbours, but an index is
    a name, not a value: every filter made files of 24 photos 28 to 94 % larger. The palettes of
    graphics have similar colours side by side; there filters may save 7 %, so they are tried.

    Args:
        image: the picture.
        effort: "fast", "balanced" or "max": time against bytes.
        is_graphic: whether the picture is a graphic rather than a photo.
        n_threads: threads that deflate a large picture, at least 1. The bytes do not depend on it.
        copy_plan: how the indices are to be deflated, see `SizeAware`; None where that is open.
        is_of_many: whether it is a frame of a large animation: repetitive rows are then deflated
            by a quick level.

    Returns:
        The bytes of the file.

    Raises:
        EncodeError: the encoder failed.
    """
    if copy_plan is not None and _is_plan_enough(image, effort):
        stream = _core.deflate_copy_plan(image.data, image.width, copy_plan, n_threads)
        return _png(image, stream)
    if is_graphic:
        return _graphic_png(image, effort, n_threads, is_of_many)
    scanlines = _core.pack_scanlines(image.data, image.width, bit_depth(image.n_colors))
    is_quick = effort == "fast" and len(scanlines) >= BANDED_BYTES
    level = QUICK_LIBDEFLATE_LEVEL if is_quick else LIBDEFLATE_LEVELS[effort]
    return _png(image, _deflated(scanlines, level, n_threads))


def quick_size(image: IndexedImage, effort: Effort | None = None) -> int:
    """Returns about how many bytes the PNG of a drawing takes, for comparison with others.

    Args:
        image: the picture.
        effort: at whose level the way is deflated that a quick level finds the smallest; None for
            that level's bytes.
    """
    tries = [
        (len(_png(image, _deflated(rows, QUICK_LEVEL), depth)), depth, rows)
        for depth, rows in _ways(image)
    ]
    size, depth, rows = min(tries, key=lambda attempt: attempt[0])
    if effort is None:
        return size
    return len(_png(image, _deflated(rows, GRAPHIC_LIBDEFLATE_LEVELS[effort]), depth))


def _is_plan_enough(image: IndexedImage, effort: Effort) -> bool:
    """Whether to follow the copy plan: files are 1 to 2 % larger, and no search is needed."""
    if bit_depth(image.n_colors) < 8:
        return False
    return effort == "fast" or (_is_large(image) and effort == "balanced")


def _is_large(image: IndexedImage) -> bool:
    return image.width * image.height > LARGE_PIXELS


def _png(
    image: IndexedImage, stream: bytes | bytearray | memoryview, depth: int | None = None
) -> bytes:
    """Returns the file, given the scanlines as a zlib stream, of the least bits unless told."""
    depth = depth or bit_depth(image.n_colors)
    header = png_header(image.width, image.height, depth)
    colors = color_chunks(image.palette, image.profile)
    return png_file([header, *colors, (b"IDAT", stream), (b"IEND", b"")])


def png_header(width: int, height: int, depth: int) -> tuple[bytes, bytes]:
    """Returns the first chunk of a palette PNG of so many bits an index."""
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)


def color_chunks(palette: Palette, profile: "Profile | None") -> list[tuple[bytes, bytes]]:
    """Returns the chunks that say what indices mean."""
    colors = palette.data
    alphas = colors[3::4].rstrip(b"\xff")
    return [
        *(profile.png_chunks if profile else ()),
        (b"PLTE", b"".join(colors[i : i + 3] for i in range(0, len(colors), 4))),
        *([(b"tRNS", alphas)] if alphas else []),
    ]


def _graphic_png(image: IndexedImage, effort: Effort, n_threads: int, is_of_many: bool) -> bytes:
    level = GRAPHIC_LIBDEFLATE_LEVELS[effort]
    depth = bit_depth(image.n_colors)
    if effort == "fast":
        scanlines = _core.pack_scanlines(image.data, image.width, depth)
        if not _is_large(image):
            return _png(image, _deflated(scanlines, level))
        from .bands import deflate_in_primed_bands

        return _png(image, deflate_in_primed_bands(scanlines, LARGE_ZLIB_LEVEL, n_threads))
    ways = _ways(image)
    if is_of_many:
        tries = [(_deflated(rows, LARGE_TRIAL_LIBDEFLATE_LEVEL), way) for way, rows in ways]
        quick, way = min(tries, key=lambda attempt: len(attempt[0]))
        if len(quick) * REPETITIVE <= image.width * image.height * way // 8:
            return _png(image, quick, way)
    if effort == "balanced":
        best = [min(ways, key=partial(_trial_size, level=level)) for level in _trial_levels(image)]
        ways = best[:1] if best[0] is best[-1] else best
    files = [(_png(image, _deflated(rows, level), way), way, rows) for way, rows in ways]
    files.sort(key=lambda made: len(made[0]))
    if effort == "max" and not is_of_many:
        from .zopfli import zopfli_streams

        last = files[:ZOPFLI_WAYS]
        streams = zopfli_streams([rows for _, _, rows in last], n_threads)
        made = [_png(image, stream, last[i][1]) for i, stream in enumerate(streams)]
        return min([files[0][0], *made], key=len)
    return files[0][0]


def _trial_levels(image: IndexedImage) -> tuple[int, ...]:
    if _is_large(image):
        return (LARGE_TRIAL_LIBDEFLATE_LEVEL,)
    if image.width * image.height > TWO_TRIALS_PIXELS:
        return (TRIAL_LIBDEFLATE_LEVEL,)
    return (LARGE_TRIAL_LIBDEFLATE_LEVEL, TRIAL_LIBDEFLATE_LEVEL)


def _trial_size(way: tuple[int, memoryview], level: int) -> int:
    return len(_deflated(way[1], level))


def _ways(image: IndexedImage) -> list[tuple[int, memoryview]]:
    """Returns bits an index and scanlines, plain and filtered, of each way to store an image.

    With 16 colours and fewer, whole bytes may take less than packed bits, in which a copy has to
    begin at the same place in a byte: 8 % less to 8 % more (7 drawings).
    """
    depth = bit_depth(image.n_colors)
    is_small = depth == PACKED_BITS and not _is_large(image)
    ways = []
    for bits in (depth, 8) if is_small else (depth,):
        scanlines = _core.pack_scanlines(image.data, image.width, bits)
        ways.append((bits, scanlines))
        ways.append((bits, _core.filter_scanlines(scanlines, len(scanlines) // image.height)))
    return ways


def _deflated(scanlines: memoryview, level: int, n_threads: int | None = None) -> bytes | bytearray:
    """Deflates scanlines: in bands on several threads, or without n_threads at once."""
    # Imported here: pictures with a copy plan need no libdeflate.
    import deflate

    try:
        if n_threads is None or len(scanlines) < BANDED_BYTES:
            return deflate.zlib_compress(scanlines, level)
        from .bands import deflate_in_bands

        return deflate_in_bands(scanlines, level, n_threads)
    except (deflate.DeflateError, MemoryError) as error:
        raise EncodeError(f"cannot be written as PNG ({error}); make it smaller") from error
