"""Options: one line of fields, one of arguments and a sentence each; the command has them all."""

import copy
import pickle
import re
from pathlib import Path

import pytest

import fewcolors
from fewcolors import Options
from fewcolors.cli import build_parser, main
from fewcolors.options import OptionArguments


def test_every_option_is_an_argument_and_has_a_sentence() -> None:
    fields = set(Options._fields)
    assert set(OptionArguments.__annotations__) == fields - {"n_colors"}
    attributes = (Options.__doc__ or "").partition("Attributes:")[2].partition("Raises:")[0]
    documented = re.findall(r"^        (\w+): ", attributes, re.MULTILINE)
    assert sorted(documented) == sorted(fields)


def test_every_option_can_be_given_on_the_command_line() -> None:
    arguments = vars(build_parser().parse_args(["compress", "a.png"]))
    assert set(Options._fields) <= set(arguments)
    defaults = Options()._asdict()
    assert {name: arguments[name] for name in defaults} == defaults


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("keep_profile", "no"),
        ("keep_metadata", 1),
        ("keep_palette_order", None),
        ("keep_transparent_colors", "yes"),
        ("allow_damaged", 0),
        ("max_frames", 0),
        ("max_file_bytes", 0.5),
        ("max_pixels", 2**32),
        ("method", ["classic"]),
        ("dither", True),
    ],
)
def test_every_option_is_checked_by_name(name: str, wrong: object) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{name} must be "):
        Options(**{name: wrong})  # type: ignore[arg-type]
    with pytest.raises((TypeError, ValueError), match=f"^{name} must be "):
        Options()._replace(**{name: wrong})


def test_options_are_copied_and_pickled_with_their_palette() -> None:
    options = Options(palette="#f00,#0f0", effort="fast")
    assert pickle.loads(pickle.dumps(options)) == options == copy.deepcopy(options)
    assert isinstance(options.palette, fewcolors.Palette)


def test_a_damaged_picture_is_never_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["compress", "a.png", "--in-place", "--allow-damaged"])
    assert "never replaces a damaged picture" in capsys.readouterr().err
