"""The pages of docs: their blocks run, their links lead somewhere, their words are spelt right."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from blocks import blocks, run_block
from conftest import photo, soft_shadow
from PIL import Image

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
NOTEBOOK = ROOT / "examples" / "compress-images-with-kmeans.md"

PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if not {"made", "_build"} & set(path.relative_to(DOCS).parts)
)

LINK = re.compile(r"(?<!`)\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)

MOST_LINES = 8
CLASSIC_LINES = 25

pytestmark = pytest.mark.skipif(not (ROOT / "examples").is_dir(), reason="needs the repository")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def reader(tmp_path: Path) -> Path:
    """A folder with what the pages name, small."""
    photo().save(tmp_path / "photo.png")
    soft_shadow().save(tmp_path / "sprite.png")
    shutil.copy(ROOT / "examples" / "clip.gif", tmp_path)
    for folder in ("sprites", "assets", "figures"):
        (tmp_path / folder).mkdir()
    for number, name in enumerate("abc"):
        soft_shadow().rotate(9 * number).save(tmp_path / "sprites" / f"{name}.png")
        photo(number).save(tmp_path / "assets" / f"{name}.png")
    Image.fromarray(np.eye(90, dtype=np.uint8) * 255).save(tmp_path / "figures" / "plot.png")
    (tmp_path / "lesson.ipynb").write_text(json.dumps({"cells": [{"outputs": []}]}))
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")
@pytest.mark.process
@pytest.mark.long
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page)], ids=name_of)
def test_every_block_runs_after_those_before_it(page: Path, reader: Path) -> None:
    for module in ("matplotlib", "tqdm", "sklearn", "dask", "tifffile", "zarr"):
        pytest.importorskip(module)
    for language, text in blocks(page):
        run_block(language, text, reader)


def anchors(path: Path) -> set[str]:
    """Returns the anchors of a page's headings, as GitHub and the site make them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize(
    "page",
    [*PAGES, NOTEBOOK, *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG"))],
    ids=name_of,
)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for target in LINK.findall(CODE.sub("", page.read_text())):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        if "made" in linked.parts:  # by the build, which looks for it itself
            continue
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


@pytest.mark.process
@pytest.mark.long
def test_words_are_spelt_right() -> None:
    pytest.importorskip("codespell_lib")
    texts = [*PAGES, NOTEBOOK, *ROOT.glob("*.md"), *(ROOT / "src").rglob("*.py")]
    command = [
        sys.executable,
        "-m",
        "codespell_lib",
        "--builtin",
        "clear",
        "-L",
        "caf",
        *map(str, texts),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_the_classic_article_takes_three_times_the_lines() -> None:
    classic, short, eight = [text for _, text in blocks(DOCS / "in-eight-lines.md")]

    def lines(text: str) -> int:
        return sum(bool(line.strip()) for line in text.splitlines())

    assert lines(classic) == CLASSIC_LINES
    assert lines(short) < lines(eight) <= MOST_LINES


def test_the_notebook_with_outputs_is_that_of_the_text() -> None:
    """Run python scripts/notebook.py after a change to the text."""
    made = json.loads(NOTEBOOK.with_suffix(".ipynb").read_text())
    cells = ["".join(cell["source"]) for cell in made["cells"] if cell["cell_type"] == "code"]
    written = re.findall(
        r"^```\{code-cell\} ipython3\n(.*?)\n```", NOTEBOOK.read_text(), re.DOTALL | re.MULTILINE
    )
    assert cells == written
    outputs = [output for cell in made["cells"] for output in cell.get("outputs", [])]
    assert outputs
    assert all(output["output_type"] != "error" for output in outputs)


def test_no_number_of_the_notebook_stands_in_its_text() -> None:
    """What is measured is printed by a cell; what the text may say are settings and definitions."""
    text = re.sub(r"^---.*?^---", "", NOTEBOOK.read_text(), flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"\]\([^)]*\)", "]", CODE.sub("", text))
    assert not re.search(r"\d\s*(kB|MB|per cent|%|seconds|times)|\d+\.\d", prose)
