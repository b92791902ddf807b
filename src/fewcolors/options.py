"""Every choice a caller can make, with its default and its allowed range."""

import os
from typing import Literal, NamedTuple, TypedDict, get_args

Method = Literal["perceptual", "classic"]
Effort = Literal["fast", "balanced", "max"]
Init = Literal["k-means++", "random"]

METHODS: tuple[Method, ...] = get_args(Method)
EFFORTS: tuple[Effort, ...] = get_args(Effort)
INITS: tuple[Init, ...] = get_args(Init)

MAX_COLORS = 256
"""A PNG palette has no more entries."""

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

    method: Method
    effort: Effort
    init: Init
    n_init: int | None
    max_iter: int
    seed: int
    n_threads: int | None
    max_pixels: int


class Options(NamedTuple):
    """The choices behind one compression.

    Attributes:
        n_colors: the most colours the palette may have, 1 to 256.
        method: ``"perceptual"`` clusters in OKLab, where distances are like the eye's;
            ``"classic"`` is the textbook recipe, k-means on the sRGB values as they are.
        effort: ``"fast"``, ``"balanced"`` or ``"max"``: time against error and bytes.
        init: how the first centroids are drawn, ``"k-means++"`` or ``"random"``.
        n_init: number of starts, 1 to 10,000, of which the best counts; None for ten, or fewer at
            effort "fast". Unless the effort is "max", thrice as many are made on a coarse
            histogram, and up to three go on to all colours.
        max_iter: the most iterations of one start, 1 to 2^31 - 1; 5 at effort "fast".
        seed: of all random draws, 0 to 2^64 - 1; the same seed gives the same bytes.
        n_threads: threads of the kernels, 1 to 256; None for one a processor. Never changes the
            result. The PNG encoder has threads of its own.
        max_pixels: pictures with more pixels are refused before they are decoded; 1 to 2^32 - 1.
    """

    n_colors: int = MAX_COLORS
    method: Method = "perceptual"
    effort: Effort = "balanced"
    init: Init = "k-means++"
    n_init: int | None = None
    max_iter: int = 300
    seed: int = 0
    n_threads: int | None = None
    max_pixels: int = MAX_PIXELS

    def checked(self) -> "Options":
        """Returns these options, once every value is known to be allowed.

        Raises:
            TypeError: a number is not an integer.
            ValueError: a value is outside its range.
        """
        check_integer("n_colors", self.n_colors, 1, MAX_COLORS)
        check_choice("method", self.method, METHODS)
        check_choice("effort", self.effort, EFFORTS)
        check_choice("init", self.init, INITS)
        if self.n_init is not None:
            check_integer("n_init", self.n_init, 1, MAX_STARTS)
        check_integer("max_iter", self.max_iter, 1, MAX_ITERATIONS)
        check_integer("seed", self.seed, 0, MAX_SEED)
        if self.n_threads is not None:
            check_integer("n_threads", self.n_threads, 1, MAX_THREADS)
        check_integer("max_pixels", self.max_pixels, 1, LARGEST_MAX_PIXELS)
        return self

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


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    """Raises ValueError unless value is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")


def available_processors() -> int:
    """The number of processors this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
