import torch

from analysis.model.layout import Layout
from analysis.model.places import places
from analysis.weights.statistics import statistics
from app.views.update_norms.left_out import left_out_label, left_out_rows, tensors_left_out
from tests.vectors_of_weights import vectors_of_weights

LAYOUT = Layout.from_shapes({"visual.proj": (2, 2), "blocks.0.ln.bias": (4,), "blocks.0.fc1.weight": (4, 4)})


def left_out(*tiny):
    """Tensors left out where these parameters start at 0 and all others at 1."""
    theta_0 = torch.ones(LAYOUT.n_weights)
    for name in tiny:
        LAYOUT.view(theta_0, name).zero_()
    vectors = vectors_of_weights(theta_0, theta_0[None] + 0.5, tasks=["digits"], layout=LAYOUT)
    return tensors_left_out(statistics(vectors, ((0, LAYOUT.n_weights),)), LAYOUT, places(LAYOUT))


def test_tensors_that_start_at_0_are_left_out():
    (bias,) = left_out("blocks.0.ln.bias")

    assert left_out() == []
    (row,) = left_out_rows([bias])
    assert (row["n"], row["base RMS"], row["update RMS"]) == (4, 0.0, 0.5)


def test_label_counts_the_tensors_and_their_share_of_the_weights():
    one = left_out("blocks.0.ln.bias")

    assert left_out_label(one, 16) == "Left out: 1 tensor that starts at almost 0 (25\xa0% of the weights)"
    assert left_out_label([*one, *one], 16).startswith("Left out: 2 tensors that start at almost 0 (50")
