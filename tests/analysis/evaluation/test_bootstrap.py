import numpy as np
import pytest

from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.bootstrap import (
    bootstrap_mean_accuracy,
    bootstrap_mean_difference,
    bootstrap_mean_normalized_accuracy,
)
from analysis.evaluation.intervals import paired_difference, wilson_interval

DRAWS = 20_000


@pytest.fixture
def models():
    rng = np.random.default_rng(7)
    sizes = {"digits": 40, "shapes": 60, "letters": 25}
    finetuned = {task: rng.random(n) < 0.85 for task, n in sizes.items()}
    # Agrees with the fine-tuned model on most images, so that pairing matters.
    merged = {
        task: np.where(rng.random(len(c)) < 0.7, c, rng.random(len(c)) < 0.5) for task, c in finetuned.items()
    }
    return merged, finetuned


def resampled_by_index(merged, finetuned, statistic):
    rng = np.random.default_rng(1)
    per_task = []
    for task, outcomes in merged.items():
        chosen = rng.integers(0, len(outcomes), (DRAWS, len(outcomes)))
        per_task.append(statistic(outcomes[chosen].mean(axis=1), finetuned[task][chosen].mean(axis=1)))
    return np.quantile(np.mean(per_task, axis=0), [0.025, 0.975])


def test_interval_of_the_mean_equals_resampling_the_images(models):
    merged, finetuned = models

    estimate = bootstrap_mean_accuracy(merged, draws=DRAWS)

    assert estimate.value == pytest.approx(np.mean([c.mean() for c in merged.values()]))
    expected = resampled_by_index(merged, finetuned, lambda a, b: a)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=0.004)


def test_interval_of_the_normalised_mean_resamples_the_denominator_on_the_same_images(models):
    merged, finetuned = models

    estimate = bootstrap_mean_normalized_accuracy(merged, finetuned, draws=DRAWS)

    assert estimate.value == pytest.approx(np.mean([merged[t].mean() / finetuned[t].mean() for t in merged]))
    expected = resampled_by_index(merged, finetuned, lambda a, b: a / b)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=0.005)


def test_interval_of_a_difference_pairs_the_images(models):
    merged, finetuned = models

    estimate = bootstrap_mean_difference(merged, finetuned, draws=DRAWS)

    assert estimate.value == pytest.approx(np.mean([merged[t].mean() - finetuned[t].mean() for t in merged]))
    expected = resampled_by_index(merged, finetuned, lambda a, b: a - b)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=0.004)


def test_every_task_counts_the_same_whatever_its_number_of_images():
    correct = {"large": np.ones(90, dtype=bool), "small": np.zeros(10, dtype=bool)}

    assert bootstrap_mean_accuracy(correct).value == 0.5


def test_interval_of_many_images_approaches_the_normal_one():
    correct = {task: np.arange(5000) % 2 == 0 for task in ("digits", "shapes")}

    estimate = bootstrap_mean_accuracy(correct, draws=DRAWS)

    half = 1.96 * np.sqrt(0.25 / 10_000)
    assert (estimate.low, estimate.high) == pytest.approx((0.5 - half, 0.5 + half), abs=4e-4)


def test_models_that_never_differ_may_differ_on_other_images(models):
    merged, _ = models

    estimate = bootstrap_mean_difference(merged, merged)

    assert estimate.value == 0.0
    assert estimate.low == -estimate.high < -0.02
    assert bootstrap_mean_difference({"digits": np.ones(128, bool)}, {"digits": np.ones(128, bool)}).high == (
        pytest.approx(paired_difference(np.ones(128, bool), np.ones(128, bool)).high)
    )


def test_ratio_of_models_that_never_differ_has_a_width(models):
    _, finetuned = models

    estimate = bootstrap_mean_normalized_accuracy(finetuned, finetuned)

    assert estimate.low < estimate.value == 1.0 < estimate.high
    assert estimate.high - estimate.low < 0.15


