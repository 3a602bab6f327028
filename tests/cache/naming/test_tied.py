import torch
from safetensors.torch import save_file, save_model
from torch import nn

from cache.checkpoints import open_checkpoint
from cache.naming.tied import tied_names


def test_places_that_differ_are_tensors_of_their_own():
    assert tied_names({"a": 0, "b": 1}, {"a": "b", "format": "pt"}) == {}


def test_a_name_left_out_of_a_tied_one_belongs_to_the_first():
    assert tied_names({"a": 0, "b": 0}, {"c": "b"}) == {"a": ("b", "c")}


def tied():
    model = nn.ModuleDict({"embed": nn.Linear(3, 4, bias=False), "head": nn.Linear(3, 4, bias=False)})
    model["head"].weight = model["embed"].weight
    return model


def test_a_tied_weight_of_a_state_dict_counts_once(tmp_path):
    torch.save(tied().state_dict(), tmp_path / "a.pt")

    checkpoint = open_checkpoint(tmp_path / "a.pt")

    assert {name: one.aliases for name, one in checkpoint.entries.items()} == {
        "embed.weight": ("head.weight",)
    }
    assert checkpoint.notes == ("'embed.weight' is also called 'head.weight', and counts once.",)


def test_a_name_that_save_model_left_out_is_known(tmp_path):
    save_model(tied(), str(tmp_path / "a.safetensors"))

    (entry,) = open_checkpoint(tmp_path / "a.safetensors").entries.values()

    assert {*entry.sources, *entry.aliases} == {"embed.weight", "head.weight"}


def test_equal_values_in_two_places_are_two_weights(tmp_path):
    save_file({"a": torch.ones(2), "b": torch.ones(2)}, tmp_path / "a.safetensors")

    assert list(open_checkpoint(tmp_path / "a.safetensors").entries) == ["a", "b"]


def test_empty_tensors_are_not_tied(tmp_path):
    torch.save({"a": torch.empty(0, 2), "b": torch.empty(0, 2), "c": torch.ones(1)}, tmp_path / "a.pt")

    assert list(open_checkpoint(tmp_path / "a.pt").entries) == ["a", "b", "c"]


def test_all_names_of_a_tied_weight_are_stored_again(tmp_path):
    torch.save(tied().state_dict(), tmp_path / "a.pt")
    (entry,) = open_checkpoint(tmp_path / "a.pt").entries.values()

    stored = entry.as_stored(torch.zeros(4, 3))

    assert stored.keys() == {"embed.weight", "head.weight"}
    save_file(stored, tmp_path / "b.safetensors")  # refuses tensors that share memory
