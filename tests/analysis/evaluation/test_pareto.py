import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import integers, tuples

from analysis.evaluation.pareto import on_front

# Few different numbers, so that many settings are equal on one measure or on all.
SETTINGS = arrays(np.float64, tuples(integers(0, 8), integers(1, 3)), elements=integers(0, 3).map(float))


def beats(one, other):
    return all(a >= b for a, b in zip(one, other, strict=True)) and any(
        a > b for a, b in zip(one, other, strict=True)
    )


@given(SETTINGS)
def test_front_is_what_no_other_setting_beats(values):
    rows = values.tolist()

    assert on_front(values).tolist() == [not any(beats(other, row) for other in rows) for row in rows]


def test_equal_settings_stay_together():
    assert on_front(np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 2.0]])).tolist() == [True, True, False]
