import argparse
import os
import warnings

import pytest
import torch

from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError
from tests.read_into import read_into


def weights(*shape, dtype=torch.float32, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(dtype)


def saved(path, value):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(value, path, _use_new_zipfile_serialization=False)
    return path


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors", "a"])
def test_tensors_are_read_to_the_bit(tmp_path, name):
    value = weights(4, 6)
    state = {
        "double": weights(5, dtype=torch.float64),
        "half": weights(7, dtype=torch.float16),
        "a": value,
        "tied": value,
        "turned": value.T,
        "part": value[1:3, ::2],
        "counts": torch.arange(3),
        "empty": torch.empty(0, 3),
    }
    target = torch.empty(6, 4)

    checkpoint = open_checkpoint(saved(tmp_path / name, state))
    read_into(checkpoint, {"turned": target})

    assert checkpoint.format == "torch state dict of before PyTorch 1.6"
    assert list(checkpoint.entries) == [name for name in state if name != "tied"]
    assert checkpoint.entries["a"].aliases == ("tied",)
    assert all(torch.equal(checkpoint.read(name), state[name]) for name in checkpoint.entries)
    assert torch.equal(target, value.T)


def test_a_training_checkpoint_is_read_as_any_other(tmp_path):
    optimizer = {"state": {0: {"exp_avg": weights(2, seed=1)}}, "param_groups": [{"lr": 0.1}]}
    value = {"optimizer": optimizer, "model": {"a": weights(3)}, "args": argparse.Namespace(lr=0.1)}

    checkpoint = open_checkpoint(saved(tmp_path / "a.pth", value))

    assert torch.equal(checkpoint.read("a"), weights(3))


def test_a_module_comes_with_its_source_text_which_is_not_run(tmp_path):
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4))

    checkpoint = open_checkpoint(saved(tmp_path / "a.pth", model))

    assert all(torch.equal(checkpoint.read(name), value) for name, value in model.state_dict().items())
    assert "torch.nn.modules.container.Sequential" in checkpoint.notes[0]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.99])
def test_a_truncated_file_is_refused(tmp_path, share):
    path = saved(tmp_path / "a.pth", {"a": weights(100), "b": weights(100)})
    os.truncate(path, int(path.stat().st_size * share))

    with pytest.raises(CheckpointError, match=r"copy or download it again"):
        open_checkpoint(path)


@pytest.mark.parametrize(
    ("honest", "lie", "message"),
    [
        (b"\x88", b"\x89", "is big-endian"),
        (b"M\xe9\x03.", b"M\xea\x03.", "is damaged"),
        ((100).to_bytes(8, "little"), (99).to_bytes(8, "little"), "is damaged"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path, honest, lie, message):
    path = saved(tmp_path / "a.pth", {"a": weights(100)})
    content = path.read_bytes()
    assert honest in content
    path.write_bytes(content.replace(honest, lie, 1))

    with pytest.raises(CheckpointError, match=message):
        open_checkpoint(path)
