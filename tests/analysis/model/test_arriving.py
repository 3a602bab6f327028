from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor

from analysis.errors import AnalysisError
from analysis.model.arriving import ArrivingBase, ArrivingUpdate
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors

LAYOUT = Layout.from_shapes({"conv1.weight": (2,), "h.0.fc.weight": (3,)})
THETA_0 = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])


def arriving(theta_0: Tensor = THETA_0) -> ArrivingUpdate:
    return ArrivingUpdate(torch.full((5,), float("nan")), theta_0, LAYOUT)


def test_base_is_kept_as_it_comes() -> None:
    base = ArrivingBase(torch.empty(5), LAYOUT)

    base.take("conv1.weight", 0, torch.tensor([1.0, -2.0]))
    base.take("h.0.fc.weight", 0, torch.zeros(3))

    assert base.row.tolist() == [1, -2, 0, 0, 0]
    assert base.moved(whose="The base") == (True, False)


def test_task_vector_is_what_fine_tuning_added() -> None:
    task = arriving()

    task.take("h.0.fc.weight", 0, torch.tensor([3.5, 4.0, 4.0]))
    task.take("conv1.weight", 0, torch.tensor([1.0, 2.0]))

    assert task.row.tolist() == [0, 0, 0.5, 0, -1]
    assert task.moved(whose="It") == (False, True)


def test_values_come_in_pieces_in_any_order() -> None:
    task = arriving()

    task.take("h.0.fc.weight", 2, torch.tensor([4.0]))
    task.take("conv1.weight", 1, torch.tensor([2.0]))
    task.take("h.0.fc.weight", 0, torch.tensor([3.5, 4.0]))
    task.take("conv1.weight", 0, torch.tensor([1.0]))

    assert task.row.tolist() == [0, 0, 0.5, 0, -1]
    assert task.moved(whose="It") == (False, True)


def test_negative_move_counts_as_a_change() -> None:
    task = arriving()

    task.take("conv1.weight", 0, torch.tensor([1.0, 1.5]))
    task.leave("h.0.fc.weight")

    assert task.row.tolist() == [0, -0.5, 0, 0, 0]
    assert task.moved(whose="It") == (True, False)


def test_large_parameters_are_looked_at_to_their_last_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.model.arriving._AT_ONCE", 4)
    layout = Layout.from_shapes({"proj": (9,), "other": (1,)})
    for moved in range(9):
        weights = torch.zeros(9)
        weights[moved] = -1
        task = ArrivingUpdate(torch.empty(10), torch.zeros(10), layout)

        task.take("proj", 0, weights)
        task.leave("other")

        assert torch.equal(task.row[:9], weights)
        assert task.moved(whose="It") == (True, False)


def test_threads_take_at_once() -> None:
    layout = Layout.from_shapes({"proj": (64, 1000)})
    weights = torch.randn(64, 1000, generator=torch.Generator().manual_seed(0))
    task = ArrivingUpdate(torch.empty(64_000), torch.ones(64_000), layout)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: task.take("proj", 1000 * k, weights[k]), range(64)))

    assert torch.equal(task.row, weights.flatten() - 1)
    assert task.moved(whose="It") == (True,)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_task_that_is_not_finite_is_refused_by_name(value: float, place: int) -> None:
    weights = THETA_0.clone()
    weights[place] = value
    task = arriving()
    task.take("conv1.weight", 0, weights[:2])
    task.take("h.0.fc.weight", 0, weights[2:])

    name = "conv1.weight" if place < 2 else "h.0.fc.weight"
    with pytest.raises(AnalysisError, match=rf"Task 'letters': '{name}' holds NaN or infinite values"):
        task.moved(whose="Task 'letters'")


def test_update_that_float32_cannot_hold_is_refused() -> None:
    most = float(np.finfo(np.float32).max)
    task = arriving(torch.full((5,), -most))

    task.take("conv1.weight", 0, torch.full((2,), most))

    with pytest.raises(AnalysisError, match="infinite"):
        task.moved(whose="It")


def test_row_that_was_written_without_being_taken_is_looked_at() -> None:
    task = arriving()
    task.row.copy_(torch.tensor([0.0, 0.0, 0.0, -2.0, 0.0]))

    task.look()

    assert task.moved(whose="It") == (False, True)
    task.row[0] = float("nan")
    task.look()
    with pytest.raises(AnalysisError, match=r"conv1\.weight"):
        task.moved(whose="It")


def test_values_that_reach_into_the_next_parameter_are_refused() -> None:
    task = arriving()

    with pytest.raises(ValueError, match=r"'conv1\.weight' has 2 weights; 3 came"):
        task.take("conv1.weight", 1, torch.zeros(2))
    assert task.row.isnan().all()


def test_parameter_without_weights_takes_none() -> None:
    layout = Layout.from_shapes({"empty": (0,), "weight": (1,)})
    task = ArrivingUpdate(torch.empty(1), torch.zeros(1), layout)

    task.take("empty", 0, torch.empty(0))
    task.take("weight", 0, torch.tensor([2.0]))

    assert task.moved(whose="It") == (False, True)


def test_parameter_counts_as_changed_if_any_task_moved_it(task_vectors: TaskVectors, layout: Layout) -> None:
    unmoved = [
        p.name for p, changed in zip(layout.parameters, task_vectors.changed, strict=True) if not changed
    ]

    assert unmoved == ["token_embedding.weight"]


def test_story_of_the_shared_fixture(task_vectors: TaskVectors, theta_0: Tensor) -> None:
    shallow, deep, everywhere = task_vectors.deltas

    assert task_vectors.tasks == ("shallow", "deep", "everywhere")
    assert shallow.nonzero().flatten().tolist() == [2, 3, 4, 5, 6, 7]
    assert deep.nonzero().flatten().tolist() == [14, 15, 16, 17, 18, 19]
    assert everywhere.nonzero().flatten().tolist() == list(range(22))
    assert (everywhere * shallow < 0).sum() == (everywhere * deep < 0).sum() == 4
    assert task_vectors.theta_0 is theta_0
