import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis.strategies import floats, integers, lists, tuples

from analysis.merge.equal_norm import equal_norm_scaling

LAYERS = lists(tuples(integers(1, 5), floats(-2, 2)), min_size=1, max_size=6)


@given(LAYERS, integers(0, 99))
def test_constant_makes_an_update_as_long_as_the_layers_factors_do(layers, seed):
    generator = np.random.default_rng(seed)
    pieces = [generator.normal(size=n) for n, _ in layers]
    ramped = np.concatenate([factor * piece for piece, (_, factor) in zip(pieces, layers, strict=True)])
    whole = np.concatenate(pieces)

    scaling = equal_norm_scaling([float(piece @ piece) for piece in pieces], [factor for _, factor in layers])

    assert abs(scaling) * np.linalg.norm(whole) == pytest.approx(np.linalg.norm(ramped))
    assume(abs(ramped @ whole) > 1e-9)
    assert np.sign(scaling) == np.sign(ramped @ whole)


def test_one_factor_for_all_is_its_own_constant():
    assert equal_norm_scaling([4.0, 1.0], [-0.5, -0.5]) == pytest.approx(-0.5)


def test_update_of_nothing_has_no_size():
    assert equal_norm_scaling([0.0, 0.0], [1.0, 2.0]) == 0.0
