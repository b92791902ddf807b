"""A file is written whole or not at all."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest
from conftest import names

import fewcolors
from fewcolors.formats import Format
from fewcolors.saving.write import write_new

OLD, NEW = b"old", b"new" * 1000
GREYS = b"P5 4 2 255\n" + bytes(range(0, 256, 32))


def fail(*_: object) -> None:
    raise OSError("no space left")


def test_writes_all_and_nothing_else(tmp_path: Path) -> None:
    write_new(str(tmp_path / "a.png"), NEW)
    assert (tmp_path / "a.png").read_bytes() == NEW
    assert names(tmp_path) == ["a.png"]


def test_writes_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_new("a.png", NEW)
    assert names(tmp_path) == ["a.png"]


def test_does_not_replace_without_force(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(OLD)
    with pytest.raises(FileExistsError):
        write_new(str(target), NEW)
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["a.png"]


def test_replaces_with_force(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(OLD)
    write_new(str(target), NEW, force=True)
    assert target.read_bytes() == NEW
    assert names(tmp_path) == ["a.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
@pytest.mark.parametrize("force", [False, True])
def test_mode_follows_umask(tmp_path: Path, umask: int, force: bool) -> None:
    before = os.umask(umask)
    try:
        write_new(str(tmp_path / "a.png"), NEW, force=force)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.png").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("force", [False, True])
def test_leaves_nothing_when_the_name_cannot_be_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    monkeypatch.setattr(os, "replace", fail)
    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(OSError, match="no space left"):
        write_new(str(tmp_path / "a.png"), NEW, force=force)
    assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no limits")
def test_leaves_the_old_file_when_the_new_does_not_fit(tmp_path: Path) -> None:
    import resource

    target = tmp_path / "a.png"
    target.write_bytes(OLD)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(NEW) // 2, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            write_new(str(target), NEW, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["a.png"]


def test_leaves_nothing_when_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_new(str(tmp_path / "a.png"), NEW)
    assert names(tmp_path) == []


@pytest.mark.parametrize("links", [True, False])
def test_spares_a_file_that_comes_into_being_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(OLD)
    seen = [False] if links else [False, True]  # without links, only a second look can tell
    monkeypatch.setattr(os.path, "lexists", lambda _: seen.pop(0))
    if not links:
        monkeypatch.setattr(os, "link", fail)
    with pytest.raises(FileExistsError):
        write_new(str(target), NEW)
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["a.png"]


def test_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", fail)
    write_new(str(tmp_path / "a.png"), NEW)
    assert (tmp_path / "a.png").read_bytes() == NEW
    assert names(tmp_path) == ["a.png"]


def test_nobody_meets_half_a_file(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    contents = [bytes([number]) * 200_000 for number in range(2)]
    target.write_bytes(contents[0])
    done = threading.Event()
    seen = set()

    def read() -> None:
        while not done.is_set():
            seen.add(target.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(100):
        write_new(str(target), contents[turn % 2], force=True)
    done.set()
    reader.join()
    assert seen <= set(contents)


def test_writes_names_as_long_as_they_may_be(tmp_path: Path) -> None:
    for name in ("a" * 255, "\N{ARTIST PALETTE}" * 63):
        write_new(str(tmp_path / name), NEW)
        assert (tmp_path / name).read_bytes() == NEW
    assert len(names(tmp_path)) == 2


@pytest.mark.parametrize("force", [False, True])
def test_leaves_nothing_when_the_name_is_too_long(tmp_path: Path, force: bool) -> None:
    with pytest.raises(OSError, match="too long"):
        write_new(str(tmp_path / ("a" * 256)), NEW, force=force)
    assert names(tmp_path) == []


def test_leaves_a_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for force in (False, True):
        with pytest.raises(OSError, match="folder"):
            write_new(str(tmp_path / "folder"), NEW, force=force)
    assert names(tmp_path) == ["folder"]


def test_a_missing_folder_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_new(str(tmp_path / "missing" / "a.png"), NEW)
    assert names(tmp_path) == []


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_is_not_replaced_without_force(tmp_path: Path, dangling: bool) -> None:
    named, link = tmp_path / "named.png", tmp_path / "link.png"
    if not dangling:
        named.write_bytes(OLD)
    link.symlink_to(named.name)
    with pytest.raises(FileExistsError):
        write_new(str(link), NEW)
    assert link.is_symlink()
    assert named.exists() is not dangling


@pytest.mark.parametrize("dangling", [False, True])
def test_force_replaces_a_link_and_not_what_it_names(tmp_path: Path, dangling: bool) -> None:
    named, link = tmp_path / "named.png", tmp_path / "link.png"
    if not dangling:
        named.write_bytes(OLD)
    link.symlink_to(named.name)
    write_new(str(link), NEW, force=True)
    assert link.read_bytes() == NEW
    assert named.exists() is not dangling
    assert dangling or named.read_bytes() == OLD
    assert len(names(tmp_path)) == 2 - dangling


def test_the_library_saves_in_the_same_way(tmp_path: Path) -> None:
    result = fewcolors.compress(GREYS, n_colors=2)
    target = tmp_path / "a.png"
    result.save(target)
    assert target.read_bytes() == result.data
    with pytest.raises(FileExistsError):
        result.save(target)
    target.write_bytes(OLD)
    result.save(str(target), force=True)
    assert target.read_bytes() == result.data
    assert names(tmp_path) == ["a.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are not Windows's")
def test_a_replaced_file_stays_as_private_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_new(os.fspath(path), b"new", force=True)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("format_", "name", "is_taken"),
    [
        ("png", "x.PNG", True),
        ("png", "x.apng", True),
        ("png", "x", True),
        ("png", "x.part", True),
        ("png", "x.jpg", False),
        ("png", "x.gif", False),
        ("gif", "x.gif", True),
        ("gif", "x.png", False),
        ("tiff", "x.tif", True),
        ("webp", "x.heic", False),
    ],
)
def test_no_file_gets_a_name_of_another_format(
    tmp_path: Path, format_: Format, name: str, is_taken: bool
) -> None:
    result = fewcolors.compress(GREYS, n_colors=2, format=format_)
    if is_taken:
        result.save(tmp_path / name)
    else:
        with pytest.raises(ValueError, match=f"path must end in .*{name}"):
            result.save(tmp_path / name)
    assert names(tmp_path) == [name] * is_taken
