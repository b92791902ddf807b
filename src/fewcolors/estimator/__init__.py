"""k-means with scikit-learn's conventions: `KMeans`, and what it inherits with and without it."""

from .kmeans import KMeans

__all__ = ["KMeans"]
