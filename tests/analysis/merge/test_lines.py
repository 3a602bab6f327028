import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import ParameterRangeError
from analysis.merge.lines import auto_alpha

masses = st.floats(1e-3, 1e3)


def test_alpha_of_a_plain_sum_is_one_over_the_tasks() -> None:
    assert auto_alpha([1.0, 1.0, 1.0, 1.0], l1_of_sum=8.0, l1_of_tau_mtl=8.0) == 0.25


def test_alpha_grows_as_the_merge_drops_mass() -> None:
    assert auto_alpha([1.0, 1.0], l1_of_sum=8.0, l1_of_tau_mtl=1.0) == 4.0


@given(masses, masses, st.integers(1, 20))
def test_alpha_times_the_merge_is_the_size_of_the_mean_update(l1_of_sum: float, l1: float, n: int) -> None:
    alpha = auto_alpha([1.0] * n, l1_of_sum=l1_of_sum, l1_of_tau_mtl=l1)

    assert alpha * l1 == pytest.approx(l1_of_sum / n)


def test_negating_every_task_leaves_alpha_as_it_is() -> None:
    assert auto_alpha([-1.0, -2.0], l1_of_sum=6.0, l1_of_tau_mtl=3.0) == 1.0


@pytest.mark.parametrize("weights", [[1.0, -1.0], [-0.1, 2.0, 2.0]])
def test_weights_of_both_signs_are_refused(weights: list[float]) -> None:
    with pytest.raises(ParameterRangeError, match=r"one sign; some are negative. Give α a number"):
        auto_alpha(weights, l1_of_sum=1.0, l1_of_tau_mtl=1.0)


@pytest.mark.parametrize("l1_of_tau_mtl", [0.0, 1e-320])
def test_merge_that_is_zero_everywhere_is_refused(l1_of_tau_mtl: float) -> None:
    with pytest.raises(ParameterRangeError, match=r"zero everywhere. Give α a number"):
        auto_alpha([1.0, 1.0], l1_of_sum=1.0, l1_of_tau_mtl=l1_of_tau_mtl)
