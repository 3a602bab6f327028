import math

import pytest
import torch

from analysis.model.layout import Layout
from analysis.model.segments import segments
from analysis.weights.statistics import statistics
from app.views.update_norms.tensors import (
    moved_tensors,
    task_that_changed_most,
    tensor_cells,
    tensor_in_focus,
    tensor_label,
    tensor_name,
    tensor_phrase,
    tensor_row,
    tensors_takeaway,
)
from tests.vectors_of_weights import vectors_of_weights

LAYOUT = Layout.from_shapes(
    {
        "visual.conv1.weight": (2, 3, 1, 1),
        "visual.transformer.resblocks.0.attn.in_proj_weight": (6, 2),
        "visual.transformer.resblocks.0.ln_1.bias": (2,),
        "visual.transformer.resblocks.0.mlp.c_fc.weight": (4, 2),
    }
)
CHANGES = {"conv1": 0.5, "in_proj": 1.0, "ln_1": 3.0, "c_fc": 2.0}


def made(*, base=10.0, bias=10.0):
    """Task "one" changes each parameter by its number in `CHANGES`, task "two" nothing."""
    theta_0 = torch.full((LAYOUT.n_weights,), base)
    LAYOUT.view(theta_0, "visual.transformer.resblocks.0.ln_1.bias").fill_(bias)
    weights = theta_0.repeat(2, 1)
    for name in LAYOUT.by_name:
        LAYOUT.view(weights[0], name).add_(next(change for part, change in CHANGES.items() if part in name))
    vectors = vectors_of_weights(theta_0, weights, tasks=("one", "two"), layout=LAYOUT)
    return statistics(vectors, ((0, LAYOUT.n_weights),))


def listed(task="one", *, sums=None, **chosen):
    return moved_tensors(sums or made(), LAYOUT, task=task, **chosen)


def names(tensors):
    return [tensor_name(one.segment) for one in tensors]


def test_tensors_are_listed_from_the_one_changed_most_relative_to_its_base():
    tensors = listed()

    assert names(tensors)[:3] == ["ln_1.bias", "mlp.c_fc.weight", "attn.in_proj_weight (q)"]
    assert [one.relative for one in tensors] == pytest.approx([0.3, 0.2, 0.1, 0.1, 0.1, 0.05])


def test_each_tensor_has_its_sizes():
    tensor = listed()[1]

    assert (tensor.n, tensor.shape, tensor.matrix) == (8, (4, 2), (4, 2))
    assert (tensor.rms, tensor.base_rms) == (2.0, 10.0)
    assert tensor.share == pytest.approx(4 * 8 / (4 * 8 + 9 * 2 + 1 * 12 + 0.25 * 6))


def test_queries_are_a_third_of_the_packed_matrix():
    tensor = listed(component="attn_q")[0]

    assert (tensor.shape, tensor.n, tensor.share) == ((2, 2), 4, 1.0)


def test_convolution_is_a_matrix_of_flattened_filters():
    assert listed(place="visual:stem")[0].matrix == (2, 3)


def test_vector_is_no_matrix():
    assert listed()[0].matrix is None


def test_average_task_has_the_root_of_the_mean_square():
    assert listed(None)[1].rms == pytest.approx(math.sqrt(2.0))


def test_tensor_that_starts_at_almost_nothing_is_listed_last():
    tensors = listed(sums=made(bias=1e-3))

    assert names(tensors)[-1] == "ln_1.bias"
    assert tensors[-1].relative is None
    assert tensors[-1].rms == pytest.approx(3.0)


def test_layer_and_component_narrow_the_list():
    assert names(listed(place="visual:0", component="norm")) == ["ln_1.bias"]
    assert listed(place="visual:stem", component="norm") == ()


def test_words_of_tensors_are_unique():
    words = [one.word for one in listed()]

    assert len(set(words)) == 6
    assert "visual.transformer.resblocks.0.attn.in_proj_weight~attn_k" in words


