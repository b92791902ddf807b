"""Whatever a decoder throws arrives as one of our errors, with its cause."""

import contextlib
from collections.abc import Iterator

from ..errors import DecodeError, FewcolorsError, ImageTooLargeError

__all__ = ["decoding"]


@contextlib.contextmanager
def decoding() -> Iterator[None]:
    """Turns what is raised inside into a DecodeError.

    Decoders raise OSError, SyntaxError, ValueError, struct.error and others on damaged files.

    Raises:
        FewcolorsError: one of ours passes unchanged.
        ImageTooLargeError: there is not enough memory.
        DecodeError: of any other exception.
    """
    try:
        yield
    except (FewcolorsError, GeneratorExit):
        raise
    except MemoryError as error:
        raise ImageTooLargeError("not enough memory for its pixels; make it smaller") from error
    except Exception as error:
        fault = " ".join(str(error).split()) or type(error).__name__
        raise DecodeError(
            f"damaged or incomplete ({fault}); get it anew from its source"
        ) from error
