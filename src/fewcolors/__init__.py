"""Image compression by k-means: the few colours that matter, and one small index a pixel.

    decode -> weigh -> histogram -> k-means -> palette -> assign -> encode

`compress` runs all of it, `quantize` stops before the last stage, and `KMeans` is the clustering
alone, with scikit-learn's conventions. `compress.py` is the pipeline as code. The stages can be
called one by one, to merge the histograms of many pictures for example.
"""

from typing import TYPE_CHECKING, Any

from .assign import assign
from .compress import compress, quantize
from .decode import Pixels, decode
from .encode import encode_png
from .errors import (
    DecodeError,
    EncodeError,
    FewcolorsError,
    ImageTooLargeError,
    PaletteError,
    QualityTooLowError,
    UnsupportedFormatError,
)
from .histogram import Histogram, build_histogram
from .image import IndexedImage
from .main_colors import palette_of
from .options import Options
from .palette import Palette, build_palette
from .result import Compressed
from .weigh import Weights, weigh

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
    "Options",
    "Palette",
    "PaletteError",
    "Pixels",
    "QualityTooLowError",
    "UnsupportedFormatError",
    "Weights",
    "assign",
    "build_histogram",
    "build_palette",
    "compress",
    "decode",
    "encode_png",
    "palette_of",
    "quantize",
    "weigh",
]


def __getattr__(name: str) -> Any:
    """Imports KMeans when it is asked for: it needs NumPy, which nothing else here does."""
    if name == "KMeans":
        from .estimator import KMeans

        return KMeans
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
