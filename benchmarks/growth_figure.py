"""Draws time and memory over megapixels, from figures.json, as docs/growth.png.

pip install ".[bench,plot]"
python benchmarks/promises.py --all --only growth
python benchmarks/growth_figure.py
"""

from pathlib import Path

from figures.growth import FADING, MEGAPIXELS, SLOPE_FROM
from figures.lab import ROOT
from figures.record import Record, read_record
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

from fewcolors.figures.style import BLUE, GREEN, LIGHT_LINE, ORANGE, PURPLE, QUIET_INK, style

TARGET = ROOT / "docs" / "growth.png"
SIZE = (9.0, 4.2)  # inches
LOOKS = {
    "classic": (GREEN, "s"),
    "fast": (ORANGE, "^"),
    "balanced": (BLUE, "o"),
    FADING: (PURPLE, "D"),
}
LABELS = {
    "classic": "classic, fast, 256 colours",
    "fast": "perceptual, fast",
    "balanced": "perceptual, balanced: the default",
    FADING: "the default, alpha that fades",
}


def draw(record: Record, path: Path) -> None:
    """Draws both panels."""
    with style():
        figure, panels = pyplot.subplots(ncols=2, figsize=SIZE, layout="constrained")
        draw_panel(panels[0], record, "seconds", "time of the whole command, in seconds")
        draw_panel(panels[1], record, "mib", "most memory of the process, in MiB")
        panels[0].set_title(f"Time grows as pixels do, from {SLOPE_FROM:g} megapixel on")
        panels[1].set_title("So does memory")
        panels[0].legend(loc="lower right")
        figure.savefig(path, dpi=110)
        pyplot.close(figure)


def draw_panel(axes: Axes, record: Record, name: str, label: str) -> None:
    """Draws one figure of each recipe, both axes logarithmic, with the slope of growth in step."""
    found = record["growth"]["figures"]
    for recipe in LOOKS:
        color, marker = LOOKS[recipe]
        values = [found[f"{recipe}.{size:g}mp.{name}"] for size in MEGAPIXELS]
        axes.plot(MEGAPIXELS, values, color=color, marker=marker, label=LABELS[recipe])
    axes.set_xscale("log")
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    first, last = MEGAPIXELS[0], MEGAPIXELS[-1]
    for start in (low * last / first, low):  # lines along which ten times the pixels take ten times
        axes.plot([first, last], [start * first / last, start], color=LIGHT_LINE, zorder=0)
    axes.set_ylim(low, high)
    axes.set_xticks(MEGAPIXELS)
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(colors=QUIET_INK)
    axes.set_xlabel("megapixels, logarithmic")
    axes.set_ylabel(f"{label}, logarithmic")


if __name__ == "__main__":
    draw(read_record(), TARGET)
