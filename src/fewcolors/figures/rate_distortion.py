"""Score against bytes, over numbers of colours and qualities."""

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
        _draw(ax, by_quality, "-q, a score asked for", BLUE, "o-", above=True)
        _draw(ax, by_colors, "-k, a number of colours asked for", ORANGE, "s--", above=False)
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
    return ax


def _draw(
    ax: "Axes", attempts: list[Attempt], label: str, color: str, line: str, *, above: bool
) -> None:
    if not attempts:
        return
    ordered = sorted(attempts, key=lambda attempt: attempt.n_bytes)
    sizes = [attempt.n_bytes / 1000 for attempt in ordered]
    scores = [attempt.score for attempt in ordered]
    ax.plot(sizes, scores, line, color=color, label=label, markersize=5, linewidth=1.6)
    requests: dict[int, list[str]] = {}
    for attempt in ordered:
        requests.setdefault(attempt.n_bytes, []).append(attempt.request.partition(" ")[2])
    for attempt in {attempt.n_bytes: attempt for attempt in ordered}.values():
        ax.annotate(
            ", ".join(requests[attempt.n_bytes]),
            (attempt.n_bytes / 1000, attempt.score),
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
