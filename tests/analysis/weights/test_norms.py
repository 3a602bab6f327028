import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.weights.norms import Measure, has_tiny_base, norms, over_tasks

SQUARES = st.floats(1e-6, 1e6)


def measured(measure, l2_squared, base, n=4):
    (row,) = norms(np.array([l2_squared]), np.array([base]), np.array([n]), measure=measure)
    return row.tolist()


def test_relative_norm_is_the_update_against_the_base():
    assert measured(Measure.RELATIVE, [9.0, 1.0], 100.0) == pytest.approx([0.3, 0.1])


def test_rms_is_the_move_of_a_typical_weight():
    assert measured(Measure.RMS, [16.0, 4.0], 100.0) == [2.0, 1.0]


def test_absolute_norm_asks_neither_base_nor_size():
    assert measured(Measure.ABSOLUTE, [16.0, 4.0], 0.0, n=7) == [4.0, 2.0]


def test_row_normalised_norm_is_the_share_above_the_mean_of_the_tasks():
    assert measured(Measure.ROW, [9.0, 1.0, 1.0, 9.0], 5.0) == [0.5, -0.5, -0.5, 0.5]


def test_task_that_moved_nothing_is_at_zero_and_at_the_bottom_of_its_row():
    assert measured(Measure.RELATIVE, [0.0, 4.0], 4.0) == [0.0, 1.0]
    assert measured(Measure.ROW, [0.0, 4.0], 4.0) == [-1.0, 1.0]


def test_group_without_a_base_has_no_relative_norm():
    assert all(math.isnan(value) for value in measured(Measure.RELATIVE, [1.0, 2.0], 0.0))


def test_group_no_task_changed_has_no_row_normalised_norm():
    assert all(math.isnan(value) for value in measured(Measure.ROW, [0.0, 0.0], 1.0))


@pytest.mark.parametrize("measure", Measure)
def test_group_without_weights_has_no_norm(measure):
    assert all(math.isnan(value) for value in measured(measure, [0.0, 0.0], 0.0, n=0))


@given(arrays(np.float64, (3, 4), elements=SQUARES), arrays(np.float64, 3, elements=SQUARES))
def test_joining_groups_gives_the_norm_of_all_their_weights_together(squares, base):
    n = np.array([1, 2, 3])

    joined = norms(squares.sum(axis=0)[None], base.sum()[None], n.sum()[None], measure=Measure.RELATIVE)

    single = norms(squares, base, n, measure=Measure.RELATIVE)
    assert joined.max() <= single.max() * (1 + 1e-9)
    assert joined[0] == pytest.approx(np.sqrt((single**2 * base[:, None]).sum(axis=0) / base.sum()))


@given(arrays(np.float64, (2, 5), elements=SQUARES), st.floats(0.01, 100))
def test_row_normalised_norm_forgets_the_size_of_the_row(squares, factor):
    base, n = np.ones(2), np.ones(2, dtype=np.int64)

    once = norms(squares, base, n, measure=Measure.ROW)

    assert norms(squares * factor, base, n, measure=Measure.ROW) == pytest.approx(once, abs=1e-9)
    assert once.sum(axis=1) == pytest.approx(0.0, abs=1e-9)


def test_average_task_has_the_root_of_the_mean_square():
    assert np.sqrt(over_tasks(np.array([[1.0, 49.0]]))).tolist() == [5.0]


def test_zero_initialised_bias_has_a_tiny_base():
    base, n = np.array([4.0, 9.0, 0.0, 1e-8]), np.array([4, 9, 5, 1])

    assert has_tiny_base(base, n).tolist() == [False, False, True, True]


def test_tiny_is_a_hundredth_of_the_middle_tensor():
    n = np.ones(3, dtype=np.int64)

    assert has_tiny_base(np.array([0.0101**2, 1.0, 1.0]), n).tolist() == [False, False, False]
    assert has_tiny_base(np.array([0.0099**2, 1.0, 1.0]), n).tolist() == [True, False, False]


def test_number_of_weights_does_not_make_a_base_tiny():
    assert not has_tiny_base(np.array([1.0, 1e6, 1e6]), np.array([1, 10**6, 10**6])).any()


def test_no_tensors_have_no_tiny_base():
    assert has_tiny_base(np.zeros(0), np.zeros(0, dtype=np.int64)).tolist() == []
