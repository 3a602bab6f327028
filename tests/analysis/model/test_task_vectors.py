import pytest
import torch
from torch import Tensor

from analysis.errors import AnalysisError, MismatchError
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors, largest_updates, task_vectors_in_place

LAYOUT = Layout.from_shapes({"conv1.weight": (2,), "h.0.fc.weight": (3,)})


def test_task_vector_is_what_fine_tuning_added() -> None:
    theta_0 = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
    weights = torch.tensor([[1.0, 2.0, 3.5, 4.0, 4.0]])

    task_vectors = task_vectors_in_place(theta_0, weights, tasks=("digits",), layout=LAYOUT)

    assert task_vectors.deltas.tolist() == [[0, 0, 0.5, 0, -1]]
    assert task_vectors.theta_0.tolist() == [1, 2, 3, 4, 5]
    assert task_vectors.n_tasks == 1


def test_task_vectors_take_the_memory_of_the_weights() -> None:
    weights = torch.ones(2, 5)

    task_vectors = task_vectors_in_place(torch.ones(5), weights, tasks=("a", "b"), layout=LAYOUT)

    assert task_vectors.deltas.data_ptr() == weights.data_ptr()
    assert task_vectors.deltas.is_contiguous()
    assert not weights.any()


def test_parameter_counts_as_changed_if_any_task_moved_it(task_vectors: TaskVectors, layout: Layout) -> None:
    unmoved = [
        p.name for p, changed in zip(layout.parameters, task_vectors.changed, strict=True) if not changed
    ]

    assert unmoved == ["token_embedding.weight"]


def test_negative_move_counts_as_change() -> None:
    weights = torch.tensor([[0.0, -1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]])

    task_vectors = task_vectors_in_place(torch.zeros(5), weights, tasks=("a", "b"), layout=LAYOUT)

    assert task_vectors.changed == (True, False)


def test_story_of_the_shared_fixture(task_vectors: TaskVectors, theta_0: Tensor) -> None:
    shallow, deep, everywhere = task_vectors.deltas

    assert task_vectors.tasks == ("shallow", "deep", "everywhere")
    assert shallow.nonzero().flatten().tolist() == [2, 3, 4, 5, 6, 7]
    assert deep.nonzero().flatten().tolist() == [14, 15, 16, 17, 18, 19]
    assert everywhere.nonzero().flatten().tolist() == list(range(22))
    assert (everywhere * shallow < 0).sum() == (everywhere * deep < 0).sum() == 4
    assert task_vectors.theta_0 is theta_0


def test_two_tasks_of_one_name_are_refused() -> None:
    with pytest.raises(MismatchError, match=r"Two tasks are called 'b'; names must be distinct"):
        task_vectors_in_place(torch.zeros(5), torch.zeros(3, 5), tasks=("a", "b", "b"), layout=LAYOUT)


@pytest.mark.parametrize(
    ("theta_0", "weights"),
    [
        (torch.zeros(5), torch.zeros(2, 4)),
        (torch.zeros(4), torch.zeros(2, 5)),
        (torch.zeros(5), torch.zeros(1, 5)),
    ],
)
def test_sizes_that_do_not_fit_together_are_refused(theta_0: Tensor, weights: Tensor) -> None:
    with pytest.raises(MismatchError, match=r"2 tasks of 5 weights were expected"):
        task_vectors_in_place(theta_0, weights, tasks=("a", "b"), layout=LAYOUT)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_task_that_is_not_finite_is_refused_by_name(value: float) -> None:
    weights = torch.zeros(2, 5)
    weights[1, 4] = value

    with pytest.raises(
        AnalysisError, match=r"Task 'letters': 'h\.0\.fc\.weight' holds NaN or infinite values"
    ):
        task_vectors_in_place(torch.zeros(5), weights, tasks=("digits", "letters"), layout=LAYOUT)


def test_base_that_is_not_finite_is_blamed_rather_than_a_task() -> None:
    theta_0 = torch.tensor([0.0, float("inf"), 0.0, 0.0, 0.0])

    with pytest.raises(AnalysisError, match=r"The base: 'conv1\.weight' holds NaN"):
        task_vectors_in_place(theta_0, theta_0.repeat(1, 1), tasks=("digits",), layout=LAYOUT)


def test_largest_move_is_a_magnitude() -> None:
    assert largest_updates(torch.tensor([1.0, -3.0, 0.0, 0.0, 0.5]), LAYOUT, whose="It") == [3.0, 0.5]


def test_largest_move_of_an_empty_parameter_is_zero() -> None:
    layout = Layout.from_shapes({"empty": (0,), "weight": (1,)})

    assert largest_updates(torch.tensor([2.0]), layout, whose="It") == [0.0, 2.0]
