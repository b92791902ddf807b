"""Runs examples/compress-images-with-kmeans.md and writes it with its outputs as .ipynb.

    python scripts/notebook.py [FILE]     by default examples/compress-images-with-kmeans.ipynb

Needs: pip install ".[docs,flip]". A cell that fails ends it with status 1. Pictures among the
outputs are compressed by fewcolors itself.
"""

import base64
import os
import sys
from pathlib import Path
from typing import Any

import jupytext
from nbclient import NotebookClient

import fewcolors

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
TEXT = EXAMPLES / "compress-images-with-kmeans.md"
MOST_SECONDS = 120
QUALITY = 80
"""Of the pictures: hard to tell from what was drawn."""


def main() -> None:
    """Runs the notebook."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TEXT.with_suffix(".ipynb")
    notebook: Any = jupytext.read(TEXT)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a warning of the debugger's
    resources = {"metadata": {"path": str(EXAMPLES)}}
    NotebookClient(notebook, timeout=MOST_SECONDS, resources=resources).execute()
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # the same in every run
        cell.metadata.pop("execution", None)  # when it ran
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                data["image/png"] = _smaller(data["image/png"])
    jupytext.write(notebook, target, fmt="ipynb")


def _smaller(encoded: str) -> str:
    """Returns a picture with fewer bytes, in base64 as before."""
    data = base64.b64decode(encoded)
    result = fewcolors.compress(data, quality=QUALITY)
    smallest = min(data, result.data, key=len)
    return base64.b64encode(smallest).decode()


if __name__ == "__main__":
    main()
