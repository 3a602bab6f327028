import numpy as np
import pytest

from analysis.evaluation.intervals import paired_difference, wilson_interval
from analysis.evaluation.score_interval import score_interval

RIGHT = [0.0, 1.0]
"""Worth of an image that is wrong, and of one that is right."""
WON_LOST = [0.0, 1.0, -1.0]


def interval(*tasks, worth):
    return score_interval(np.array(tasks), np.array([worth] * len(tasks)))


@pytest.mark.parametrize("correct", [0, 1, 9, 64, 127, 128])
def test_accuracy_of_one_task_has_wilsons_interval(correct):
    found = interval([128 - correct, correct], worth=RIGHT)

    assert found == pytest.approx(wilson_interval(correct, 128), abs=1e-9)


@pytest.mark.parametrize(
    ("won", "lost", "n"), [(0, 0, 128), (3, 0, 128), (0, 2, 40), (10, 5, 128), (5, 0, 5)]
)
def test_difference_on_one_task_has_tangos_interval(won, lost, n):
    a, b = np.zeros(n, bool), np.zeros(n, bool)
    a[:won], b[won : won + lost] = True, True
    tango = paired_difference(a, b)

    found = interval([n - won - lost, won, lost], worth=WON_LOST)

    assert found == pytest.approx((tango.low, tango.high), abs=1e-9)


def test_tasks_that_are_alike_are_as_one_with_all_their_images():
    assert interval([1, 31], [1, 31], worth=RIGHT) == pytest.approx(wilson_interval(62, 64), abs=1e-9)


def test_of_many_images_only_their_variance_counts():
    n, right = 100_000, np.array([0.2, 0.5, 0.9])
    half = 1.96 * np.sqrt((right * (1 - right) / n).sum()) / 3

    found = interval(*[[int(n * (1 - p)), int(n * p)] for p in right], worth=RIGHT)

    assert found == pytest.approx((right.mean() - half, right.mean() + half), abs=2e-5)


def test_ends_are_means_that_the_score_test_just_rejects():
    """Checked against a search over all means of two tasks."""
    n = 30
    correct = np.array([30, 27])
    low, _ = interval([0, 30], [3, 27], worth=RIGHT)

    def log_likelihood(p, c):
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(c > 0, c * np.log(p), 0.0) + np.where(c < n, (n - c) * np.log(1 - p), 0.0)

    # All pairs of shares whose mean is `low`.
    first = np.linspace(2 * low - 1, 1, 20_001)
    likely = np.nan_to_num(
        log_likelihood(first, correct[0]) + log_likelihood(2 * low - first, correct[1]), nan=-np.inf
    )
    p = np.array([first[likely.argmax()], 2 * low - first[likely.argmax()]])
    z = (correct.mean() / n - low) / np.sqrt((p * (1 - p) / n).sum() / 4)

    assert z == pytest.approx(1.96, abs=0.005)


def test_zero_has_no_sign():
    assert str(interval([5, 0], worth=RIGHT).low) == "0.0"
