import pytest

from analysis.model.places import Place
from app.views.update_norms.to_lab import (
    layer_name,
    layers_to_scale,
    layers_word,
    proposed_factor,
    scaling_caption,
)

WORDS = ("outside", "0", "1", "2")


@pytest.mark.parametrize(
    ("written", "focus", "layers"),
    [
        (None, None, []),
        (None, Place("visual", 1, "1"), ["1"]),
        (None, Place("visual", None, "proj"), ["outside"]),
        (None, Place("visual", 7, "7"), []),
        ("2-outside", Place("visual", 1, "1"), ["outside", "2"]),
        ("none", Place("visual", 1, "1"), []),
    ],
)
def test_layers_are_those_chosen_here_or_else_the_one_in_focus(written, focus, layers):
    assert layers_to_scale(written, WORDS, focus) == layers


@pytest.mark.parametrize("layers", [[], ["1"], ["outside", "2"]])
def test_word_of_the_address_gives_the_layers_back(layers):
    assert layers_to_scale(layers_word(layers), WORDS, Place("visual", 0, "0")) == layers


def test_layers_have_names():
    assert [layer_name(word) for word in ("outside", "2")] == ["outside the blocks", "block 2"]


def test_half_the_factor_is_proposed():
    assert proposed_factor(0.3) == 0.15


def test_caption_has_the_present_factor_of_one_layer_or_the_average_of_several():
    assert scaling_caption(["1"], 0.3).startswith("Present factor: 0.30. ")
    assert scaling_caption(["1", "2"], 0.3).startswith("Present factor: 0.30 on average. ")
    assert scaling_caption([], 1.0) == "Choose layers here, or click a layer in a chart above."
