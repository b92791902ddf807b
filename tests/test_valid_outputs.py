"""Other programs read what is written, and find nothing wrong with it."""

from pathlib import Path

import pytest
from checked_outputs import drawn_outputs, faults_of, missing_programs

OUTPUTS = 40
"""`benchmarks/valid_outputs.py` checks 500."""


@pytest.mark.long
def test_other_programs_find_no_fault(tmp_path: Path) -> None:
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    path = tmp_path / "result"
    for output in drawn_outputs(1, OUTPUTS):
        path.write_bytes(output.data)
        assert faults_of(path, output.format) == [], output.told


@pytest.mark.long
def test_a_fault_is_found(tmp_path: Path) -> None:
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    path = tmp_path / "result"
    seen = set()
    for output in drawn_outputs(1, OUTPUTS):
        if output.format == "bmp" or output.format in seen:
            continue
        seen.add(output.format)
        path.write_bytes(output.data[: len(output.data) // 2])
        assert faults_of(path, output.format) != [], output.told
    assert seen == {"png", "gif", "webp", "tiff"}
