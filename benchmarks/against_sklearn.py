"""fewcolors.KMeans against sklearn.cluster.KMeans: the same arguments on the same pixels.

    python benchmarks/against_sklearn.py PHOTO...

Each photo is scaled to 961 x 641 and given to both as float64 pixels, the one right after the
other. The figures are means over the photos. Allow half a minute a photo.
"""

import statistics
import sys
import time
from typing import Any

import numpy as np
from measure import print_table
from PIL import Image
from sklearn.cluster import KMeans as SklearnKMeans

import fewcolors

SIZE = (961, 641)
RECIPES: list[dict[str, Any]] = [
    {"n_clusters": 16, "n_init": 10, "max_iter": 300},
    {"n_clusters": 256, "n_init": 1, "max_iter": 300},
]


def timed_fit(model: Any, pixels: Any) -> tuple[float, float]:
    """Returns the seconds and the inertia of a fit."""
    start = time.perf_counter()
    model.fit(pixels)
    return time.perf_counter() - start, float(model.inertia_)


def main(paths: list[str]) -> None:
    """Prints a table."""
    rows = []
    for recipe in RECIPES:
        ours, theirs = [], []
        for path in paths:
            photo = Image.open(path).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
            pixels = np.asarray(photo, np.float64).reshape(-1, 3)
            ours.append(timed_fit(fewcolors.KMeans(**recipe, random_state=0), pixels))
            theirs.append(timed_fit(SklearnKMeans(**recipe, random_state=0), pixels))
        faster = [b[0] / a[0] for a, b in zip(ours, theirs, strict=True)]
        inertia = [a[1] / b[1] for a, b in zip(ours, theirs, strict=True)]
        rows.append(
            [
                f"k={recipe['n_clusters']}, n_init={recipe['n_init']}",
                f"{statistics.mean(a[0] for a in ours):.3f} s",
                f"{statistics.mean(b[0] for b in theirs):.2f} s",
                f"{statistics.mean(faster):.0f} ({min(faster):.0f} to {max(faster):.0f})",
                f"{statistics.mean(inertia):.4f}",
            ]
        )
    print_table(["", "fewcolors", "scikit-learn", "times faster", "inertia, ours / theirs"], rows)


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))
