"""Folders, patterns, and what comes of a call over many files."""

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import save_picture

from fewcolors.cli import main


def tree(folder: Path) -> Path:
    """Makes a small tree of pictures and other files."""
    for name in ("a.png", "deep/b.jpg", "deep/er/c.PNG", ".hidden/d.png"):
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        save_picture("photo.jpg" if name.endswith("jpg") else "photo.png", path.parent, path.name)
    (folder / "in" / "notes.txt").write_text("no picture")
    return folder / "in"


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("capsys")
class TestWhere:
    def test_output_dir_keeps_the_tree(self, here: Path) -> None:
        tree(here)
        assert main(["compress", "-r", "in", "--output-dir", "out", "-k", "8"]) == 0
        assert files(here / "out") == ["a.png", "deep/b.png", "deep/er/c.png"]

    def test_output_dir_inside_the_tree_is_no_input(self, here: Path) -> None:
        tree(here)
        for _ in range(2):
            assert main(["compress", "-r", "in", "--output-dir", "in/out", "-k", "8"]) == 0
        assert files(here / "in" / "out") == ["a.png", "deep/b.png", "deep/er/c.png"]

    def test_output_dir_has_no_holes(self, here: Path) -> None:
        tree(here)
        original = save_picture("flat.png", here / "in").read_bytes()
        assert main(["compress", "-r", "in", "--output-dir", "out", "-k", "8"]) == 0
        assert (here / "out" / "flat.png").read_bytes() == original

    def test_results_stand_beside_their_originals(self, here: Path) -> None:
        tree(here)
        assert main(["compress", "--recursive", "in", "-k", "8"]) == 0
        assert "deep/b-fewcolors.png" in files(here / "in")
        before = files(here / "in")
        assert main(["compress", "--recursive", "in", "-k", "8"]) == 0
        assert files(here / "in") == before  # no result of a result

    def test_patterns_are_expanded(self, here: Path) -> None:
        tree(here)
        assert main(["compress", "in/**/*.[pP]*", "--output-dir", "out", "-k", "8"]) == 0
        assert files(here / "out") == ["a.png", "deep/er/c.png"]

    def test_a_name_with_brackets_is_a_name(self, here: Path) -> None:
        save_picture("photo.png", here, "a[1].png")
        assert main(["compress", "a[1].png", "-k", "8"]) == 0
        assert (here / "a[1]-fewcolors.png").exists()

    def test_links_to_folders_are_not_followed(self, here: Path) -> None:
        (tree(here) / "deep" / "loop").symlink_to(here / "in")
        assert main(["compress", "-r", "in", "--output-dir", "out", "-k", "8"]) == 0
        assert len(files(here / "out")) == 3

    def test_two_that_would_become_one_are_a_fault_of_the_second(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tree(here)
        save_picture("photo.jpg", here / "in", "a.jpg")
        assert main(["compress", "-r", "in", "--output-dir", "out", "-k", "8"]) == 1
        assert "would both become" in capsys.readouterr().err
        assert len(files(here / "out")) == 3

    @pytest.mark.parametrize(
        "options",
        [
            ["--in-place", "--output-dir", "out"],
            ["--in-place", "-o", "b.png"],
            ["--in-place", "--shared-palette"],
        ],
    )
    def test_contradictions_are_wrong_usage(self, here: Path, options: list[str]) -> None:
        save_picture("photo.png", here)
        with pytest.raises(SystemExit) as stopped:
            main(["compress", "photo.png", *options])
        assert stopped.value.code == 2


class TestWhatIsSaid:
    def test_one_bad_file_among_many(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for number in range(20):
            save_picture("photo.png", here, f"{number:02}.png")
        (here / "07.png").write_bytes(b"not a picture")
        assert main(["compress", "*.png", "--output-dir", "out", "-k", "4", "--json"]) == 1
        out = capsys.readouterr().out
        *objects, last = map(json.loads, out.splitlines())
        assert len(files(here / "out")) == 19
        assert [item["input"] for item in objects] == [f"{n:02}.png" for n in range(20)]
        assert "not a picture" in objects[7]["error"]
        assert last["summary"]["written"] == 19
        assert last["summary"]["failed"] == 1

    def test_threads_do_not_change_what_comes_out(self, here: Path) -> None:
        tree(here)
        for threads in ("1", "2", "5"):
            options = ["--output-dir", threads, "-k", "8", "--threads", threads]
            assert main(["compress", "-r", "in", *options]) == 0
        results = [
            [(here / threads / name).read_bytes() for name in files(here / "1")]
            for threads in ("1", "2", "5")
        ]
        assert results[0] == results[1] == results[2]

    def test_a_folder_without_pictures(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (here / "empty").mkdir()
        assert main(["compress", "-r", "empty"]) == 0
        assert capsys.readouterr().out.startswith("0 files: nothing to do")

    def test_quality_too_low_is_not_a_failure(self, here: Path) -> None:
        tree(here)
        options = ["-r", "in", "-k", "2", "--min-quality", "99"]
        assert main(["compress", *options]) == 99
        (here / "in" / "bad.png").write_bytes(b"bad")
        assert main(["compress", *options]) == 1


class TestNeverTwice:
    @pytest.mark.parametrize("place", [["--in-place"], ["--output-dir", "out"], []])
    def test_a_second_run_changes_nothing(
        self, here: Path, place: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tree(here)
        save_picture("flat.png", folder)  # cannot be made smaller
        command = ["compress", "-r", "in", *place, "--json"]
        assert main(command) == 0
        before = {name: (here / name).stat().st_mtime_ns for name in files(here)}
        capsys.readouterr()
        for _ in range(2):
            assert main(command) == 0
            *objects, _ = map(json.loads, capsys.readouterr().out.splitlines())
            assert {item["status"] for item in objects} == {"skipped"}
        assert {name: (here / name).stat().st_mtime_ns for name in files(here)} == before

    def test_again_does_it_again(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        save_picture("photo.png", here)
        assert main(["compress", "photo.png", "--in-place"]) == 0
        assert main(["compress", "photo.png", "--in-place", "--again", "--json"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["status"] in ("written", "kept")

    def test_a_coarser_wish_is_heard_and_a_finer_one_is_not(self, here: Path) -> None:
        path = save_picture("photo.png", here)
        seen = []
        for options in (["-q", "80"], ["-q", "90"], ["-q", "60"], ["-q", "80"], ["-k", "256"]):
            assert main(["compress", "photo.png", "--in-place", *options]) == 0
            seen.append(path.read_bytes())
        assert seen[0] == seen[1]
        assert seen[2] != seen[1]
        assert seen[2] == seen[3] == seen[4]

    def test_a_changed_original_is_compressed_anew(self, here: Path) -> None:
        original = save_picture("photo.png", here)
        command = ["compress", "photo.png", "--output-dir", "out", "-k", "8"]
        assert main(command) == 0
        first = (here / "out" / "photo.png").read_bytes()
        shutil.copy(save_picture("soft-shadow.png", here), original)
        later = (here / "out" / "photo.png").stat().st_mtime_ns + 10**9
        os.utime(original, ns=(later, later))
        assert main(command) == 0
        assert (here / "out" / "photo.png").read_bytes() != first

    def test_what_is_not_ours_takes_force(self, here: Path) -> None:
        save_picture("photo.png", here)
        (here / "out").mkdir()
        stranger = save_picture("flat.png", here / "out", "photo.png")
        before = stranger.read_bytes()
        os.utime(stranger, ns=(0, 0))
        command = ["compress", "photo.png", "--output-dir", "out", "-k", "8"]
        assert main(command) == 1
        assert stranger.read_bytes() == before
        assert main([*command, "--force"]) == 0
        assert stranger.read_bytes() != before

    def test_other_options_take_force(self, here: Path) -> None:
        save_picture("photo.png", here)
        assert main(["compress", "photo.png", "-k", "8"]) == 0
        assert main(["compress", "photo.png", "-k", "8"]) == 0
        assert main(["compress", "photo.png", "-k", "9"]) == 1

    def test_a_result_is_copied_to_where_results_go(self, here: Path) -> None:
        path = save_picture("photo.png", here)
        assert main(["compress", "photo.png", "--in-place"]) == 0
        assert main(["compress", "photo.png", "--output-dir", "out"]) == 0
        assert (here / "out" / "photo.png").read_bytes() == path.read_bytes()

    def test_a_result_that_gets_no_smaller_is_remembered_too(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = save_picture("flat.png", here)
        assert main(["compress", "flat.png", "--in-place", "--force", "-k", "2"]) == 0
        before = path.read_bytes()
        statuses = []
        for _ in range(2):  # one colour is a coarser wish, of no fewer bytes
            capsys.readouterr()
            assert main(["compress", "flat.png", "--in-place", "-q", "50", "--json"]) == 0
            statuses.append(json.loads(capsys.readouterr().out)["status"])
        assert statuses == ["kept", "skipped"]
        assert path.read_bytes() == before
