"""Image compression by k-means: the few colours that matter, and one small index a pixel.

    decode -> weigh -> histogram -> k-means -> palette -> assign -> encode

`compress` runs all of it, `quantize` stops before the last stage, and `KMeans` is the clustering
alone, with scikit-learn's conventions. `pipeline.py` is the pipeline as code. The stages can be
called one by one, to merge the histograms of many pictures for example.
"""

import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import figures as figures
    from .assign import assign
    from .compare import Comparison, compare
    from .decode import Pixels, decode
    from .encode.png import encode_png
    from .errors import (
        DecodeError,
        EncodeError,
        FewcolorsError,
        ImageTooLargeError,
        PaletteError,
        QualityTooLowError,
        TooManyBytesError,
        UnsupportedFormatError,
    )
    from .estimator import KMeans
    from .explore import Exploration, explore
    from .histogram import Histogram, build_histogram
    from .indexed import IndexedImage, Palette
    from .many import compress_many
    from .options import Options
    from .palette import build_palette
    from .palette.main_colors import palette_of
    from .pipeline import compress, quantize
    from .result import Compressed
    from .weigh import Weights, weigh

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Compressed",
    "DecodeError",
    "EncodeError",
    "Exploration",
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
    "TooManyBytesError",
    "UnsupportedFormatError",
    "Weights",
    "assign",
    "build_histogram",
    "build_palette",
    "compare",
    "compress",
    "compress_many",
    "decode",
    "encode_png",
    "explore",
    "palette_of",
    "quantize",
    "weigh",
]


_HOMES = {
    "Comparison": "compare",
    "Compressed": "result",
    "DecodeError": "errors",
    "EncodeError": "errors",
    "Exploration": "explore",
    "FewcolorsError": "errors",
    "Histogram": "histogram",
    "ImageTooLargeError": "errors",
    "IndexedImage": "indexed",
    "KMeans": "estimator",
    "Options": "options",
    "Palette": "palette",
    "PaletteError": "errors",
    "Pixels": "decode",
    "QualityTooLowError": "errors",
    "TooManyBytesError": "errors",
    "UnsupportedFormatError": "errors",
    "Weights": "weigh",
    "assign": "assign",
    "build_histogram": "histogram",
    "build_palette": "palette",
    "compare": "compare",
    "compress": "pipeline",
    "compress_many": "many",
    "decode": "decode",
    "encode_png": "encode.png",
    "explore": "explore",
    "palette_of": "palette.main_colors",
    "quantize": "pipeline",
    "weigh": "weigh",
}
"""The modules of the public names. They are imported when they are asked for: the command needs no
decoder to find out that a picture has been compressed before, and KMeans alone needs NumPy."""


def __getattr__(name: str) -> Any:
    """Imports a public name."""
    if name == "figures":
        return importlib.import_module(".figures", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    if name in ("compress", "compress_many", "explore", "quantize"):
        from .signature import with_options

        value = with_options(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Lists the public names, imported or not, and none of the modules that hold them."""
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])


class _Package(types.ModuleType):
    def __setattr__(self, name: str, value: Any) -> None:
        """Lets ``fewcolors.compress`` be the function, though importing sets it to the module."""
        if _HOMES.get(name) == name and isinstance(value, types.ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
