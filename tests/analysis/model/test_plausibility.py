import pytest
import torch

from analysis.model.layout import Layout
from analysis.model.plausibility import Plausibility, plausibility
from analysis.model.task_vectors import TaskVectors
from tests.vectors_of_weights import vectors_of_weights

LAYOUT = Layout.from_shapes({"conv1.weight": (2,), "proj": (2,)})
ALL = ((0, 4),)


def measured(theta_0, deltas, ranges=ALL):
    base = torch.tensor(theta_0)
    weights = base + torch.tensor(deltas)
    tasks = [f"task{t}" for t in range(len(weights))]
    return plausibility(vectors_of_weights(base, weights, tasks=tasks, layout=LAYOUT), ranges)


def test_relative_norm_is_the_length_of_the_update_over_that_of_the_base():
    found = measured([0.0, 3.0, 4.0, 0.0], [[0.0, 1.0, 0.0, 0.0], [2.0, 0.0, 0.0, 1.5]])

    assert found.relative_norms == pytest.approx((0.2, 0.5))


def test_cosines_are_those_of_each_pair():
    found = measured([1.0] * 4, [[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [-2.0, 0.0, 0.0, 0.0]])

    half = 0.5**0.5
    assert found.cosines == tuple(
        pytest.approx(row) for row in [(1.0, half, -1.0), (half, 1.0, -half), (-1.0, -half, 1.0)]
    )


def test_only_columns_in_range_count():
    found = measured([3.0, 4.0, 1.0, 1.0], [[1.0, 0.0, 9.0, 9.0], [0.0, 1.0, 9.0, 9.0]], ((0, 2),))

    assert found.relative_norms == pytest.approx((0.2, 0.2))
    assert found.cosines[0][1] == 0.0


def test_many_chunks_are_one_measure(monkeypatch):
    args = [1.0, 2.0, 3.0, 4.0], [[1.0, -1.0, 2.0, 0.5], [0.25, 1.0, 1.0, -1.0]]
    whole = measured(*args)
    monkeypatch.setattr("analysis.model.plausibility._CHUNK", 1)

    assert measured(*args).relative_norms == pytest.approx(whole.relative_norms)
    assert measured(*args).cosines[0] == pytest.approx(whole.cosines[0])


def test_task_that_moved_nothing_has_no_direction():
    found = measured([1.0] * 4, [[0.0] * 4, [1.0] * 4])

    assert found.relative_norms[0] == 0.0
    assert found.cosines[0] == (0.0, 0.0)


def test_base_of_zeros_gives_no_ratio():
    found = measured([0.0] * 4, [[1.0] * 4, [0.0] * 4])

    assert found.relative_norms == (None, 0.0)
    assert not found.warnings


@pytest.mark.parametrize(("norms", "warns"), [((0.49, 0.5, 9.0), False), ((0.01, 0.51, 0.6), True)])
def test_updates_as_large_as_the_base_are_pointed_out(norms, warns):
    found = Plausibility(norms, ((1.0, 0.0), (0.0, 1.0)))

    assert [("were these models fine-tuned" in text) for text in found.warnings] == [True] * warns


@pytest.mark.parametrize(("smallest", "warns"), [(0.4, False), (0.41, True), (-0.9, False)])
def test_updates_that_all_point_one_way_are_pointed_out(smallest, warns):
    cosines = ((1.0, 0.9, 0.9), (0.9, 1.0, smallest), (0.9, smallest, 1.0))

    found = Plausibility((0.1, 0.1, 0.1), cosines)

    assert [
        ("the difference to another base, such as OpenAI's against LAION's" in text)
        for text in found.warnings
    ] == [True] * warns


def test_a_single_task_has_nothing_to_point_along_with():
    assert not Plausibility((0.1,), ((1.0,),)).warnings


def test_warnings_say_the_number_that_shows_it():
    found = Plausibility((0.7,), ((1.0,),))

    assert "median ‖τ‖/‖θ₀‖ = 0.70" in found.warnings[0]


def test_models_of_another_base_are_noticed():
    generator = torch.Generator().manual_seed(0)
    layout = Layout.from_shapes({"proj": (1000,)})
    base, other, *noise = torch.randn(5, 1000, generator=generator)
    weights = torch.stack([other + 0.05 * one for one in noise])

    vectors = vectors_of_weights(base, weights, tasks=["a", "b", "c"], layout=layout)

    assert len(plausibility(vectors, ((0, 1000),)).warnings) == 2


@pytest.mark.parametrize("size", [1e-44, 1e-30, 1e-20, 1.0, 1e20, 1e30, 1e38])
def test_magnitudes_whose_squares_float32_cannot_hold_are_measured_alike(size):
    vectors = TaskVectors(
        LAYOUT,
        ("small", "other"),
        torch.tensor([0.0, 3.0, 0.0, 0.0]) * torch.tensor(size),
        torch.tensor([[0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0]]) * torch.tensor(size),
        (True, True),
    )

    found = plausibility(vectors, ALL)

    assert found.cosines[0][1] == pytest.approx(0.5**0.5)
    assert found.relative_norms == pytest.approx((2**0.5 / 3, 1 / 3), rel=0.1)  # few bits are left at 1e-44
