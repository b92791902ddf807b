"""Ranges that arguments are held to, and the checks that name what is wrong."""

import math
import operator
import os
from collections.abc import Callable, Iterable
from typing import TypeAlias, TypeVar

__all__ = [
    "LARGEST_MAX_FILE_BYTES",
    "LARGEST_MAX_FRAMES",
    "LARGEST_MAX_PIXELS",
    "MAX_COLORS",
    "MAX_FILE_BYTES",
    "MAX_FRAMES",
    "MAX_ITERATIONS",
    "MAX_PIXELS",
    "MAX_QUALITY",
    "MAX_SEED",
    "MAX_STARTS",
    "MAX_THREADS",
    "Check",
    "abbreviated",
    "available_processors",
    "check_boolean",
    "check_choice",
    "check_integer",
    "check_number",
    "choice",
    "integer",
    "items",
    "number",
    "of_type",
]

MAX_COLORS = 256
"""A PNG palette has no more entries."""

MAX_QUALITY = 100.0
"""The score of SSIMULACRA 2 for equal pictures."""

MAX_PIXELS = 100_000_000
"""Twice the largest common cameras; decoding stays under a gigabyte of memory."""

LARGEST_MAX_PIXELS = 2**32 - 1
"""What 32-bit counts of a colour can hold."""

MAX_FILE_BYTES = 1 << 30
"""Holds 100 megapixels of 16-bit RGBA uncompressed. Pipes and devices may never end, so that
something has to end the reading."""

MAX_FRAMES = 10_000
"""By default, the most frames of an animation: more than six minutes at 25 frames a second. Each
takes a fraction of a millisecond, however small it is."""

LARGEST_MAX_FRAMES = 2**31 - 1
"""APNG counts frames in 31 bits."""

LARGEST_MAX_FILE_BYTES = 2**63 - 1
"""What systems count the bytes of files in."""

MAX_SEED = 2**64 - 1
"""The kernels' random numbers start from 64 bits."""

MAX_STARTS = 10_000
"""A thousand times the default; more would only run for hours."""

MAX_ITERATIONS = 2**31 - 1
"""The kernels count iterations in 32 bits."""

MOST_SHOWN = 60
"""Characters of a wrong value that a message shows."""

MAX_THREADS = 256
"""More would cost more to start than they save."""


T = TypeVar("T")

Check: TypeAlias = Callable[[str, object], object]
"""Returns a value that is allowed, or raises TypeError or ValueError, naming the argument."""


def integer(low: int, high: int | None = None) -> Check:
    """Returns a check for integers from low to high."""
    return lambda name, value: check_integer(name, value, low, high)


def number(low: float, high: float) -> Check:
    """Returns a check for numbers from low to high."""
    return lambda name, value: check_number(name, value, low, high)


def choice(choices: tuple[str, ...]) -> Check:
    """Returns a check for one of a few words."""
    return lambda name, value: check_choice(name, value, choices)


def check_integer(name: str, value: object, low: int, high: int | None = None) -> int:
    """Returns an integer from low to high as Python has it, or raises TypeError or ValueError."""
    allowed = f"{low} to {high}" if high is not None else f"at least {low}"
    try:
        number = None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name} must be an integer, {allowed}, got {abbreviated(value)}")
    if number < low or (high is not None and number > high):
        raise ValueError(f"{name} must be {allowed}, got {abbreviated(number)}")
    return number


def check_number(name: str, value: object, low: float, high: float) -> float:
    """Returns a number from low to high as Python has it, or raises TypeError or ValueError."""
    is_other = isinstance(value, bool | str | bytes) or not hasattr(value, "__float__")
    try:
        number = None if is_other else float(value)  # type: ignore[arg-type]
    except TypeError:  # an array, say
        number = None
    except (OverflowError, ValueError):
        number = math.nan
    if number is None:
        raise TypeError(f"{name} must be a number, {low:g} to {high:g}, got {abbreviated(value)}")
    if not low <= number <= high:
        raise ValueError(f"{name} must be {low:g} to {high:g}, got {abbreviated(value)}")
    return value if isinstance(value, int) else number


def check_choice(name: str, value: object, choices: tuple[str, ...]) -> str:
    """Returns a value that is one of the choices, or raises ValueError."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(
            f"{name} must be one of {', '.join(map(repr, choices))}, got {abbreviated(value)}"
        )
    return value


def check_boolean(name: str, value: object) -> bool:
    """Returns a value that is True or False, or raises TypeError."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {abbreviated(value)}")
    return value


def of_type(name: str, value: object, class_: type[T]) -> T:
    """Returns a value that is of a class, or raises TypeError."""
    if not isinstance(value, class_):
        raise TypeError(f"{name} must be of class {class_.__name__}, got {abbreviated(value)}")
    return value


def items(name: str, value: object) -> list[object]:
    """Returns what is in a list, a tuple or an array, or raises TypeError."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list or tuple, got {abbreviated(value)}")
    try:
        return list(value)
    except Exception as error:
        raise TypeError(f"{name} must be a list or tuple, got {abbreviated(value)}") from error


def abbreviated(value: object) -> str:
    """Returns how a value looks in a message."""
    try:
        text = repr(value)
    except Exception:  # an integer of too many digits, or anybody's __repr__
        return f"an object of class {type(value).__name__}"
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def available_processors() -> int:
    """The number of processors this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
