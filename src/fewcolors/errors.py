"""What can go wrong with a picture; each class ends in the exit status of the command line.

    FewcolorsError
      DecodeError                the source is not a picture that can be read
        UnsupportedFormatError   it may be a picture, but of a kind not read here
        ImageTooLargeError       it has more pixels than allowed
      EncodeError                the result cannot be written
      PaletteError               a palette cannot be read, written, or used for the picture
      QualityTooLowError         the result would look worse than min_quality allows
      TooManyBytesError          it would be larger than max_bytes allows

Wrong arguments are ``ValueError`` or ``TypeError``, which name the value and the allowed range.
"""

from .wording import rounded, score_word

__all__ = [
    "DecodeError",
    "EncodeError",
    "FewcolorsError",
    "ImageTooLargeError",
    "PaletteError",
    "QualityTooLowError",
    "TooManyBytesError",
    "UnsupportedFormatError",
]


class FewcolorsError(Exception):
    """Any fault of a picture or a file, as opposed to one of the arguments."""


class DecodeError(FewcolorsError):
    """The source cannot be read as a picture."""


class UnsupportedFormatError(DecodeError):
    """The source is of a format, or has a feature, that is not supported."""


class ImageTooLargeError(DecodeError):
    """The picture has more pixels than ``max_pixels`` allows."""


class EncodeError(FewcolorsError):
    """The result cannot be written."""


class PaletteError(FewcolorsError):
    """A palette cannot be read, written, or used for the picture."""


class QualityTooLowError(FewcolorsError):
    """The result would look worse than ``min_quality`` allows.

    Attributes:
        score: what was reached.
        min_quality: what was asked for.
    """

    def __init__(self, score: float, min_quality: float) -> None:
        reached = f"{rounded(score):.1f} ({score_word(score)})"
        super().__init__(
            f"reaches a score of {reached} only, below the {min_quality:g} asked for; "
            "allow more colours or a lower quality"
        )
        self.score = score
        self.min_quality = min_quality

    def __reduce__(self) -> tuple[type, tuple[float, float]]:
        """Lets the error travel between processes, which would call it with its message."""
        return QualityTooLowError, (self.score, self.min_quality)


class TooManyBytesError(FewcolorsError):
    """The result would be larger than ``max_bytes`` allows.

    Attributes:
        n_bytes: the least it can be.
        max_bytes: what was asked for.
    """

    def __init__(self, n_bytes: int, max_bytes: int) -> None:
        super().__init__(
            f"takes {n_bytes:,} bytes at the least, over the {max_bytes:,} asked for; "
            "allow more, or make the picture smaller"
        )
        self.n_bytes = n_bytes
        self.max_bytes = max_bytes

    def __reduce__(self) -> tuple[type, tuple[int, int]]:
        """Lets the error travel between processes, which would call it with its message."""
        return TooManyBytesError, (self.n_bytes, self.max_bytes)
