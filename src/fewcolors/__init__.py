"""Image compression by k-means: the few colours that matter, and one small index a pixel.

    decode -> weigh -> histogram -> k-means -> palette -> assign -> encode

`compress` runs all of it, `quantize` stops before the last stage, and `KMeans` is the clustering
alone, with scikit-learn's conventions. `compress.py` is the pipeline as code.
"""

from typing import TYPE_CHECKING, Any

from .compress import compress, quantize
from .decode import Pixels, decode
from .errors import (
    DecodeError,
    EncodeError,
    FewcolorsError,
    ImageTooLargeError,
    UnsupportedFormatError,
)
from .histogram import Histogram, build_histogram
from .image import IndexedImage
from .palette import Palette
from .result import Compressed

if TYPE_CHECKING:
    from .estimator import KMeans

__version__ = "0.1.0"

__all__ = [
    "Compressed",
    "DecodeError",
    "EncodeError",
    "FewcolorsError",
    "Histogram",
    "ImageTooLargeError",
    "IndexedImage",
    "KMeans",
    "Palette",
    "Pixels",
    "UnsupportedFormatError",
    "build_histogram",
    "compress",
    "decode",
    "quantize",
]


def __getattr__(name: str) -> Any:
    """Imports KMeans when it is asked for: it needs NumPy, which nothing else here does."""
    if name == "KMeans":
        from .estimator import KMeans

        return KMeans
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
