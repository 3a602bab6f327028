import json

import pytest

from cache.recognised.shards import parts_of, shard


@pytest.mark.parametrize(
    "name",
    [
        "model-00001-of-00002.safetensors",
        "pytorch_model-00002-of-00002.bin",
        "model-1-of-3.pt",
        "model_00001_of_00004.pth",
        "Model-00001-OF-00002.safetensors",
    ],
)
def test_a_number_in_the_name_states_which_part_it_is(tmp_path, name):
    assert shard(tmp_path / name, []).startswith("is part ")
    assert "name the folder they lie in, or the index" in shard(tmp_path / name, [])


@pytest.mark.parametrize(
    "name", ["model-00001-of-00001.safetensors", "model.safetensors", "best-of-5.pt", "epoch_3.pt"]
)
def test_a_whole_model_is_none(tmp_path, name):
    assert shard(tmp_path / name, []) is None


def test_an_index_beside_it_states_it_too(tmp_path):
    index = {"weight_map": {"a": "first.safetensors", "b": "second.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))

    assert "as 'model.safetensors.index.json' states" in shard(tmp_path / "first.safetensors", [])
    assert shard(tmp_path / "other.safetensors", []) is None


def test_an_index_of_one_file_makes_no_part_of_it(tmp_path):
    (tmp_path / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": {"a": "model.safetensors"}})
    )

    assert shard(tmp_path / "model.safetensors", []) is None


def test_parts_without_a_total_are_counted(tmp_path):
    (tmp_path / "consolidated.00.pth").touch()
    alone = shard(tmp_path / "consolidated.00.pth", [])
    (tmp_path / "consolidated.01.pth").touch()

    assert alone is None
    assert shard(tmp_path / "consolidated.00.pth", []).startswith("is one of the 2 files of one model")


@pytest.mark.parametrize("text", ["{", "[]", '{"weight_map": []}', '{"weight_map": {"a": 3}}'])
def test_an_index_that_cannot_be_read_lists_nothing(tmp_path, text):
    (tmp_path / "a.index.json").write_text(text)

    assert parts_of(tmp_path / "a.index.json") == []
