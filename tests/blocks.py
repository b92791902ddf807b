"""Blocks of commands and code in Markdown, and how they are run: as a reader would paste them."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)

LEFT_OUT = ("pip install", "--watch")
"""A line with one of these is not run: the test has no network, and a watch never ends."""

MAY_BE_MISSING = ("pyspark", "ray")
"""A block that imports one of these is not run where it is not installed."""


def blocks(path: Path) -> list[tuple[str, str]]:
    """Returns the language and the text of each block, in order."""
    found = []
    for language, text in BLOCK.findall(path.read_text()):
        lines = [line for line in text.splitlines() if not any(word in line for word in LEFT_OUT)]
        if "".join(lines).strip() and not _needs_what_is_missing(lines):
            found.append((language, "\n".join(lines)))
    return found


def _needs_what_is_missing(lines: list[str]) -> bool:
    imported = {name for line in lines for name in re.findall(r"^(?:from|import) (\w+)", line)}
    missing = {name for name in MAY_BE_MISSING if find_spec(name) is None}
    if shutil.which("java") is None:
        missing.add("pyspark")
    return not imported.isdisjoint(missing)


def run_block(language: str, text: str, folder: Path) -> None:
    """Runs a block in a folder; it must succeed."""
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"FEWCOLORS_CACHE": str(folder / "cache"), "MPLBACKEND": "agg"}
    environment["SPARK_LOCAL_IP"] = "127.0.0.1"  # the machine's name may lead nowhere
    program = ["bash", "-euo", "pipefail", "-c", text]
    if language == "python":
        program = [sys.executable, "-c", text]
    done = subprocess.run(
        program, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
