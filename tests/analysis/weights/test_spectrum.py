import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.weights.spectrum import effective_rank, singular_values, stable_rank

SIDES = st.integers(1, 12)


def drawn(rows, columns, seed=0):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


@given(SIDES, SIDES, st.integers(0, 5))
def test_singular_values_are_those_of_a_decomposition(rows, columns, seed):
    matrix = drawn(rows, columns, seed)

    expected = torch.linalg.svdvals(matrix.double()).numpy()

    assert singular_values(matrix) == pytest.approx(expected, abs=1e-7 * float(expected[0]))


def test_large_matrix_is_summed_piece_by_piece(monkeypatch):
    monkeypatch.setattr("analysis.weights.spectrum._CHUNK", 7)
    matrix, looks = drawn(5, 23), []

    values = singular_values(matrix, check=lambda: looks.append(None))

    assert values == pytest.approx(torch.linalg.svdvals(matrix.double()).numpy())
    assert len(looks) == 24


def test_missing_directions_have_no_singular_value():
    values = singular_values(torch.outer(torch.arange(4.0), torch.ones(3)))

    assert values == pytest.approx([np.sqrt(42.0), 0.0, 0.0], abs=1e-6)
    assert effective_rank(values) == pytest.approx(1.0, abs=1e-5)


def test_equal_directions_count_fully():
    assert effective_rank(np.ones(7)) == pytest.approx(7.0)
    assert stable_rank(np.ones(7)) == 7.0


def test_weak_directions_count_little():
    values = np.array([1.0, 1.0, 0.01])

    assert 2.0 < effective_rank(values) < 2.1
    assert stable_rank(values) == pytest.approx(2.0001)


def test_matrix_of_zeros_has_no_direction():
    assert (effective_rank(np.zeros(3)), stable_rank(np.zeros(3))) == (0.0, 0.0)
    assert singular_values(torch.zeros(2, 3)).tolist() == [0.0, 0.0]


@given(SIDES, SIDES, st.floats(1e-3, 1e3))
def test_ranks_lie_between_one_and_the_smaller_side_whatever_the_scale(rows, columns, factor):
    values = singular_values(drawn(rows, columns))

    for rank in (effective_rank, stable_rank):
        assert 1.0 - 1e-9 <= rank(values) <= min(rows, columns) * (1 + 1e-9)
        assert rank(values * factor) == pytest.approx(rank(values))
