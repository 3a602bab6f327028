import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.paired_loss import paired_loss_change


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


def test_interval_covers_the_true_change_as_often_as_it_states():
    generator = np.random.default_rng(0)
    draws = generator.normal(0.2, 1.0, size=(2000, 100))
    covered = [
        (change := paired_loss_change(np.zeros(100), -draw)).low <= 0.2 <= change.high for draw in draws
    ]

    assert np.mean(covered) == pytest.approx(0.945, abs=0.015)


def test_one_image_gives_no_interval_for_others():
    change = paired_loss_change(losses(1), losses(1, 1))

    assert (change.low, change.high, change.p_value) == (-np.inf, np.inf, 1.0)


def test_other_images_and_no_images_are_refused():
    with pytest.raises(MismatchError, match="3 and 4 images"):
        paired_loss_change(losses(3), losses(4))
    with pytest.raises(AnalysisError, match="no images"):
        paired_loss_change(losses(0), losses(0))


@given(arrays(np.float64, st.integers(2, 12), elements=st.floats(-4, 0)), st.integers(0, 99))
def test_change_is_significant_by_its_p_value_where_the_interval_leaves_none_out(before, seed):
    after = before - np.random.default_rng(seed).normal(0.3, 0.5, size=len(before))

    change = paired_loss_change(before, after)

    assert (change.p_value < 0.05) == (change.low > 0 or change.high < 0)


def test_p_values_are_even_where_nothing_changes():
    draws = np.random.default_rng(0).normal(size=(2000, 200))
    found = [paired_loss_change(np.zeros(200), draw).p_value for draw in draws]

    for level in (0.05, 0.25, 0.5):
        assert np.mean(np.array(found) < level) == pytest.approx(level, abs=0.035)
    assert paired_loss_change(losses(5), losses(5)).p_value == 1.0


def smallest_p_values(population, n_families, *, n_images=256, n_cells=56, shift=0.0):
    """Of families of changes that are drawn from one population, whose mean is the shift: the smallest p."""
    generator = np.random.default_rng(0)
    draws = generator.choice(population - population.mean() + shift, size=(n_families, n_cells, n_images))
    return [min(paired_loss_change(np.zeros(n_images), -cell).p_value for cell in cells) for cells in draws]


def rare_and_large(share, size, n=4096):
    """Changes of which a share is large and all others are small, as those of a loss are."""
    generator = np.random.default_rng(1)
    return np.where(
        np.arange(n) < share * n, size * generator.exponential(size=n), generator.normal(0, 0.1, n)
    )


@pytest.mark.parametrize(
    "population",
    [
        np.random.default_rng(2).exponential(size=4096),
        np.random.default_rng(2).lognormal(0, 1, size=4096),
        rare_and_large(0.1, 1.0),
        rare_and_large(0.2, 2.0),
    ],
    ids=["skewness 2", "skewness 5", "one in ten", "one in five"],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_skewed_changes_of_0_are_seldom_called_clear_in_a_family(population, sign):
    found = smallest_p_values(sign * population, 120)

    assert np.mean(np.array(found) < 0.05 / 56) <= 0.1  # promised 0.05; by a normal law 0.3 to 1


@pytest.mark.parametrize("sign", [1, -1])
def test_change_of_a_third_of_its_spread_is_found_in_skewed_ones(sign):
    population = sign * np.random.default_rng(2).exponential(size=4096)

    found = smallest_p_values(population, 40, n_cells=1, shift=-0.33)

    assert np.mean(np.array(found) < 0.05 / 56) > 0.9


def test_mean_beside_a_tail_that_few_images_show_is_not_told_from_0():
    change = np.concatenate([np.full(250, -0.1), [3.0]])

    found = paired_loss_change(np.zeros(251), -change)

    assert (found.low < found.value < 0, found.high, found.p_value) == (True, 0.0, 1.0)
    assert paired_loss_change(np.zeros(250), -change[:250]).p_value == 0.0


def test_symmetric_changes_have_student_s_interval():
    change = np.array([-2.0, -1.0, 0.5, 1.0, 1.5, 3.0, 4.0])
    change = np.concatenate([change, 2 * change.mean() - change])

    found = paired_loss_change(np.zeros(14), -change)

    expected = scipy.stats.ttest_1samp(change, 0.0)
    assert found.p_value == pytest.approx(expected.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(expected.confidence_interval()))
