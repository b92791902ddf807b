"""What is asked for, and what is known, of a picture that is decoded."""

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["File", "Wishes"]


class Wishes(NamedTuple):
    """What is asked for, besides the pixels; see `decode` and `decode_compactly`."""

    check_size: Callable[[int, int], None]
    keep_profile: bool
    keep_metadata: bool
    allow_damaged: bool
    most_colors: int = 0


class File(NamedTuple):
    """What is known of the file that a picture comes from.

    Attributes:
        format: the name of its format; None where there is no file.
        n_bytes: its size; None where there is no file.
    """

    format: str | None = None
    n_bytes: int | None = None
