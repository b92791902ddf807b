"""Every choice a caller can make, with its default and its allowed range."""

import os
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict, get_args

if TYPE_CHECKING:
    from .palette import Palette
    from .palette_files.source import PaletteSource

Method = Literal["perceptual", "classic"]
Effort = Literal["fast", "balanced", "max"]
Init = Literal["k-means++", "random"]
Format = Literal["png", "gif", "webp", "tiff", "bmp"]
FormatChoice = Literal["png", "gif", "webp", "tiff", "bmp", "auto"]

Dither = Literal["size-aware", "auto", "none", "ordered"]

METHODS: tuple[Method, ...] = get_args(Method)
EFFORTS: tuple[Effort, ...] = get_args(Effort)
INITS: tuple[Init, ...] = get_args(Init)
DITHERS: tuple[Dither, ...] = get_args(Dither)
FORMATS: tuple[Format, ...] = get_args(Format)
FORMAT_CHOICES: tuple[FormatChoice, ...] = get_args(FormatChoice)

MAX_COLORS = 256
"""A PNG palette has no more entries."""

DEFAULT_QUALITY = 75.0
"""Between "high" (70) and what few can tell apart at a glance (80) on the scale of SSIMULACRA 2."""

MAX_QUALITY = 100.0

DEFAULT_MAIN_COLORS = 8
"""As many as can be told apart at a glance."""

MAX_PIXELS = 100_000_000
"""Twice the largest common cameras; decoding stays under a gigabyte of memory."""

LARGEST_MAX_PIXELS = 2**32 - 1
"""What 32-bit counts of a colour can hold."""

MAX_SEED = 2**64 - 1
MAX_STARTS = 10_000
MAX_ITERATIONS = 2**31 - 1
MAX_THREADS = 256
"""More would cost more to start than they save."""


class OptionArguments(TypedDict, total=False):
    """The keyword arguments of `compress` and `quantize`; `Options` says what they mean."""

    quality: float | None
    min_quality: float | None
    max_bytes: int | None
    method: Method
    effort: Effort
    dither: Dither | float | None
    init: Init
    n_init: int | None
    max_iter: int
    seed: int
    n_threads: int | None
    max_pixels: int
    palette: "PaletteSource | None"
    keep_palette_order: bool
    keep_profile: bool
    format: FormatChoice | None
    keep_metadata: bool
    keep_transparent_colors: bool


