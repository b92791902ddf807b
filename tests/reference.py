"""The kernels once more, in slow and obvious NumPy: what they must agree with."""

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class Fit(NamedTuple):
    """A fit of k-means."""

    centroids: Array
    labels: Array
    inertia: float
    n_iter: int


def squared_distances(rows: Array, centroids: Array) -> Array:
    """Returns (n, k) squared distances, added up coordinate by coordinate."""
    result = np.zeros((len(rows), len(centroids)))
    for dim in range(rows.shape[1]):
        away = rows[:, dim, None] - centroids[None, :, dim]
        result += away * away
    return result


def nearest(rows: Array, centroids: Array) -> Array:
    """Returns each row's nearest centroid, the first of equals."""
    labels: Array = squared_distances(rows, centroids).argmin(axis=1)
    return labels


def refill_empty(rows: Array, centroids: Array, labels: Array) -> Array:
    """Gives each empty cluster the point farthest from its centroid that is not alone."""
    labels = labels.copy()
    for cluster in range(len(centroids)):
        counts = np.bincount(labels, minlength=len(centroids))
        if counts[cluster] > 0:
            continue
        distances = squared_distances(rows, centroids)[np.arange(len(rows)), labels]
        distances[counts[labels] < 2] = -1
        labels[distances.argmax()] = cluster
    return labels


def lloyd(rows: Array, weights: Array, centroids: Array, max_iter: int, tolerance: float) -> Fit:
    """Lloyd's algorithm as the textbook has it."""
    centroids = centroids.copy()
    labels = np.full(len(rows), -1)
    n_iter = 0
    settled = False
    while not settled and n_iter < max_iter:
        n_iter += 1
        found = nearest(rows, centroids)
        if (found == labels).all():
            settled = True
            break
        labels = refill_empty(rows, centroids, found)
        means = np.stack(
            [
                (weights[labels == j, None] * rows[labels == j]).sum(axis=0)
                / weights[labels == j].sum()
                for j in range(len(centroids))
            ]
        )
        shift = ((means - centroids) ** 2).sum()
        centroids = means
        if shift <= tolerance:
            break
    if not settled:
        labels = nearest(rows, centroids)
    distances = squared_distances(rows, centroids)[np.arange(len(rows)), labels]
    return Fit(centroids, labels, float((weights * distances).sum()), n_iter)


def count_colors(pixels: Array) -> dict[tuple[int, int, int, int], int]:
    """Returns how often each colour occurs, alpha 0 counting as one colour."""
    counts: dict[tuple[int, int, int, int], int] = {}
    for pixel in pixels.tolist():
        red, green, blue, alpha = [*pixel, 255][:4]
        color = (red, green, blue, alpha) if alpha else (0, 0, 0, 0)
        counts[color] = counts.get(color, 0) + 1
    return counts


def oklab(rgb: Array, toe: float = 0.0) -> Array:
    """Returns OKLab coordinates of (n, 3) 8-bit sRGB, by the formulas of its author.

    A toe is added to the light of each cone; black stays 0 and white 1.
    """
    encoded = rgb / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    to_lms = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    roots = np.cbrt(linear @ to_lms.T + toe) - np.cbrt(toe)
    return np.asarray(roots / (np.cbrt(1.0 + toe) - np.cbrt(toe)) @ to_lab.T)


def bits_of_row(indices: list[int], depth: int) -> bytes:
    """Returns a PNG row of indices, the first in the highest bits."""
    bits = "".join(format(index, f"0{depth}b") for index in indices)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def planes(pixels: Array) -> Array:
    """Returns (h, w, c) 8-bit pixels in OKLab; with alpha, as on backgrounds of lightness 1 or 0.

    A background is white at a chance of .6: its mean is .6 and its variance .24.
    """
    rgb = oklab(pixels[:, :, :3].reshape(-1, 3).astype(np.float64)).reshape(*pixels.shape[:2], 3)
    if pixels.shape[2] == 3:
        return rgb
    alpha = pixels[:, :, 3:] / 255
    return np.concatenate([(rgb - [0.6, 0, 0]) * alpha, alpha * 0.24**0.5], axis=2)


def deviation(values: Array, radius: int) -> Array:
    """Returns the standard deviation in the box around each pixel; the edges go on as they end."""
    around = ((radius, radius), (radius, radius), (0, 0))
    size = 2 * radius + 1
    boxes = np.lib.stride_tricks.sliding_window_view(
        np.pad(values, around, mode="edge"), (size, size), axis=(0, 1)
    )
    return np.asarray(np.sqrt(boxes.var(axis=(3, 4)).sum(axis=2)))


def local_contrast(pixels: Array) -> Array:
    """Returns the contrast of each pixel as a byte: 255 for .5, on a square-root scale."""
    rounded = np.rint(planes(pixels) * 2048) / 2048
    contrast = np.sqrt(deviation(rounded, 2) * deviation(rounded, 6))
    beyond = np.pad(contrast, 2, constant_values=np.inf)
    least = np.lib.stride_tricks.sliding_window_view(beyond, (5, 5)).min(axis=(2, 3))
    mean = (contrast + least) / 2
    return np.asarray(np.floor(np.sqrt(mean / 0.5) * 255 + 0.5).clip(0, 255))


def palette_weights() -> Array:
    """Returns what a pixel of each contrast byte weighs in the choice of the palette."""
    contrast = (np.arange(256) / 255) ** 2 * 0.5
    return np.floor(16 / np.sqrt(contrast + 0.01) + 0.5)


class Drift:
    """What is taken off the target of the next row: errors of the rows above, blurred."""

    def __init__(self, width: int) -> None:
        self.narrow = np.zeros((width, 3))
        self.wide = np.zeros((width, 3))

    @property
    def correction(self) -> Array:
        return 0.4 * self.narrow + 0.15 * self.wide

    def add(self, error: Array) -> None:
        self.narrow = 0.7 * blurred(self.narrow + error, [0.25, 0.5, 0.25])
        self.wide = 0.9 * blurred(self.wide + error, [1 / 9] * 9)


def blurred(row: Array, kernel: list[float]) -> Array:
    radius = len(kernel) // 2
    padded = np.pad(row, ((radius, radius), (0, 0)), mode="edge")
    return np.stack([np.convolve(plane, kernel, mode="valid") for plane in padded.T], axis=1)


def filtered_rows(row: Array, above: Array) -> list[list[int]]:
    """Returns a row of bytes under each of PNG's five filters, by their numbers."""
    ways: list[list[int]] = [[] for _ in range(5)]
    left = above_left = 0
    for byte, up in zip(row.tolist(), above.tolist(), strict=True):
        estimate = left + up - above_left
        nearest = min((left, up, above_left), key=lambda value: abs(estimate - value))
        for way, foretold in zip(ways, (0, left, up, (left + up) // 2, nearest), strict=True):
            way.append((byte - foretold) % 256)
        left, above_left = byte, up
    return ways
