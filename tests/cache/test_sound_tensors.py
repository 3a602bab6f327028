from pathlib import Path

import pytest
import torch

from cache.contents import Span
from cache.errors import CheckpointError
from cache.sound_tensors import MAX_AXES, MAX_TENSORS, require_few, require_sound


@pytest.mark.parametrize("shape", [(), (0,), (1,) * MAX_AXES, (2**40,), (0, 2**40)])
def test_shapes_that_memory_can_hold_are_sound(shape):
    require_sound(Path("a.pt"), "na\N{SNOWMAN}me", Span(torch.float32, shape, 0))


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("a", (1,) * 65, "'a' has 65 axes; the limit is 64"),
        ("a", (1,) * 1000, "'a' has 1000 axes; the limit is 64"),
        ("a", (2**31, 2**31), "'a' has shape .* more values than memory can address"),
        ("a", (0, 2**62, 2**62), "'a' has shape .* more values than memory can address"),
        ("\ud800", (2,), r"the name '\\ud800', which is no text"),
        ("a\udfff", (2,), r"the name 'a\\udfff', which is no text"),
    ],
)
def test_what_nothing_behind_the_reader_could_hold_is_refused(name, shape, message):
    with pytest.raises(CheckpointError, match=message):
        require_sound(Path("a.pt"), name, Span(torch.float32, shape, 0))


def test_more_tensors_than_any_model_has_are_refused():
    require_few(Path("a.pt"), MAX_TENSORS)

    with pytest.raises(CheckpointError, match=r"'a\.pt' holds 100001 tensors; the limit is 100000\. Join"):
        require_few(Path("a.pt"), MAX_TENSORS + 1)
