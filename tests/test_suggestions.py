"""Mistyped commands, options and arguments: the message names what was probably meant."""

from pathlib import Path
from typing import Any

import pytest

import fewcolors
from fewcolors.cli import COMMANDS, build_parser, main


def message(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    assert ended.value.code == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("--colour", "--colors"),
        ("--qualty", "--quality"),
        ("--inplace", "--in-place"),
        ("--colour=16", "--colors"),
        ("--max-byte-s", "--max-bytes"),
    ],
)
def test_an_option_most_like_the_typed_one_is_named(
    capsys: pytest.CaptureFixture[str], typed: str, meant: str
) -> None:
    line = message(capsys, "compress", "photo.png", typed, "16")
    assert line.startswith(f"fewcolors compress: no option {typed.partition('=')[0]}; ")
    assert f"did you mean {meant}?" in line


def test_an_option_like_no_other_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    line = message(capsys, "compress", "photo.png", "--zzz\x1b")
    assert line.startswith("fewcolors compress: no option '--zzz\\x1b'; see")


def test_a_picture_in_the_place_of_a_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert "did you mean fewcolors compress photo.png?" in message(capsys, "photo.png")
    (tmp_path / "photo").write_bytes(b"")
    assert f"fewcolors compress {tmp_path / 'photo'}?" in message(capsys, str(tmp_path / "photo"))


def test_a_mistyped_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no command compres; did you mean compress?" in message(capsys, "compres", "a.png")
    assert "no command zzz, only compress, palette" in message(capsys, "zzz")


def test_the_list_of_commands_is_that_of_the_parser() -> None:
    [subcommands] = [
        action.choices for action in build_parser()._actions if action.dest == "command"
    ]
    assert tuple(subcommands or ()) == COMMANDS


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ({"diter": "none"}, "'diter'; did you mean 'dither'?"),
        ({"qualty": 3}, "'qualty'; did you mean 'quality'?"),
        ({"zzz": 3}, "'zzz'; help(fewcolors.Options) lists them all"),
    ],
)
@pytest.mark.parametrize("function", ["compress", "quantize"])
def test_an_argument_most_like_the_given_one_is_named(
    function: str, wrong: dict[str, Any], hint: str
) -> None:
    with pytest.raises(TypeError) as refused:
        getattr(fewcolors, function)(b"", **wrong)
    assert str(refused.value) == f"compress, quantize and Options have no option {hint}"
