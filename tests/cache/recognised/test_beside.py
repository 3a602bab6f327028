import pytest

from cache.recognised import beside
from cache.recognised.beside import description


def test_an_object_is_read(tmp_path):
    (tmp_path / "config.json").write_text('{"hidden_size": 3}')

    assert description(tmp_path / "config.json") == {"hidden_size": 3}


@pytest.mark.parametrize("content", [b"[]", b"{", b"\xff", b"[" * 100_000, b"", b'{"a": "long"}'])
def test_what_is_no_object_describes_nothing(tmp_path, monkeypatch, content):
    monkeypatch.setattr(beside, "_LONGEST", 200_000 if content[:1] == b"[" else 10)
    (tmp_path / "config.json").write_bytes(content)

    assert description(tmp_path / "config.json") == {}
    assert description(tmp_path / "absent.json") == {}
    assert description(tmp_path) == {}
