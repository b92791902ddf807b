"""The public face: it is what `__all__` says, and importing it loads nothing heavy."""

import subprocess
import sys

import fewcolors


def test_all_is_sorted_and_exists() -> None:
    assert fewcolors.__all__ == sorted(fewcolors.__all__)
    for name in fewcolors.__all__:
        assert getattr(fewcolors, name).__doc__


def test_public_names_are_the_listed_ones() -> None:
    import types

    public = {
        name
        for name, value in vars(fewcolors).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert public - {"TYPE_CHECKING", "Any"} <= set(fewcolors.__all__)


def test_importing_loads_no_numpy_matplotlib_or_sklearn() -> None:
    code = (
        "import sys, fewcolors;"
        "print([m for m in ('numpy', 'matplotlib', 'sklearn', 'scipy') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert fewcolors.__version__ == version("fewcolors")
