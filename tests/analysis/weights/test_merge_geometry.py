import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.weights.merge_geometry import cosines_at_right_angles, merge_geometry


def by_hand(update, deltas):
    """Cosine, length and opposed share of each task, one weight at a time."""
    rows = []
    for delta in deltas:
        opposed = sum(abs(d) for u, d in zip(update, delta, strict=True) if u * d < 0)
        dot = sum(u * d for u, d in zip(update, delta, strict=True))
        long, short = sum(u * u for u in update) ** 0.5, sum(d * d for d in delta) ** 0.5
        rows.append((dot / long / short, long / short, opposed / sum(map(abs, delta))))
    return np.array(rows)


@given(st.integers(0, 2**32 - 1), st.sampled_from([-0.7, 0.3, 2.0]))
def test_equals_sums_of_one_weight_after_another(seed, factor):
    draw = torch.Generator().manual_seed(seed)
    update, deltas = torch.randn(50, generator=draw), torch.randn(3, 50, generator=draw)

    found = merge_geometry(update, deltas, [[(0, 20, factor)], [(20, 30, factor), (30, 50, factor)]]).whole

    expected = by_hand((factor * update).tolist(), deltas.tolist())
    got = np.stack([found.cosines[0], found.lengths[0], found.opposed[0]], axis=1)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_factor_is_that_of_its_columns():
    deltas = torch.tensor([[1.0, 1.0]])

    found = merge_geometry(torch.ones(2), deltas, [[(0, 1, 1.0)], [(1, 2, -2.0)]])

    assert found.cosines.tolist() == [[1.0], [-1.0]]
    assert found.lengths.tolist() == [[1.0], [2.0]]
    assert found.opposed.tolist() == [[0.0], [1.0]]
    assert found.whole.opposed.tolist() == [[0.5]]


def test_one_task_merged_alone_lies_along_its_update():
    deltas = torch.randn(2, 1000, generator=torch.Generator().manual_seed(0))

    found = merge_geometry(deltas[0], deltas, [[(0, 1000, 0.3)]])

    assert found.cosines[0, 0] == pytest.approx(1.0)
    assert found.lengths[0, 0] == pytest.approx(0.3)
    assert found.opposed[0, 0] == 0


def test_nothing_merged_has_no_direction():
    found = merge_geometry(torch.zeros(4), torch.ones(1, 4), [[(0, 4, 1.0)]])

    assert np.isnan(found.cosines[0, 0])
    assert (found.lengths[0, 0], found.opposed[0, 0]) == (0, 0)


def test_task_that_changed_nothing_has_no_share():
    found = merge_geometry(torch.ones(4), torch.zeros(1, 4), [[(0, 4, 1.0)]])

    assert np.isnan([found.cosines[0, 0], found.lengths[0, 0], found.opposed[0, 0]]).all()


def test_sum_of_normal_updates_at_right_angles_is_what_the_references_say():
    deltas = torch.randn(4, 400_000, generator=torch.Generator().manual_seed(1))
    weights = np.array([1.0, 1.0, 2.0, 0.0])

    found = merge_geometry(torch.tensor(weights, dtype=torch.float32) @ deltas, deltas, [[(0, 400_000, 0.3)]])

    reference = cosines_at_right_angles(deltas.norm(dim=1).double().numpy(), weights)
    np.testing.assert_allclose(found.cosines[0], reference, atol=0.01)
    np.testing.assert_allclose(found.opposed[0], (1 - reference) / 2, atol=0.01)


def test_stop_is_heard_in_every_chunk():
    calls = []

    merge_geometry(
        torch.ones(4), torch.ones(1, 4), [[(0, 2, 1.0)], [(2, 4, 1.0)]], check=lambda: calls.append(1)
    )

    assert len(calls) == 2