@pytest.mark.parametrize("n_tasks", [1, 2, 8])
@pytest.mark.parametrize("n", [1, 8, 128])
@pytest.mark.parametrize("is_right", [True, False])
def test_all_right_or_all_wrong_is_as_wide_as_for_one_task_of_all_images(n_tasks, n, is_right):
    estimate = bootstrap_mean_accuracy({f"task{t}": np.full(n, is_right) for t in range(n_tasks)})

    low, high = wilson_interval(n * n_tasks if is_right else 0, n * n_tasks)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(
        (float(is_right), low, high), abs=1e-9
    )


def test_interval_does_not_shrink_when_a_wrong_image_is_added():
    def width(n_wrong):
        tasks = {f"task{t}": np.ones(128, bool) for t in range(4)}
        tasks["task0"][:n_wrong] = False
        estimate = bootstrap_mean_accuracy(tasks)
        return estimate.high - estimate.low

    widths = [width(n_wrong) for n_wrong in range(10)]

    assert widths == sorted(widths)


@pytest.mark.parametrize(
    ("n_tasks", "n", "accuracy"),
    [(1, 128, 0.99), (1, 128, 0.999), (3, 40, 0.98), (8, 128, 0.998), (8, 32, 0.01)],
)
def test_near_the_ends_95_percent_of_intervals_hold_the_truth(n_tasks, n, accuracy):
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(300):
        drawn = {f"task{t}": rng.random(n) < accuracy for t in range(n_tasks)}
        estimate = bootstrap_mean_accuracy(drawn, draws=400)
        held += estimate.low <= accuracy <= estimate.high

    assert held >= 285


def test_near_no_difference_95_percent_of_intervals_hold_the_truth():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(300):
        first, second = {}, {}
        for task in ("digits", "shapes", "letters"):
            first[task] = rng.random(128) < 0.8
            only_second_is_wrong = rng.random(128) < 0.01
            second[task] = first[task] & ~only_second_is_wrong
        estimate = bootstrap_mean_difference(first, second, draws=400)
        held += estimate.low <= 0.008 <= estimate.high

    assert held >= 285


def test_the_same_seed_gives_the_same_interval_and_another_seed_another(models):
    merged, _ = models

    assert bootstrap_mean_accuracy(merged, seed=3) == bootstrap_mean_accuracy(merged, seed=3)
    assert bootstrap_mean_accuracy(merged, draws=99, seed=3) != bootstrap_mean_accuracy(
        merged, draws=99, seed=4
    )


def test_no_ratio_to_a_fine_tuned_model_that_is_never_right():
    correct = {"digits": np.ones(4, dtype=bool), "shapes": np.ones(4, dtype=bool)}
    finetuned = {"digits": np.ones(4, dtype=bool), "shapes": np.zeros(4, dtype=bool)}

    assert bootstrap_mean_normalized_accuracy(correct, finetuned) is None


def test_draws_without_a_ratio_are_left_out():
    rarely = np.array([True, False, False])

    estimate = bootstrap_mean_normalized_accuracy({"digits": rarely}, {"digits": rarely})

    assert (estimate.value, estimate.low) == (1.0, 0.0)
    assert np.isfinite(estimate.high)


def test_tasks_are_paired_by_name_not_by_order(models):
    merged, finetuned = models
    reordered = dict(reversed(finetuned.items()))

    assert bootstrap_mean_difference(merged, reordered) == bootstrap_mean_difference(merged, finetuned)


def test_a_mean_over_no_tasks_is_refused():
    with pytest.raises(AnalysisError, match="got no tasks; evaluate at least one"):
        bootstrap_mean_accuracy({})


def test_a_task_without_images_is_refused_by_name():
    with pytest.raises(AnalysisError, match="'digits' has no images; leave it out"):
        bootstrap_mean_accuracy({"digits": np.ones(0, dtype=bool)})


def test_models_evaluated_on_different_tasks_are_refused_by_name(models):
    merged, finetuned = models

    with pytest.raises(MismatchError, match=r"evaluated on \['shapes'\]; compare both on the same tasks"):
        bootstrap_mean_difference(merged, {t: c for t, c in finetuned.items() if t != "shapes"})


def test_models_evaluated_on_different_images_are_refused_by_name(models):
    merged, finetuned = models

    with pytest.raises(MismatchError, match="'shapes' was evaluated on 60 and on 59 images"):
        bootstrap_mean_difference(merged, finetuned | {"shapes": finetuned["shapes"][1:]})
