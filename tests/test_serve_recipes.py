"""The recipes for running the service: what checks them finds nothing."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "serve.md"

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not PAGE.exists(), reason="needs the repository"),
]


def block(language: str) -> str:
    """Returns the one block of a language."""
    [text] = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    return str(text)


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="needs hadolint")
def test_the_dockerfile_has_no_faults(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(block("dockerfile"))
    command = ["hadolint", "--failure-threshold", "info", str(tmp_path / "Dockerfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_the_unit_has_no_faults(tmp_path: Path) -> None:
    program = tmp_path / "fewcolors"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "fewcolors.service"
    unit.write_text(block("ini").replace("/opt/fewcolors/bin/fewcolors", str(program)))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "fewcolors" in line]
    assert complaints == []
