"""pngquant's exit statuses, and which of them a fault has."""

from ..faults import Kind

__all__ = [
    "DONE",
    "LARGER",
    "MISSING_ARGUMENT",
    "NO_PNG",
    "QUALITY_TOO_LOW",
    "SKIPPED",
    "STATUSES",
    "WRONG_ARGUMENT",
]

DONE = 0
MISSING_ARGUMENT = 1
UNREADABLE = 2
WRONG_ARGUMENT = 4
"""Also of unknown options, as in pngquant 2; they are 1 in pngquant 3."""
EXISTS = 15
UNWRITABLE = 16
NO_MEMORY = 17
TOO_LARGE = 24
NO_PNG = 25
LARGER = 98
QUALITY_TOO_LOW = 99

SKIPPED = (LARGER, QUALITY_TOO_LOW)
"""Nothing went wrong, but the original is the better file."""

STATUSES: dict[Kind, int] = {
    "unreadable": UNREADABLE,
    "no picture": NO_PNG,
    "too large": TOO_LARGE,
    "no memory": NO_MEMORY,
    "too low": QUALITY_TOO_LOW,
    "exists": EXISTS,
    "unwritable": UNWRITABLE,
    "other": UNWRITABLE,
}
