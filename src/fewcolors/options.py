"""Every choice a caller can make, with its default and its allowed range."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypedDict, Unpack, get_args

from .formats import FORMAT_CHOICES, FormatChoice
from .limits import (
    LARGEST_MAX_FILE_BYTES,
    LARGEST_MAX_FRAMES,
    LARGEST_MAX_PIXELS,
    MAX_COLORS,
    MAX_FILE_BYTES,
    MAX_FRAMES,
    MAX_ITERATIONS,
    MAX_PIXELS,
    MAX_QUALITY,
    MAX_SEED,
    MAX_STARTS,
    MAX_THREADS,
    Check,
    abbreviated,
    available_processors,
    check_boolean,
    check_number,
    choice,
    integer,
    number,
)
from .wording import most_similar

if TYPE_CHECKING:
    from .indexed import Palette, PaletteSource

Method = Literal["perceptual", "classic"]
Effort = Literal["fast", "balanced", "max"]
Init = Literal["k-means++", "random"]

Dither = Literal["size-aware", "auto", "none", "ordered"]

METHODS: tuple[Method, ...] = get_args(Method)
EFFORTS: tuple[Effort, ...] = get_args(Effort)
INITS: tuple[Init, ...] = get_args(Init)
DITHERS: tuple[Dither, ...] = get_args(Dither)


DEFAULT_QUALITY = 75.0
"""Between "high" (70) and what few can tell apart at a glance (80) on the scale of SSIMULACRA 2."""


DEFAULT_MAIN_COLORS = 8
"""As many as can be told apart at a glance."""


class OptionArguments(TypedDict, total=False):
    """The keyword arguments of `compress`, `quantize` and `Options`, which says what they mean."""

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
    max_frames: int
    max_file_bytes: int
    allow_damaged: bool
    palette: "PaletteSource | None"
    keep_palette_order: bool
    keep_profile: bool
    format: FormatChoice | None
    keep_metadata: bool
    keep_transparent_colors: bool


def check_dither(name: str, value: object) -> object:
    """Returns a way to dither, or raises TypeError or ValueError; `name` is its argument."""
    if value is None:
        return "none"
    if isinstance(value, str) and value in DITHERS:
        return value
    names = ", ".join(map(repr, DITHERS))
    if isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
        error = ValueError if isinstance(value, str) else TypeError
        raise error(f"{name} must be one of {names} or a number, 0 to 1, got {abbreviated(value)}")
    return check_number(name, value, 0, 1)


class _Choices(NamedTuple):
    """The fields of `Options`: type, check and default of each.

    An option is one line here, one in `OptionArguments` and a sentence in `Options`.
    """

    n_colors: Annotated[int | None, integer(1, MAX_COLORS)] = None
    quality: Annotated[float | None, number(0, MAX_QUALITY)] = None
    min_quality: Annotated[float | None, number(0, MAX_QUALITY)] = None
    max_bytes: Annotated[int | None, integer(1)] = None
    method: Annotated[Method, choice(METHODS)] = "perceptual"
    effort: Annotated[Effort, choice(EFFORTS)] = "balanced"
    dither: Annotated[Dither | float, check_dither] = "size-aware"
    init: Annotated[Init, choice(INITS)] = "k-means++"
    n_init: Annotated[int | None, integer(1, MAX_STARTS)] = None
    max_iter: Annotated[int, integer(1, MAX_ITERATIONS)] = 300
    seed: Annotated[int, integer(0, MAX_SEED)] = 0
    n_threads: Annotated[int | None, integer(1, MAX_THREADS)] = None
    max_pixels: Annotated[int, integer(1, LARGEST_MAX_PIXELS)] = MAX_PIXELS
    max_frames: Annotated[int, integer(1, LARGEST_MAX_FRAMES)] = MAX_FRAMES
    max_file_bytes: Annotated[int, integer(1, LARGEST_MAX_FILE_BYTES)] = MAX_FILE_BYTES
    allow_damaged: Annotated[bool, check_boolean] = False
    palette: Annotated["Palette | None", None] = None
    keep_palette_order: Annotated[bool, check_boolean] = False
    keep_profile: Annotated[bool, check_boolean] = False
    format: Annotated[FormatChoice | None, choice(FORMAT_CHOICES)] = None
    keep_metadata: Annotated[bool, check_boolean] = False
    keep_transparent_colors: Annotated[bool, check_boolean] = False


CHECKS: dict[str, Check] = {
    name: check
    for name, annotation in _Choices.__annotations__.items()
    if (check := annotation.__metadata__[0]) is not None
}
"""The check of each option but the palette, which is converted."""


class Options(_Choices):
    """The choices behind one compression, checked when they are made.

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
        max_frames: animations with more frames are refused before they are decoded; 1 to 2^31 - 1.
        max_file_bytes: no more is read of a file or stream, 1 to 2^63 - 1; one that is larger is
            refused.
        allow_damaged: whether a damaged or incomplete picture is taken as far as it can be decoded,
            with a note, rather than refused.
        palette: the colours to use instead of choosing some: a `Palette`, a path, hex colours, an
            array or a PIL image; see `Palette.of`. Opaque pictures take its opaque colours only;
            transparent pixels get a transparent entry, added where there is none.
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

    Raises:
        PaletteError, OSError: the palette's file cannot be read.
        TypeError: a value is of the wrong type.
        ValueError: a value is outside its range, or does not go with another.
    """

    __slots__ = ()

    def __new__(cls, n_colors: int | None = None, **others: Unpack[OptionArguments]) -> "Options":
        """Checks the choices; the palette is read from where it stands."""
        unknown = others.keys() - set(cls._fields)
        if unknown:
            raise TypeError(_no_such_option(min(unknown)))
        given: dict[str, Any] = {"n_colors": n_colors, **others}
        for name, value in given.items():
            is_open = value is None and cls._field_defaults[name] is None
            if name in CHECKS and not is_open:
                given[name] = CHECKS[name](name, value)
        if given.get("palette") is not None:
            from .indexed import Palette

            given["palette"] = Palette.of(given["palette"])
        options = super().__new__(cls, **given)
        options._check_together()
        return options

    def _check_together(self) -> None:
        """Raises ValueError where one choice does not go with another."""
        if self.method == "classic" and self.quality is not None:
            raise ValueError("quality needs method 'perceptual'; 'classic' knows n_colors alone")
        if self.palette is not None and self.n_colors is not None:
            raise ValueError("n_colors does not go with palette, which has its own number")
        if self.palette is not None and self.keep_profile:
            raise ValueError("keep_profile does not go with palette, whose colours are sRGB")
        if self.keep_palette_order and self.palette is None:
            raise ValueError("keep_palette_order needs palette")

    def _replace(self, **changes: Any) -> "Options":
        """Returns other options, checked as well."""
        return Options(**{**self._asdict(), **changes})

    __replace__ = _replace  # for copy.replace

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> "Options":  # type: ignore[override]
        """Returns options from their values in order, checked as well."""
        return cls(**dict(zip(cls._fields, iterable, strict=True)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles the options by name."""
        return _restored, (self._asdict(),)

    @property
    def most_colors(self) -> int:
        """The most colours the palette may have."""
        return len(self.palette) if self.palette is not None else self.n_colors or MAX_COLORS

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


def _restored(choices: dict[str, Any]) -> Options:
    return Options(**choices)


def _no_such_option(name: str) -> str:
    """Returns the message for an option that does not exist, with the one most like it."""
    similar = most_similar(name, Options._fields)
    hint = f"; did you mean {similar!r}?" if similar else "; help(fewcolors.Options) lists them all"
    return f"compress, quantize and Options have no option {name!r}{hint}"
