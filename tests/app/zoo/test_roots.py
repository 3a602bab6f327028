import pytest

from app.errors import ZooError
from app.zoo.roots import Roots
from cache.errors import FileError


def test_roots_hold_themselves_and_what_lies_below(tmp_path):
    roots = Roots.of([tmp_path / "a", tmp_path / "b"])

    assert roots.hold(tmp_path / "a")
    assert roots.hold(tmp_path / "b" / "c" / ".." / "d")
    assert not roots.hold(tmp_path)
    assert not roots.hold(tmp_path / "ab")
    assert not roots.hold(tmp_path / "a" / ".." / "c")
    assert not Roots.of([]).hold(tmp_path)


def test_links_are_followed_on_both_sides(tmp_path):
    for name in ("inside", "outside"):
        (tmp_path / name).mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "inside")
    (tmp_path / "inside" / "out").symlink_to(tmp_path / "outside")
    (tmp_path / "outside" / "in").symlink_to(tmp_path / "inside")
    roots = Roots.of([tmp_path / "root"])

    assert roots.hold(tmp_path / "inside" / "zoo")
    assert roots.hold(tmp_path / "outside" / "in" / "zoo")
    assert not roots.hold(tmp_path / "root" / "out" / "zoo")


def test_refusal_does_not_tell_what_is_there(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "file").touch()
    roots = Roots.of([tmp_path / "served"])

    for name in ("there", "file", "nowhere"):
        with pytest.raises(ZooError) as refusal:
            roots.require_zoo(tmp_path / name)
        assert str(refusal.value) == (
            f"'{tmp_path / name}' lies outside the folders in which this server opens zoos. "
            f"To allow it, start the server with --root '{tmp_path / name}'."
        )


def test_path_that_cannot_be_followed_is_refused(tmp_path):
    with pytest.raises(FileError, match="is not a path that can be followed"):
        Roots.of([tmp_path]).require_zoo(tmp_path / "a\0b")
