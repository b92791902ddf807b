"""README's commands and code, pasted in order as they stand, into a copy of the repository."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.DOTALL | re.MULTILINE)

LEFT_OUT = ("pip install", "--watch")
"""A line with one of these is not run: the test has no network, and a watch never ends."""

pytestmark = [
    pytest.mark.skipif(not README.exists(), reason="needs the repository"),
    pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell"),
    pytest.mark.process,
    pytest.mark.long,
]


def blocks() -> list[tuple[str, str]]:
    """Returns the language and the text of each block, in order."""
    found = []
    for language, text in BLOCK.findall(README.read_text()):
        lines = [line for line in text.splitlines() if not any(word in line for word in LEFT_OUT)]
        if "".join(lines).strip():
            found.append((language, "\n".join(lines)))
    return found


def test_every_block_runs_after_those_before_it(tmp_path: Path) -> None:
    shutil.copytree(README.parent / "examples", tmp_path / "examples")
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    environment["FEWCOLORS_CACHE"] = str(tmp_path / "cache")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert len(blocks()) >= 8
    for language, text in blocks():
        program = ["bash", "-euo", "pipefail", "-c", text]
        if language == "python":
            program = [sys.executable, "-c", text]
        done = subprocess.run(
            program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"


def test_the_first_report_is_as_shown(tmp_path: Path) -> None:
    shutil.copytree(README.parent / "examples", tmp_path / "examples")
    shown = re.search(r"^```text\n(.*?)\n```", README.read_text(), re.DOTALL | re.MULTILINE)
    assert shown is not None
    command = next(line for _, text in blocks() for line in text.splitlines() if "-k 16" in line)
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == shown.group(1)
