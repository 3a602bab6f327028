from dataclasses import asdict

import numpy as np
import pytest

from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.bootstrap import bootstrap_mean_accuracy, bootstrap_mean_normalized_accuracy
from analysis.evaluation.scores import mean_score, task_score

LABELS = np.array([0, 1, 2, 0])
PREDICTED = np.array([0, 1, 1, 1])
LOG_PROBABILITY = np.log(np.array([0.5, 0.25, 0.5, 0.125], dtype=np.float32))


def booleans(*values):
    return np.array(values, dtype=bool)


def score(**changes):
    arguments = {"predicted": PREDICTED, "labels": LABELS, "log_probability": LOG_PROBABILITY} | changes
    return task_score("digits", **arguments)


def test_task_score_is_worked_by_hand():
    assert asdict(score(reference_correct=booleans(1, 1, 1, 0))) == {
        "task": "digits",
        "n": 4,
        "correct": 2,
        "accuracy": 0.5,
        "low": pytest.approx(0.1500, abs=5e-5),
        "high": pytest.approx(0.8500, abs=5e-5),
        "loss": pytest.approx(7 / 4 * np.log(2)),
        "normalized_accuracy": pytest.approx(2 / 3),
    }


def test_normalised_accuracy_may_exceed_one():
    assert score(reference_correct=booleans(1, 0, 0, 0)).normalized_accuracy == 2.0


@pytest.mark.parametrize("reference", [None, booleans(0, 0, 0, 0)])
def test_normalised_accuracy_is_unknown_without_a_fine_tuned_model_that_is_ever_right(reference):
    assert score(reference_correct=reference).normalized_accuracy is None


def test_loss_of_many_images_is_summed_in_double_precision():
    n = 1_000_000
    one = task_score(
        "digits",
        predicted=np.zeros(n, dtype=np.int64),
        labels=np.zeros(n, dtype=np.int64),
        log_probability=np.full(n, -0.1, dtype=np.float32),
    )

    assert one.loss == pytest.approx(float(np.float32(0.1)), rel=1e-12)


@pytest.mark.parametrize(
    ("argument", "what"),
    [
        ("predicted", "predictions"),
        ("log_probability", "log-probabilities"),
        ("reference_correct", "outcomes of the fine-tuned model"),
    ],
)
def test_arrays_of_different_images_are_refused(argument, what):
    with pytest.raises(MismatchError, match=f"'digits' has 3 {what} for 4 labels"):
        score(**{argument: np.zeros(3)})


def test_a_task_without_images_is_refused():
    with pytest.raises(AnalysisError, match="'digits' has no images; it cannot be scored"):
        score(labels=np.zeros(0, dtype=np.int64))


def test_mean_score_holds_both_means_with_their_intervals():
    correct = {"digits": booleans(1, 1, 0, 0), "shapes": booleans(1, 1, 1, 0)}
    finetuned = {"digits": booleans(1, 1, 1, 1), "shapes": booleans(1, 1, 0, 1)}

    mean = mean_score(correct, finetuned)

    plain = bootstrap_mean_accuracy(correct)
    normalized = bootstrap_mean_normalized_accuracy(correct, finetuned)
    assert (mean.accuracy, mean.low, mean.high) == (0.625, plain.low, plain.high)
    assert mean.normalized_accuracy == pytest.approx((2 / 4 + 3 / 3) / 2)
    assert (mean.normalized_low, mean.normalized_high) == (normalized.low, normalized.high)


def test_fine_tuned_models_of_tasks_not_evaluated_are_ignored():
    correct = {"digits": booleans(1, 0)}

    mean = mean_score(correct, {"digits": booleans(1, 1), "shapes": booleans(1, 1, 1)})

    assert mean.normalized_accuracy == 0.5


@pytest.mark.parametrize("finetuned", [None, {}, {"digits": booleans(1, 1)}])
def test_normalised_mean_is_unknown_unless_every_task_has_a_fine_tuned_model(finetuned):
    mean = mean_score({"digits": booleans(1, 0), "shapes": booleans(1, 0)}, finetuned)

    assert mean.accuracy == 0.5
    assert (mean.normalized_accuracy, mean.normalized_low, mean.normalized_high) == (None, None, None)


def test_mean_over_no_tasks_is_unknown():
    assert set(asdict(mean_score({})).values()) == {None}


@pytest.mark.parametrize("value", [np.nan, -np.inf, np.inf])
def test_outputs_that_are_no_numbers_have_no_accuracy(value):
    broken = LOG_PROBABILITY.copy()
    broken[1:3] = value

    with pytest.raises(AnalysisError, match="'digits' has 2 of 4 log-probabilities that are not finite"):
        score(log_probability=broken)