class Options(NamedTuple):
    """The choices behind one compression.

    Attributes:
        n_colors: the most colours the palette may have, 1 to 256; None for 256. Given without
            quality, it asks for the best look that so many colours can have.
        quality: the score to aim at, on the scale of SSIMULACRA 2, 0 to 100: 90 looks like the
            original, 70 is high and 50 medium quality. None for 75, unless n_colors is given.
        min_quality: the lowest score to accept, 0 to 100; `compress` raises QualityTooLowError
            below it. None accepts any.
        max_bytes: the most bytes the file may have, at least 1: the best look within them is
            chosen, no better than quality where that is given. None for any number.
        method: ``"perceptual"`` weighs error by how well the eye sees it, clusters in OKLab and
            chooses indices that deflate well; ``"classic"`` is the textbook recipe, k-means on the
            sRGB values and the nearest colour, which knows no quality.
        effort: ``"fast"``, ``"balanced"`` or ``"max"``: time against error and bytes.
        dither: ``"size-aware"``, the default, leaves the choice of indices to the method, effort
            and quality. Anything else says how to dither: a number, 0 to 1, is the share of its
            error that a pixel hands on to its neighbours, 0 or ``"none"`` or None for the nearest
            colours; ``"auto"`` is none or such a share, whatever scores best; ``"ordered"`` mixes
            colours by a fixed pattern of blue noise, which is steady from frame to frame. With it
            quality steers the number of colours.
        init: how the first centroids are drawn, ``"k-means++"`` or ``"random"``.
        n_init: number of starts, 1 to 10,000, of which the best counts; None for ten, or fewer at
            effort "fast". Unless the effort is "max", thrice as many are made on a coarse
            histogram, and up to three go on to all colours.
        max_iter: the most iterations of one start, 1 to 2^31 - 1; 5 at effort "fast".
        seed: of all random draws, 0 to 2^64 - 1; the same seed gives the same bytes.
        n_threads: threads of the kernels, 1 to 256; None for one a processor. Never changes the
            result. The PNG encoder has threads of its own.
        max_pixels: pictures with more pixels are refused before they are decoded; 1 to 2^32 - 1.
            All frames of an animation count.
        palette: the colours to use instead of choosing some: a `Palette`, a path, hex colours or an
            array; see `Palette.load`. Opaque pictures take its opaque colours only; transparent
            pixels get a transparent entry, added where there is none.
        keep_palette_order: whether the result has all entries of that palette, the unused and
            equal ones too, in its order, and one that had to be added last. Otherwise unused
            entries are left out, and the order is the one that takes the fewest bytes.
        keep_profile: whether the palette stays in the picture's own RGB, with its colour profile in
            the PNG, rather than being sRGB.
        format: of the file: ``"png"``, ``"gif"``, ``"webp"`` (lossless), ``"tiff"`` or ``"bmp"``;
            ``"auto"`` for the smaller of PNG and WebP; None for PNG, and for an animation the
            format it came in.
        keep_metadata: whether EXIF, XMP, texts and resolution go into the result, as far as its
            format can hold them.
        keep_transparent_colors: whether pixels of alpha 0 keep a colour, as textures of games need
            it: it bleeds into the edges when they are scaled. They then share the palette's entries
            with what is seen; otherwise one entry does for all of them.
    """

    n_colors: int | None = None
    quality: float | None = None
    min_quality: float | None = None
    max_bytes: int | None = None
    method: Method = "perceptual"
    effort: Effort = "balanced"
    dither: Dither | float | None = "size-aware"
    init: Init = "k-means++"
    n_init: int | None = None
    max_iter: int = 300
    seed: int = 0
    n_threads: int | None = None
    max_pixels: int = MAX_PIXELS
    palette: "PaletteSource | None" = None
    keep_palette_order: bool = False
    keep_profile: bool = False
    format: FormatChoice | None = None
    keep_metadata: bool = False
    keep_transparent_colors: bool = False

    def checked(self) -> "Options":
        """Returns these options, once every value is known to be allowed.

        Raises:
            PaletteError, OSError: the palette's file cannot be read.
            TypeError: a number is of the wrong type.
            ValueError: a value is outside its range, or does not go with another.
        """
        if self.n_colors is not None:
            check_integer("n_colors", self.n_colors, 1, MAX_COLORS)
        for name, value in (("quality", self.quality), ("min_quality", self.min_quality)):
            if value is not None:
                check_number(name, value, 0, MAX_QUALITY)
        if self.max_bytes is not None:
            check_integer("max_bytes", self.max_bytes, 1)
        check_choice("method", self.method, METHODS)
        if self.method == "classic" and self.quality is not None:
            raise ValueError("quality needs method 'perceptual'; 'classic' knows n_colors alone")
        check_choice("effort", self.effort, EFFORTS)
        check_dither(self.dither)
        check_choice("init", self.init, INITS)
        if self.n_init is not None:
            check_integer("n_init", self.n_init, 1, MAX_STARTS)
        check_integer("max_iter", self.max_iter, 1, MAX_ITERATIONS)
        check_integer("seed", self.seed, 0, MAX_SEED)
        if self.n_threads is not None:
            check_integer("n_threads", self.n_threads, 1, MAX_THREADS)
        check_integer("max_pixels", self.max_pixels, 1, LARGEST_MAX_PIXELS)
        check_boolean("keep_transparent_colors", self.keep_transparent_colors)
        if self.format is not None:
            check_choice("format", self.format, FORMAT_CHOICES)
        if self.palette is not None and self.n_colors is not None:
            raise ValueError("n_colors does not go with palette, which has its own number")
        if self.palette is not None and self.keep_profile:
            raise ValueError("keep_profile does not go with palette, whose colours are sRGB")
        if self.keep_palette_order and self.palette is None:
            raise ValueError("keep_palette_order needs palette")
        dither = "none" if self.dither is None else self.dither
        return self._replace(palette=self.given_palette, dither=dither)

    @property
    def given_palette(self) -> "Palette | None":
        """The palette to use, read from where it stands; None where colours are to be chosen."""
        if self.palette is None:
            return None
        from .palette_files.source import as_palette

        return as_palette(self.palette)

    @property
    def most_colors(self) -> int:
        """The most colours the palette may have."""
        given = self.given_palette
        return len(given) if given is not None else self.n_colors or MAX_COLORS

    @property
    def target(self) -> float | None:
        """The score to aim at, or None for the best look that the colours can have."""
        asks_for_colors = self.n_colors is not None or self.palette is not None
        if self.quality is not None or asks_for_colors or self.method == "classic":
            return self.quality
        return DEFAULT_QUALITY

    @property
    def threads(self) -> int:
        """The number of threads to use."""
        return self.n_threads or min(available_processors(), MAX_THREADS)


def check_integer(name: str, value: object, low: int, high: int | None = None) -> None:
    """Raises TypeError or ValueError unless value is an integer from low to high."""
    allowed = f"{low} to {high}" if high is not None else f"at least {low}"
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer, {allowed}, got {value!r}")
    if value.__index__() < low or (high is not None and value.__index__() > high):
        raise ValueError(f"{name} must be {allowed}, got {value}")


def check_number(name: str, value: object, low: float, high: float) -> None:
    """Raises TypeError or ValueError unless value is a number from low to high."""
    if isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
        raise TypeError(f"{name} must be a number, {low:g} to {high:g}, got {value!r}")
    if not low <= value.__float__() <= high:
        raise ValueError(f"{name} must be {low:g} to {high:g}, got {value}")


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raises ValueError unless value is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")


def check_boolean(name: str, value: object) -> None:
    """Raises TypeError unless value is True or False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}")


def check_dither(value: object) -> None:
    """Raises TypeError or ValueError unless value is a way to dither, or None."""
    if value is None or (isinstance(value, str) and value in DITHERS):
        return
    names = ", ".join(map(repr, DITHERS))
    if isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
        error = ValueError if isinstance(value, str) else TypeError
        raise error(f"dither must be one of {names} or a number, 0 to 1, got {value!r}")
    check_number("dither", value, 0, 1)


def available_processors() -> int:
    """The number of processors this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
