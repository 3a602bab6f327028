import numpy as np
import pytest

from analysis.weights.descriptors import DESCRIPTORS, descriptors, standardised


def described(taus, theta_0):
    """Descriptors of one group, straight from its weights: (T, n) and (n,)."""
    signs = np.sign(taus)
    same = np.array([[int(((a * b) > 0).sum()) for b in signs] for a in signs])
    opposite = np.array([[int(((a * b) < 0).sum()) for b in signs] for a in signs])
    found = descriptors(
        n=np.array([taus.shape[1]]),
        base_l2_squared=np.array([(theta_0**2).sum()]),
        l1=np.abs(taus).sum(axis=1)[None],
        gram=(taus @ taus.T)[None],
        agree=same[None],
        conflict=opposite[None],
    )[0]
    return {name: found[:, column] for column, name in enumerate(DESCRIPTORS)}


def test_size_is_the_power_of_ten_of_the_relative_norm():
    found = described(np.array([[3.0, 4.0], [0.3, 0.4]]), np.array([30.0, 40.0]))

    assert found["size"] == pytest.approx([-1.0, -2.0])


def test_weights_that_move_equally_far_are_even_and_a_single_one_is_not():
    found = described(np.array([[1.0, -1.0, 1.0, -1.0], [1.0, 0.0, 0.0, 0.0]]), np.ones(4))

    assert found["evenness"] == pytest.approx([1.0, 0.25])


def test_gaussian_updates_are_as_even_as_stated():
    found = described(np.random.default_rng(0).normal(size=(2, 100_000)), np.ones(100_000))

    assert found["evenness"] == pytest.approx([2 / np.pi] * 2, abs=0.01)
    assert found["conflict"] == pytest.approx([0, 0], abs=0.01)


def test_equal_tasks_have_cosine_one_and_never_conflict():
    found = described(np.tile([1.0, -2.0, 3.0], (3, 1)), np.ones(3))

    assert found["cosine"] == pytest.approx([1, 1, 1])
    assert found["cosine spread"] == pytest.approx([0, 0, 0], abs=1e-9)
    assert found["conflict"] == pytest.approx([-0.5] * 3)


def test_descriptors_do_not_depend_on_coordinates():
    generator = np.random.default_rng(0)
    taus, theta_0 = generator.normal(size=(3, 50)), generator.normal(size=50)
    order, flips = generator.permutation(50), generator.choice([-1.0, 1.0], size=50)

    before, after = described(taus, theta_0), described(taus[:, order] * flips, theta_0[order])

    for name in DESCRIPTORS:
        assert after[name] == pytest.approx(before[name])


def test_a_task_that_moved_nothing_has_no_descriptors():
    found = described(np.array([[0.0, 0.0], [1.0, 2.0]]), np.ones(2))

    assert all(np.isnan(found[name][0]) for name in DESCRIPTORS)
    assert all(np.isfinite(found[name][1]) for name in DESCRIPTORS)


def test_standardised_columns_have_mean_zero_and_deviation_one_unless_they_are_constant():
    values = np.column_stack([np.arange(5.0), np.full(5, 7.0)])

    found = standardised(values)

    assert found[:, 0].mean() == pytest.approx(0)
    assert found[:, 0].std() == pytest.approx(1)
    assert found[:, 1].tolist() == [0.0] * 5
