"""``fewcolors-pngquant``: pngquant's command line, so that a script changes one word.

    arguments        the command line as a `Request`
    values           the values of options
    help_text        what --help prints
    options          a `Request` as options of `fewcolors.compress`
    quality          pngquant's 0 to 100 as scores
    result_name      how results are named
    running          reads, compresses and writes file by file, or refuses
    palette_changes  --posterize and --transbug
    chunks           copies the original's texts and resolution
    statuses         exit statuses

All of it was written from pngquant's manual, and from what pngquant does when run.
"""

import sys
from typing import NoReturn

from ..process import end_with, guarded
from ..streams import print_error, print_line
from .arguments import Request, parse
from .help_text import HELP, USAGE
from .statuses import DONE
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
        request = parse(argv)
        if request.information is not None:
            print_line(_information(request), sys.stdout)
            return DONE
        from .running import run  # imported late: it loads the whole pipeline

        return run(request)
    except WrongUsage as fault:
        print_error(str(fault), start="")
        if fault.shows_usage:
            print_error(USAGE, start="")
        return fault.status


def _information(request: Request) -> str:
    from ... import __version__

    return HELP if request.information == "help" else f"fewcolors-pngquant {__version__}"
