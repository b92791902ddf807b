"""The public face: it is what `__all__` says, and importing it loads nothing heavy."""

import inspect
import subprocess
import sys

import pytest

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


def test_importing_loads_no_numpy_matplotlib_tqdm_or_sklearn() -> None:
    code = (
        "import sys, fewcolors;"
        "heavy = 'numpy', 'matplotlib', 'tqdm', 'sklearn', 'scipy';"
        "print([name for name in heavy if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert fewcolors.__version__ == version("fewcolors")


@pytest.mark.parametrize("name", ["compress", "quantize"])
def test_help_shows_every_option_with_its_default(name: str) -> None:
    parameters = inspect.signature(getattr(fewcolors, name)).parameters
    assert list(parameters)[:2] == ["source", "n_colors"]
    defaults = fewcolors.Options()._asdict()
    found = {option: parameters[option].default for option in list(parameters)[1:]}
    assert found == defaults


def test_dir_lists_public_names_alone() -> None:
    fewcolors.compress  # noqa: B018  # imports most modules
    assert [name for name in dir(fewcolors) if not name.startswith("__")] == fewcolors.__all__


@pytest.mark.process
def test_threads_may_ask_for_a_public_name_at_the_same_time() -> None:
    code = """
import sys, threading
sys.setswitchinterval(1e-6)
import fewcolors
from concurrent.futures import ThreadPoolExecutor
start = threading.Barrier(8)
def asked(name):
    start.wait()
    return getattr(fewcolors, name)
for name in fewcolors.__all__:
    with ThreadPoolExecutor(8) as threads:
        found = set(map(id, threads.map(asked, [name] * 8)))
    assert len(found) == 1, name
"""
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
