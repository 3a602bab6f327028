import pytest
import torch

from cache.checkpoints import open_checkpoint
from cache.errors import CacheError
from cache.fingerprints import combined, file_fingerprint
from cache.writing import write_safetensors


def test_a_file_has_the_fingerprint_of_the_checkpoint_it_is(tmp_path):
    write_safetensors(tmp_path / "a.safetensors", {"a": torch.arange(5)})

    found = file_fingerprint(tmp_path / "a.safetensors")

    assert found == open_checkpoint(tmp_path / "a.safetensors").digest()


def test_a_missing_file_has_no_fingerprint(tmp_path):
    with pytest.raises(CacheError, match="absent' cannot be read"):
        file_fingerprint(tmp_path / "absent")


def test_an_empty_file_has_a_fingerprint(tmp_path):
    (tmp_path / "empty").touch()
    (tmp_path / "other").write_bytes(b"\0")

    assert file_fingerprint(tmp_path / "empty") != file_fingerprint(tmp_path / "other")


def test_order_does_not_change_the_combination_but_every_name_and_value_does():
    parts = {"base": "a1", "task": "b2"}

    assert combined(parts) == combined({"task": "b2", "base": "a1"})
    assert combined(parts) != combined({"base": "b2", "task": "a1"})
    assert combined(parts) != combined({"base": "a1", "job": "b2"})


def test_the_combination_stays_the_same_from_release_to_release():
    assert combined({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
