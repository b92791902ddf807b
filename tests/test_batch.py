"""`fewcolors batch`: every picture once, whatever happens on the way."""

import io
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from batches import batch_command, kill_when, make_source, s3_client, s3_server
from conftest import PICTURES, Run, names, photo, save_picture

import fewcolors
from fewcolors.cli import main

for package in ("fsspec", "pyarrow"):
    pytest.importorskip(package)

import fsspec  # noqa: E402
import pyarrow.parquet  # noqa: E402
from fsspec.implementations.memory import MemoryFileSystem  # noqa: E402

from fewcolors.distributed.batch import manifest as manifests  # noqa: E402
from fewcolors.distributed.batch import pictures as listing  # noqa: E402
from fewcolors.distributed.batch.manifest import Manifest  # noqa: E402
from fewcolors.distributed.batch.place import PlaceError, place_of  # noqa: E402
from fewcolors.distributed.batch.work import Entry  # noqa: E402
from fewcolors.distributed.engines import WAITING_A_SLOT, Engine, finished  # noqa: E402

N_PICTURES = 24
N_HOSTILE = 3
N_KILLS = 5
N_THREADS = 2

UNDER_WAY = WAITING_A_SLOT * N_THREADS
"""Pictures that a kill may cost: those begun whose line is not yet in the manifest."""

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

pytestmark = pytest.mark.process


class Done(NamedTuple):
    status: int
    text: str

    @property
    def n_lines(self) -> int:
        return len(self.text.splitlines())


Batch: TypeAlias = Callable[..., Done]


