"""Figures that show what a compression does, and what k-means does to a picture.

    comparison       the original, the result, and where the difference would be seen
    palette          the colours, with shares and hex
    color_cloud      the picture's colours in space, each in its centroid's colour
    elbow            inertia against the number of clusters
    rate_distortion  score against bytes, over numbers of colours and qualities
    convergence      inertia by iteration, and the ways of the centroids
    index_map        the indices as deflate sees them

All need matplotlib (``pip install "fewcolors[plot]"``), take the axes to draw in, or make a figure,
and return the axes. `side_by_side` is drawn by Pillow alone, pixel for pixel, for the command's
``--figure``. Everything is drawn on a ground of its own, so that a dark page does no harm.
"""

from .color_cloud import color_cloud
from .comparison import comparison
from .convergence import convergence
from .elbow import elbow, inertias
from .index_map import index_map
from .palette import palette
from .rate_distortion import rate_distortion
from .side_by_side import side_by_side

__all__ = [
    "color_cloud",
    "comparison",
    "convergence",
    "elbow",
    "index_map",
    "inertias",
    "palette",
    "rate_distortion",
    "side_by_side",
]
