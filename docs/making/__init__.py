"""Makes the parts of the site that follow from the package: see `make`."""

import shutil
from pathlib import Path
from types import ModuleType

from .api import api_page
from .command import command_page
from .figures import draw_figures

__all__ = ["make"]

NOTEBOOK = "compress-images-with-kmeans.ipynb"


def make(folder: Path, package: ModuleType) -> None:
    """Makes pages and figures in docs/made, which git does not keep.

    Args:
        folder: docs.
        package: fewcolors.
    """
    made, root = folder / "made", folder.parent
    made.mkdir(exist_ok=True)
    _write(made / "command.md", command_page())
    _write(made / "api.md", api_page(package))
    _write(made / "changelog.md", (root / "CHANGELOG.md").read_text())
    _write(made / "notebook.ipynb", (root / "examples" / NOTEBOOK).read_text())
    shutil.copy(root / "examples" / "kmeans_from_scratch.py", made)
    draw_figures(made, root / "examples" / "astronaut.png")


def _write(path: Path, text: str) -> None:
    """Writes a file unless it is as it should be, so that Sphinx knows what has changed."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
