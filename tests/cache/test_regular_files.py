import os
import socket
from contextlib import closing

import pytest

from cache.checkpoints import open_checkpoint
from cache.errors import FileError, MissingFileError
from cache.fingerprints import file_fingerprint
from cache.regular_files import open_regular, read_text, require_regular, resolved
from cache.store import Store


def test_file_is_read_as_it_is(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "link").symlink_to("a")

    with open_regular(tmp_path / "link", limit=3) as file:
        assert file.read() == b"abc"


@pytest.mark.parametrize("name", ["pipe", "socket", "folder", "device"])
def test_what_is_no_regular_file_is_refused_by_kind_without_waiting(tmp_path, name):
    path = tmp_path / name
    if name == "pipe":
        os.mkfifo(path)
    elif name == "folder":
        path.mkdir()
    elif name == "device":
        path.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))

    with pytest.raises(FileError, match=rf"{name}' cannot be read: it is a .*{name}, not a file\."):
        open_regular(path)


def test_pipe_that_takes_the_place_of_a_file_is_not_waited_for(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.touch()
    open_it = os.open

    def swap(name, flags):
        path.unlink()
        os.mkfifo(path)
        return open_it(name, flags)

    monkeypatch.setattr(os, "open", swap)

    with pytest.raises(FileError, match="it is a named pipe, not a file"):
        open_regular(path)


def test_larger_file_is_refused_and_so_is_one_that_hides_its_size(tmp_path):
    (tmp_path / "a").write_bytes(b"abcd")

    assert read_text(tmp_path / "a", limit=4) == "abcd"
    with pytest.raises(FileError, match="it has more than 3 bytes"):
        read_text(tmp_path / "a", limit=3)
    with pytest.raises(FileError, match="it has more than 3 bytes"):
        require_regular(tmp_path / "a", limit=3)


def test_text_may_come_from_windows(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfname\r\n")

    assert read_text(tmp_path / "a", limit=100) == "name\n"


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "a").write_bytes("name".encode("utf-16"))

    with pytest.raises(FileError, match="a' is not text in UTF-8; save it in that encoding"):
        read_text(tmp_path / "a", limit=100)


@pytest.mark.parametrize("name", ["a\0b", "a" * 300, "a/" * 3000, "\ud800"])
def test_name_that_no_file_can_have_is_refused_however_it_is_used(tmp_path, name):
    for use in (open_regular, resolved, open_checkpoint, file_fingerprint):
        with pytest.raises(FileError, match=r"' (cannot be read|is not a path that can be followed): "):
            use(tmp_path / name)


def test_links_are_followed_and_a_circle_is_refused(tmp_path):
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "link").symlink_to("absent")

    assert resolved(tmp_path / "link") == tmp_path.resolve() / "absent"
    with pytest.raises(FileError, match=r"round' is not a path that can be followed: .*(circle|links)"):
        resolved(tmp_path / "round")


def test_missing_file_is_an_error_of_its_own(tmp_path):
    (tmp_path / "file").touch()

    for path in (tmp_path / "absent", tmp_path / "file" / "below"):
        with pytest.raises(MissingFileError, match="' cannot be read: "):
            open_regular(path)


@pytest.mark.parametrize("name", ["results.duckdb", "results.duckdb.wal"])
def test_pipe_in_place_of_the_results_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)

    with closing(Store.open(tmp_path)) as store:
        assert "it is a named pipe" in store.notice
