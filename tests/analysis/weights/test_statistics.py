from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.kernels.pieces import PIECE
from analysis.kernels.threads import set_threads
from analysis.weights.redraw import redrawn
from analysis.weights.statistics import BINS, bin_edges, statistics, statistics_reference
from analysis.weights.trim import magnitude_trim, trim
from tests.made_vectors import big_updates, one_block, task_vectors_of, updates, whole

REAL = (
    "l1",
    "max",
    "gram",
    "absolute_gram",
    "squared_gram",
    "sum_l1",
    "sum_l2_squared",
    "outvoted_l1",
    "base_l2_squared",
)


def slowly(taus, theta_0):
    """Every sum weight by weight, in plain Python."""
    n_tasks, n = taus.shape
    edges = bin_edges()
    found = {
        "n": n,
        "base_l2_squared": sum(float(x) ** 2 for x in theta_0),
        "l1": np.zeros(n_tasks),
        "max": np.zeros(n_tasks),
        "zeros": np.zeros(n_tasks, int),
        "gram": np.zeros((n_tasks, n_tasks)),
        "absolute_gram": np.zeros((n_tasks, n_tasks)),
        "squared_gram": np.zeros((n_tasks, n_tasks)),
        "agree": np.zeros((n_tasks, n_tasks), int),
        "conflict": np.zeros((n_tasks, n_tasks), int),
        "moved_by": np.zeros(n_tasks + 1, int),
        "unanimous": np.zeros(n_tasks + 1, int),
        "sum_l1": 0.0,
        "sum_l2_squared": 0.0,
        "outvoted_l1": np.zeros(n_tasks),
        "histogram": np.zeros((n_tasks, BINS), int),
    }
    for i in range(n):
        column = [float(value) for value in taus[:, i]]
        movers = sum(value != 0 for value in column)
        signs = {value > 0 for value in column if value != 0}
        total = np.float32(0)
        for value in column:
            total += np.float32(value)
        found["moved_by"][movers] += 1
        found["unanimous"][movers] += len(signs) == 1
        found["sum_l1"] += abs(float(total))
        found["sum_l2_squared"] += float(total) ** 2
        for a, x in enumerate(column):
            found["l1"][a] += abs(x)
            found["max"][a] = max(found["max"][a], abs(x))
            found["zeros"][a] += x == 0
            found["outvoted_l1"][a] += abs(x) if x * total < 0 else 0
            if x != 0:
                place = np.searchsorted(edges, abs(x), side="right") - 1
                found["histogram"][a, np.clip(place, 0, BINS - 1)] += 1
            for b, y in enumerate(column):
                found["gram"][a, b] += x * y
                found["absolute_gram"][a, b] += abs(x * y)
                found["squared_gram"][a, b] += (x * y) ** 2
                found["agree"][a, b] += x * y > 0
                found["conflict"][a, b] += x * y < 0
    return found


def cancels(absolute_gram, name):
    """Mass that may cancel in a sum of products, which are float32 over short runs."""
    return absolute_gram.sum() if name in ("gram", "sum_l2_squared") else 0.0


def assert_same(found, expected):
    for field in fields(found):
        mine, theirs = getattr(found, field.name), getattr(expected, field.name)
        if field.name in REAL:
            least = 1e-6 * cancels(expected.absolute_gram, field.name)
            assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-12 + least), field.name
        else:
            assert np.array_equal(mine, theirs), field.name


@settings(max_examples=60)
@given(taus=updates(most_tasks=10))
def test_sums_are_those_of_a_loop_over_weights(taus):
    vectors = task_vectors_of(taus)

    total = statistics(vectors, whole(vectors)).total

    found = slowly(taus, vectors.theta_0.numpy())
    for name, expected in found.items():
        if name in REAL:
            least = 1e-6 * cancels(found["absolute_gram"], name)
            assert getattr(total, name)[0] == pytest.approx(expected, rel=1e-5, abs=1e-9 + least), name
        else:
            assert np.array_equal(getattr(total, name)[0], expected), name


@settings(max_examples=60)
@given(
    taus=updates(most_tasks=10),
    seed=st.none() | st.integers(0, 3),
    density=st.none() | st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    exact=st.booleans(),
)
def test_fused_pass_equals_the_reference(taus, seed, density, exact):
    vectors = task_vectors_of(taus)
    ranges = whole(vectors)
    cut = None
    if density is not None:
        cut = magnitude_trim(vectors.deltas, range(len(taus)), ranges, density=density, exact=exact)

    found = statistics(vectors, ranges, cut=cut, sign_seed=seed)

    assert_same(found.sums, statistics_reference(vectors, ranges, cut=cut, sign_seed=seed).sums)


