"""Folders, patterns, and what comes of a call over many files."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import photo, save_picture

from fewcolors.cli import main
from fewcolors.mark import read_mark


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


class TestAuto:
    """With --format auto the name of the result is known only after the work."""

    @pytest.mark.parametrize("place", [["--output-dir", "out"], []])
    @pytest.mark.parametrize("name", ["photo.png", "photo.jpg"])
    def test_a_second_run_does_nothing(
        self, here: Path, capsys: pytest.CaptureFixture[str], place: list[str], name: str
    ) -> None:
        save_picture(name, here)
        command = ["compress", name, "--format", "auto", "--json", *place]
        assert main(command) == 0
        before = files(here)
        assert any(path.endswith(".webp") for path in before)
        capsys.readouterr()
        assert main(command) == 0
        assert json.loads(capsys.readouterr().out)["status"] == "skipped"
        assert files(here) == before

    @pytest.mark.parametrize(
        ("place", "status"), [(["--output-dir", "out"], "copied"), ([], "kept")]
    )
    def test_an_original_that_is_smaller_is_kept(
        self, here: Path, capsys: pytest.CaptureFixture[str], place: list[str], status: str
    ) -> None:
        (here / "in" / "deep").mkdir(parents=True)
        path = here / "in" / "deep" / "a.jpg"
        photo().save(path, quality=5)
        command = ["compress", "-r", "in", "--format", "auto", "-q", "95"]
        for expected in (status, "skipped"):
            assert main([*command, *place, "--json"]) == 0
            report = json.loads(capsys.readouterr().out.splitlines()[0])
            assert report["status"] == expected
        assert files(here) == ["in/deep/a.jpg", *(["out/deep/a.jpg"] if place else [])]
        assert {(here / name).read_bytes() for name in files(here)} == {path.read_bytes()}

    def test_a_changed_original_is_compressed_anew(self, here: Path) -> None:
        path = save_picture("photo.png", here)
        command = ["compress", "photo.png", "--format", "auto", "--output-dir", "out"]
        assert main(command) == 0
        (result,) = files(here / "out")
        before = (here / "out" / result).read_bytes()
        photo(9).save(path)
        os.utime(path, (2e9, 2e9))
        assert main(command) == 0
        assert (here / "out" / result).read_bytes() != before

    def test_what_is_not_ours_takes_force(self, here: Path) -> None:
        save_picture("photo.png", here)
        (here / "out").mkdir()
        for name in ("photo.png", "photo.webp"):
            (here / "out" / name).write_bytes(b"a stranger's")
        assert main(["compress", "photo.png", "--format", "auto", "--output-dir", "out"]) == 1
        assert {path.read_bytes() for path in (here / "out").iterdir()} == {b"a stranger's"}


@pytest.mark.skipif(sys.platform == "win32", reason="of POSIX")
class TestOddTrees:
    """One entry that cannot be read does not stop the others."""

    def test_a_link_to_itself(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        tree(here)
        (here / "in" / "loop.png").symlink_to("loop.png")
        (here / "in" / "loop").symlink_to("loop")
        for source in (["-r", "in"], ["in/*.png", "in/**/*.jpg"]):
            command = ["compress", *source, "--output-dir", "out", "-k", "8", "--force"]
            assert main(command) == 1
            assert capsys.readouterr().err.startswith("fewcolors: in/loop.png: cannot be read (")
            assert "a.png" in files(here / "out")

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("source", "place"),
        [(["-r", "in"], ["--output-dir", "out"]), (["in/**/*.png"], ["--in-place"])],
    )
    def test_a_very_deep_folder(self, here: Path, source: list[str], place: list[str]) -> None:
        depth = 1200
        save_picture("photo.png", here)
        (here / "in").mkdir()
        try:
            os.chdir("in")
            for _ in range(depth):
                os.mkdir("d")
                os.chdir("d")
            save_picture("photo.png", Path())
            os.chdir(here)
            assert main(["compress", *source, *place, "-k", "8", "--effort", "fast"]) == 0
            root = "in" if place == ["--in-place"] else "out"
            result = os.path.join(root, *["d"] * depth, "photo.png")
            with open(result, "rb") as file:
                assert read_mark(file) is not None
        finally:  # it is deeper than pytest can remove
            os.chdir(here)
            subprocess.run(["rm", "-rf", "in", "out"], check=True)

    def test_a_huge_file(self, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = tree(here)
        (folder / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        os.truncate(folder / "huge.png", 6 << 30)  # which takes no room
        save_picture("flat.png", folder)
        for place in (["--in-place"], ["--output-dir", "out"]):
            for _ in range(2):  # the second time something is known to be kept
                assert main(["compress", "-r", "in", *place, "-k", "8", "--threads", "2"]) == 1
                captured = capsys.readouterr()
                assert "huge.png: more than 1,073,741,824 bytes; raise --max-file-" in captured.err
        assert len(files(here / "out")) == 4

    def test_a_pipe_is_not_waited_for(self, here: Path) -> None:
        tree(here)
        os.mkfifo(here / "in" / "pipe.png")
        os.mkfifo(here / "in" / ".pipe.png.0123456789ab.fewcolors-tmp")
        for source in (["-r", "in"], ["in/**/*.png"]):
            assert main(["compress", *source, "--output-dir", "out", "-k", "8"]) == 0

    def test_a_pipe_as_cache_is_ignored(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FEWCOLORS_CACHE", str(here / "cache"))
        (here / "cache").mkdir()
        os.mkfifo(here / "cache" / "kept")
        save_picture("flat.png", here)
        for _ in range(2):
            assert main(["compress", "flat.png", "--in-place"]) == 0

    def test_a_damaged_cache_is_begun_anew(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("FEWCOLORS_CACHE", str(here / "cache"))
        (here / "cache").mkdir()
        (here / "cache" / "kept").write_bytes(b"cut")
        save_picture("flat.png", here)
        for status in ("kept", "skipped"):
            assert main(["compress", "flat.png", "--in-place", "--json"]) == 0
            assert json.loads(capsys.readouterr().out)["status"] == status

    def test_a_pattern_does_not_lead_out_of_the_output_dir(self, here: Path) -> None:
        tree(here)
        save_picture("photo.png", here, "above.png")
        command = ["compress", "in/*/../../above.png", "--output-dir", "x/y/out", "-k", "8"]
        assert main(command) == 0
        assert files(here / "x") == ["y/out/above.png"]
        assert "above-fewcolors.png" not in files(here)

    def test_no_name_steers_the_terminal(
        self, here: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name in ("\x1b[2Ja.png", "\x1b[2Ja.jpg"):
            save_picture("photo.png" if name.endswith("png") else "photo.jpg", here, name)
        with pytest.raises(SystemExit):
            main(["compress", "\x1b[2Ja.png", "\x1b[2Ja.jpg"])
        with pytest.raises(SystemExit):
            main(["compress", "a.png", "--\x1b[2J"])
        assert main(["compress", "-r", ".", "--output-dir", "\x1b[2J", "-k", "8"]) == 1
        assert main(["compress", "\x1b[2Ja.png", "-o", "\x1b/b.png"]) == 1
        assert main(["compress", "\x1b[2Ja.png", "--palette", "\x1b[2J.gpl"]) == 1
        captured = capsys.readouterr()
        assert "would both become" in captured.err
        assert "\x1b" not in captured.out + captured.err


class TestOnce:
    """Each file is taken once, however often it is given."""

    @pytest.mark.parametrize("inputs", [["a.png", "a.png"], ["-r", ".", "./a.png"]])
    @pytest.mark.parametrize("place", [["--in-place"], ["--output-dir", "out"], []])
    def test_a_file_given_twice(
        self, here: Path, capsys: pytest.CaptureFixture[str], inputs: list[str], place: list[str]
    ) -> None:
        save_picture("photo.png", here, "a.png")
        assert main(["compress", *inputs, *place, "-k", "8", "--json"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[0])["status"] == "written"
        assert len(capsys.readouterr().out.splitlines()) <= 1

    def test_results_of_a_folder_are_no_originals(self, here: Path) -> None:
        save_picture("photo.png", here)
        for options in (["--format", "gif"], ["--format", "webp"], ["-q", "90"], ["-q", "50"]):
            main(["compress", "-r", ".", *options])
        assert not [name for name in files(here) if name.count("fewcolors") > 1]
        assert len(files(here)) == 4
