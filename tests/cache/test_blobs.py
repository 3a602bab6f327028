import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from cache.blobs import BlobStore, write_safetensors
from cache.checkpoints import open_checkpoint
from cache.errors import CacheError

ROOT = Path(__file__).parents[2]


def test_written_tensors_and_metadata_open_as_a_checkpoint(tmp_path):
    path = tmp_path / "merged.safetensors"

    write_safetensors(path, {"a": torch.arange(3.0), "b": torch.tensor(2)}, {"recipe": "method: ties"})

    checkpoint = open_checkpoint(path)
    assert checkpoint.read("a").tolist() == [0.0, 1.0, 2.0]
    assert checkpoint.read("b").item() == 2
    assert checkpoint.metadata == {"recipe": "method: ties"}


def test_a_written_file_is_read_by_the_safetensors_library_too(tmp_path):
    write_safetensors(tmp_path / "a.safetensors", {"a": torch.arange(3.0)})

    with safe_open(tmp_path / "a.safetensors", "pt") as file:
        assert file.get_tensor("a").tolist() == [0.0, 1.0, 2.0]


def test_views_of_one_flat_buffer_and_transposed_tensors_are_written(tmp_path):
    flat = torch.arange(6.0)

    write_safetensors(tmp_path / "a.safetensors", {"a": flat[:2], "b": flat[2:].view(2, 2).T})

    checkpoint = open_checkpoint(tmp_path / "a.safetensors")
    assert checkpoint.read("a").tolist() == [0.0, 1.0]
    assert checkpoint.read("b").tolist() == [[2.0, 4.0], [3.0, 5.0]]


def test_no_tensors_at_all_come_back_as_none_at_all(tmp_path):
    blobs = BlobStore(tmp_path)

    blobs.write("empty", {})

    assert blobs.read("empty") == {}


def test_nothing_but_the_file_is_left_in_the_folder(tmp_path):
    write_safetensors(tmp_path / "a.safetensors", {"a": torch.zeros(2)})
    write_safetensors(tmp_path / "a.safetensors", {"a": torch.ones(2)})

    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CacheError, match=r"absent/a.safetensors' cannot be written"):
        write_safetensors(tmp_path / "absent" / "a.safetensors", {"a": torch.zeros(2)})


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000 + "a", "a\0b"])
def test_name_that_no_file_can_have_is_refused(tmp_path, name):
    with pytest.raises(CacheError, match=r"' cannot be written: (File name too long|embedded null byte)\."):
        write_safetensors(tmp_path / name, {"a": torch.zeros(2)})


def test_an_unwritable_place_leaves_no_temporary_file(tmp_path):
    (tmp_path / "a.safetensors").mkdir()

    with pytest.raises(CacheError, match="cannot be written"):
        write_safetensors(tmp_path / "a.safetensors", {"a": torch.zeros(2)})

    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_a_blob_comes_back_by_its_key_and_another_key_gives_nothing(tmp_path):
    blobs = BlobStore(tmp_path / "blobs")

    blobs.write("k1", {"a": torch.arange(3)})

    assert blobs.read("k1")["a"].tolist() == [0, 1, 2]
    assert blobs.read("k2") is None


def test_a_key_cannot_leave_the_folder(tmp_path):
    with pytest.raises(ValueError, match="must be letters, digits"):
        BlobStore(tmp_path).read("../secret")


def test_a_damaged_blob_is_refused(tmp_path):
    blobs = BlobStore(tmp_path)
    blobs.write("k1", {"a": torch.arange(3)})
    (tmp_path / "k1.safetensors").write_bytes(b"half")

    with pytest.raises(CacheError, match=r"k1.safetensors' is damaged"):
        blobs.read("k1")


WRITE_FOREVER = """
import sys
from pathlib import Path
import torch
from cache.blobs import BlobStore
blobs = BlobStore(Path(sys.argv[1]))
number = 0
while True:
    blobs.write("k1", {"a": torch.full((500_000,), number)})
    print(number, flush=True)
    number += 1
"""


def test_a_process_killed_while_writing_leaves_the_last_whole_blob(tmp_path):
    command = [sys.executable, "-c", WRITE_FOREVER, tmp_path]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        first = process.stdout.readline()
        time.sleep(0.2)
        process.kill()
        last = (first + process.stdout.read()).split()[-1]

    value = BlobStore(tmp_path).read("k1")["a"]

    assert value.shape == (500_000,)
    assert value.unique().tolist() in ([int(last)], [int(last) + 1])


def test_others_may_read_the_file_as_far_as_the_umask_allows(tmp_path):
    plain = tmp_path / "plain"
    plain.touch()

    write_safetensors(tmp_path / "blob.safetensors", {"a": torch.zeros(2)})

    assert (tmp_path / "blob.safetensors").stat().st_mode == plain.stat().st_mode
