import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from cache.blobs import BlobStore

ROOT = Path(__file__).parents[2]


def test_no_tensors_at_all_come_back_as_none_at_all(tmp_path):
    blobs = BlobStore(tmp_path)

    blobs.write("empty", {})

    assert blobs.read("empty") == {}


def test_a_blob_comes_back_by_its_key_and_another_key_gives_nothing(tmp_path):
    blobs = BlobStore(tmp_path / "blobs")

    blobs.write("k1", {"a": torch.arange(3)})

    assert blobs.read("k1")["a"].tolist() == [0, 1, 2]
    assert blobs.read("k2") is None


def test_a_key_cannot_leave_the_folder(tmp_path):
    with pytest.raises(ValueError, match="must be letters, digits"):
        BlobStore(tmp_path).read("../secret")


def emptied(path):
    path.write_bytes(b"")


def halved(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def with_one_bit_turned(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def with_fewer_rows(path):
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
    save_file({"a": torch.arange(2)}, path, metadata)


def of_something_else(path):
    save_file({"a": torch.arange(3)}, path)


def of_another_key(path):
    BlobStore(path.parent).write("k2", {"a": torch.arange(3)})
    path.with_name("k2.safetensors").replace(path)


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_link_to_itself(path):
    path.unlink()
    path.symlink_to(path)


def a_device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


def text(path):
    path.write_text("no tensors at all")


@pytest.mark.parametrize(
    "damage",
    [
        emptied,
        halved,
        with_one_bit_turned,
        with_fewer_rows,
        of_something_else,
        of_another_key,
        a_pipe,
        a_folder,
        a_link_to_itself,
        a_device,
        text,
    ],
)
def test_what_is_not_as_it_was_written_is_as_good_as_nothing(tmp_path, damage):
    blobs = BlobStore(tmp_path)
    blobs.write("k1", {"a": torch.arange(3)})

    damage(tmp_path / "k1.safetensors")

    assert blobs.read("k1") is None


def test_what_killed_processes_left_is_removed_whoever_named_it(tmp_path):
    blobs = BlobStore(tmp_path)
    blobs.write("k1", {"a": torch.arange(3)})
    for name in (".k1.safetensors.0123456789abcdef.tmp", ".tmpAb12Cd"):
        (tmp_path / name).touch()

    blobs.remove_left_behind()

    assert [path.name for path in tmp_path.iterdir()] == ["k1.safetensors"]


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
