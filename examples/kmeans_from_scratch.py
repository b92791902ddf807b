"""k-means as the textbook has it, on one page of NumPy.

    python examples/kmeans_from_scratch.py PICTURE N_COLORS RESULT.png

From the same starts `fewcolors.KMeans` finds the same clusters; a test of the project holds that.
"""

import sys
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

Array = np.ndarray[Any, np.dtype[Any]]


class Clusters(NamedTuple):
    centroids: Array  # (k, d)
    labels: Array  # (n,), the number of each row's nearest centroid
    inertia: float  # the squared distances of the rows to their centroids, summed
    n_iter: int


def nearest(X: Array, centroids: Array) -> tuple[Array, Array]:
    """Returns the label of each row, and its squared distance to that centroid."""
    labels = np.zeros(len(X), np.intp)
    best = np.full(len(X), np.inf)
    for number, centroid in enumerate(centroids):
        distances = ((X - centroid) ** 2).sum(axis=1)
        closer = distances < best
        labels[closer], best[closer] = number, distances[closer]
    return labels, best


def lloyd(X: Array, centroids: Array, max_iter: int = 300) -> Clusters:
    """Moves each centroid to the mean of its rows until no label changes."""
    labels, best = nearest(X, centroids)
    n_iter, is_moving = 0, True
    while is_moving and n_iter < max_iter:
        n_iter += 1
        counts = np.bincount(labels, minlength=len(centroids))
        sums = [np.bincount(labels, column, minlength=len(centroids)) for column in X.T]
        filled = counts > 0  # an empty cluster stays where it is
        centroids = centroids.copy()
        centroids[filled] = np.stack(sums, axis=1)[filled] / counts[filled, None]
        old, (labels, best) = labels, nearest(X, centroids)
        is_moving = not np.array_equal(labels, old)
    return Clusters(centroids, labels, float(best.sum()), n_iter)


def kmeans(X: Array, k: int, n_init: int = 10, max_iter: int = 300, seed: int = 0) -> Clusters:
    """Runs Lloyd's algorithm from random rows, n_init times, and returns the best of all."""
    draws = np.random.default_rng(seed)
    starts = [X[draws.choice(len(X), k, replace=False)] for _ in range(n_init)]
    return min((lloyd(X, start, max_iter) for start in starts), key=lambda fit: fit.inertia)


if __name__ == "__main__":
    picture = np.asarray(Image.open(sys.argv[1]).convert("RGB"))
    pixels = picture.reshape(-1, 3).astype(float)
    found = kmeans(pixels, int(sys.argv[2]), n_init=3)
    compressed = found.centroids.round().astype(np.uint8)[found.labels]
    Image.fromarray(compressed.reshape(picture.shape)).save(sys.argv[3])
