"""Score against bytes, over numbers of colours and qualities."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..explore import Attempt, Exploration, explore
from .style import (
    BLUE,
    CYCLE,
    INK,
    LIGHT_LINE,
    ORANGE,
    QUIET_INK,
    VERMILION,
    axes_or_new,
    style,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..decode import ImageSource

__all__ = ["rate_distortion"]

SIZE = (7.6, 4.8)
ROOM = (0.04, 0.045)
"""What a text takes, as shares of the width and the height."""

OTHER_MARKERS = "^vDPX"
MEANINGS = ((90, "like the original"), (70, "high"), (50, "fair"))


def rate_distortion(
    source: "Exploration | ImageSource",
    *,
    others: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    ax: "Axes | None" = None,
    progress: bool = False,
) -> "Axes":
    """Draws how good a picture looks against its bytes, at many numbers of colours and qualities.

    Args:
        source: what `explore` returned; or a picture, which is explored first.
        others: results of other tools, by name: (bytes, score) each.
        ax: where to draw; None for a new figure.
        progress: whether to show a bar while a picture is explored, by tqdm.

    Returns:
        The axes; the default's choice is marked.

    Raises:
        DecodeError, OSError: the source cannot be read.
        ImportError: matplotlib is not installed, or tqdm and progress is to be shown.
        TypeError, ValueError: an argument is not allowed.

    Examples:
        >>> import fewcolors, numpy as np
        >>> ramp = np.arange(256, dtype=np.uint8).repeat(16).reshape(64, 64)
        >>> ax = rate_distortion(fewcolors.explore(ramp, colors=(2, 8), qualities=(50, 75)))
    """
    found = source if isinstance(source, Exploration) else explore(source, progress=progress)
    with style():
        ax = axes_or_new(ax, SIZE)
        by_colors = [attempt for attempt in found.attempts if attempt.asked_colors is not None]
        by_quality = [attempt for attempt in found.attempts if attempt.asked_quality is not None]
        _draw(ax, by_quality, "-q, a score asked for", BLUE, "o-")
        _draw(ax, by_colors, "-k, a number of colours asked for", ORANGE, "s--")
        for number, (name, points) in enumerate((others or {}).items()):
            sizes, scores = zip(*points, strict=True)
            ax.plot(
                [size / 1000 for size in sizes],
                scores,
                OTHER_MARKERS[number % len(OTHER_MARKERS)] + ":",
                color=CYCLE[(number + 2) % len(CYCLE)],
                label=name,
                markersize=6,
                linewidth=1.2,
            )
        for default in (attempt for attempt in found.attempts if attempt.is_default):
            ax.plot(
                [default.n_bytes / 1000],
                [default.score],
                "*",
                markersize=15,
                color=VERMILION,
                markeredgecolor="white",
                label=f"the default: {default.n_bytes / 1000:.1f} kB, score {default.score:.0f}",
                zorder=5,
            )
        _finish(ax)
        _label(ax, found.attempts)
    return ax


def _draw(ax: "Axes", attempts: list[Attempt], label: str, color: str, line: str) -> None:
    if not attempts:
        return
    sizes = [attempt.n_bytes / 1000 for attempt in attempts]
    scores = [attempt.score for attempt in attempts]
    ax.plot(sizes, scores, line, color=color, label=label, markersize=5, linewidth=1.6)


def _label(ax: "Axes", attempts: Sequence[Attempt]) -> None:
    """Writes what was asked for beside each point, where there is room.

    Points with the same result share a text, and of texts that would lie over each other the first
    stays; those of qualities come first.
    """
    requests: dict[tuple[int, float], list[Attempt]] = {}
    for attempt in sorted(attempts, key=lambda attempt: attempt.asked_quality is None):
        requests.setdefault((attempt.n_bytes, attempt.score), []).append(attempt)
    to_share = ax.transLimits.transform
    taken: list[tuple[float, float]] = []
    for (n_bytes, score), alike in requests.items():
        left, up = to_share((math.log10(n_bytes / 1000), score))
        if any(abs(left - x) < ROOM[0] and abs(up - y) < ROOM[1] for x, y in taken):
            continue
        taken.append((left, up))
        above = alike[0].asked_quality is not None
        ax.annotate(
            ", ".join(attempt.request.partition(" ")[2] for attempt in alike),
            (n_bytes / 1000, score),
            xytext=(-7, 3) if above else (7, -3),
            textcoords="offset points",
            ha="right" if above else "left",
            va="bottom" if above else "top",
            fontsize=8,
            color=INK,
        )


def _finish(ax: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.set_xscale("log")
    ax.margins(x=0.08)
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5, 7)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    lowest, highest = ax.get_ylim()
    ax.set_ylim(lowest, min(highest, 101))
    for score, meaning in MEANINGS:
        if lowest < score < highest:
            ax.axhline(score, color=LIGHT_LINE, linewidth=1, zorder=0)
            ax.text(
                1.01,
                score,
                meaning,
                transform=ax.get_yaxis_transform(),
                fontsize=8.5,
                va="center",
                color=QUIET_INK,
            )
    ax.set_xlabel("size in kB, logarithmic")
    ax.set_ylabel("score of SSIMULACRA 2")
    ax.set_title("What more bytes buy")
    ax.legend(loc="lower right")
