"""The same bits on every processor: nothing that decides a file asks the C library's functions."""

import ast
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fewcolors.palette_files.conversion import from_lab
from fewcolors.quality.fewest_colors import _share
from fewcolors.quality.fidelity import Curve, estimated_ceiling

ROOT = Path(__file__).parent.parent
PACKAGE, KERNELS = ROOT / "src" / "fewcolors", ROOT / "kernels"

BY_PROCESSOR = {
    *("acos", "asin", "atan", "atan2", "cbrt", "cos", "cosh", "dist", "exp", "exp2", "expm1"),
    *("gamma", "hypot", "lgamma", "log", "log10", "log1p", "log2", "pow", "sin", "sinh", "tan"),
}
"""Functions of the C library that are not correctly rounded; the square root is."""

GUESSED = {"exact_math.py", "tone_curves.py"}
"""They take the C library's results for guesses, and compute anew where its last bits matter."""

TOLD = {"compare", "figures"}
"""Rooms whose results are told or drawn; no compressed file depends on them."""


def inexact(path: Path) -> Iterator[str]:
    """Yields where a file asks the C library: calls of math's functions, and powers of floats."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Attribute(value=ast.Name(id="math"), attr=name) if name in BY_PROCESSOR:
                yield f"{path.name}:{node.lineno}: math.{name}"
            case ast.BinOp(left=ast.Constant(value=int()), right=ast.Constant(value=int())):
                pass
            case ast.BinOp(op=ast.Pow()):
                yield f"{path.name}:{node.lineno}: a power"
            case ast.ImportFrom(module="math"):
                yield f"{path.name}:{node.lineno}: names imported from math"


@pytest.mark.skipif(not PACKAGE.is_dir(), reason="needs the sources")
def test_the_package_asks_no_function_that_differs_by_processor() -> None:
    paths = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.name not in GUESSED and path.relative_to(PACKAGE).parts[0] not in TOLD
    ]
    assert [place for path in paths for place in inexact(path)] == []


@pytest.mark.skipif(not KERNELS.is_dir(), reason="needs the sources")
def test_the_kernels_ask_none_either() -> None:
    call = re.compile(rf"\bstd::({'|'.join(BY_PROCESSOR)})[fl]?\b|\b(exp|log|pow|cbrt)f?\(")
    found = [
        f"{path.name}: {match[0]}"
        for path in [*KERNELS.rglob("*.cpp"), *KERNELS.rglob("*.hpp")]
        for match in call.finditer(re.sub(r"//.*", "", path.read_text()))
    ]
    assert found == []


def steered() -> list[str]:
    """Returns what steers photos, graphics and palettes, to the last bit."""
    found = [estimated_ceiling(0.00037)]
    for effort in ("fast", "balanced", "max"):
        for ceiling in (71.0, 88.0, 96.5):
            curve = Curve(ceiling, effort)
            again = curve.calibrated_by(40_000.0, 63.0)
            found += [curve.fidelity(75.0), curve.score(31_000.0), again.fidelity(70.0), again.knee]
    found += [_share(91.0, 80.0, None, 3.1), _share(91.0, 80.0, 44.0, 3.1)]
    return [*(value.hex() for value in found), from_lab(53.2, 40.1, -20.7).hex()]


def off_by_one(function: Callable[..., float], direction: float) -> Callable[..., float]:
    """Returns a function whose results differ in their last bit, as other processors' do."""
    return lambda *values: math.nextafter(function(*values), direction)


@pytest.mark.parametrize("direction", [-math.inf, math.inf])
def test_other_last_bits_of_the_c_library_change_nothing(
    direction: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = steered()
    for name in ("exp", "log", "pow"):
        monkeypatch.setattr(math, name, off_by_one(getattr(math, name), direction))
    from fewcolors.quality import fidelity

    fidelity._logarithms.cache_clear()
    fidelity._knee_place.cache_clear()
    assert steered() == before
