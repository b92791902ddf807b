"""``fewcolors-pngquant``: pngquant's command line, so that a script changes one word.

    arguments   what the words of the command line ask for
    values      the values of options
    usage       what --help says
    settings    how that is asked of `fewcolors.compress`
    quality     pngquant's 0 to 100 as scores
    naming      what results are called
    running     file by file: read, compress, write or refuse
    finishing   palettes of few bits; the transparent colour last
    chunks      the original's texts and resolution, carried over
    statuses    exit statuses

All of it was written from pngquant's manual, and from what it does when run.
"""

import sys
from typing import NoReturn

from ..process import end_with, guarded
from ..streams import print_error, print_line
from .arguments import Asked, parse
from .statuses import DONE
from .usage import HELP, USAGE
from .values import WrongUsage

__all__ = ["main", "run_process"]


def main(argv: list[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: the arguments, without the program's name; those of the process if None.

    Returns:
        The exit status: 0 done; see `statuses` for the others.
    """
    return guarded(lambda: _run(sys.argv[1:] if argv is None else argv))


def run_process() -> NoReturn:
    """Runs the command line as a process of its own."""
    end_with(main)


def _run(argv: list[str]) -> int:
    try:
        asked = parse(argv)
        if asked.shows is not None:
            print_line(_shown(asked), sys.stdout)
            return DONE
        from .running import run  # what compresses is loaded only for something to compress

        return run(asked)
    except WrongUsage as fault:
        print_error(str(fault), start="")
        if fault.shows_usage:
            print_error(USAGE, start="")
        return fault.status


def _shown(asked: Asked) -> str:
    from ... import __version__

    return HELP if asked.shows == "help" else f"fewcolors-pngquant {__version__}"
