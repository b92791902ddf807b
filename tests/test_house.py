"""The layout of the code: no circles of imports, no long files, no long functions."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE, KERNELS = ROOT / "src" / "fewcolors", ROOT / "kernels"

MOST_LINES = 400
MOST_FUNCTION_LINES = 60

LISTS = {"add_parser"}
"""Functions that are a list of what the command line has."""

pytestmark = pytest.mark.skipif(not PACKAGE.is_dir(), reason="needs the sources")


def modules() -> dict[str, Path]:
    """Returns the package's files by the names under which they are imported."""
    found = {"fewcolors._core": PACKAGE / "_core.pyi"}
    for path in PACKAGE.rglob("*.py"):
        parts = ("fewcolors", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """Yields the modules that a file imports: at its top, within functions, and for types alone."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        source = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            inner = f"{source}.{alias.name}"
            if (target := inner if inner in known else source) in known:
                yield target


def circles(arrows: Mapping[str, set[str]]) -> list[list[str]]:
    """Returns the groups of names that reach each other and themselves (Tarjan, 1972)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for target in sorted(arrows[name]):
            if target not in order:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], order[target])
        if low[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1 or name in arrows[name]:
                found.append(sorted(group))

    for name in sorted(arrows):
        if name not in order:
            visit(name)
    return found


def test_a_circle_is_found() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"e"}}
    assert circles(arrows) == [["a", "b", "c"], ["e"]]


def test_no_files_of_the_package_import_each_other_in_a_circle() -> None:
    known = modules()
    arrows = {name: set(imported(name, path, known)) for name, path in known.items()}
    assert sum(map(len, arrows.values())) > 100
    assert circles(arrows) == []


def test_no_kernels_include_each_other_in_a_circle() -> None:
    """A header and the source file of its name are one node."""
    paths = [*KERNELS.rglob("*.hpp"), *KERNELS.rglob("*.cpp")]
    nodes = {str(path.relative_to(KERNELS).with_suffix("")) for path in paths}
    arrows: dict[str, set[str]] = {node: set() for node in nodes}
    for path in paths:
        here = path.relative_to(KERNELS)
        for include in re.findall(r'^#include "(.+)"', path.read_text(), re.MULTILINE):
            beside, below = str((here.parent / include).with_suffix("")), include.rpartition(".")[0]
            target = beside if beside in nodes else below
            assert target in nodes, f"{here} includes {include}"
            if target != str(here.with_suffix("")):
                arrows[str(here.with_suffix(""))].add(target)
    assert sum(map(len, arrows.values())) > 50
    assert circles(arrows) == []


def test_no_file_is_long() -> None:
    files = [*PACKAGE.rglob("*.py"), *KERNELS.rglob("*.cpp"), *KERNELS.rglob("*.hpp")]
    files += (ROOT / "benchmarks").rglob("*.py")
    lengths = {path.name: len(path.read_text().splitlines()) for path in files}
    assert lengths
    assert {n: size for n, size in lengths.items() if size > MOST_LINES} == {}


def test_no_function_is_long() -> None:
    """Lines from `def` to the end, docstring and all."""
    long = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef) or node.name in LISTS:
                continue
            size = (node.end_lineno or 0) - node.lineno + 1
            if size > MOST_FUNCTION_LINES:
                long[f"{path.name}:{node.name}"] = size
    assert long == {}
