import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.weights.trim import magnitude_trim, trim


def _kept(row, density, *, exact=False, ranges=None):
    deltas = torch.tensor([row])
    cut = magnitude_trim(deltas, (0,), ranges or ((0, len(row)),), density=density, exact=exact)
    return trim(deltas, cut)[0].tolist()


def test_the_authors_keep_one_weight_more_than_the_share():
    assert _kept([1.0, -5.0, 3.0, -2.0, 4.0], 0.4) == [0.0, -5.0, 3.0, 0.0, 4.0]


def test_every_tie_at_the_threshold_is_kept():
    assert _kept([1.0, 2.0, -2.0, 2.0, 3.0], 0.2) == [0.0, 2.0, -2.0, 2.0, 3.0]


def test_density_one_trims_nothing():
    assert _kept([1.0, -2.0, 0.5], 1.0) == [1.0, -2.0, 0.5]


def test_density_zero_keeps_the_single_largest():
    assert _kept([1.0, -2.0, 0.5], 0.0) == [0.0, -2.0, 0.0]


def test_mostly_untouched_vector_is_not_trimmed():
    assert _kept([0.0, 0.0, 0.0, 0.1, 0.2, 5.0], 0.5) == [
        0.0,
        0.0,
        0.0,
        pytest.approx(0.1),
        pytest.approx(0.2),
        5.0,
    ]


def test_exact_share_gives_ties_to_the_lowest_columns():
    assert _kept([2.0, 1.0, -2.0, 2.0, 3.0], 0.6, exact=True) == [2.0, 0.0, -2.0, 0.0, 3.0]


def test_exact_share_of_nothing_keeps_nothing():
    assert _kept([1.0, -2.0], 0.0, exact=True) == [0.0, 0.0]


def test_columns_out_of_scope_do_not_move_the_threshold():
    row = [100.0, 1.0, 2.0, 100.0, 3.0, 4.0]

    assert _kept(row, 0.5, ranges=((1, 3), (4, 6))) == [100.0, 0.0, 2.0, 100.0, 3.0, 4.0]


def test_a_slice_is_trimmed_as_the_whole_is():
    deltas = torch.tensor([[2.0, 1.0, -2.0, 2.0, 2.0]])
    cut = magnitude_trim(deltas, (0,), ((0, 5),), density=0.6, exact=True)

    assert trim(deltas[:, 2:], cut, start=2).tolist() == [[-2.0, 2.0, 0.0]]


@given(
    row=st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=40),
    density=st.floats(0.0, 1.0),
    exact=st.booleans(),
)
def test_number_kept_is_the_share_promised(row, density, exact):
    deltas = torch.tensor([row])
    cut = magnitude_trim(deltas, (0,), ((0, len(row)),), density=density, exact=exact)
    magnitudes = sorted(map(abs, row), reverse=True)
    n_kept = math.floor(len(row) * density)

    kept = sorted(trim(deltas, cut)[0].abs().tolist(), reverse=True)

    if not exact:
        threshold = magnitudes[min(n_kept, len(row) - 1)] if n_kept < len(row) else 0.0
        n_kept = sum(magnitude >= threshold for magnitude in magnitudes)
    assert kept == magnitudes[:n_kept] + [0.0] * (len(row) - n_kept)
