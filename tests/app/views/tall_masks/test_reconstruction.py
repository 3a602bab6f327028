import numpy as np
import pytest

from analysis.evaluation.bootstrap import Estimate
from analysis.masks.multi_task_vector import Vector
from analysis.model.scope import Scope
from app.bench.evaluator import Predictions
from app.bench.mask_statistics import MaskSettings
from app.views.tall_masks.reconstruction import (
    FINE_TUNED,
    Reconstructed,
    image_counts,
    mean_reconstruction,
    reconstructed,
    reconstruction_plan,
    reconstruction_rows,
    reconstruction_takeaway,
)
from app.work.jobs import JobContext


def answers(task, *right):
    """Predictions of which these shares of the halves, or of the whole, are right; 20 images."""
    n = 20 // len(right)
    correct = np.concatenate([np.arange(n) < share * n for share in right])
    zeros = np.zeros(20, np.float32)
    return {task: Predictions(task, np.ones(20, dtype=np.int64), correct.astype(np.int64), zeros, zeros)}


def measured(**others):
    return {FINE_TUNED: answers("a", 1.0) | answers("b", 0.5), ("a", 0.2): answers("a", 0.9)} | others


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def scored(task, share):
    return Reconstructed(task, 0.4, 100, share, 1.0)


def test_accuracy_is_shared_with_the_fine_tuned_models_on_the_same_images():
    cells = measured() | {("b", 0.4): answers("b", 0.25)}

    found = reconstructed(cells, [("a", 0.2), ("b", 0.4), ("b", 0.6)])

    assert [(one.task, one.tall_lambda, one.n) for one in found] == [("a", 0.2, 20), ("b", 0.4, 20)]
    assert [one.accuracy for one in found] == [0.9, 0.25]
    assert [one.share for one in found] == [one.interval.value for one in found] == [0.9, 0.5]
    assert found[1].interval.low < 0.5 < found[1].interval.high


def test_nothing_is_scored_before_the_fine_tuned_models_are():
    assert reconstructed({("a", 0.2): answers("a", 0.9)}, [("a", 0.2)]) == ()
    assert mean_reconstruction({("a", 0.2): answers("a", 0.9)}, [("a", 0.2)]) is None


def test_mean_counts_every_task_the_same():
    cells = measured() | {("b", 0.4): answers("b", 0.25)}

    assert mean_reconstruction(cells, [("a", 0.2), ("b", 0.4)]).value == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("mean", "expected"),
    [
        (
            Estimate(0.96, 0.955, 0.972),
            "96.0 % (95.5 % to 97.2 %) of their fine-tuned accuracy on average, less than the paper's 99 %. "
            "Furthest behind is 'b', at 90 %.",
        ),
        (
            Estimate(0.985, 0.97, 0.995),
            "98.5 % (97.0 % to 99.5 %) of their fine-tuned accuracy on average, with no significant "
            "difference from the paper's 99 %. Furthest behind is 'b', at 90 %.",
        ),
        (
            Estimate(0.996, 0.992, 1.0),
            "99.60 % (99.20 % to 100.00 %) of their fine-tuned accuracy on average, at least the paper's "
            "99 %.",
        ),
    ],
)
def test_takeaway_holds_the_mean_against_the_papers_99_percent(mean, expected):
    takeaway = plain(reconstruction_takeaway([scored("a", 1.0), scored("b", 0.9)], mean))

    assert takeaway == f"Rebuilt from their masks, tasks reach {expected}"


def test_nothing_is_claimed_where_nothing_was_measured():
    assert reconstruction_takeaway([], None) == "No task could be rebuilt and measured."


def test_hover_compares_with_the_fine_tuned_model():
    one = Reconstructed("a", 0.4, 128, 0.9, 0.95)

    assert plain(one.hover) == "'a' at λ = 0.4: 90.0 % of 128 images right\nfine-tuned model: 95.0 %"


def test_numbers_of_images_are_a_range_where_they_differ():
    few, many = scored("a", 1.0), Reconstructed("b", 0.4, 128, 1.0, 1.0)

    assert image_counts([few, few]) == "100"
    assert image_counts([few, many]) == "100 to 128"


def test_plan_measures_every_task_on_its_own_validation_and_finds_it_again(bench):
    wanted = [("shallow", 0.4), ("deep", 0.4), ("deep", 0.6)]
    plan = reconstruction_plan(bench, MaskSettings(Scope.CHANGED, Vector.SUM, (0.4,) * 3), wanted)

    assert [one.find() for one in plan.values()] == [None] * 4
    results = {name: one.compute(JobContext()) for name, one in plan.items()}

    assert list(results) == [FINE_TUNED, *wanted]
    assert list(results["deep", 0.6]) == ["deep"]
    assert set(results[FINE_TUNED]) == {"shallow", "deep"}
    for name, measurement in plan.items():
        again = measurement.find()
        for task, one in results[name].items():
            assert again[task].prediction.tolist() == one.prediction.tolist()
    rows = reconstruction_rows(reconstructed(results, wanted))
    assert [row["images"] for row in rows] == [40] * 3
    assert rows[0]["fine-tuned"] == 0.9
