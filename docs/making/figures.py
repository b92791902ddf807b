"""The figures of the site, drawn by `fewcolors.figures` from the picture of the examples."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

import fewcolors
from fewcolors import figures

__all__ = ["draw_figures"]


def draw_figures(folder: Path, picture: Path) -> None:
    """Draws the figures that are not there yet; each is compressed as any picture is."""
    matplotlib.use("agg")
    pixels = fewcolors.decode(picture)
    rows = np.frombuffer(pixels.data, np.uint8).reshape(-1, 3)[::13]
    draw: dict[str, Any] = {
        "comparison": lambda: fewcolors.compress(picture, 16).figure(),
        "palette": lambda: figures.palette(fewcolors.compress(picture, 16)),
        "color-cloud": lambda: figures.color_cloud(picture, 16),
        "elbow": lambda: figures.elbow(picture),
        "rate-distortion": lambda: figures.rate_distortion(picture),
        "convergence": lambda: figures.convergence(rows, 8),
        "index-map": lambda: figures.index_map(picture),
    }
    for name, function in draw.items():
        target = folder / f"{name}.png"
        if target.exists():
            continue
        ax = function()
        drawn = folder / f"{name}-drawn.png"
        ax.figure.savefig(drawn)
        matplotlib.pyplot.close(ax.figure)
        fewcolors.compress(drawn, quality=85).save(target)
        drawn.unlink()
