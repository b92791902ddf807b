"""Argument types: from the words of the command line to checked values."""

import argparse
from collections.abc import Callable

from ..limits import (
    LARGEST_MAX_FILE_BYTES,
    LARGEST_MAX_PIXELS,
    MAX_FILE_BYTES,
    MAX_PIXELS,
    MAX_THREADS,
    check_integer,
    check_number,
)
from ..options import DITHERS, Dither

__all__ = ["add_limits", "dither", "integer", "number", "size"]

UNITS = {
    "": 1,
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "kib": 2**10,
    "mib": 2**20,
    "gb": 10**9,
    "gib": 2**30,
    "k": 10**3,
    "m": 10**6,
    "g": 10**9,
}


def dither(text: str) -> Dither | float:
    """Is the argparse type of --dither."""
    for name in DITHERS:
        if text == name:
            return name
    try:
        value = float(text)
        check_number("--dither", value, 0, 1)
    except ValueError:
        names = ", ".join(DITHERS)
        message = f"--dither must be one of {names} or a number, 0 to 1, got {text!r}"
        raise argparse.ArgumentTypeError(message) from None
    return value


def size(name: str) -> Callable[[str], int]:
    """Returns an argparse type for numbers of bytes, at least 1.

    >>> size("--max-bytes")("100kB"), size("--max-bytes")("1.5 MiB")
    (100000, 1572864)
    """

    def parse(text: str) -> int:
        number = text.rstrip("kKmMgGiIbB ")
        try:
            n_bytes = round(float(number) * UNITS[text[len(number) :].strip().lower()])
            check_integer(name, n_bytes, 1, LARGEST_MAX_FILE_BYTES)
        except (KeyError, ValueError, OverflowError):
            message = f"{name} must be a size such as 5000, 100kB or 1MiB, got {text!r}"
            raise argparse.ArgumentTypeError(message) from None
        return n_bytes

    return parse


def integer(name: str, low: int, high: int | None = None) -> Callable[[str], int]:
    """Returns an argparse type for integers from low to high."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1  # out of range, so that one message serves both faults
        try:
            check_integer(name, value, low, high)
        except ValueError:
            allowed = f"{low} to {high}" if high is not None else f"{low} or more"
            message = f"{name} must be a whole number, {allowed}, got {text!r}"
            raise argparse.ArgumentTypeError(message) from None
        return value

    return parse


def number(name: str, low: float, high: float) -> Callable[[str], float]:
    """Returns an argparse type for numbers from low to high."""

    def parse(text: str) -> float:
        try:
            value = float(text)
            check_number(name, value, low, high)
        except ValueError:
            message = f"{name} must be a number, {low:g} to {high:g}, got {text!r}"
            raise argparse.ArgumentTypeError(message) from None
        return value

    return parse


def add_limits(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    """Declares the options that bound what a picture may take, and returns their group."""
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--threads",
        metavar="N",
        dest="n_threads",
        type=integer("--threads", 1, MAX_THREADS),
        help="threads for clustering; the result is the same (default: one a processor)",
    )
    limits.add_argument(
        "--max-pixels",
        metavar="N",
        type=integer("--max-pixels", 1, LARGEST_MAX_PIXELS),
        default=MAX_PIXELS,
        help="refuse larger pictures (default: %(default)s)",
    )
    limits.add_argument(
        "--max-file-bytes",
        metavar="SIZE",
        type=size("--max-file-bytes"),
        default=MAX_FILE_BYTES,
        help="read no more from a file, a pipe or standard input (default: 1GiB)",
    )
    return limits
