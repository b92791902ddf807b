"""The reference of the command, from its parser."""

import argparse
import re
from collections.abc import Iterator

from fewcolors.cli import COMMANDS, build_parser

__all__ = ["command_page"]

INTRODUCTION = """\
# The command

This page is made from the command's own parser, so it says what `fewcolors COMMAND --help` says.
[The quick start](../quick-start.md) shows the command at work.
"""


def command_page() -> str:
    """Returns the page."""
    parser = build_parser()
    [subcommands] = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]
    parts = [INTRODUCTION]
    for name in COMMANDS:
        parts.extend(_section(f"fewcolors {name}", subcommands.choices[name]))
    return "\n".join(parts) + "\n"


def _section(title: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"\n## {title}\n"
    yield _text(parser.description or "") + "\n"
    for group in parser._action_groups:
        actions = [action for action in group._group_actions if action.help != argparse.SUPPRESS]
        if not actions:
            continue
        yield f"**{(group.title or '').capitalize()}**\n"
        for action in actions:
            yield f"{_usage(action)}\n: {_text(_help(action, parser))}\n"
    if parser.epilog:
        yield _text(parser.epilog) + "\n"


def _usage(action: argparse.Action) -> str:
    value = ""
    if action.nargs != 0:
        choices = "|".join(map(str, action.choices)) if action.choices else None
        value = str(action.metavar or choices or action.dest.upper())
    if not action.option_strings:
        return f"`{value}`"
    return ", ".join(
        f"`{name} {value}`" if value else f"`{name}`" for name in action.option_strings
    )


def _help(action: argparse.Action, parser: argparse.ArgumentParser) -> str:
    known = {**vars(action), "prog": parser.prog}
    return (action.help or "") % known


def _text(text: str) -> str:
    """Returns a help text as Markdown: options as code, nothing else with a meaning of its own."""
    escaped = re.sub(r"([*_<>|\\#'])", r"\\\1", text)
    return re.sub(r"(?<![\w-])(--?[a-z][a-z-]*)", r"`\1`", escaped)