@pytest.fixture
def batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Batch:
    """Runs the command in this process, in the test's folder; returns what it ended with."""

    def run(*arguments: str) -> Done:
        monkeypatch.chdir(tmp_path)
        try:
            status = main(["batch", *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        shown = capsys.readouterr()
        return Done(status, shown.out + shown.err)

    return run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "in"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out"


def lines_of(target: Path) -> dict[str, dict[str, Any]]:
    """Reads a manifest; no picture may have two lines."""
    rows = pyarrow.parquet.read_table(target / "manifest").to_pylist()
    found = {row["file"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def files_of(target: Path) -> dict[str, bytes]:
    """Reads all of a target but the manifest, hidden files too."""
    paths = [path for path in target.rglob("*") if path.is_file()]
    inside = {path.relative_to(target).as_posix(): path for path in paths}
    return {k: v.read_bytes() for k, v in inside.items() if not k.startswith("manifest/part-")}


def inside(folder: Path) -> list[str]:
    """Returns the pictures of a folder and below it, by their names in there."""
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*.png")]


# What it writes


def test_results_are_those_of_compress_in_the_same_places(
    batch: Batch, source: Path, target: Path
) -> None:
    results = make_source(source, N_PICTURES)
    done = batch("in", "out")
    assert done.status == 0, done.text
    assert files_of(target) == results
    assert done.text.startswith(f"{N_PICTURES} files: {N_PICTURES} compressed; ")


def test_the_manifest_says_what_became_of_each(batch: Batch, source: Path, target: Path) -> None:
    source.mkdir()
    before = save_picture("photo.jpg", source).stat()
    (source / "none.png").write_bytes(b"none")
    done = batch("in", "out", "-q", "60")
    assert done.status == 1
    assert "fewcolors: none.png: not a picture of a known format" in done.text
    result = fewcolors.compress(source / "photo.jpg", quality=60)
    assert lines_of(target) == {
        "photo.jpg": {
            "file": "photo.jpg",
            "target": "photo.png",
            "bytes_in": before.st_size,
            "bytes_out": len(result.data),
            "ratio": before.st_size / len(result.data),
            "width": result.indexed.width,
            "height": result.indexed.height,
            "n_colors": result.n_colors,
            "score": result.score,
            "error": None,
            "version": fewcolors.__version__,
            "source_state": f"{before.st_size} {before.st_mtime}",
            "options": "score=60.0",
            "retry": False,
        },
        "none.png": lines_of(target)["none.png"],
    }
    failed = lines_of(target)["none.png"]
    assert failed["error"].startswith("not a picture")
    assert (failed["target"], failed["bytes_out"], failed["retry"]) == (None, None, False)


@pytest.mark.parametrize("engine", ["dask", "spark"])
@pytest.mark.long
def test_engines_write_the_same_bytes(
    engine: str, run_command: Run, source: Path, target: Path
) -> None:
    pytest.importorskip({"dask": "distributed", "spark": "pyspark"}[engine])
    if engine == "spark" and shutil.which("java") is None:
        pytest.skip("needs Java, on which Spark runs")
    results = make_source(source, N_PICTURES, N_HOSTILE)
    done = run_command("batch", "in", "out", "--engine", engine, "--threads", "2", timeout=120)
    assert done.returncode == 1, done.stderr.decode()
    assert files_of(target) == results
    failed = {file for file, row in lines_of(target).items() if row["error"] is not None}
    assert failed == {f"hostile-{number}.png" for number in range(N_HOSTILE)}


def test_options_are_those_of_compress(batch: Batch, source: Path, target: Path) -> None:
    source.mkdir()
    path = save_picture("photo.png", source)
    batch("in", "out", "-k", "8", "--effort", "fast", "--format", "webp")
    result = fewcolors.compress(path, 8, effort="fast", format="webp")
    assert files_of(target) == {path.with_suffix(".webp").name: result.data}


def test_an_animation_keeps_its_format(batch: Batch, source: Path, target: Path) -> None:
    source.mkdir()
    frames = [photo(number).convert("P") for number in range(2)]
    frames[0].save(source / "clip.gif", save_all=True, append_images=frames[1:], duration=100)
    batch("in", "out")
    assert names(target) == ["clip.gif", "manifest"]


def test_stores_in_memory_are_places_too() -> None:
    store = fsspec.filesystem("memory")
    content = {name: _bytes_of(name) for name in ("photo.png", "photo.jpg")}
    store.pipe({f"/a/{number}/{name}": data for number, (name, data) in enumerate(content.items())})
    try:
        assert main(["batch", "memory://a", "memory://b", "--quiet"]) == 0
        assert main(["batch", "memory://a/*/*.jpg", "memory://c", "--quiet"]) == 0
        found = {path: store.cat_file(path) for path in store.find("/b")}
        assert {path: data for path, data in found.items() if "manifest" not in path} == {
            "/b/0/photo.png": fewcolors.compress(content["photo.png"]).data,
            "/b/1/photo.png": fewcolors.compress(content["photo.jpg"]).data,
        }
        assert store.find("/c")[0] == "/c/1/photo.png"
    finally:
        store.rm("/", recursive=True)


def _bytes_of(name: str) -> bytes:
    buffer = io.BytesIO()
    PICTURES[name]().save(buffer, "PNG" if name.endswith(".png") else "JPEG")
    return buffer.getvalue()


# What is done is not done again


def test_nothing_is_done_twice(batch: Batch, source: Path, target: Path) -> None:
    make_source(source, 6, 1)
    batch("in", "out")
    before = stamps(target)
    done = batch("in", "out")
    assert done.status == 1  # as it was when the fault was found
    assert "6 files: 6 left alone; " in done.text
    assert "1 failed before (--retry-errors tries them again)" in done.text
    assert stamps(target) == before


def stamps(target: Path) -> dict[str, tuple[int, int]]:
    """What is another for each file once it has been written anew."""
    return {
        str(path.relative_to(target)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in target.rglob("*")
        if path.is_file()
    }


def test_a_picture_that_changes_is_done_anew(batch: Batch, source: Path, target: Path) -> None:
    make_source(source, 6)
    batch("in", "out")
    photo(99).save(source / "photo 000.png")
    photo(98).save(source / "new.png")
    done = batch("in", "out")
    assert "7 files: 2 compressed, 5 left alone; " in done.text
    expected = fewcolors.compress(source / "photo 000.png").data
    assert (target / "photo 000.png").read_bytes() == expected
    assert len(lines_of(target)) == 7


def test_other_options_do_all_anew(batch: Batch, source: Path, target: Path) -> None:
    results = make_source(source, 6)
    batch("in", "out", "-k", "4")
    assert len(names(target / "manifest")) == 1
    done = batch("in", "out")
    assert "6 files: 6 compressed; " in done.text
    assert files_of(target) == results
    assert {row["options"] for row in lines_of(target).values()} == {"score=75.0"}
    # Limits decide whether there is a result, not which.
    assert "6 left alone" in batch("in", "out", "--max-pixels", "9999").text


def test_errors_of_pictures_are_settled_until_asked_for(
    batch: Batch, source: Path, target: Path
) -> None:
    make_source(source, 1)
    small = batch("in", "out", "--max-pixels", "100")
    assert "--max-pixels" in small.text  # the option, not the argument
    raised = ("in", "out", "--max-pixels", "99999")
    assert batch(*raised).status == 1
    done = batch(*raised, "--retry-errors")
    assert (done.status, lines_of(target)["photo 000.png"]["error"]) == (0, None)


def test_what_cannot_be_read_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = fsspec.filesystem("memory")
    for name in ("one.png", "two.png"):
        store.pipe_file(f"/a/{name}", _bytes_of("photo.png"))
    read = MemoryFileSystem.cat_file

    def fails(self: Any, path: str, *arguments: Any) -> bytes:
        if path == "/a/two.png":
            raise TimeoutError("the store does not answer")
        content: bytes = read(self, path, *arguments)
        return content

    try:
        with monkeypatch.context() as patch:
            patch.setattr(MemoryFileSystem, "cat_file", fails)
            assert main(["batch", "memory://a", "memory://b"]) == 1
        shown = capsys.readouterr()
        assert shown.err == "fewcolors: two.png: cannot be read (the store does not answer)\n"
        assert main(["batch", "memory://a", "memory://b"]) == 0
        assert "2 files: 1 compressed, 1 left alone; " in capsys.readouterr().out
    finally:
        store.rm("/", recursive=True)


def test_a_part_is_closed_when_it_is_full(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    monkeypatch.setattr(manifests, "ROWS_A_PART", 3)
    manifest = Manifest(place_of(str(target)))
    for start, end in ((0, 2), (2, 4), (4, 11), (11, 12)):
        manifest.add([_entry(f"{number}.png") for number in range(start, end)])
    parts = sorted((target / "manifest").iterdir())
    rows = [len(pyarrow.parquet.read_table(part)) for part in parts]
    assert rows == [3, 3, 3, 3]
    assert set(lines_of(target)) == {f"{number}.png" for number in range(12)}
    manifests.remove_lines(place_of(str(target)), ["0.png", "3.png", "4.png", "5.png"])
    assert set(lines_of(target)) == {f"{number}.png" for number in (1, 2, *range(6, 12))}
    assert len(names(target / "manifest")) == 3


def _entry(file: str) -> Entry:
    return Entry(file, file, 1, 1, 1.0, 1, 1, 1, 1.0, None, "0", "1 1", "", False)


# Kills


@posix
@pytest.mark.long
def test_five_kills_cost_what_was_under_way_in_a_folder(source: Path, target: Path) -> None:
    results = make_source(source, 60, N_HOSTILE)
    command = batch_command(str(source), str(target), "--threads", str(N_THREADS))
    draws = random.Random(5)
    for _ in range(N_KILLS):
        before = stamps(target) if target.exists() else {}
        goal = len(before) + draws.randint(3, 10)
        assert kill_when(command, partial(_has, target, goal), dict(os.environ))
        _assert_little_was_done_twice(before, stamps(target))
    before = stamps(target)
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    _assert_little_was_done_twice(before, stamps(target))
    assert files_of(target) == results  # and nothing else: no temporary file is left
    assert set(lines_of(target)) == set(inside(source))


def _has(target: Path, n_files: int) -> bool:
    return sum(path.is_file() for path in target.rglob("*")) >= n_files


def _assert_little_was_done_twice(
    before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]
) -> None:
    twice = [name for name in before if name.endswith(".png") and before[name] != after.get(name)]
    again = [name for name in twice if not name.rpartition("/")[2].startswith(".")]
    assert len(again) <= UNDER_WAY


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    for package in ("moto.server", "s3fs", "boto3"):
        pytest.importorskip(package)
    with s3_server() as environment:
        yield environment


@posix
@pytest.mark.long
def test_five_kills_cost_what_was_under_way_on_s3(
    s3: dict[str, str], source: Path, target: Path
) -> None:
    """Every version of an object is kept, so that what is done twice can be counted."""
    results = make_source(source, 48, N_HOSTILE)  # a kill comes some pictures late
    client = s3_client(s3)
    for bucket in ("originals", "results"):
        client.create_bucket(Bucket=bucket)
    client.put_bucket_versioning(Bucket="results", VersioningConfiguration={"Status": "Enabled"})
    for name in inside(source):
        client.upload_file(str(source / name), "originals", name)

    def puts() -> Counter[str]:
        versions = client.get_paginator("list_object_versions").paginate(
            Bucket="results", Prefix="small/"
        )
        found = (version["Key"] for page in versions for version in page.get("Versions", []))
        return Counter(key for key in found if "/manifest/" not in key)

    def has_put(n_files: int) -> bool:
        return puts().total() >= n_files

    command = batch_command("s3://originals", "s3://results/small", "--threads", str(N_THREADS))
    draws = random.Random(7)
    for _ in range(N_KILLS):
        goal = puts().total() + draws.randint(1, 3)
        assert kill_when(command, partial(has_put, goal), s3, 0.02)
    done = subprocess.run(command, env=s3, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    counted = puts()
    assert set(counted) == {f"small/{name}" for name in results}
    assert counted.total() - len(results) <= N_KILLS * UNDER_WAY
    for found in client.list_objects_v2(Bucket="results", Prefix="small/")["Contents"]:
        path = target / found["Key"].removeprefix("small/")
        path.parent.mkdir(parents=True, exist_ok=True)
        client.download_file("results", found["Key"], str(path))
    assert files_of(target) == results
    assert set(lines_of(target)) == set(inside(source))


# Engines


def test_a_group_that_fails_is_tried_item_by_item() -> None:
    """As when a worker dies of one of them."""

    def submit(group: list[int]) -> "Future[list[str]]":
        future: Future[list[str]] = Future()
        if 13 in group:
            future.set_exception(RuntimeError("the worker died\nlong story"))
        else:
            future.set_result([str(item) for item in group])
        return future

    groups = [list(range(start, start + 8)) for start in range(0, 80, 8)]
    steps = finished(Engine(submit, 2, 0), groups, lambda item, why: f"{item}: {why}")
    results = [result for step in steps for result in step]
    fault = "13: the engine failed (RuntimeError: the worker died)"
    assert sorted(results) == sorted([fault, *(str(item) for item in range(80) if item != 13)])


def test_no_more_is_begun_than_a_kill_may_cost() -> None:
    begun: list[int] = []

    def submit(group: list[int]) -> "Future[list[int]]":
        begun.extend(group)
        future: Future[list[int]] = Future()
        future.set_result(group)
        return future

    n_taken = 0
    for step in finished(Engine(submit, 3, 0), ([item] for item in range(50)), lambda *_: 0):
        assert len(begun) - n_taken <= WAITING_A_SLOT * 3
        n_taken += len(step)
    assert n_taken == 50


LISTENING = """
import os, pathlib, sys
from fewcolors.distributed.engines.dask import start

def listening():
    links = [os.readlink(f) for f in pathlib.Path("/proc/self/fd").iterdir() if f.is_symlink()]
    sockets = {link[8:-1] for link in links if link.startswith("socket:")}
    lines = [line.split() for name in ("tcp", "tcp6") for line in open(f"/proc/net/{name}")]
    return {f[1].partition(":")[0] for f in lines if f[3] == "0A" and f[9] in sockets}

with start(len, 1, None):
    print(*listening())
"""
"""Prints the addresses, in the hexadecimal digits of the system, that wait for connections."""


@pytest.mark.skipif(sys.platform != "linux", reason="of Linux")
@pytest.mark.long
def test_dask_of_this_process_is_reached_from_this_machine_alone() -> None:
    pytest.importorskip("distributed")
    done = subprocess.run([sys.executable, "-c", LISTENING], capture_output=True, check=True)
    assert done.stdout.split() == [b"0100007F"]


# Places


def test_clashes_hidden_files_and_links_to_folders(
    batch: Batch, source: Path, target: Path
) -> None:
    source.mkdir()
    for name in ("same.jpg", "same.png", ".hidden.png", "note.txt", "manifest/x.png", ".h/y.png"):
        (source / name).parent.mkdir(exist_ok=True)
        photo().save(source / name, "PNG")
    (source / "loop").symlink_to(source, target_is_directory=True)
    done = batch("in", "out")
    assert done.status == 1
    assert "same.png: its result would have the name of that of same.jpg; rename one" in done.text
    assert "manifest/x.png: its result would be beside the manifest" in done.text
    assert set(lines_of(target)) == {"same.jpg", "same.png", "manifest/x.png"}
    assert set(files_of(target)) == {"same.png"}


def test_a_target_in_the_source_is_left_out(batch: Batch, source: Path) -> None:
    make_source(source, 3)
    for n_done in ("3 compressed", "3 left alone"):
        assert f"3 files: {n_done}; " in batch("in", "in/small").text


def test_names_that_are_no_utf_8(batch: Batch, source: Path, target: Path) -> None:
    source.mkdir()
    name = os.fsdecode(b"caf\xe9.png")
    try:
        photo().save(source / name)
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    for n_done in ("1 compressed", "1 left alone"):
        assert f"1 file: {n_done}; " in batch("in", "out").text
    assert (target / name).is_file()
    assert set(lines_of(target)) == {"caf\\udce9.png"}


def test_names_that_lead_elsewhere_are_refused() -> None:
    for name in ("../evil.png", "a/../../evil.png", "a//b.png", "./a.png", "a\\b.png", "a\0.png"):
        assert listing._fault_of_name(name) is not None, name
    assert listing._fault_of_name("a b/..c/d..png") is None


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("nowhere", "out"), "nowhere: no such folder; check the path"),
        (("in", "in"), "in: holds the source, whose pictures could be replaced; choose another"),
        (("in/below", "in"), "in: holds the source, whose"),
        (("in", "nope://x"), "nope://x: cannot be opened (Protocol not known: nope)"),
        (("in", "zip://out.zip"), "zip://out.zip: "),
        (("in", "out", "-k", "0"), "--colors must be a whole number, 1 to 256"),
        (("in", "out", "--cluster", "x"), "--cluster needs --engine dask or spark"),
        (("in", "out", "-q", "9", "--method", "classic"), "quality needs method 'perceptual'"),
    ],
)
def test_faults_take_a_line(
    arguments: tuple[str, ...], fault: str, batch: Batch, source: Path, tmp_path: Path
) -> None:
    make_source(source, 2)
    done = batch(*arguments)
    assert done.status in (1, 2)
    assert fault in done.text
    assert done.n_lines == 1
    assert names(tmp_path) == ["in"]


def test_a_foreign_part_of_the_manifest_is_named(batch: Batch, source: Path, target: Path) -> None:
    make_source(source, 1)
    (target / "manifest").mkdir(parents=True)
    (target / "manifest" / "part-1.parquet").write_bytes(b"nonsense")
    done = batch("in", "out")
    assert done.status == 1
    assert "out: manifest/part-1.parquet is no part of a manifest" in done.text
    assert done.n_lines == 1


@pytest.mark.parametrize(
    ("package", "engine", "command"),
    [
        ("fsspec", "local", 'pip install "fewcolors[batch]"'),
        ("distributed", "dask", 'pip install "fewcolors[dask]"'),
        ("pyspark", "spark", 'pip install "fewcolors[spark]"'),
    ],
)
def test_a_missing_library_is_told_with_its_remedy(
    package: str,
    engine: str,
    command: str,
    source: Path,
    target: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make_source(source, 1)
    monkeypatch.setitem(sys.modules, package, None)
    for module in [name for name in sys.modules if name.startswith("fewcolors.distributed")]:
        monkeypatch.delitem(sys.modules, module)
    assert main(["batch", str(source), str(target), "--engine", engine]) == 1
    error = capsys.readouterr().err
    assert f"batch needs the package {package}; {command} installs it" in error
    assert len(error.splitlines()) == 1


def test_places_that_cannot_be_written_whole_are_refused() -> None:
    place = place_of("memory://a")
    assert place.is_written_whole
    with pytest.raises(PlaceError, match="cannot be read"):
        place.read("nothing.png")
