"""The reference of the library: every public name, from its docstring."""

import inspect
from types import ModuleType

__all__ = ["api_page"]

INTRODUCTION = """\
# The library

Every public name, from its docstring; the examples run as tests. `import fewcolors` loads each
when it is asked for.
"""

SECTIONS = {
    "Compress": ("compress", "quantize", "compress_many", "Compressed", "IndexedImage", "Options"),
    "Cluster": ("KMeans",),
    "Palettes": ("palette_of", "Palette"),
    "Measure": ("compare", "Comparison", "explore", "Exploration"),
    "The stages": (
        *("decode", "Pixels", "weigh", "Weights", "build_histogram", "Histogram"),
        *("build_palette", "assign", "encode_png"),
    ),
    "Errors": (
        *("FewcolorsError", "DecodeError", "UnsupportedFormatError", "ImageTooLargeError"),
        *("PaletteError", "QualityTooLowError", "TooManyBytesError", "EncodeError"),
    ),
}


def api_page(package: ModuleType) -> str:
    """Returns the page.

    Raises:
        ValueError: a public name has no section.
    """
    named = {name for names in SECTIONS.values() for name in names}
    if named != set(package.__all__):
        raise ValueError(f"SECTIONS and __all__ differ in {named ^ set(package.__all__)}")
    parts = [INTRODUCTION]
    for title, names in SECTIONS.items():
        parts.append(f"## {title}")
        parts.extend(_entry("fewcolors", name, getattr(package, name)) for name in names)
    parts.append("## Figures")
    parts.append('They need matplotlib: `pip install "fewcolors[plot]"`.')
    figures = package.figures
    parts.extend(
        _entry("fewcolors.figures", name, getattr(figures, name)) for name in figures.__all__
    )
    return "\n\n".join(parts) + "\n"


def _entry(module: str, name: str, value: object) -> str:
    lines = [f"autoclass:: {module}.{name}", "   :members:", "   :inherited-members: tuple, object"]
    if not inspect.isclass(value):
        lines = [f"autofunction:: {module}.{name}"]
    elif issubclass(value, Exception):
        lines = [lines[0]]
    elif name == "KMeans":
        lines = [*lines[:2], "   :exclude-members: set_fit_request, set_score_request"]
    elif name == "Options":
        lines = [lines[0]]
    return "```{eval-rst}\n.. " + "\n".join(lines) + "\n```"
