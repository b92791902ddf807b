"""pngquant's exit statuses, and the status of each kind of fault."""

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
"""Also for unknown options, as in pngquant 2; pngquant 3 has 1 for them."""
EXISTS = 15
UNWRITABLE = 16
NO_MEMORY = 17
TOO_LARGE = 24
NO_PNG = 25
LARGER = 98
QUALITY_TOO_LOW = 99

SKIPPED = (LARGER, QUALITY_TOO_LOW)
"""The statuses of a result that is not worth writing."""

STATUSES: dict[Kind, int] = {
    "unreadable": UNREADABLE,
    "no picture": NO_PNG,
    "too large": TOO_LARGE,
    "no memory": NO_MEMORY,
    "too low": QUALITY_TOO_LOW,
    "too many bytes": LARGER,
    "wrong argument": WRONG_ARGUMENT,
    "exists": EXISTS,
    "unwritable": UNWRITABLE,
    "other": UNWRITABLE,
}
