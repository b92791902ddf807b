"""Why a job has no result, as workers hand it over."""

from typing import NamedTuple

from ..errors import (
    FewcolorsError,
    ImageTooLargeError,
    QualityTooLowError,
    TooManyBytesError,
    UnsupportedFormatError,
)

__all__ = ["Failure", "as_failure"]


class Failure(NamedTuple):
    """What is wrong with a request or its picture.

    Attributes:
        status: of HTTP.
        message: what is wrong, and what to do.
        kind: a word for programs; None for that of the status.
    """

    status: int
    message: str
    kind: str | None = None


def as_failure(error: Exception) -> Failure | None:
    """Returns what an error of the library means to a client; None if it is a fault of ours."""
    text = str(error)
    if isinstance(error, UnsupportedFormatError):
        return Failure(415, text)
    if isinstance(error, ImageTooLargeError):
        return Failure(413, text)
    if isinstance(error, QualityTooLowError):
        return Failure(422, text, "Quality too low")
    if isinstance(error, TooManyBytesError):
        return Failure(422, text, "Too many bytes")
    if isinstance(error, FewcolorsError):
        return Failure(422, text)
    if isinstance(error, MemoryError):
        return Failure(413, "not enough memory for this picture; choose a smaller one")
    if isinstance(error, ValueError):  # options that do not go with the picture
        return Failure(422, text)
    return None
