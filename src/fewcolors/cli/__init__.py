"""The command line. Each subcommand is a file here: it declares its arguments and runs them.

Nothing imported from here may import NumPy: it would be two thirds of the start-up.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

from ..wording import most_similar
from .faults import escaped, quoted_name
from .process import end_with, guarded

__all__ = ["main", "run_process"]

COMMANDS = ("compress", "palette", "compare", "explore", "figure", "batch", "serve")


class Formatter(argparse.HelpFormatter):
    """Help at the terminal's width, which argparse would load shutil (6 ms) to find out."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns - 2
        except OSError:  # not a terminal
            width = 98
        super().__init__(prog, max_help_position=28, width=width)


class OneLineParser(argparse.ArgumentParser):
    """A parser whose faults fit one line: what is wrong, and where to look."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with status 2."""
        self.exit(2, f"{self.prog}: {escaped(message)}; see {self.prog} --help\n")

    def parse_known_args(  # type: ignore[override]  # typeshed's overloads say no more
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuses an option that does not exist, and names the one most like it."""
        known, others = super().parse_known_args(args, namespace)
        for word in others:
            if word.startswith("-") and word != "-":
                name = word.partition("=")[0]
                hint = _hint(name, self._option_string_actions)
                self.error(f"no option {quoted_name(name)}{hint}")
        return known, others


def _hint(word: str, known: Iterable[str]) -> str:
    """Returns the known word most like one that was mistyped, as a question, or nothing."""
    similar = most_similar(word, known)
    return f"; did you mean {similar}?" if similar else ""


def check_command(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Refuses a first word that is no command, and names what was probably meant."""
    if not words or words[0].startswith("-") or words[0] in COMMANDS:
        return
    word = words[0]
    quoted = quoted_name(word)
    if os.path.exists(word) or os.path.splitext(word)[1]:  # a picture
        parser.error(f"no command {quoted}; did you mean fewcolors compress {quoted}?")
    known = ", ".join(COMMANDS)
    parser.error(f"no command {quoted}{_hint(word, COMMANDS) or f', only {known}'}")


def build_parser(commands: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """Declares subcommands.

    Args:
        commands: which; the others need not be imported to run one of them.
    """
    from .. import __version__

    parser = OneLineParser(
        prog="fewcolors",
        description="Image compression by k-means: the few colours that matter, "
        "and one small index a pixel.",
        formatter_class=Formatter,
    )
    parser.add_argument("--version", action="version", version=f"fewcolors {__version__}")
    # Without prog, argparse would lay out a help text to find out what the program is called.
    subcommands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True, prog="fewcolors"
    )
    for name in commands:
        import_module(f".{name}", __name__).add_parser(subcommands, Formatter)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: the arguments, without the program's name; those of the process if None.

    Returns:
        The exit status: 0 done, 1 some file failed, 2 wrong usage, 99 some file would score less
        than asked for, 130 interrupted.
    """

    def work() -> int:
        words = sys.argv[1:] if argv is None else argv
        parser = build_parser(words[:1] if words and words[0] in COMMANDS else COMMANDS)
        check_command(parser, words)
        arguments = parser.parse_args(words)
        status: int = arguments.run(arguments)
        return status

    return guarded(work)


def run_process() -> NoReturn:
    """Runs the command line as a process of its own."""
    end_with(main)
