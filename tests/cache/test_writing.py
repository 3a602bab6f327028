import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from cache.checkpoints import open_checkpoint
from cache.errors import CacheError
from cache.formats.safetensors_file import DTYPES
from cache.writing import content_digest, remove_left_behind, write_safetensors

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


def test_name_that_the_format_keeps_for_itself_is_refused(tmp_path):
    with pytest.raises(CacheError, match="no tensor or task in it can be called '__metadata__'"):
        write_safetensors(tmp_path / "a.safetensors", {"__metadata__": torch.zeros(2), "b": torch.zeros(2)})

    assert not list(tmp_path.iterdir())


def test_an_unwritable_place_leaves_no_temporary_file(tmp_path):
    (tmp_path / "a.safetensors").mkdir()

    with pytest.raises(CacheError, match="cannot be written"):
        write_safetensors(tmp_path / "a.safetensors", {"a": torch.zeros(2)})

    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_others_may_read_the_file_as_far_as_the_umask_allows(tmp_path):
    plain = tmp_path / "plain"
    plain.touch()

    write_safetensors(tmp_path / "blob.safetensors", {"a": torch.zeros(2)})

    assert (tmp_path / "blob.safetensors").stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("dtype", DTYPES.values(), ids=str)
def test_every_number_format_is_written_as_the_library_writes_it(tmp_path, dtype):
    tensors = {
        "b": torch.tensor([0, 1, 3]).to(dtype),
        "a": torch.tensor(1).to(dtype),
        'ü"': torch.zeros(0, 2).to(dtype),
    }
    save_file(tensors, tmp_path / "theirs.safetensors", {"recipe": "method: ties\n"})

    write_safetensors(tmp_path / "ours.safetensors", tensors, {"recipe": "method: ties\n"})

    assert (tmp_path / "ours.safetensors").read_bytes() == (tmp_path / "theirs.safetensors").read_bytes()


def test_name_without_a_spelling_in_unicode_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(CacheError, match="cannot be written"):
        write_safetensors(tmp_path / "a.safetensors", {"\ud800": torch.zeros(2)})

    assert not list(tmp_path.iterdir())


def test_digest_tells_names_shapes_types_and_values_apart():
    a = torch.arange(4)
    contents = [
        {"a": a},
        {"b": a},
        {"a": a.view(2, 2)},
        {"a": a.int()},
        {"a": a.flip(0)},
        {"a": a, "b": a},
        {},
    ]

    assert len({content_digest(tensors) for tensors in contents}) == len(contents)
    assert content_digest({"a": a, "b": a + 1}) == content_digest({"b": a + 1, "a": a})


WRITE_AND_WAIT = """
import sys
from pathlib import Path
import torch
import cache.writing as writing
def wait(tensor):
    print("writing", flush=True)
    sys.stdin.read()
writing._bytes = wait
writing.write_safetensors(Path(sys.argv[1]) / "merged.safetensors", {"a": torch.zeros(4)})
"""


def test_what_a_killed_process_left_is_removed_and_what_one_writes_stays(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", WRITE_AND_WAIT, tmp_path],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "writing\n"
        remove_left_behind(tmp_path)
        (temporary,) = tmp_path.iterdir()
        process.kill()
    assert temporary.exists()

    remove_left_behind(tmp_path)

    assert not list(tmp_path.iterdir())


def test_files_of_others_are_not_taken_for_left_behind(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch()
    names = [".tmpAb12Cd", ".a.safetensors.tmp", "a.0123456789abcdef.tmp", ".a.0123456789ABCDEF.tmp"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".folder.0123456789abcdef.tmp").mkdir()
    (tmp_path / ".link.0123456789abcdef.tmp").symlink_to(elsewhere)
    before = sorted(tmp_path.iterdir())

    remove_left_behind(tmp_path)
    remove_left_behind(tmp_path / "absent")

    assert sorted(tmp_path.iterdir()) == before