@pytest.mark.parametrize(
    ("name", "shape", "short"),
    [
        ("visual.conv1.weight", (2, 2), "visual.conv1.weight"),
        ("h.3.attn.c_attn.weight", (2, 2), "attn.c_attn.weight"),
        ("encoder.block.7.layer.1.DenseReluDense.wo.weight", (2, 2), "layer.1.DenseReluDense.wo.weight"),
        ("model.layers.2.self_attn.q_proj.weight", (2, 2), "self_attn.q_proj.weight"),
    ],
)
def test_name_leaves_out_what_the_layer_says(name, shape, short):
    (segment,) = segments(Layout.from_shapes({name: shape}), ((0, 4),))

    assert tensor_name(segment) == short


def test_tensor_in_a_sentence_comes_with_its_block():
    among = [one.segment.place for one in listed()]

    phrases = [tensor_phrase(one.segment, among) for one in listed()]

    assert phrases[1] == "block 0's mlp.c_fc.weight"
    assert phrases[-1] == "visual.conv1.weight"


def text_of(tensors, task="one"):
    return tensors_takeaway(tensors, "block 0", task).replace("\xa0", " ")


def test_small_tensor_that_changed_most_comes_with_the_one_that_weighs_most():
    assert text_of(listed(place="visual:0")) == (
        "In block 0, ln_1.bias changes most relative to its base, by 30 %, but makes up 29 % of the squared "
        "update; mlp.c_fc.weight makes up 52 %."
    )


def test_tensor_that_changed_most_and_weighs_most_stands_alone():
    tensors = listed(place="visual:0", sums=made(bias=1e4))

    assert text_of(tensors) == (
        "In block 0, mlp.c_fc.weight changes most relative to its base, by 20 %, and makes up 52 % of the "
        "squared update."
    )


def test_tensors_of_several_layers_come_with_their_layer():
    assert tensors_takeaway(listed(), "all layers", "one").startswith("In all layers, block 0's ln_1.bias")


def test_tensors_a_task_left_alone_are_reported_unchanged():
    assert text_of(listed("two"), "two") == "'two' changes nothing in block 0."
    assert text_of((), None) == "The average task changes nothing in block 0."


def test_tensors_without_a_base_cannot_be_compared():
    tensors = listed(place="visual:0", component="norm", sums=made(bias=0.0))

    assert text_of(tensors).startswith("Every tensor of block 0 started at almost 0")


def test_tensor_in_focus_is_the_chosen_one_or_the_first_with_a_spectrum():
    tensors = listed(place="visual:0")
    vector, matrix = tensors[0], tensors[1]

    assert tensor_in_focus(tensors, vector.word) is vector
    assert tensor_in_focus(tensors, None) is matrix
    assert tensor_in_focus(tensors, "no such tensor") is matrix
    assert tensor_in_focus((vector,), None) is vector
    assert tensor_in_focus((), None) is None


def test_task_that_changed_a_tensor_most_is_named():
    tensor = listed(place="visual:0")[0]

    assert task_that_changed_most(made(), tensor.segment) == "one"


def test_row_on_screen_has_percent_and_the_csv_has_shares():
    tensor = listed(place="visual:0")[1]

    assert tensor_cells(tensor, with_layer=False)["relative"] == pytest.approx(20.0)
    assert tensor_cells(tensor, with_layer=False)["share"] == pytest.approx(100 * tensor.share)
    assert tensor_row(tensor)["relative"] == pytest.approx(0.2)
    assert tensor_row(tensor)["share"] == tensor.share


def test_label_has_the_layer_where_several_are_listed():
    tensor = listed(place="visual:0")[1]

    assert tensor_label(tensor, with_layer=True) == "0 · mlp.c_fc.weight"
    assert tensor_label(tensor, with_layer=False) == "mlp.c_fc.weight"
