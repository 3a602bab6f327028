import os

import pytest

from app.bench.save_folder import SaveFolder
from app.errors import ZooError
from cache.errors import FileError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TAUSCOPE_CACHE", str(tmp_path / "merged" / "cache"))
    return SaveFolder(tmp_path / "merged")


@pytest.mark.parametrize(
    "typed", ["a.safetensors", " a.safetensors ", "./a.safetensors", "b/../a.safetensors"]
)
def test_name_stands_for_a_new_file_in_the_folder_which_is_made(folder, typed):
    assert folder.new_file(typed) == folder.folder / "a.safetensors"
    assert folder.folder.is_dir()


def test_path_inside_the_folder_may_be_written_out(folder):
    assert folder.new_file(str(folder.folder / "a.safetensors")) == folder.folder / "a.safetensors"
    assert folder.new_file("sub/a.safetensors") == folder.folder / "sub" / "a.safetensors"


@pytest.mark.parametrize(
    "typed",
    [
        "../a.safetensors",
        "sub/../../a.safetensors",
        "/etc/a.safetensors",
        "~/a.safetensors",
        "$HOME/a.safetensors",
        "../merged-too/a.safetensors",
        "out/a.safetensors",
        "dangling.safetensors",
        "cache/blobs/a.safetensors",
    ],
)
def test_path_out_of_the_folder_or_into_the_cache_is_refused(folder, tmp_path, typed):
    folder.folder.mkdir()
    (folder.folder / "out").symlink_to(tmp_path)
    (folder.folder / "dangling.safetensors").symlink_to(tmp_path / "absent")

    with pytest.raises(
        ZooError, match=r"does not lie below '.*merged', where this server saves. .*--save-to"
    ):
        folder.new_file(typed)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo, lambda path: path.write_bytes(b"theirs")])
def test_nothing_that_is_there_is_replaced(folder, make):
    folder.folder.mkdir()
    make(folder.folder / "a.safetensors")

    with pytest.raises(ZooError, match=r"'a.safetensors' exists already in '.*merged'; choose another name."):
        folder.new_file("a.safetensors")


def test_link_that_leads_nowhere_inside_the_folder_is_not_replaced(folder):
    folder.folder.mkdir()
    (folder.folder / "a.safetensors").symlink_to(folder.folder / "absent")

    with pytest.raises(ZooError, match="exists already"):
        folder.new_file("a.safetensors")


@pytest.mark.parametrize("typed", ["a\0b.safetensors", "a" * 300])
def test_name_that_no_file_can_have_is_refused(folder, typed):
    with pytest.raises(FileError, match="not a path that can be followed"):
        folder.new_file(typed)


def test_link_in_a_circle_is_refused(folder):
    folder.folder.mkdir()
    (folder.folder / "loop").symlink_to("loop")

    with pytest.raises(FileError, match="not a path that can be followed"):
        folder.new_file("loop/a.safetensors")


@pytest.mark.parametrize("typed", ["", " ", ".", "/", ".."])
def test_name_of_no_file_is_refused(folder, typed):
    with pytest.raises(ZooError):
        folder.new_file(typed)


def test_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ZooError, match=r"cannot be made: .*Start the server with --save-to"):
        SaveFolder(tmp_path / "file" / "merged").new_file("a.safetensors")
