import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from analysis.errors import MismatchError, ParameterRangeError
from analysis.evaluation.intervals import holm, paired_difference, wilson_interval


def outcomes(won, lost, n):
    model, baseline = np.zeros((2, n), dtype=bool)
    model[:won] = True
    baseline[won : won + lost] = True
    return model, baseline


def difference(won, lost, n):
    return paired_difference(*outcomes(won, lost, n))


def reference_tango(won, lost, n):
    supposed = np.linspace(-1, 1, 2001)[:, None]
    share = np.linspace(0, 1, 2001)[None, :]  # only the baseline right
    both_or_none = 1 - 2 * share - supposed
    is_possible = (share + supposed >= 0) & (both_or_none >= 0)

    def log_term(count, probability):
        return count * np.log(np.maximum(probability, 1e-12))

    likelihood = (
        log_term(won, share + supposed) + log_term(lost, share) + log_term(n - won - lost, both_or_none)
    )
    best = share[0, np.where(is_possible, likelihood, -np.inf).argmax(axis=1)]
    variance = n * (2 * best + supposed[:, 0] * (1 - supposed[:, 0]))
    accepted = supposed[(won - lost - n * supposed[:, 0]) ** 2 <= 1.959964**2 * variance + 1e-9, 0]
    return accepted.min(), accepted.max()


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (29, 29, 0.8830, 1.0)],
)
def test_wilson_interval_equals_published_values(correct, n, low, high):
    assert wilson_interval(correct, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_interval_of_half_at_two_standard_errors_is_worked_by_hand():
    two_sigma = 0.9544997361036416

    assert wilson_interval(6, 12, two_sigma) == pytest.approx((0.25, 0.75))


@pytest.mark.parametrize(
    ("correct", "n"), [(0, 1), (1, 1), (3, 7), (0, 128), (127, 128), (37, 100), (5, 4096)]
)
def test_wilson_interval_is_scipys(correct, n):
    expected = binomtest(correct, n).proportion_ci(method="wilson")

    assert wilson_interval(correct, n) == pytest.approx((expected.low, expected.high), abs=1e-14)


def test_wilson_interval_of_nothing_measured_is_everything():
    assert wilson_interval(0, 0) == pytest.approx((0.0, 1.0))


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_accuracy_mirrors_and_stays_in_range(counts):
    correct, n = counts

    low, high = wilson_interval(correct, n)

    assert 0 <= low <= correct / n + 1e-12
    assert correct / n - 1e-12 <= high <= 1
    assert wilson_interval(n - correct, n) == pytest.approx((1 - high, 1 - low))


def test_more_than_all_images_correct_is_refused():
    with pytest.raises(ParameterRangeError, match=r"5 of 4 images are correct; it must lie in \[0, 4\]"):
        wilson_interval(5, 4)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_confidence_given_as_a_percentage_or_an_end_is_refused(confidence):
    model, baseline = outcomes(1, 0, 2)

    with pytest.raises(ParameterRangeError, match=rf"confidence is {confidence:g}; it must lie in \(0, 1\)"):
        wilson_interval(1, 2, confidence)
    with pytest.raises(ParameterRangeError, match="confidence is"):
        paired_difference(model, baseline, confidence)


def test_paired_difference_counts_the_images_on_which_the_models_part():
    model = np.array([True, True, False, True, False])
    baseline = np.array([True, False, True, False, False])

    one = paired_difference(model, baseline)

    assert (one.won, one.lost, one.n, one.difference) == (2, 1, 5, pytest.approx(0.2))


def test_airway_hyper_responsiveness_example_of_fagerland_and_others_is_reproduced():
    one = difference(1, 7, 21)

    assert (one.low, one.high) == pytest.approx((-0.517, -0.026), abs=5e-4)
    assert one.p_value == pytest.approx(0.0391, abs=5e-5)


@pytest.mark.parametrize(
    ("won", "lost", "p_value"),
    [
        (0, 0, 1.0),
        (1, 0, 0.5),
        (2, 2, 1.0),
        (5, 0, 1 / 32),
        (1, 3, (2 * 1 + 4) / 16),
        (8, 2, 112 / 1024 - 45 / 1024),
        (300, 250, 0.033071515917357935),
        (5000, 4800, 0.04335694889462334),
        (2, 40, 2.1532287064474076e-10),
    ],
)
def test_mid_p_is_worked_by_hand_or_in_whole_numbers(won, lost, p_value):
    assert difference(won, lost, 10_000).p_value == pytest.approx(p_value, rel=1e-11)


def test_mid_p_of_many_images_neither_overflows_nor_vanishes():
    assert difference(1900, 2100, 4096).p_value == pytest.approx(0.00157, abs=5e-5)


@pytest.mark.parametrize(
    ("won", "lost", "n"),
    [(1, 7, 21), (12, 3, 128), (0, 4, 30), (40, 20, 160), (30, 0, 30), (0, 0, 50), (9, 8, 17)],
)
def test_interval_is_the_set_of_differences_a_score_test_accepts(won, lost, n):
    one = difference(won, lost, n)

    assert (one.low, one.high) == pytest.approx(reference_tango(won, lost, n), abs=2e-3)


def test_models_that_answer_alike_differ_by_zero_within_an_interval_that_is_not_empty():
    one = difference(0, 0, 128)

    z_squared = 1.959964**2
    assert (one.difference, one.p_value) == (0.0, 1.0)
    assert one.high == pytest.approx(z_squared / (128 + z_squared), abs=1e-6)
    assert one.low == -one.high


def test_interval_leaves_out_zero_when_p_is_below_five_percent_and_seldom_otherwise():
    for discordant in range(1, 129):
        for won in range(discordant + 1):
            one = difference(won, discordant - won, 128)
            is_apart = one.low > 0 or one.high < 0

            assert is_apart or one.p_value >= 0.05
            assert not is_apart or one.p_value <= 0.0625


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 300))
def test_exchanging_the_models_mirrors_the_difference(won, lost, others):
    n = won + lost + others
    one, mirrored = difference(won, lost, n), difference(lost, won, n)

    assert (one.low, one.high) == (-mirrored.high, -mirrored.low)
    assert (one.difference, one.p_value) == (-mirrored.difference, mirrored.p_value)
    assert -1 <= one.low <= one.difference <= one.high <= 1


def test_holm_steps_down_and_never_decreases():
    assert holm([0.02, 0.01, 0.5, 0.03]) == pytest.approx((0.06, 0.04, 0.5, 0.06))
    assert holm([0.9, 0.8]) == (1.0, 1.0)
    assert holm([]) == ()


def test_different_numbers_of_images_are_refused():
    with pytest.raises(MismatchError, match="got 3 and 2 images; compare both models on the same"):
        paired_difference(np.ones(3, dtype=bool), np.ones(2, dtype=bool))


@pytest.mark.parametrize("n", [1, 7, 40, 512, 1000])
def test_all_right_or_all_wrong_reaches_the_end_exactly(n):
    assert wilson_interval(n, n).high == 1.0
    assert wilson_interval(0, n).low == 0.0
