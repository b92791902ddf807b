"""The choices behind a compression as options, for every command that compresses."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from ..limits import (
    LARGEST_MAX_FRAMES,
    MAX_COLORS,
    MAX_FRAMES,
    MAX_ITERATIONS,
    MAX_QUALITY,
    MAX_SEED,
    MAX_STARTS,
)
from ..options import DEFAULT_QUALITY, EFFORTS, INITS, METHODS, Options
from .arguments import add_limits, dither, integer, number, size
from .faults import reading

if TYPE_CHECKING:
    from ..indexed import Palette

__all__ = ["add_choices", "add_kept", "add_picture_limits", "add_recipe", "given_palette"]

DEFAULTS = Options()


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Declares the number of colours, the quality, and how both are reached."""
    parser.add_argument(
        "-k",
        "--colors",
        metavar="N",
        dest="n_colors",
        type=integer("--colors", 1, MAX_COLORS),
        help="the most colours, 1 to 256; without -q, the best look that so many can have "
        "(default: 256)",
    )
    parser.add_argument(
        "-q",
        "--quality",
        metavar="Q",
        type=number("--quality", 0, MAX_QUALITY),
        help="the score to aim at, by SSIMULACRA 2: 90 looks the same, 70 is high, 50 medium; "
        f"100 is the best there is (default: {DEFAULT_QUALITY:g}, unless -k or --palette is given)",
    )
    parser.add_argument(
        "--min-quality",
        metavar="Q",
        type=number("--min-quality", 0, MAX_QUALITY),
        help="write nothing that scores less",
    )
    parser.add_argument(
        "--palette",
        metavar="FILE|COLOURS",
        help="use these colours: a picture, .gpl, .aco, .ase, .hex, .json, .css, or a list such as "
        "'#ff8000,#000000'",
    )
    parser.add_argument(
        "--keep-palette-order",
        action="store_true",
        help="write all entries of --palette, unused ones too, in their order",
    )
    _add_means(parser)


def _add_means(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--max-bytes",
        metavar="SIZE",
        type=size("--max-bytes"),
        help="write no more bytes, such as 100kB or 1MiB: the best look that fits; -q is then the "
        "most that is aimed at",
    )
    parser.add_argument(
        "--method",
        choices=METHODS,
        default=DEFAULTS.method,
        help="cluster what the eye sees, or the RGB values as in the textbook "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--effort",
        choices=EFFORTS,
        default=DEFAULTS.effort,
        help="time against bytes and error (default: %(default)s)",
    )
    parser.add_argument(
        "--dither",
        metavar="HOW",
        type=dither,
        default=DEFAULTS.dither,
        help="auto, none, ordered, or the strength of error diffusion, 0 to 1; -q then steers the "
        "number of colours (default: %(default)s, indices that deflate well)",
    )


def add_kept(parser: argparse.ArgumentParser) -> None:
    """Declares what of a picture is kept besides its look."""
    parser.add_argument(
        "--keep-metadata",
        action="store_true",
        help="keep EXIF, XMP, texts and resolution, as far as the format can hold them",
    )
    parser.add_argument(
        "--keep-transparent-colors",
        action="store_true",
        help="keep the colours of fully transparent pixels, which textures of games need",
    )
    parser.add_argument(
        "--keep-profile",
        action="store_true",
        help="keep a colour profile and its colours, rather than converting to sRGB",
    )


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Declares the group of k-means."""
    recipe = parser.add_argument_group("k-means")
    recipe.add_argument(
        "--init",
        choices=INITS,
        default=DEFAULTS.init,
        help="first centroids (default: %(default)s)",
    )
    recipe.add_argument(
        "--n-init",
        metavar="N",
        type=integer("--n-init", 1, MAX_STARTS),
        help="starts, of which the best counts (default: 10, or fewer with --effort fast)",
    )
    recipe.add_argument(
        "--max-iter",
        metavar="N",
        type=integer("--max-iter", 1, MAX_ITERATIONS),
        default=DEFAULTS.max_iter,
        help="the most iterations of a start (default: %(default)s; 5 with --effort fast)",
    )
    recipe.add_argument(
        "--seed",
        metavar="N",
        type=integer("--seed", 0, MAX_SEED),
        default=DEFAULTS.seed,
        help="of the random draws (default: %(default)s)",
    )


def add_picture_limits(parser: argparse.ArgumentParser) -> "argparse._ArgumentGroup":
    """Declares what a picture or an animation may take, and returns the group."""
    limits = add_limits(parser)
    limits.add_argument(
        "--max-frames",
        metavar="N",
        type=integer("--max-frames", 1, LARGEST_MAX_FRAMES),
        default=MAX_FRAMES,
        help="refuse animations of more frames (default: %(default)s)",
    )
    return limits


def given_palette(arguments: argparse.Namespace) -> "Palette | None":
    """Reads --palette, once for all inputs.

    Raises:
        Fault: it cannot be read.
    """
    misused: Callable[[str], NoReturn] = arguments.error
    if arguments.palette is None:
        if arguments.keep_palette_order:
            misused("--keep-palette-order needs --palette")
        return None
    if arguments.n_colors is not None:
        misused("--colors does not go with --palette, which has its own number")
    from ..indexed import Palette

    try:
        with reading(arguments.palette):
            return Palette.of(arguments.palette)
    except ValueError as error:
        misused(f"--{error}")
