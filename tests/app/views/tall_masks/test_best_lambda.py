import numpy as np
import pytest

from analysis.evaluation.bootstrap import Estimate
from app.bench.evaluator import Predictions
from app.views.tall_masks.best_lambda import (
    BestLambda,
    best_lambda_rows,
    best_lambdas,
    best_takeaway,
    mean_of_best,
    sweep_cells,
    sweep_columns,
)
from app.views.tall_masks.reconstruction import FINE_TUNED, Reconstructed

GRID = (0.2, 0.4, 0.6)


def answers(task, *right):
    """Predictions of which these shares of the halves, or of the whole, are right; 20 images."""
    n = 20 // len(right)
    correct = np.concatenate([np.arange(n) < share * n for share in right])
    zeros = np.zeros(20, np.float32)
    return {task: Predictions(task, np.ones(20, dtype=np.int64), correct.astype(np.int64), zeros, zeros)}


def measured():
    return {FINE_TUNED: answers("a", 1.0) | answers("b", 0.5), ("a", 0.2): answers("a", 0.9)}


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def scored(task, share):
    return Reconstructed(task, 0.4, 100, share, 1.0)


@pytest.fixture
def whole_grid():
    return measured() | {
        ("a", 0.2): answers("a", 0.5, 1.0),
        ("a", 0.4): answers("a", 0.9, 0.3),
        ("a", 0.6): answers("a", 0.8, 0.8),
    }


def test_best_lambda_is_chosen_on_one_half_and_reported_on_the_other(whole_grid):
    (best,) = best_lambdas(whole_grid, ["a"], GRID)

    assert (best.tall_lambda, best.chosen, best.reported.accuracy) == (0.4, 0.9, 0.3)
    assert (best.n_chosen, best.reported.n) == (10, 10)
    assert not best.is_at_edge


def test_of_equal_lambdas_the_smallest_is_best():
    cells = measured() | {("a", stop): answers("a", 0.9, 0.9) for stop in (0.2, 0.4, 0.6)}

    (best,) = best_lambdas(cells, ["a"], (0.2, 0.4, 0.6))

    assert best.tall_lambda == 0.2
    assert best.is_at_edge


def test_task_with_gaps_in_its_grid_has_no_best_lambda():
    assert best_lambdas(measured(), ["a"], (0.2, 0.4)) == ()


def test_nothing_is_claimed_before_a_task_is_measured_at_every_lambda():
    assert best_takeaway([], None, 5) == "No task is measured at every λ yet."
    assert mean_of_best(measured(), []) is None


@pytest.mark.parametrize(
    ("at_edge", "expected"),
    [
        ((), ""),
        (("a",), " For 'a' it is the smallest or largest λ tried; a better one may lie beyond it."),
        (
            ("a", "b"),
            " For 'a' and 'b' it is the smallest or largest λ tried; a better one may lie beyond it.",
        ),
    ],
)
def test_best_lambda_at_an_end_of_the_grid_is_stated(at_edge, expected):
    found = [BestLambda(task, 0.6, task in at_edge, 0.98, 10, scored(task, 0.97)) for task in "ab"]

    takeaway = plain(best_takeaway(found, Estimate(0.97, 0.96, 0.98), 5))

    assert takeaway == (
        "With the best of 5 λ per task, rebuilt tasks reach 97.0 % (96.0 % to 98.0 %) of their fine-tuned "
        f"accuracy on the other half of validation.{expected}"
    )


def test_mean_is_of_the_best_lambdas_on_the_other_half(whole_grid):
    found = best_lambdas(whole_grid, ["a"], GRID)

    assert mean_of_best(whole_grid, found).value == pytest.approx(0.3)


def test_cells_are_the_choosing_half_and_at_the_end_the_other(whole_grid):
    found = best_lambdas(whole_grid, ["a", "b"], GRID)

    assert sweep_columns(GRID) == ["0.2", "0.4", "0.6", "other half"]
    assert sweep_cells(whole_grid, ["a", "b"], GRID, found) == [[0.5, 0.9, 0.8, 0.3], [None] * 4]


def test_table_has_both_halves(whole_grid):
    found = best_lambdas(whole_grid, ["a"], GRID)

    rows = best_lambda_rows(whole_grid, [("a", stop) for stop in GRID], found)

    assert [(row["half"], row["λ"], row["accuracy"]) for row in rows] == [
        ("choosing", 0.2, 0.5),
        ("choosing", 0.4, 0.9),
        ("choosing", 0.6, 0.8),
        ("reporting", 0.4, 0.3),
    ]
