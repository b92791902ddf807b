"""pngquant's quality, 0 to 100, as scores of SSIMULACRA 2.

The one is a function of the mean squared error, the other of what the eye sees, so that the table
holds on average: ``benchmarks/calibrate_pngquant.py`` made it, from what pngquant 3.0.3 makes of 24
photos and 12 graphics at each quality. At 80, single pictures are 7 points off on average, most of
them graphics; photos alone 3.
"""

__all__ = ["aim_of", "least_of", "quality_of"]

QUALITIES = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 85.0, 90.0, 95.0, 98.0, 100.0)

AIMS = (0.0, 33.6, 42.0, 46.6, 53.4, 56.9, 63.6, 68.4, 73.4, 78.6, 81.1, 87.1, 92.7, 100.0)
"""The median of the scores: what to aim at."""

LEASTS = (0.0, 25.6, 31.1, 38.5, 46.7, 49.1, 54.2, 62.8, 70.1, 74.2, 79.5, 85.6, 88.9, 100.0)
"""Their lower quartile: below it, few would have passed with pngquant."""


def aim_of(quality: float) -> float:
    """Returns the score to aim at for a quality.

    >>> aim_of(80)
    73.4
    """
    return _interpolated(quality, QUALITIES, AIMS)


def least_of(quality: float) -> float:
    """Returns the score below which a result is worse than a quality.

    >>> least_of(100)
    100.0
    """
    return _interpolated(quality, QUALITIES, LEASTS)


def quality_of(score: float) -> float:
    """Returns the quality that results of a score usually have.

    >>> quality_of(73.4)
    80.0
    """
    return _interpolated(max(score, 0.0), AIMS, QUALITIES)


def _interpolated(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    after = next((i for i in range(1, len(xs) - 1) if x < xs[i]), len(xs) - 1)
    x0, x1, y0, y1 = xs[after - 1], xs[after], ys[after - 1], ys[after]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
