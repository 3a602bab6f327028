import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.model.layout import Layout
from analysis.weights.statistics import statistics
from app.views.update_norms.magnitudes import magnitude_rows, magnitudes, magnitudes_takeaway
from tests.vectors_of_weights import vectors_of_weights

N = 400
LAYOUT = Layout.from_shapes({"blocks.0.fc1.weight": (N,), "blocks.1.fc1.weight": (N,), "proj": (4,)})


def made(*updates):
    """Tasks "t0", "t1", …, each with its updates of block 0, repeated there; block 1 changes by 1."""
    theta_0 = torch.zeros(LAYOUT.n_weights)
    weights = torch.zeros(len(updates), LAYOUT.n_weights)
    for row, update in zip(weights, updates, strict=True):
        row[:N] = torch.as_tensor(update, dtype=torch.float32).repeat(N)[:N]
        row[N : 2 * N] = 1.0
    vectors = vectors_of_weights(
        theta_0, weights, tasks=[f"t{t}" for t in range(len(updates))], layout=LAYOUT
    )
    return statistics(vectors, ((0, LAYOUT.n_weights),))


def of_block_0(*updates):
    return magnitudes(made(*updates), place="model:0")


def test_shares_of_bins_and_unmoved_weights_add_up_to_one():
    found = of_block_0([0.0, 0.1, -3.0, 1e-5])

    assert found.shares.sum(axis=1) + found.unmoved == pytest.approx([1.0])
    assert found.unmoved.tolist() == [0.25]
    assert found.n == N


def test_each_weight_lies_in_the_bin_of_its_magnitude():
    found = of_block_0([1.2, -1.4, 1.6, 3.5])

    by_bin = dict(zip(found.edges.tolist(), found.shares[0].tolist(), strict=False))
    assert by_bin == {1.0: 0.5, 1.5: 0.25, 2.0: 0.0, 3.0: 0.25}


def test_only_the_weights_asked_for_count():
    sums = made([0.1], [0.1])

    assert magnitudes(sums, place="model:1").edges.tolist() == [1.0, 1.5]
    assert magnitudes(sums).n == 2 * N + 4
    assert magnitudes(sums, component="head").n == 4
    assert magnitudes(sums, place="model:1", component="head") is None


@given(st.lists(st.floats(2.0**-10, 128.0, width=32), min_size=1, max_size=40))
def test_median_lies_within_a_bin_of_the_true_one(moves):
    found = of_block_0(moves)

    below, above = np.sort(np.resize(np.float32(moves), N))[N // 2 - 1 : N // 2 + 1]
    (median,) = found.medians
    assert below / 1.51 <= median <= above * 1.51


def test_median_of_even_updates_is_met_closely():
    found = of_block_0(torch.linspace(0.5, 1.5, N))

    assert found.medians[0] == pytest.approx(1.0, rel=0.02)


def test_half_that_did_not_change_has_a_median_of_0():
    assert of_block_0([0.0, 1.0]).medians.tolist() == [0.0]


def test_rms_is_that_of_all_weights():
    assert of_block_0([0.0, 2.0]).rms == pytest.approx([2**0.5])


def test_density_per_doubling_does_not_depend_on_how_wide_bins_are():
    found = of_block_0(2.0 ** torch.linspace(-2, 2, N + 1)[:-1])

    assert found.per_doubling(found.shares)[0] == pytest.approx([0.25] * 8, abs=0.01)


def test_normally_distributed_updates_fit_the_normal_reference():
    draws = torch.randn(N, generator=torch.Generator().manual_seed(0))

    found = of_block_0(draws)

    assert found.normal("t0") == pytest.approx(found.shares[0], abs=0.06)
    assert found.normal("t0").sum() == pytest.approx(1.0, abs=0.01)


def test_updates_of_one_size_do_not_fit_the_normal_reference():
    found = of_block_0([1.0, -1.0], [0.01, 3.0])

    assert abs(found.normal("t0") - found.shares[0]).max() > 0.5


def test_task_that_changed_nothing_has_an_empty_reference():
    assert of_block_0([0.0], [1.0]).normal("t0").tolist() == [0.0]


def test_task_that_changes_a_typical_weight_most_is_named():
    text = magnitudes_takeaway(of_block_0([0.1], [0.4], [0.2]), "block 0", None)

    assert text.startswith("'t1' changes a typical weight of block 0 most, by 0.4")
    assert "; 't0' changes it least, by 0.1" in text


def test_tasks_that_change_weights_about_as_much_are_reported():
    text = magnitudes_takeaway(of_block_0([0.30], [0.32]), "block 0", None)

    assert text.startswith("All tasks change a typical weight of block 0 by about as much: 0.3")


def test_chosen_task_comes_with_its_rank():
    text = magnitudes_takeaway(of_block_0([0.1], [0.4], [0.2]), "block 0", "t2")

    assert text.startswith("'t2' changes half of the weights of block 0 by more than 0.2")
    assert "rank 2 of 3 tasks, whose medians lie between 0.11 and 0.43." in text


def test_chosen_task_that_leaves_most_weights_unchanged():
    text = magnitudes_takeaway(of_block_0([0.0, 0.0, 0.0, 1.0], [1.0]), "block 0", "t0")

    assert text == "'t0' leaves 75\xa0% of the weights of block 0 unchanged."


def test_weights_that_no_task_changes_stay():
    found = magnitudes(made([0.0], [0.0]), component="head")

    assert (
        magnitudes_takeaway(found, "proj", None) == "No task changes more than half of the weights of proj."
    )
    assert found.shares.tolist() == [[0.0], [0.0]]


def test_table_has_a_row_per_task_and_bin():
    rows = magnitude_rows(of_block_0([1.0], [1.0]))

    assert rows == [
        {"task": "t0", "from": 1.0, "to": 1.5, "share": 1.0},
        {"task": "t1", "from": 1.0, "to": 1.5, "share": 1.0},
    ]
