"""Ranges that arguments are held to, and the checks that name what is wrong."""

import os
from collections.abc import Callable
from typing import TypeAlias

__all__ = [
    "LARGEST_MAX_PIXELS",
    "MAX_COLORS",
    "MAX_ITERATIONS",
    "MAX_PIXELS",
    "MAX_QUALITY",
    "MAX_SEED",
    "MAX_STARTS",
    "MAX_THREADS",
    "Check",
    "available_processors",
    "check_boolean",
    "check_choice",
    "check_integer",
    "check_number",
    "choice",
    "integer",
    "number",
]

MAX_COLORS = 256
"""A PNG palette has no more entries."""

MAX_QUALITY = 100.0
"""The score of SSIMULACRA 2 for equal pictures."""

MAX_PIXELS = 100_000_000
"""Twice the largest common cameras; decoding stays under a gigabyte of memory."""

LARGEST_MAX_PIXELS = 2**32 - 1
"""What 32-bit counts of a colour can hold."""

MAX_SEED = 2**64 - 1
"""The kernels' random numbers start from 64 bits."""

MAX_STARTS = 10_000
"""A thousand times the default; more would only run for hours."""

MAX_ITERATIONS = 2**31 - 1
"""The kernels count iterations in 32 bits."""

MAX_THREADS = 256
"""More would cost more to start than they save."""


Check: TypeAlias = Callable[[str, object], None]
"""Raises TypeError or ValueError, naming the argument, unless a value is allowed."""


def integer(low: int, high: int | None = None) -> Check:
    """Returns a check for integers from low to high."""
    return lambda name, value: check_integer(name, value, low, high)


def number(low: float, high: float) -> Check:
    """Returns a check for numbers from low to high."""
    return lambda name, value: check_number(name, value, low, high)


def choice(choices: tuple[str, ...]) -> Check:
    """Returns a check for one of a few words."""
    return lambda name, value: check_choice(name, value, choices)


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
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}")


def check_boolean(name: str, value: object) -> None:
    """Raises TypeError unless value is True or False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}")


def available_processors() -> int:
    """The number of processors this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
