import numpy as np
import pytest

from analysis.errors import AnalysisError, MismatchError
from analysis.paired_loss import paired_loss_change


def losses(n, seed=0):
    return -np.random.default_rng(seed).exponential(size=n)


def test_change_is_the_difference_of_the_mean_losses():
    before, after = losses(50), losses(50, seed=1)

    change = paired_loss_change(before, after)

    assert change.value == pytest.approx(before.mean() - after.mean())
    assert change.low < change.value < change.high


def test_what_is_hard_about_an_image_drops_out():
    before = 10 * losses(200)
    after = before - 0.1 + 0.01 * np.random.default_rng(1).normal(size=200)

    change = paired_loss_change(before, after)

    assert change.high - change.low < 0.01
    assert change.low > 0.09


def test_change_the_other_way_round_has_the_other_sign():
    one, other = paired_loss_change(losses(9), losses(9, 1)), paired_loss_change(losses(9, 1), losses(9))

    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))


def test_interval_covers_the_true_change_as_often_as_it_says():
    generator = np.random.default_rng(0)
    draws = generator.normal(0.2, 1.0, size=(2000, 100))
    covered = [
        (change := paired_loss_change(np.zeros(100), -draw)).low <= 0.2 <= change.high for draw in draws
    ]

    assert np.mean(covered) == pytest.approx(0.945, abs=0.015)


def test_one_image_says_nothing_about_others():
    change = paired_loss_change(losses(1), losses(1, 1))

    assert (change.low, change.high) == (-np.inf, np.inf)


def test_other_images_and_no_images_are_refused():
    with pytest.raises(MismatchError, match="3 and 4 images"):
        paired_loss_change(losses(3), losses(4))
    with pytest.raises(AnalysisError, match="no images"):
        paired_loss_change(losses(0), losses(0))