@given(taus=updates(), density=st.sampled_from([0.1, 0.5, 1.0]), exact=st.booleans())
def test_statistics_with_a_cut_are_those_of_trimmed_updates(taus, density, exact):
    vectors = task_vectors_of(taus)
    ranges = whole(vectors)
    cut = magnitude_trim(vectors.deltas, range(len(taus)), ranges, density=density, exact=exact)
    trimmed = task_vectors_of(trim(vectors.deltas, cut).numpy())

    assert_same(statistics(vectors, ranges, cut=cut).sums, statistics(trimmed, ranges).sums)


@given(taus=updates())
def test_segments_layers_and_the_whole_add_up(taus):
    vectors = task_vectors_of(taus)
    found = statistics(vectors, whole(vectors))

    layers, by_layer = found.by(lambda segment: segment.layer)

    assert layers == (None, 0, 1)
    assert_same(by_layer.pooled([0, 0, 0], 1), found.total)
    assert found.total.n[0] == 45
    assert (found.sums.n == [segment.n_weights for segment in found.segments]).all()


@given(taus=updates(), seed=st.integers(0, 5))
def test_order_of_tasks_only_renames_rows(taus, seed):
    order = np.random.default_rng(seed).permutation(len(taus))
    one, other = task_vectors_of(taus), task_vectors_of(taus[order])

    a, b = (statistics(vectors, whole(vectors)).total for vectors in (one, other))

    assert np.array_equal(b.agree[0], a.agree[0][np.ix_(order, order)])
    assert np.array_equal(b.moved_by, a.moved_by)
    assert np.array_equal(b.histogram[0], a.histogram[0][order])
    assert b.gram[0] == pytest.approx(a.gram[0][np.ix_(order, order)])


def test_only_parameters_in_scope_count():
    vectors = task_vectors_of(big_updates(2, 45))

    found = statistics(vectors, ((6, 21),))

    assert [segment.component for segment in found.segments] == ["attn_q", "attn_k", "attn_v", "mlp_in"]
    assert found.total.n[0] == 15


def test_an_empty_scope_has_no_segments():
    vectors = task_vectors_of(np.zeros((2, 45)))

    found = statistics(vectors, ())

    assert found.segments == ()
    assert found.total.n.tolist() == [0]


def test_magnitudes_beyond_the_bins_are_in_the_last_at_each_end():
    taus = np.zeros((1, 45), np.float32)
    taus[0, :4] = [1e-30, 2.0**-40, 1.5, 1e9]
    vectors = task_vectors_of(taus)

    histogram = statistics(vectors, whole(vectors)).total.histogram[0, 0]

    assert histogram.sum() == 4
    assert histogram[0] == 2
    assert histogram[-1] == 1
    assert bin_edges()[np.flatnonzero(histogram)[1]] == 1.5


def test_drawn_signs_keep_magnitudes_and_do_not_depend_on_slices():
    deltas = torch.as_tensor(big_updates(5, 1000))

    whole_draw = redrawn(deltas, 7)
    slices = torch.cat([redrawn(deltas[:, :300], 7), redrawn(deltas[:, 300:], 7, start=300)], dim=1)

    assert torch.equal(whole_draw, slices)
    assert torch.equal(whole_draw.abs(), deltas.abs())
    assert torch.equal(redrawn(deltas, 7), whole_draw)
    assert not torch.equal(redrawn(deltas, 8), whole_draw)


def test_drawn_signs_are_fair_and_independent_over_tasks_columns_and_seeds():
    ones = torch.ones(32, 20_000)
    drawn = torch.stack([redrawn(ones, seed) for seed in range(3)])  # (3, 32, n)

    flat = drawn.reshape(96, -1).double()
    correlation = flat @ flat.T / flat.shape[1]
    neighbours = (flat[:, 1:] * flat[:, :-1]).mean(dim=1)

    off = correlation[~torch.eye(96, dtype=torch.bool)]
    assert flat.mean(dim=1).abs().max() < 5 / 20_000**0.5
    assert off.abs().max() < 5.5 / 20_000**0.5
    assert neighbours.abs().max() < 5 / 20_000**0.5


