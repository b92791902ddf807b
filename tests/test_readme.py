"""README's commands and code, pasted in order as they stand, into a copy of the repository."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from blocks import blocks, run_block

README = Path(__file__).parent.parent / "README.md"

pytestmark = [
    pytest.mark.skipif(not README.exists(), reason="needs the repository"),
    pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell"),
    pytest.mark.process,
    pytest.mark.long,
]


def test_every_block_runs_after_those_before_it(tmp_path: Path) -> None:
    shutil.copytree(README.parent / "examples", tmp_path / "examples")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    assert len(blocks(README)) >= 8
    for language, text in blocks(README):
        run_block(language, text, tmp_path)


def test_the_first_report_is_as_shown(tmp_path: Path) -> None:
    shutil.copytree(README.parent / "examples", tmp_path / "examples")
    shown = re.search(r"^```text\n(.*?)\n```", README.read_text(), re.DOTALL | re.MULTILINE)
    assert shown is not None
    command = next(
        line for _, text in blocks(README) for line in text.splitlines() if "-k 16" in line
    )
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == shown.group(1)
