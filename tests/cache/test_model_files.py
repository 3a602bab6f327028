import json

import pytest
import torch
from safetensors.torch import save_file

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError, FileError, MissingFileError
from cache.model_files import model_files
from tests.read_into import read_into

PARTS = {"model-00001-of-00002.safetensors": ("a", "b"), "model-00002-of-00002.safetensors": ("c",)}


@pytest.fixture
def sharded(tmp_path):
    """A model of three tensors in two files, with the index that Hugging Face writes."""
    for number, (file, names) in enumerate(PARTS.items()):
        save_file({name: torch.full((2,), number + 1.0) for name in names}, tmp_path / file)
    write_index(tmp_path, {name: file for file, names in PARTS.items() for name in names})
    return tmp_path


def write_index(folder, weight_map, name="model.safetensors.index.json"):
    (folder / name).write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))


def touched(folder, *names):
    for name in names:
        (folder / name).touch()
    return folder


def taken(folder):
    return [path.name for path in model_files(folder).paths]


@pytest.mark.parametrize("named", [".", "model.safetensors.index.json"])
def test_a_model_in_several_files_is_one_model(sharded, named):
    checkpoint = open_checkpoint(sharded / named)
    targets = {name: torch.empty(2) for name in "abc"}

    digest = read_into(checkpoint, targets)

    assert [float(targets[name][0]) for name in "abc"] == [1.0, 1.0, 2.0]
    assert float(checkpoint.read("c")[1]) == 2.0
    assert checkpoint.digest() == digest
    assert checkpoint.n_bytes == sum((sharded / file).stat().st_size for file in PARTS)


def test_each_file_counts_in_the_digest(sharded):
    before = open_checkpoint(sharded).digest()
    save_file({"c": torch.zeros(2)}, sharded / "model-00002-of-00002.safetensors")

    assert open_checkpoint(sharded).digest() != before


def test_a_file_that_changed_after_opening_is_noticed(sharded):
    checkpoint = open_checkpoint(sharded)
    save_file({"c": torch.zeros(3)}, sharded / "model-00002-of-00002.safetensors")

    with pytest.raises(CheckpointError, match=r"'model-00002-of-00002\.safetensors' changed on disk"):
        read_into(checkpoint, {"a": torch.empty(2)})


def test_a_missing_part_is_named(sharded):
    (sharded / "model-00002-of-00002.safetensors").unlink()

    with pytest.raises(
        MissingFileError, match=r"lacks 'model-00002-of-00002\.safetensors', one of the 2 files"
    ):
        open_checkpoint(sharded)


def test_a_tensor_in_two_parts_is_refused(sharded):
    save_file({"a": torch.ones(2)}, sharded / "model-00002-of-00002.safetensors")

    with pytest.raises(CheckpointError, match="'a' stands in 'model-00001-of-00002"):
        open_checkpoint(sharded)


@pytest.mark.parametrize("name", ["../a.safetensors", "sub/a.safetensors", "/etc/passwd"])
def test_an_index_that_leads_elsewhere_is_refused(tmp_path, name):
    write_index(tmp_path, {"a": name, "b": "b.safetensors"})

    with pytest.raises(FileError, match="which lies in another folder"):
        open_checkpoint(tmp_path)


def test_an_index_without_files_is_refused(tmp_path):
    write_index(tmp_path, {})

    with pytest.raises(FileError, match="it lists none"):
        open_checkpoint(tmp_path / "model.safetensors.index.json")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (["model.safetensors", "pytorch_model.bin", "config.json"], "model.safetensors"),
        (["pytorch_model.bin", "optimizer.pt", "training_args.bin", "rng_state.pth"], "pytorch_model.bin"),
        (["open_clip_model.safetensors", "open_clip_pytorch_model.bin"], "open_clip_model.safetensors"),
        (["finetuned.pt", "scheduler.pt"], "finetuned.pt"),
    ],
)
def test_a_folder_has_one_model(tmp_path, inside, expected):
    assert taken(touched(tmp_path, *inside)) == [expected]


def test_what_lies_beside_the_model_is_named(tmp_path):
    touched(tmp_path, "model.safetensors", "pytorch_model.bin", "optimizer.pt")

    assert model_files(tmp_path).notes == (
        "Weights were read from 'model.safetensors', and not from 'pytorch_model.bin' beside it.",
    )


def test_several_models_in_a_folder_are_not_chosen_among(tmp_path):
    touched(tmp_path, "a.pt", "b.pt")

    with pytest.raises(FileError, match=r"holds several files of weights \('a\.pt', 'b\.pt'\); name one"):
        model_files(tmp_path)


def test_folders_inside_a_folder_without_weights_are_pointed_to(tmp_path):
    (tmp_path / "checkpoint-20").mkdir()

    with pytest.raises(FileError, match="name the one that holds the model, such as 'checkpoint-20'"):
        model_files(tmp_path)


def snapshots(folder, *names, main=None):
    for name in names:
        touched_in = folder / "snapshots" / name
        touched_in.mkdir(parents=True)
        (touched_in / "model.safetensors").touch()
    if main:
        (folder / "refs").mkdir()
        (folder / "refs" / "main").write_text(main)
    return folder


def test_the_snapshot_that_main_names_is_a_cached_models(tmp_path):
    folder = snapshots(tmp_path, "aa", "bb", main="bb\n")

    (path,) = model_files(folder).paths

    assert path.parent.name == "bb"


def test_the_only_snapshot_needs_no_name(tmp_path):
    assert taken(snapshots(tmp_path, "aa")) == ["model.safetensors"]


def test_several_snapshots_that_nothing_tells_apart_are_refused(tmp_path):
    with pytest.raises(FileError, match=r"holds 2 snapshots and refs/main names none"):
        model_files(snapshots(tmp_path, "aa", "bb", main="cc"))