def test_conflict_of_drawn_signs_is_what_chance_gives():
    taus = np.abs(big_updates(4, 100_000))  # all agree
    vectors = task_vectors_of(taus, one_block(100_000))

    null = statistics(vectors, whole(vectors), sign_seed=0).total

    assert null.unanimous[0, 4] / null.moved_by[0, 4] == pytest.approx(2 / 2**4, abs=0.005)
    assert null.conflict[0, 0, 1] / 100_000 == pytest.approx(0.5, abs=0.01)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_counts_the_same():
    vectors = task_vectors_of(big_updates(5, 45))
    there = task_vectors_of(big_updates(5, 45))
    object.__setattr__(there, "deltas", there.deltas.cuda())
    object.__setattr__(there, "theta_0", there.theta_0.cuda())

    for density in (None, 0.2):
        cuts = [
            magnitude_trim(one.deltas, range(5), whole(one), density=density) if density else None
            for one in (there, vectors)
        ]
        for seed in (None, 1):
            found = statistics(there, whole(there), cut=cuts[0], sign_seed=seed).sums
            assert_same(found, statistics(vectors, whole(vectors), cut=cuts[1], sign_seed=seed).sums)


@pytest.mark.parametrize("n_tasks", [1, 2, 11, 20, 32])
def test_many_tasks_over_many_pieces_equal_the_reference(n_tasks):
    taus = big_updates(n_tasks, 3 * PIECE + 17) * (big_updates(n_tasks, 3 * PIECE + 17, seed=1) > -1)
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))

    found, expected = (pass_(vectors, whole(vectors)).total for pass_ in (statistics, statistics_reference))

    size = np.sqrt(np.diagonal(expected.gram[0]))
    assert np.abs(found.gram[0] - expected.gram[0]).max() < 1e-6 * np.outer(size, size).min()
    for field in fields(found):
        mine, theirs = getattr(found, field.name), getattr(expected, field.name)
        if field.name in REAL:
            assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-6 * size.min() ** 2), field.name
        else:
            assert np.array_equal(mine, theirs), field.name


def test_sums_do_not_depend_on_the_number_of_threads():
    vectors = task_vectors_of(big_updates(3, 5 * PIECE), one_block(5 * PIECE))
    before = torch.get_num_threads()

    try:
        set_threads(1)
        alone = statistics(vectors, whole(vectors)).sums
        set_threads(2)
        together = statistics(vectors, whole(vectors)).sums
    finally:
        set_threads(before)

    for field in fields(alone):
        assert np.array_equal(getattr(alone, field.name), getattr(together, field.name)), field.name


class StopError(Exception):
    pass


def test_a_stop_is_heard_in_the_middle_of_a_model():
    vectors = task_vectors_of(np.zeros((32, 1 << 21), np.float32), one_block(1 << 21))
    asked = []

    def check():
        asked.append(None)
        if len(asked) == 2:
            raise StopError

    with pytest.raises(StopError):
        statistics(vectors, whole(vectors), check=check)


MAGNITUDES = [1e-44, 1e-38, 1e-30, 1e-23, 1e-13, 1e-3, 1e3, 1e13, 1e19, 1e25, 3e37]


@pytest.mark.parametrize("size", MAGNITUDES)
def test_products_of_any_magnitude_are_those_of_the_reference(size):
    taus = big_updates(5, 3000) * np.float32(size)
    vectors = task_vectors_of(taus, one_block(3000))

    found, expected = statistics(vectors, whole(vectors)), statistics_reference(vectors, whole(vectors))

    for name in ("gram", "absolute_gram", "squared_gram"):
        mine, theirs = getattr(found.sums, name), getattr(expected.sums, name)
        scale = np.sqrt(np.einsum("gii,gjj->gij", theirs, theirs))
        assert np.abs(mine - theirs).max() <= 2e-6 * scale.min(), name
        assert (np.einsum("gii->gi", mine) > 0).all()


def test_tasks_of_very_different_magnitudes_keep_their_own_digits():
    sizes = np.array([1e-44, 1e-30, 1e-3, 1e10, 3e37], np.float32)
    taus = np.abs(big_updates(5, 3000)) * sizes[:, None]
    vectors = task_vectors_of(taus, one_block(3000))

    found, expected = statistics(vectors, whole(vectors)), statistics_reference(vectors, whole(vectors))

    np.testing.assert_allclose(found.sums.gram, expected.sums.gram, rtol=2e-6)
    np.testing.assert_allclose(found.sums.squared_gram, expected.sums.squared_gram, rtol=2e-6)


def test_scaling_by_a_power_of_two_changes_no_digit_of_a_product():
    taus = big_updates(3, 3000)

    ordinary, tiny, huge = (
        statistics(vectors, whole(vectors)).sums.gram
        for vectors in (task_vectors_of(taus * np.float32(2.0**by), one_block(3000)) for by in (0, -60, 80))
    )

    assert (tiny * 2.0**120 == ordinary).all()
    assert (huge * 2.0**-160 == ordinary).all()
