from pathlib import Path

import pytest
import torch

from cache.contents import Span
from cache.errors import CheckpointError
from cache.pickles.inert import Made, Named, Persistent
from cache.pickles.placing import Place, placed_contents


def tensor(*, size=6, offset=0, shape=(2, 3), strides=(3, 1), key="0"):
    storage = Persistent(("storage", Named("torch", "FloatStorage"), key, "cpu", size))
    return Made(Named("torch._utils", "_rebuild_tensor_v2"), (storage, offset, shape, strides))


def contents(saved):
    return placed_contents(
        Path("a.pt"), saved, lambda storage: Place(100, 24) if storage.key == "0" else None
    )


def test_a_tensor_begins_where_its_storage_lies_plus_its_offset():
    found = contents(
        {
            "whole": tensor(),
            "turned": tensor(shape=(3, 2), strides=(1, 3)),
            "part": tensor(offset=4, shape=(2,), strides=(1,)),
        }
    )

    assert found.spans == {
        "whole": Span(torch.float32, (2, 3), 100),
        "turned": Span(torch.float32, (3, 2), 100, (1, 3)),
        "part": Span(torch.float32, (2,), 116),
    }


def test_what_was_taken_and_what_lies_beside_is_kept():
    found = contents({"model": {"a": tensor()}, "epoch": 3})

    assert found.metadata == {"epoch": "3"}
    assert found.notes == ("Weights were taken from 'model'.",)


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ({"a": tensor(size=7)}, "'a.pt': 'a' lies outside the bytes that the file holds for it"),
        ({"a": tensor(offset=1)}, "'a.pt': 'a' lies outside the bytes"),
        ({"a": tensor(offset=1, strides=(1, 2))}, "'a.pt': 'a' lies outside the bytes"),
        ({"a": tensor(key="1")}, "'a.pt': 'a' lies in no record of the file"),
        ({"a": tensor(strides=(-3, 1))}, "'a.pt': 'a' has an offset, shape or strides that are not whole"),
        ({"a": 3}, "'a.pt' holds no tensors"),
    ],
)
def test_what_the_file_does_not_hold_is_refused_by_name(saved, message):
    with pytest.raises(CheckpointError, match=message):
        contents(saved)


def test_a_broken_tensor_beside_the_weights_costs_nothing():
    broken = tensor(key="1")

    found = contents({"model": {"a": tensor()}, "optimizer": {"b": broken}, "ema": {"c": broken}})

    assert list(found.spans) == ["a"]
