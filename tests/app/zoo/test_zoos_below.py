import os

import pytest

from app.zoo.zoos_below import MOST_OFFERED, zoos_below


def zoo(folder):
    folder.mkdir(parents=True)
    (folder / "zoo.toml").write_text("")
    return folder


def test_folders_with_a_zoo_are_found_by_name(tmp_path):
    second, first = zoo(tmp_path / "b"), zoo(tmp_path / "a")
    (tmp_path / "c").mkdir()
    (tmp_path / "zoo.toml").write_text("")
    zoo(tmp_path / "c" / "deeper")

    assert zoos_below(tmp_path) == (first, second)


def test_no_more_are_offered_than_fit(tmp_path):
    for number in range(MOST_OFFERED + 3):
        zoo(tmp_path / f"zoo{number:02}")

    assert len(zoos_below(tmp_path)) == MOST_OFFERED


def test_pipe_named_like_a_zoo_is_none(tmp_path):
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a" / "zoo.toml")

    assert zoos_below(tmp_path) == ()


@pytest.mark.parametrize("name", ["missing", "file", "zero\0", "x" * 5000])
def test_folder_that_cannot_be_listed_has_none(tmp_path, name):
    (tmp_path / "file").write_text("")

    assert zoos_below(tmp_path / name) == ()
