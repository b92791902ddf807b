"""``fewcolors figure``: a figure of what k-means does to a picture."""

import argparse
from typing import TYPE_CHECKING, Any

from ..limits import MAX_COLORS, MAX_QUALITY
from .arguments import add_limits, integer, number
from .faults import Fault, reading
from .figure_files import check_figure, write_figure
from .streams import picture_source, print_error

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NAMES", "add_parser"]

NAMES = {
    "comparison": "original, compressed, and where the difference would be seen",
    "palette": "the colours of the compressed picture, with shares",
    "color-cloud": "the picture's colours in space, each in its centroid's colour",
    "elbow": "inertia against the number of clusters",
    "rate-distortion": "score against bytes",
    "convergence": "inertia by iteration, and the ways of the centroids",
    "index-map": "the indices as deflate sees them",
}

CLOUD_COLORS, CONVERGENCE_COLORS = 16, 8
"""Centroids that can be told apart in a figure."""

SAMPLED_PIXELS = 20_000
"""Of a large picture for the convergence: enough to show it, in a second."""


def add_parser(
    subcommands: "argparse._SubParsersAction[Any]", formatter: type[argparse.HelpFormatter]
) -> None:
    """Declares the subcommand."""
    names = "; ".join(f"{name}: {meaning}" for name, meaning in NAMES.items())
    parser = subcommands.add_parser(
        "figure",
        help="draw what k-means does to a picture",
        description=f"Draw a figure. {names}.",
        formatter_class=formatter,
        epilog="Exit status: 0 done, 1 the picture cannot be read or the figure not be drawn, "
        '2 wrong usage. Figures need matplotlib: pip install "fewcolors[plot]".',
    )
    parser.set_defaults(run=run, error=parser.error)
    parser.add_argument("name", metavar="NAME", choices=NAMES, help=f"one of {', '.join(NAMES)}")
    parser.add_argument("input", metavar="IMAGE", help="a picture; - reads one")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        help="where to draw: .png, .svg, .pdf, .jpg or .webp; - writes a PNG out",
    )
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N",
        dest="n_colors",
        type=integer("--colors", 1, MAX_COLORS),
        help="colours or clusters, 1 to 256 (default: 16 for color-cloud, 8 for convergence, or "
        "what compress would take)",
    )
    parser.add_argument(
        "-q",
        "--quality",
        metavar="Q",
        type=number("--quality", 0, MAX_QUALITY),
        help="the score to aim at, for comparison, palette and index-map",
    )
    parser.add_argument(
        "--space",
        choices=("oklab", "rgb"),
        default="oklab",
        help="of color-cloud (default: %(default)s)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite")
    add_limits(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draws a figure.

    Returns:
        The exit status.
    """
    try:
        check_figure(arguments)
        source = picture_source(arguments.input, arguments.max_file_bytes)
        with reading(arguments.input, "name a picture in it"):
            ax = _drawn(source, arguments)
        write_figure(ax, arguments)
    except Fault as fault:
        print_error(str(fault))
        return fault.status
    return 0


def _drawn(source: str | bytes, arguments: argparse.Namespace) -> "Axes":
    from .. import figures
    from ..compare.pictures import pixels_of

    n_colors, quality = arguments.n_colors, arguments.quality
    match arguments.name:
        case "comparison" | "palette":
            from ..pipeline import compress

            result = compress(source, n_colors, quality=quality, max_pixels=arguments.max_pixels)
            if arguments.name == "palette":
                return figures.palette(result)
            return figures.comparison(source, result, max_pixels=arguments.max_pixels)
        case "index-map":
            return figures.index_map(source, n_colors, quality)
        case "rate-distortion":
            return figures.rate_distortion(source)
    pixels = pixels_of(source, max_pixels=arguments.max_pixels)
    match arguments.name:
        case "color-cloud":
            space = arguments.space
            return figures.color_cloud(pixels, n_colors or CLOUD_COLORS, space=space)
        case "elbow":
            return figures.elbow(pixels)
    return figures.convergence(_sample(pixels), n_colors or CONVERGENCE_COLORS)


def _sample(pixels: Any) -> Any:
    """Returns pixels of a picture as rows of RGB, evenly taken."""
    import numpy as np

    rows = np.frombuffer(pixels.data, np.uint8).reshape(-1, pixels.channels)[:, :3]
    return rows[:: max(1, len(rows) // SAMPLED_PIXELS)]
