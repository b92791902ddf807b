"""pngquant's quality, 0 to 100, as scores of SSIMULACRA 2.

pngquant's quality is a function of the mean squared error, the score one of visible differences, so
the table holds on average only. ``benchmarks/calibrate_pngquant.py`` makes it from the results of
pngquant 3.0.3 for 24 photos and 12 graphics at each quality. At quality 80, pictures miss the table
by 7 points on average, photos by 3.
"""

__all__ = ["least_score_of", "quality_of_score", "target_score_of"]

QUALITIES = (0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 85.0, 90.0, 95.0, 98.0, 100.0)

TARGET_SCORES = (0.0, 33.6, 42.0, 46.6, 53.4, 56.9, 63.6, 68.4, 73.4, 78.6, 81.1, 87.1, 92.7, 100.0)
"""The median score of pngquant's results at each quality: the score to aim at."""

LEAST_SCORES = (0.0, 25.6, 31.1, 38.5, 46.7, 49.1, 54.2, 62.8, 70.1, 74.2, 79.5, 85.6, 88.9, 100.0)
"""The lower quartile of those scores: three quarters of the results reach it."""


def target_score_of(quality: float) -> float:
    """Returns the score to aim at for a quality.

    >>> target_score_of(80)
    73.4
    """
    return _interpolated(quality, QUALITIES, TARGET_SCORES)


def least_score_of(quality: float) -> float:
    """Returns the least score of a result that has a quality.

    >>> least_score_of(100)
    100.0
    """
    return _interpolated(quality, QUALITIES, LEAST_SCORES)


def quality_of_score(score: float) -> float:
    """Returns the quality that results of a score usually have.

    >>> quality_of_score(73.4)
    80.0
    """
    return _interpolated(max(score, 0.0), TARGET_SCORES, QUALITIES)


def _interpolated(x: float, xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    after = next((i for i in range(1, len(xs) - 1) if x < xs[i]), len(xs) - 1)
    x0, x1, y0, y1 = xs[after - 1], xs[after], ys[after - 1], ys[after]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
