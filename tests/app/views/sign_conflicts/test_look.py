import pytest

from analysis.model.places import places
from app.views.sign_conflicts.look import by_layer, part
from tests.made_conflicts import LAYERS, N, independent, statistics_of, zoo_of


def test_a_part_counts_its_own_weights_only():
    vectors = zoo_of(independent(3))
    found = statistics_of(vectors)
    of_block = part(found, "visual:1", None)

    columns = vectors.deltas[:, N // LAYERS : 2 * N // LAYERS].numpy()
    assert of_block.n.tolist() == [N // LAYERS]
    assert of_block.conflict[0, 0, 2] == (columns[0] * columns[2] < 0).sum()
    assert part(found, "visual:1", "attn_q").n.tolist() == [0]
    assert part(found, None, "mlp_in").n.tolist() == [N]


def test_layers_come_in_the_order_given_and_leave_out_what_has_no_weights():
    vectors = zoo_of(independent(2))
    rows = places(vectors.layout)[::-1]

    shown, sums = by_layer(statistics_of(vectors), rows, None)
    assert shown == rows
    assert sums.sum_l1[0] == pytest.approx(float(vectors.deltas[:, -N // LAYERS :].sum(dim=0).abs().sum()))

    assert by_layer(statistics_of(vectors), rows, "attn_q")[0] == ()
